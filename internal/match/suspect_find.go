package match

import (
	"context"
	"strconv"

	"ruhu/internal/db"
	"ruhu/internal/idnumber"
	"ruhu/internal/job"
	"ruhu/internal/match/link"
	"ruhu/internal/playbook"
	"ruhu/internal/survey"
)

// onLinked computes the suspects anew.
func (s *Identities) onLinked(ctx context.Context, b *job.Batch) error {
	for _, ev := range b.Events {
		linked, err := job.Decode[Linked](ev)
		if err != nil {
			return err
		}
		if err := s.Refresh(ctx, ev.County, linked.Campaign); err != nil {
			return err
		}
	}
	return nil
}

// onDecided does the same after clerks' decisions, once for each campaign of the batch.
func (s *Identities) onDecided(ctx context.Context, b *job.Batch) error {
	done := map[string]bool{}
	for _, ev := range b.Events {
		d, err := job.Decode[Decided](ev)
		if err != nil {
			return err
		}
		if key := ev.County + d.Campaign; !done[key] {
			done[key] = true
			if err := s.Refresh(ctx, ev.County, d.Campaign); err != nil {
				return err
			}
		}
	}
	return nil
}

// seen is the link of a record.
type seen struct {
	base string
	sure bool // not in the clerks' queue
}

// linksOfTx fills the links of the current runs by kind and record.
func linksOfTx(ctx context.Context, tx *db.Tx, c survey.Campaign, into map[string]map[string]seen) error {
	runs, err := db.List(ctx, tx, scanRun, selectRuns, c.County, c.ID)
	if err != nil {
		return err
	}
	for _, r := range runs {
		if r.State != RunCurrent {
			continue
		}
		of := map[string]seen{}
		if err := tx.Query(ctx, selectPairs, []any{c.County, r.ID}, func(scan func(...any) error) error {
			var record, base, state string
			if err := scan(&record, &base, &state); err != nil {
				return err
			}
			of[record] = seen{base, LinkState(state) != LinkReview}
			return nil
		}); err != nil {
			return err
		}
		into[r.Kind] = of
	}
	return nil
}

// ground is what suspects are computed from.
type ground struct {
	base    string
	sources map[string]source
	links   map[string]map[string]seen
}

// ready reports whether a register is there and linked.
func (g ground) ready(kind string) bool {
	_, linked := g.links[kind]
	return g.sources[kind].register != "" && (kind == g.base || linked)
}

// baseOf gives the base person of a record; the base's records are their own.
func (g ground) baseOf(kind, record string) (seen, bool) {
	if kind == g.base {
		return seen{record, true}, true
	}
	l, ok := g.links[kind][record]
	return l, ok
}

// has tells which base persons a register has, and whether for sure.
func (g ground) has(kind string) map[string]bool {
	out := map[string]bool{}
	for _, l := range g.links[kind] {
		out[l.base] = out[l.base] || l.sure
	}
	return out
}

// missing finds the persons of pair.In who are not in pair.NotIn: through the base, and, for those whom the base does not know,
// by linking the rest of both registers with each other.
func (s *Identities) missing(ctx context.Context, c survey.Campaign, g ground, pair *playbook.SuspectPair) (out []Suspect, counts PairCounts, err error) {
	has := g.has(pair.NotIn)
	homes, err := s.homes(ctx, c, g)
	if err != nil {
		return nil, counts, err
	}
	keep, err := s.filter(ctx, c, g, pair)
	if err != nil {
		return nil, counts, err
	}
	var people, rest []link.Person
	var restAt []int
	err = s.each(ctx, c.County, g.sources[pair.In], func(ref string, p link.Person) {
		if keep != nil && !keep[ref] {
			return
		}
		counts.Persons++
		at, linked := g.baseOf(pair.In, ref)
		sure, there := has[at.base]
		if linked && pair.NotIn == g.base {
			sure, there = at.sure, true
		}
		switch {
		case linked && there && (sure && at.sure):
			counts.Found++
			return
		case linked && there, linked && !at.sure:
			counts.Uncertain++
			return
		}
		if !linked && pair.NotIn != g.base {
			rest, restAt = append(rest, p), append(restAt, len(out))
		}
		sus := Suspect{
			Campaign: c.ID, Pair: pair.Code, Kind: pair.In, Record: ref, Name: p.Name, IDNumber: p.Number, Village: p.Village, HouseholdKey: p.Household, personKey: keyOf(p),
		}
		switch {
		case pair.In == playbook.RosterRegister:
			sus.Household = p.Household
		case linked:
			sus.Household = homes[at.base]
		}
		out, people = append(out, sus), append(people, p)
	})
	if err != nil {
		return nil, counts, err
	}
	drop, err := s.direct(ctx, c, g, pair, rest)
	if err != nil {
		return nil, counts, err
	}
	gone := map[int]bool{}
	for i, sure := range drop {
		gone[restAt[i]] = true
		if sure {
			counts.Found++
		} else {
			counts.Uncertain++
		}
	}
	kept, met := out[:0], map[string]bool{}
	for i, sus := range out {
		if !gone[i] && !met[sus.personKey] { // a person entered twice is one suspect
			met[sus.personKey] = true
			sus.IDNumber = string(numberOf(people[i].Number))
			kept = append(kept, sus)
		}
	}
	counts.Missing = len(kept)
	return kept, counts, nil
}

// numberOf is the number in 18 characters where it is valid, else as written.
func numberOf(raw string) idnumber.Number {
	if r := idnumber.Parse(raw, ""); r.Number != "" {
		return r.Number
	}
	return idnumber.Number(raw)
}

// direct links the rest of the first register, whom the base does not know, to the records of the second that the base does not know
// either. It gives, by place in rest, who was found and whether for sure.
func (s *Identities) direct(ctx context.Context, c survey.Campaign, g ground, pair *playbook.SuspectPair, rest []link.Person) (map[int]bool, error) {
	if len(rest) == 0 {
		return nil, nil
	}
	var b link.Builder
	if err := s.each(ctx, c.County, g.sources[pair.NotIn], func(ref string, p link.Person) {
		if _, linked := g.baseOf(pair.NotIn, ref); !linked {
			b.Add(p)
		}
	}); err != nil {
		return nil, err
	}
	reg := b.Base().Register()
	for _, p := range rest {
		reg.Add(p)
	}
	out := map[int]bool{}
	for _, l := range reg.Link().Links {
		out[int(l.Record)] = !l.Review
	}
	return out, nil
}

// homes gives the base list's household of every base person who is in it.
func (s *Identities) homes(ctx context.Context, c survey.Campaign, g ground) (map[string]string, error) {
	out := map[string]string{}
	src := g.sources[playbook.RosterRegister]
	if src.register == "" {
		return out, nil
	}
	err := s.each(ctx, c.County, src, func(ref string, p link.Person) {
		if l, ok := g.baseOf(playbook.RosterRegister, ref); ok && l.sure {
			out[l.base] = p.Household
		}
	})
	return out, err
}

// filter gives the records whose field has one of the pair's values; nil when there is no such condition.
func (s *Identities) filter(ctx context.Context, c survey.Campaign, g ground, pair *playbook.SuspectPair) (map[string]bool, error) {
	if pair.Field == "" {
		return nil, nil
	}
	out := map[string]bool{}
	for after := 0; ; {
		var rs []Record
		err := s.d.View(ctx, func(tx *db.Tx) (err error) {
			rs, err = RecordsTx(ctx, tx, c.County, g.sources[pair.In].register, after, pageOfPersons)
			return err
		})
		if err != nil {
			return nil, err
		}
		for _, r := range rs {
			for _, v := range pair.Any {
				if r.Data[pair.Field] == v {
					out[strconv.Itoa(r.N)] = true
				}
			}
			after = r.N
		}
		if len(rs) < pageOfPersons {
			return out, nil
		}
	}
}
