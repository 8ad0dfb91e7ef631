package match

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/id"
	"ruhu/internal/idnumber"
	"ruhu/internal/listing"
	"ruhu/internal/playbook"
	"ruhu/internal/region"
	"ruhu/internal/roster"
	"ruhu/internal/survey"
)

// movedTx follows a suspect whose state changes: into the plan by a tag or through the listing, or out of it again.
func (s *Identities) movedTx(ctx context.Context, tx *db.Tx, actor authz.Actor, c survey.Campaign, old Suspect, to SuspectState) error {
	pair, ok := c.Plan.Suspect(old.Pair)
	switch {
	case old.State == to || !ok:
		return nil
	case to == SuspectToVisit:
		return s.visitTx(ctx, tx, actor, c, old, pair)
	case old.State == SuspectToVisit:
		return s.unvisitTx(ctx, tx, actor, c, old, pair)
	}
	return nil
}

// visitTx sees to it that a suspect can be visited. A household of the base list gets the pair's tag. Where only housemates are on the list, the
// suspect is proposed as one of their household, which gets the tag too; where nobody is, the household that the register names is proposed
// with all its people whom the list lacks, once for all of them. The listing decides what becomes of it.
func (s *Identities) visitTx(ctx context.Context, tx *db.Tx, actor authz.Actor, c survey.Campaign, old Suspect, pair *playbook.SuspectPair) error {
	if old.Household != "" {
		_, err := roster.TagTx(ctx, tx, c.County, c.ID, []string{old.Household}, pair.VisitTag())
		return err
	}
	people, err := mateRecordsTx(ctx, tx, c, old)
	if err != nil || len(people) == 0 {
		return err
	}
	homes, err := homesTx(ctx, tx, c, old.Kind, people)
	if err != nil {
		return err
	}
	home, own := "", homes[old.Record]
	if home = cmp.Or(own, most(homes)); home != "" {
		if _, err := roster.TagTx(ctx, tx, c.County, c.ID, []string{home}, pair.VisitTag()); err != nil || own != "" {
			return err // the number is in the list under a name that was not linked: nobody to add
		}
	}
	m := listing.Missed{
		Household: home, Listed: home != "", Village: region.Code(old.Village),
		Class: classOf(c.Plan, pair, people), Note: sentence("match.missed", "", "zh"),
	}
	if m.Listed {
		people = slices.DeleteFunc(people, func(r Record) bool { return strconv.Itoa(r.N) != old.Record })
	} else {
		people = slices.DeleteFunc(people, func(r Record) bool { return homes[strconv.Itoa(r.N)] != "" })
		if m.Household, err = s.sameHouseTx(ctx, tx, c, old); err != nil {
			return err
		}
		if m.Household != "" || m.Village.Level() != region.Village { // proposed with a housemate already; or nobody knows where
			return s.proposedTx(ctx, tx, c, old, m.Household, "")
		}
		m.Household = id.New()
	}
	m.People = newcomers(people, m.Listed)
	out, err := s.listings.MissedTx(ctx, tx, actor, c, m)
	if err != nil || !out.Said {
		return err
	}
	if out.Done && !m.Listed {
		if _, err := roster.TagTx(ctx, tx, c.County, c.ID, []string{m.Household}, pair.VisitTag()); err != nil {
			return err
		}
	}
	return s.proposedTx(ctx, tx, c, old, m.Household, out.Proposal)
}

// tagListed gives households their tags once the listing has put them on the list. The proposal does not bear them: villages read it (S0.18).
func (s *Identities) tagListed(ctx context.Context, county, campaign string, households []string) error {
	return s.d.Update(ctx, func(tx *db.Tx) error {
		c, err := survey.CampaignTx(ctx, tx, county, campaign)
		if err != nil || len(c.Plan.Suspects) == 0 {
			return err
		}
		for part := range slices.Chunk(households, inBatch) {
			in, args := db.In(3, part...)
			tags := map[string][]string{}
			if err := tx.Query(ctx, selectToTag+in+`)`, append([]any{county, campaign}, args...), func(scan func(...any) error) error {
				var household, code string
				if err := scan(&household, &code); err != nil {
					return err
				}
				if pair, ok := c.Plan.Suspect(code); ok {
					tags[pair.VisitTag()] = append(tags[pair.VisitTag()], household)
				}
				return nil
			}); err != nil {
				return err
			}
			for tag, hs := range tags {
				if _, err := roster.TagTx(ctx, tx, county, campaign, hs, tag); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// unvisitTx takes the tag away again, unless another suspect of the household is to be visited for the same tag, and the proposal while it waits.
func (s *Identities) unvisitTx(ctx context.Context, tx *db.Tx, actor authz.Actor, c survey.Campaign, old Suspect, pair *playbook.SuspectPair) error {
	if old.proposal != "" {
		if err := s.listings.UnmissTx(ctx, tx, actor, c.County, old.proposal); err != nil {
			return err
		}
	}
	if old.Proposed != "" {
		if err := s.proposedTx(ctx, tx, c, old, "", ""); err != nil {
			return err
		}
	}
	home := cmp.Or(old.Household, old.Proposed)
	if home == "" {
		return nil
	}
	others, err := db.List(ctx, tx, scanID, selectVisits, c.County, c.ID, home)
	if err != nil {
		return err
	}
	for _, code := range others {
		if p, ok := c.Plan.Suspect(code); ok && p.VisitTag() == pair.VisitTag() {
			return nil
		}
	}
	_, err = roster.UntagTx(ctx, tx, c.County, c.ID, []string{home}, pair.VisitTag())
	return err
}

func (s *Identities) proposedTx(ctx context.Context, tx *db.Tx, c survey.Campaign, of Suspect, household, proposal string) error {
	_, err := tx.Exec(ctx, updateProposed, c.County, of.ID, household, proposal)
	return err
}

// sameHouseTx gives the household that was proposed with another suspect of the register's household; "" when none was.
func (s *Identities) sameHouseTx(ctx context.Context, tx *db.Tx, c survey.Campaign, of Suspect) (string, error) {
	if of.HouseholdKey == "" {
		return "", nil
	}
	hs, err := db.List(ctx, tx, scanID, selectProposed, c.County, c.ID, of.Kind, of.HouseholdKey)
	if err != nil || len(hs) == 0 {
		return "", err
	}
	return hs[0], nil
}

// mateRecordsTx gives the suspect's record and those of the same household in the register. Nobody is proposed from the base list.
func mateRecordsTx(ctx context.Context, tx *db.Tx, c survey.Campaign, of Suspect) ([]Record, error) {
	r, ok, err := CurrentTx(ctx, tx, c.County, c.ID, of.Kind)
	if err != nil || !ok || of.Kind == playbook.RosterRegister {
		return nil, err
	}
	own, err := recordsAtTx(ctx, tx, r, []string{of.Record})
	if err != nil {
		return nil, err
	}
	rec, ok := own[of.Record]
	if !ok {
		return nil, nil
	}
	if rec.HouseholdKey == "" {
		return []Record{rec}, nil
	}
	mates, err := recordsByTx(ctx, tx, byKey, r, []string{rec.HouseholdKey})
	if err != nil || len(mates) > mostMates { // a key that so many share is no household
		return []Record{rec}, err
	}
	return mates, nil
}

// mostMates is the largest number of people that is taken for one household.
const mostMates = 20

// homesTx gives the households of the base list that records of a register belong to, by record: through the links, else by number.
func homesTx(ctx context.Context, tx *db.Tx, c survey.Campaign, kind string, recs []Record) (map[string]string, error) {
	refs, numbers := make([]string, len(recs)), []string{}
	for i, rec := range recs {
		refs[i] = strconv.Itoa(rec.N)
		if idnumber.Parse(rec.IDNumber, "").Status == idnumber.Valid {
			numbers = append(numbers, rec.IDNumber)
		}
	}
	members, err := membersOfTx(ctx, tx, c, kind, refs)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, m := range members {
		ids = append(ids, m)
	}
	people, err := roster.PersonsByIDTx(ctx, tx, c.County, ids)
	if err != nil {
		return nil, err
	}
	same, err := roster.PersonsByNumberTx(ctx, tx, c.County, c.ID, numbers)
	if err != nil {
		return nil, err
	}
	byNumber := map[string]string{}
	for _, p := range same {
		byNumber[string(p.IDNumber)] = p.Household
	}
	out := map[string]string{}
	for i, rec := range recs {
		home := byNumber[rec.IDNumber]
		if p, ok := people[members[refs[i]]]; ok && p.State == roster.Present {
			home = p.Household
		}
		if home != "" {
			out[refs[i]] = home
		}
	}
	full, err := roster.HouseholdsTx(ctx, tx, c.County, slices.Collect(maps.Values(out)))
	for ref, home := range out {
		if full[home].State != roster.Listed {
			delete(out, ref)
		}
	}
	return out, err
}

// membersOfTx gives the members of the base list that records are linked to, as the current runs have it.
func membersOfTx(ctx context.Context, tx *db.Tx, c survey.Campaign, kind string, refs []string) (map[string]string, error) {
	w, err := whoTx(ctx, tx, c, nil)
	if err != nil {
		return nil, err
	}
	at := map[string][]hit{} // at the base
	if kind == w.base.kind {
		for _, ref := range refs {
			at[ref] = []hit{{ref, LinkAuto}}
		}
	} else if run := w.runs[kind]; run != "" {
		if at, err = hitsTx(ctx, tx, c.County, run, linksOfRecords, refs); err != nil {
			return nil, err
		}
	}
	out := map[string]string{}
	for ref, hs := range at {
		if len(hs) == 0 || sure(hs[0].state) < 2 {
			continue
		}
		if w.base.kind == playbook.RosterRegister {
			out[ref] = hs[0].ref
			continue
		}
		run := w.runs[playbook.RosterRegister]
		if run == "" {
			continue
		}
		members, err := hitsTx(ctx, tx, c.County, run, linksOfBase, []string{hs[0].ref})
		if err != nil {
			return nil, err
		}
		if ms := members[hs[0].ref]; len(ms) > 0 && sure(ms[0].state) > 1 {
			out[ref] = ms[0].ref
		}
	}
	return out, nil
}

// most gives the value that comes most often, the smallest of several.
func most(of map[string]string) string {
	n, best := map[string]int{}, ""
	for _, v := range of {
		n[v]++
	}
	for v, k := range n {
		if best == "" || k > n[best] || k == n[best] && v < best {
			best = v
		}
	}
	return best
}

// classOf is what a new household is listed as until the village has looked: what the register says, else what the pair says, else the
// first class of the playbook that is no programme's.
func classOf(p *playbook.Playbook, pair *playbook.SuspectPair, people []Record) roster.Class {
	asked := map[string]bool{}
	for _, c := range p.Scope.Classes {
		asked[c.Code] = true
	}
	for _, rec := range people {
		if cl, ok := roster.ParseClass(rec.Data["class"]); ok && asked[string(cl)] {
			return cl
		}
	}
	for _, code := range []string{pair.Class, string(roster.Ordinary), string(roster.Marginal)} {
		if asked[code] {
			return roster.Class(code)
		}
	}
	return roster.Class(p.Scope.Classes[0].Code)
}

// newcomers are people as the listing adds them. A new household has exactly one head: who is one in the register, else the first.
func newcomers(people []Record, listed bool) []roster.MemberEdit {
	head := slices.IndexFunc(people, func(r Record) bool { return r.Relation == roster.Head || r.Relation == "本人" })
	head = max(head, 0)
	out := make([]roster.MemberEdit, 0, len(people))
	for i, rec := range people {
		relation := cmp.Or(rec.Relation, "其他")
		switch {
		case !listed && i == head:
			relation = roster.Head
		case relation == roster.Head || relation == "本人":
			relation = "其他"
		}
		set := map[string]string{"name": rec.Name, "relation": relation, "sex": rec.Sex}
		if _, err := db.ParseDate(rec.Birth); err == nil {
			set["birth_date"] = rec.Birth
		}
		if idnumber.Parse(rec.IDNumber, "").Status == idnumber.Valid { // what is no number can't be in the list
			set["id_number"] = rec.IDNumber
		}
		out = append(out, roster.MemberEdit{ID: id.New(), Do: roster.AddMember, Reason: "overlooked", Set: set})
	}
	return out
}
