package roster

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"ruhu/internal/audit"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/region"
	"ruhu/internal/survey"
)

// What a person does with a household of the list.
const (
	Correct = "correct"
	Add     = "add"
	Strike  = "strike" // moved, died, lost
	Merge   = "merge"  // struck, its people live in another household now
	Split   = "split"  // struck, several households stand in its place
)

// Op is one change of the list.
type Op struct {
	Kind      string
	Household string // for Add the id of the new one
	Version   int64  // of the household when the person looked at it; not for Add
	Edit      Edit   // Correct, Add
	Village   region.Code
	Code      string // Add: 户编号, "" makes one
	OffSystem bool   // Add
	Struck    string // Strike: why
	Tag       string // Correct: set beside what the edit says
	Into      string // Merge: the household that stays
	Parts     []Part // Split: two or more
}

// Part is one of the households that a split makes. Each present member of the old one goes into exactly one.
type Part struct {
	ID      string   `json:"id"`      // made by the client
	Head    string   `json:"head"`    // member who becomes head
	Members []string `json:"members"` // with the head
}

// Why says who changes the list on what grounds.
type Why struct {
	Source string // SourceListing, SourceOffice, SourceImport
	Reason string // a frozen list is not changed without one
}

// Where changes come from.
const (
	SourceListing = "listing"
	SourceOffice  = "office"
	SourceImport  = "import"
)

// ApplyTx changes the list and gives the households that it made or touched as they are now, the one named by op first. In a frozen
// village the change gets a running number and a digest. The caller has decided that the actor may.
//
// Returns NotFound "roster.no_household", Invalid as Edit.Apply, "roster.struck_why", "roster.split_parts", "roster.frozen_reason",
// Conflict "roster.changed_meanwhile", "roster.struck_already", "roster.into_itself", "roster.code_taken", "roster.person_elsewhere".
func (s *Service) ApplyTx(ctx context.Context, tx *db.Tx, actor authz.Actor, c survey.Campaign, op Op, why Why) ([]Full, error) {
	h, err := lockTx(ctx, tx, c)
	if err != nil {
		return nil, err
	}
	w := &work{ctx: ctx, tx: tx, c: c}
	if err := w.do(op); err != nil {
		return nil, err
	}
	if err := w.elsewhere(); err != nil {
		return nil, err
	}
	if err := w.save(); err != nil {
		return nil, err
	}
	number, err := recordTx(ctx, tx, actor, c, h, EntryChange, why, w.pairs)
	if err != nil {
		return nil, err
	}
	if ids := w.moved(); len(ids) > 0 {
		if err := s.bus.Emit(ctx, tx, c.County, EventChanged, Changed{c.ID, ids}); err != nil {
			return nil, err
		}
	}
	out, ids := make([]Full, len(w.pairs)), make([]string, len(w.pairs))
	for i, p := range w.pairs {
		out[i], ids[i] = p.after, p.after.ID
	}
	if err := s.bus.Emit(ctx, tx, c.County, EventEdited, Edited{Campaign: c.ID, Households: ids}); err != nil {
		return nil, err
	}
	first := w.pairs[0].after
	return out, audit.Write(ctx, tx, actor, audit.Entry{
		Action: "roster." + op.Kind, Campaign: c.ID, Object: "household", ObjectID: first.ID, Place: first.Village,
		Detail: map[string]any{"number": number, "source": why.Source, "reason": why.Reason, "struck": first.Struck, "households": len(out)},
	})
}

// pair is one household before and after; a new one has no ID before.
type pair struct{ before, after Full }

// work collects what one change does.
type work struct {
	ctx   context.Context
	tx    *db.Tx
	c     survey.Campaign
	pairs []pair
	links []link
}

type link struct{ old, new, kind string }

// take reads a household that must stand on the list.
func (w *work) take(key string) (Full, error) {
	f, err := HouseholdTx(w.ctx, w.tx, w.c.County, key)
	if err != nil {
		return f, err
	}
	if f.Campaign != w.c.ID {
		return f, errs.NotFound.New("roster.no_household", "id", key)
	}
	if f.State != Listed {
		return f, errs.Conflict.New("roster.struck_already", "head_name", f.HeadName)
	}
	return f, nil
}

func (w *work) do(op Op) error {
	if op.Kind == Add {
		return w.add(op)
	}
	f, err := w.take(op.Household)
	if err != nil {
		return err
	}
	if f.Version != op.Version {
		return errs.Conflict.New("roster.changed_meanwhile", "head_name", f.HeadName, "code", f.Code)
	}
	switch op.Kind {
	case Correct:
		after, err := op.Edit.Apply(f)
		if op.Tag != "" && !slices.Contains(after.Tags, op.Tag) {
			after.Tags = append(slices.Clone(after.Tags), op.Tag)
		}
		w.pairs = append(w.pairs, pair{f, after})
		return err
	case Strike:
		if op.Struck == "" {
			return errs.Invalid.New("roster.struck_why")
		}
		w.strike(f, op.Struck, "")
		return nil
	case Merge:
		return w.merge(f, op.Into)
	case Split:
		return w.split(f, op.Parts)
	}
	return fmt.Errorf("roster: no operation %q", op.Kind)
}

// strike takes a household off the list; with memberReason its people are marked as gone from it.
func (w *work) strike(f Full, why, memberReason string) {
	after := f
	after.State, after.Struck = Struck, why
	if memberReason != "" {
		after.Members = slices.Clone(f.Members)
		for i := range after.Members {
			if m := &after.Members[i]; m.State == Present {
				m.State, m.Reason = Gone, memberReason
			}
		}
	}
	w.pairs = append(w.pairs, pair{f, after})
}

func (w *work) add(op Op) error {
	f := Full{Household: Household{
		ID: op.Household, County: w.c.County, Campaign: w.c.ID, Code: op.Code, Village: op.Village, State: Listed, Version: 1, Origin: FromListing, Tags: []string{},
	}}
	if op.OffSystem {
		f.Origin = OffSystem
	}
	after, err := op.Edit.Apply(f)
	if err != nil {
		return err
	}
	if after.Class == "" {
		return errs.Invalid.New("roster.edit_value", "field", "class", "value", "")
	}
	if after.Size == 0 {
		after.Size = 1
	}
	if after.VillageNow, err = region.NowTx(w.ctx, w.tx, op.Village); err != nil {
		return err
	}
	if after.Code, err = w.code(op.Code, op.Village); err != nil {
		return err
	}
	w.pairs = append(w.pairs, pair{after: after})
	return nil
}

func (w *work) merge(f Full, into string) error {
	if into == f.ID {
		return errs.Invalid.New("roster.into_itself")
	}
	stays, err := w.take(into)
	if err != nil {
		return err
	}
	w.strike(f, "merged", "merged")
	after := stays
	after.Members = slices.Clone(stays.Members)
	last := 0
	for _, m := range after.Members {
		last = max(last, m.ordinal)
	}
	for _, m := range f.Members {
		if m.State != Present {
			continue
		}
		last++
		if m.Relation == Head {
			m.Relation = "其他"
		}
		m.ID, m.Household, m.Reason, m.ordinal = id.New(), stays.ID, "merged", last
		after.Members = append(after.Members, m)
	}
	if len(f.Members) == 0 {
		after.Size += f.Size
	}
	if len(stays.Members) > 0 {
		if err := after.settle(); err != nil {
			return err
		}
	}
	w.pairs = append(w.pairs, pair{stays, after})
	w.links = append(w.links, link{f.ID, stays.ID, "merged"})
	return nil
}

func (w *work) split(f Full, parts []Part) error {
	bad := errs.Invalid.New("roster.split_parts", "head_name", f.HeadName)
	if len(parts) < 2 {
		return bad
	}
	left := map[string]Member{}
	for _, m := range f.Members {
		if m.State == Present {
			left[m.ID] = m
		}
	}
	w.strike(f, "split", "split")
	for i, p := range parts {
		n := f
		n.ID, n.Code, n.Version, n.Origin, n.Members = p.ID, fmt.Sprintf("%s-%d", f.Code, i+1), 1, FromListing, nil
		for _, key := range p.Members {
			m, ok := left[key]
			if !ok {
				return bad
			}
			delete(left, key)
			switch {
			case key == p.Head:
				m.Relation = Head
			case m.Relation == Head:
				m.Relation = "其他"
			}
			m.ID, m.Household, m.Reason, m.ordinal = id.New(), p.ID, "split", len(n.Members)+1
			n.Members = append(n.Members, m)
		}
		if !slices.Contains(p.Members, p.Head) {
			return bad
		}
		if err := n.settle(); err != nil {
			return err
		}
		if n.HeadName != f.HeadName {
			n.Phone = ""
		}
		w.pairs = append(w.pairs, pair{after: n})
		w.links = append(w.links, link{f.ID, p.ID, "split"})
	}
	if len(left) > 0 {
		return bad
	}
	return nil
}

const (
	selectCodes = `SELECT code FROM roster_household WHERE county = $1 AND campaign = $2 AND code >= $3 AND code < $4`
	selectTwins = `SELECT m.id_number, h.id, h.code FROM roster_member m JOIN roster_household h ON h.county = m.county AND h.id = m.household
		WHERE m.county = $1 AND m.campaign = $2 AND m.state = 'present' AND h.state = 'listed' AND m.id_number IN (`
	insertLink = `INSERT INTO roster_link (county, campaign, old, new, kind, at) VALUES ($1, $2, $3, $4, $5, $6)`
)

// code gives a new household its 户编号: the one that was asked for, or the village's code, A and a number.
func (w *work) code(asked string, village region.Code) (string, error) {
	prefix := string(village) + "A"
	lo, hi := prefix, string(village)+"B"
	if asked != "" {
		lo, hi = asked, asked+"\x01"
	}
	used, err := db.List(w.ctx, w.tx, func(scan func(...any) error) (s string, err error) { err = scan(&s); return }, selectCodes, w.c.County, w.c.ID, lo, hi)
	if err != nil {
		return "", err
	}
	if asked != "" {
		if slices.Contains(used, asked) {
			return "", errs.Conflict.New("roster.code_taken", "code", asked)
		}
		return asked, nil
	}
	for n := len(used) + 1; ; n++ {
		if code := fmt.Sprintf("%s%03d", prefix, n); !slices.Contains(used, code) {
			return code, nil
		}
	}
}

// elsewhere refuses a person who would live in two households of the list.
func (w *work) elsewhere() error {
	here := map[string]bool{}
	var numbers []string
	seen := map[string]bool{}
	for _, p := range w.pairs {
		here[p.after.ID] = true
		for _, m := range p.after.Members {
			if p.after.State != Listed || m.State != Present || m.IDNumber == "" {
				continue
			}
			if seen[string(m.IDNumber)] {
				return errs.Conflict.New("roster.person_elsewhere", "name", m.Name, "code", p.after.Code)
			}
			seen[string(m.IDNumber)] = true
			numbers = append(numbers, string(m.IDNumber))
		}
	}
	for part := range slices.Chunk(numbers, batch) {
		in, args := db.In(3, part...)
		err := w.tx.Query(w.ctx, selectTwins+in+`)`, append([]any{w.c.County, w.c.ID}, args...), func(scan func(...any) error) error {
			var number, household, code string
			if err := scan(&number, &household, &code); err != nil || here[household] {
				return err
			}
			return errs.Conflict.New("roster.person_elsewhere", "name", "", "code", code)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// save writes households, members and links.
func (w *work) save() error {
	for i, p := range w.pairs {
		a := &w.pairs[i].after
		if p.before.ID == "" {
			if err := insertHouseholds(w.ctx, w.tx, []Household{a.Household}); err != nil {
				return err
			}
		} else {
			if err := saveHouseholds(w.ctx, w.tx, []Household{a.Household}); err != nil {
				return err
			}
			a.Version++
		}
		old := map[string]Member{}
		for _, m := range p.before.Members {
			old[m.ID] = m
		}
		var fresh, changed []Member
		for _, m := range a.Members {
			if b, known := old[m.ID]; !known {
				fresh = append(fresh, m)
			} else if b != m {
				changed = append(changed, m)
			}
		}
		if err := insertMembers(w.ctx, w.tx, w.c, fresh); err != nil {
			return err
		}
		if err := saveMembers(w.ctx, w.tx, w.c.County, changed); err != nil {
			return err
		}
	}
	for _, l := range w.links {
		if _, err := w.tx.Exec(w.ctx, insertLink, w.c.County, w.c.ID, l.old, l.new, l.kind, w.tx.Now()); err != nil {
			return err
		}
	}
	return nil
}

// moved lists known households that left the list or changed class.
func (w *work) moved() (ids []string) {
	for _, p := range w.pairs {
		if p.before.ID != "" && (p.after.State != p.before.State || p.after.Class != p.before.Class || strings.Compare(string(p.after.Village), string(p.before.Village)) != 0) {
			ids = append(ids, p.before.ID)
		}
	}
	return ids
}
