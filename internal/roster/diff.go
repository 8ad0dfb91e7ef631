package roster

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"ruhu/internal/db"
	"ruhu/internal/id"
	"ruhu/internal/idnumber"
	"ruhu/internal/region"
)

// plan is what an import writes.
type plan struct {
	newHouseholds []Household
	oldHouseholds []Household // changed
	moved         []string    // ids of changed households whose village or class changed
	newMembers    []Member
	oldMembers    []Member // changed or gone
}

// writes reports whether anything changes.
func (p plan) writes() bool {
	return len(p.newHouseholds)+len(p.oldHouseholds)+len(p.newMembers)+len(p.oldMembers) > 0
}

// ground is where an import takes place: names holds the places it may touch.
type ground struct {
	county, campaign string
	names            map[region.Code]string
	mergers          []region.Merger
}

// differ compares a file with what is stored.
type differ struct {
	ground
	rep     *Report
	plan    plan
	present map[IDNumber]string // stored, present persons: number -> household id
	inFile  map[string]bool     // ids of stored households that the file names
	codes   map[string]string   // household id -> 户编号
}

// compare works out what an import changes. stored are the campaign's households by 户编号 and members by household id.
func compare(g ground, in []*inHousehold, stored map[string]Household, members map[string][]Member, rep *Report) plan {
	d := &differ{rep: rep, ground: g, present: map[IDNumber]string{}, inFile: map[string]bool{}, codes: map[string]string{}}
	for _, h := range stored {
		d.codes[h.ID] = h.Code
		if h.State == Struck { // its people may live elsewhere
			continue
		}
		for _, m := range members[h.ID] {
			if m.State == Present && m.IDNumber != "" {
				d.present[m.IDNumber] = h.ID
			}
		}
	}
	for _, h := range in {
		if old, ok := stored[h.Code]; ok {
			d.inFile[old.ID] = true
		}
	}
	for _, h := range in {
		if old, ok := stored[h.Code]; ok {
			if _, mine := d.names[old.Village]; !mine { // of a township that the actor does not see
				rep.fail(h.at, "roster.code_elsewhere", h.Code)
				continue
			}
			if old.State == Struck {
				rep.warn(h.at, "roster.struck_here", h.Code)
				rep.Counts.HouseholdsSame++
				continue
			}
			known := d.household(h, old)
			n := len(d.plan.newMembers) + len(d.plan.oldMembers)
			d.members(h, old.ID, members[old.ID])
			if !known && n < len(d.plan.newMembers)+len(d.plan.oldMembers) { // so that its version grows
				d.plan.oldHouseholds = append(d.plan.oldHouseholds, old)
			}
			continue
		}
		rep.Counts.HouseholdsNew++
		n := h.Household
		n.ID, n.County, n.Campaign = id.New(), g.county, g.campaign
		n.State, n.Origin, n.Version, n.VillageNow = Listed, FromImport, 1, d.now(n.Village)
		d.plan.newHouseholds = append(d.plan.newHouseholds, n)
		d.members(h, n.ID, nil)
	}
	return d.plan
}

// now gives the village that v was merged into.
func (d *differ) now(v region.Code) region.Code {
	if c := region.Present(d.mergers, v); c != v {
		return c
	}
	return ""
}

// household compares one household field by field and reports whether it goes into the plan. What the file has no column for stays.
func (d *differ) household(in *inHousehold, old Household) bool {
	h := old
	changed := false
	set := func(present bool, name, from, to string, write func()) {
		if present && from != to {
			changed = true
			write()
			d.rep.change(Change{HouseholdCode: in.Code, HeadName: in.HeadName, Field: name, From: from, To: to})
		}
	}
	set(true, "village", d.place(old.Village), d.place(in.Village), func() { h.Village = in.Village })
	set(in.has[fGroup], "group", old.Group, in.Group, func() { h.Group = in.Group })
	set(true, "head_name", old.HeadName, in.HeadName, func() { h.HeadName = in.HeadName })
	if in.has[fHeadID] && old.HeadIDNumber != in.HeadIDNumber {
		changed, h.HeadIDNumber = true, in.HeadIDNumber
		d.rep.change(Change{in.Code, in.HeadName, "head_id_number", idnumber.Mask(string(old.HeadIDNumber)), idnumber.Mask(string(in.HeadIDNumber))})
	}
	if in.has[fPhone] && old.Phone != in.Phone {
		changed, h.Phone = true, in.Phone
		d.rep.change(Change{in.Code, in.HeadName, "phone", idnumber.MaskPhone(old.Phone), idnumber.MaskPhone(in.Phone)})
	}
	set(true, "class", className[old.Class], className[in.Class], func() { h.Class = in.Class })
	set(in.has[fExitYear], "exit_year", number(old.ExitYear), number(in.ExitYear), func() { h.ExitYear = in.ExitYear })
	set(in.Size > 0, "size", number(old.Size), number(in.Size), func() { h.Size = in.Size })
	set(in.has[fTags], "tags", strings.Join(old.Tags, "、"), strings.Join(in.Tags, "、"), func() { h.Tags = in.Tags })
	set(in.has[fLat] && in.has[fLon], "position", old.Position.String(), in.Position.String(), func() { h.Position = in.Position })
	if !changed {
		d.rep.Counts.HouseholdsSame++
		return false
	}
	h.VillageNow = d.now(h.Village)
	d.rep.Counts.HouseholdsChanged++
	d.plan.oldHouseholds = append(d.plan.oldHouseholds, h)
	if h.Village != old.Village || h.Class != old.Class {
		d.plan.moved = append(d.plan.moved, h.ID)
	}
	return true
}

// members pairs the file's members with the stored ones: by ID number, else by name.
func (d *differ) members(in *inHousehold, household string, stored []Member) {
	left := slices.Clone(stored)
	take := func(same func(Member) bool) (Member, bool) {
		i := slices.IndexFunc(left, same)
		if i < 0 {
			return Member{}, false
		}
		m := left[i]
		left = slices.Delete(left, i, i+1)
		return m, true
	}
	pairs := make([]*Member, len(in.members))
	for i, m := range in.members {
		if m.IDNumber != "" {
			if old, ok := take(func(o Member) bool { return o.IDNumber == m.IDNumber }); ok {
				pairs[i] = &old
			}
		}
	}
	for i, m := range in.members {
		if pairs[i] == nil {
			if old, ok := take(func(o Member) bool {
				return o.Name == m.Name && (o.IDNumber == "" || m.IDNumber == "" || o.State == Present)
			}); ok {
				pairs[i] = &old
			}
		}
		d.elsewhere(m, household)
		if pairs[i] != nil {
			d.member(in, m, *pairs[i])
			continue
		}
		n := m.Member
		n.ID, n.Household, n.State = id.New(), household, Present
		d.plan.newMembers = append(d.plan.newMembers, n)
		d.rep.Counts.MembersNew++
		if len(stored) > 0 {
			d.rep.change(Change{HouseholdCode: in.Code, HeadName: in.HeadName, Field: "member", To: m.Name})
		}
	}
	if in.bare() {
		return
	}
	for _, m := range left {
		if m.State == Gone {
			continue
		}
		m.State = Gone
		d.plan.oldMembers = append(d.plan.oldMembers, m)
		d.rep.Counts.MembersGone++
		d.rep.change(Change{HouseholdCode: in.Code, HeadName: in.HeadName, Field: "member", From: m.Name})
	}
}

// elsewhere reports a person who is stored in a household that this file does not touch: they can't live in both.
func (d *differ) elsewhere(m *inMember, household string) {
	if at, ok := d.present[m.IDNumber]; ok && m.IDNumber != "" && at != household && !d.inFile[at] {
		d.rep.fail(m.at, "roster.id_elsewhere", idnumber.Mask(string(m.IDNumber)), "household", d.codes[at])
	}
}

func (d *differ) member(in *inHousehold, m *inMember, old Member) {
	n := old
	if old.State == Gone && old.Reason != "" { // somebody went and looked: the file is behind
		d.rep.warn(m.at, "roster.gone_here", old.Name)
		d.rep.Counts.MembersSame++
		return
	}
	n.ordinal, n.State = m.ordinal, Present
	changed := old.State != Present
	set := func(present bool, name string, from *string, to string) {
		if present && *from != to {
			changed = true
			d.rep.change(Change{HouseholdCode: in.Code, HeadName: in.HeadName, Field: "member." + name, From: old.Name + " " + *from, To: m.Name + " " + to})
			*from = to
		}
	}
	if old.State != Present {
		d.rep.change(Change{HouseholdCode: in.Code, HeadName: in.HeadName, Field: "member", To: m.Name})
	}
	set(true, "name", &n.Name, m.Name)
	set(true, "relation", &n.Relation, m.Relation)
	set(m.has[fHealth], "health", &n.Health, m.Health)
	set(m.has[fSchooling], "schooling", &n.Schooling, m.Schooling)
	set(m.Sex != "", "sex", &n.Sex, m.Sex)
	if m.has[fID] && n.IDNumber != m.IDNumber {
		changed, n.IDNumber = true, m.IDNumber
		d.rep.change(Change{in.Code, in.HeadName, "member.id_number", old.Name + " " + idnumber.Mask(string(old.IDNumber)), m.Name + " " + idnumber.Mask(string(m.IDNumber))})
	}
	if m.has[fPhone] && m.Phone != "" && n.Phone != m.Phone {
		changed, n.Phone = true, m.Phone
		d.rep.change(Change{in.Code, in.HeadName, "member.phone", old.Name + " " + idnumber.MaskPhone(old.Phone), m.Name + " " + idnumber.MaskPhone(m.Phone)})
	}
	if b := m.BirthDate; b != "" && n.BirthDate != b {
		changed, n.BirthDate = true, db.Date(b)
	}
	if !changed {
		d.rep.Counts.MembersSame++
		return
	}
	d.rep.Counts.MembersChanged++
	d.plan.oldMembers = append(d.plan.oldMembers, n)
}

func (d *differ) place(c region.Code) string { return cmp.Or(d.names[c], string(c)) }

func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}
