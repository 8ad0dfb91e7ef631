package quality

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"ruhu/internal/assign"
	"ruhu/internal/authz"
	"ruhu/internal/blob"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/job"
	"ruhu/internal/quality/measure"
	"ruhu/internal/region"
	"ruhu/internal/roster"
	"ruhu/internal/signature"
	"ruhu/internal/submission"
	"ruhu/internal/survey"
)

// Service keeps findings and second interviews. It is safe for many goroutines.
type Service struct {
	d       *db.DB
	bus     *job.Bus
	surveys *survey.Service
	assigns *assign.Service
	reader  *submission.Reader
	inks    inks
}

// NewService makes a Service.
func NewService(d *db.DB, bus *job.Bus, surveys *survey.Service, assigns *assign.Service, reader *submission.Reader, blobs *blob.Store) *Service {
	return &Service{d: d, bus: bus, surveys: surveys, assigns: assigns, reader: reader, inks: inks{blobs: blobs}}
}

// Listen makes the service look at every form that has been judged.
func (s *Service) Listen() { s.bus.Outside("quality.look", 128, s.look, "submission.judged") }

// look handles a batch of submission.judged, exactly once.
func (s *Service) look(ctx context.Context, b *job.Batch) error {
	byCounty := map[string][]string{}
	for _, ev := range b.Events {
		j, err := job.Decode[submission.Judged](ev)
		if err != nil {
			return err
		}
		if !slices.Contains(byCounty[ev.County], j.Submission) {
			byCounty[ev.County] = append(byCounty[ev.County], j.Submission)
		}
	}
	found := map[string][]*arrival{} // by county
	for county, ids := range byCounty {
		arrivals, err := s.load(ctx, county, ids)
		if err != nil {
			return err
		}
		for _, a := range arrivals {
			readings, err := s.reader.Read(ctx, a.c.Zone, a.recs)
			if err != nil {
				return err
			}
			for _, rec := range a.recs {
				if x := readings[rec.ID]; x != nil {
					a.facts = append(a.facts, readFact(x, rec, a.c.Zone, a.c.Plan))
				}
			}
		}
		found[county] = arrivals
	}
	return s.d.Update(ctx, func(tx *db.Tx) error {
		for county, arrivals := range found {
			for _, a := range arrivals {
				if err := arriveTx(ctx, tx, county, a.c, a.facts); err != nil {
					return err
				}
			}
		}
		return b.Done(ctx, tx)
	})
}

// arrival is the forms of one campaign that are looked at together.
type arrival struct {
	c     survey.Campaign
	recs  []submission.Record
	facts []Fact
}

func (s *Service) load(ctx context.Context, county string, ids []string) ([]*arrival, error) {
	var out []*arrival
	err := s.d.View(ctx, func(tx *db.Tx) error {
		out = nil
		recs, err := submission.ByIDsTx(ctx, tx, county, ids)
		if err != nil {
			return err
		}
		at := map[string]*arrival{}
		for _, id := range ids {
			r, ok := recs[id]
			if !ok || r.Household == "" || r.Revision == 0 {
				continue
			}
			a := at[r.Campaign]
			if a == nil {
				c, err := survey.CampaignTx(ctx, tx, county, r.Campaign)
				if err != nil {
					return err
				}
				a = &arrival{c: c}
				at[r.Campaign], out = a, append(out, a)
			}
			a.recs = append(a.recs, r)
		}
		return nil
	})
	return out, err
}

// arriveTx keeps the facts of new revisions and applies the rules that need no others. Forms that share a mark with them are looked at again:
// a duplicate is a finding about both.
func arriveTx(ctx context.Context, tx *db.Tx, county string, c survey.Campaign, facts []Fact) error {
	q := c.Plan.Quality.Filled()
	ids := make([]string, 0, len(facts))
	for _, f := range facts {
		ids = append(ids, f.Submission)
	}
	old, err := factsTx(ctx, tx, county, c.ID, ids)
	if err != nil {
		return err
	}
	before, was, err := sharersTx(ctx, tx, county, c.ID, old)
	if err != nil {
		return err
	}
	firstTimes(facts, old)
	now, err := keepFactsTx(ctx, tx, county, c.ID, facts, old)
	if err != nil {
		return err
	}
	after, is, err := sharersTx(ctx, tx, county, c.ID, now)
	if err != nil {
		return err
	}
	near := slices.Clone(ids)
	if !was && !is { // what is found about those in a crowd, the night says
		near = slices.Concat(before, after, ids)
	}
	slices.Sort(near)
	near = slices.Compact(near)
	all, err := aroundTx(ctx, tx, county, c.ID, now, near, after)
	if err != nil {
		return err
	}
	known, err := knownTx(ctx, tx, county, all)
	if err != nil {
		return err
	}
	var found []Found
	for _, f := range all {
		if slices.Contains(near, f.Submission) {
			found = append(found, alone(f, q, known, tx.Now())...)
		}
	}
	for _, x := range duplicates(all, q) {
		if slices.Contains(near, x.Submission) {
			found = append(found, x)
		}
	}
	return reconcileTx(ctx, tx, county, c.ID, found, near)
}

// aroundTx gives the facts of near, of those who share a mark with the new forms (after), and of those who share one with the rest of near: a
// group of three loses one. now are the facts of the new forms, which are in near.
func aroundTx(ctx context.Context, tx *db.Tx, county, campaign string, now []Fact, near, after []string) ([]Fact, error) {
	all := map[string]Fact{}
	for _, f := range now {
		all[f.Submission] = f
	}
	load := func(ids []string) (fresh []Fact, err error) {
		ids = slices.DeleteFunc(slices.Clone(ids), func(id string) bool { _, is := all[id]; return is })
		fresh, err = factsTx(ctx, tx, county, campaign, ids)
		for _, f := range fresh {
			all[f.Submission] = f
		}
		return fresh, err
	}
	rest, err := load(near)
	if err != nil {
		return nil, err
	}
	both, _, err := sharersTx(ctx, tx, county, campaign, rest)
	if err != nil {
		return nil, err
	}
	if _, err := load(slices.Compact(slices.Sorted(slices.Values(slices.Concat(both, after))))); err != nil {
		return nil, err
	}
	return slices.SortedFunc(maps.Values(all), func(a, b Fact) int { return strings.Compare(a.Submission, b.Submission) }), nil
}

// firstTimes gives corrected forms the times of their first revision: a form that was returned and mended the next day was not filled in for a day.
// Where the first was not seen, nothing is known about the time.
func firstTimes(facts, old []Fact) {
	for i := range facts {
		f := &facts[i]
		if f.Revision == 1 {
			continue
		}
		f.Start, f.End, f.Active, f.Hour = time.Time{}, time.Time{}, 0, -1
		for _, o := range old {
			if o.Submission == f.Submission {
				f.Start, f.End, f.Active, f.Hour = o.Start, o.End, o.Active, o.Hour
			}
		}
	}
}

// Known is where things are that forms are held against.
type Known struct {
	Villages  map[region.Code]measure.Place
	Dwellings map[string]measure.Place // by household
	Inks      map[string]measure.Ink   // by name of the picture
	Paces     []signature.Pace         // the quickest minute of each person who signed, where it is quick
}

func knownTx(ctx context.Context, tx *db.Tx, county string, facts []Fact) (Known, error) {
	known := Known{Villages: map[region.Code]measure.Place{}, Dwellings: map[string]measure.Place{}}
	var codes []region.Code
	var households []string
	for _, f := range facts {
		if !slices.Contains(codes, f.Village) {
			codes = append(codes, f.Village)
		}
		households = append(households, f.Household)
	}
	places, err := region.PlacesTx(ctx, tx, codes)
	if err != nil {
		return known, err
	}
	for code, p := range places {
		if p.Lat != nil && p.Lon != nil {
			known.Villages[code] = measure.Place{Lat: *p.Lat, Lon: *p.Lon}
		}
	}
	dwellings, err := roster.PositionsTx(ctx, tx, county, households)
	for key, p := range dwellings {
		known.Dwellings[key] = measure.Place(p)
	}
	return known, err
}

// Ran says what a run over all forms of a campaign did.
type Ran struct {
	Forms    int     `json:"forms"`
	Findings int     `json:"findings"` // that hold now, explained ones included
	At       db.Time `json:"at"`
}

// Run applies all rules to all forms of a campaign now. Returns Forbidden, NotFound "survey.not_found".
func (s *Service) Run(ctx context.Context, actor authz.Actor, campaign string) (Ran, error) {
	if err := actor.Require(authz.QualityManage); err != nil {
		return Ran{}, err
	}
	err := s.d.View(ctx, func(tx *db.Tx) error {
		c, err := survey.VisibleTx(ctx, tx, actor, campaign)
		if err == nil && !actor.Region.Contains(c.Region) {
			return errs.Forbidden.New("authz.forbidden", "action", string(authz.QualityManage))
		}
		return err
	})
	if err != nil {
		return Ran{}, err
	}
	return s.run(ctx, actor.County, campaign)
}

// run reads the facts, thinks outside of any transaction, and writes what it found.
func (s *Service) run(ctx context.Context, county, campaign string) (Ran, error) {
	var c survey.Campaign
	var facts []Fact
	var known Known
	var now db.Time
	err := s.d.View(ctx, func(tx *db.Tx) (err error) {
		if c, err = survey.CampaignTx(ctx, tx, county, campaign); err != nil {
			return err
		}
		if facts, err = allFactsTx(ctx, tx, county, campaign); err != nil {
			return err
		}
		now = tx.Now()
		if known, err = knownTx(ctx, tx, county, facts); err != nil {
			return err
		}
		known.Paces, err = signature.PacesTx(ctx, tx, county, campaign, c.Plan.Quality.Filled().SignsPerMinute)
		return err
	})
	if err != nil {
		return Ran{}, err
	}
	if known.Inks, err = s.inks.of(facts); err != nil {
		return Ran{}, err
	}
	found := Evaluate(facts, c.Plan.Quality, known, now)
	out := Ran{Forms: len(facts), Findings: len(found)}
	err = s.d.Update(ctx, func(tx *db.Tx) error {
		out.At = tx.Now()
		if err := reconcileTx(ctx, tx, county, campaign, found, nil); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, upsertRun, county, campaign, c.Today(tx.Now()), out.Forms, out.Findings, tx.Now())
		return err
	})
	return out, err
}

// nightFrom is the hour from which the day's run may begin, in the campaign's zone: forms have been handed in and entered by then (S2.14: by 20:00).
const nightFrom = 20

// Nightly runs the rules of every campaign that has not had its run today. It is called often and does little.
func (s *Service) Nightly(ctx context.Context) error {
	type due struct{ county, campaign string }
	var todo []due
	err := s.d.View(ctx, func(tx *db.Tx) error {
		todo = nil
		known, err := db.List(ctx, tx, func(scan func(...any) error) (due, error) {
			var x due
			err := scan(&x.county, &x.campaign)
			return x, err
		}, selectCampaigns)
		if err != nil {
			return err
		}
		for _, x := range known {
			c, err := survey.CampaignTx(ctx, tx, x.county, x.campaign)
			if err != nil {
				return err
			}
			if c.State == survey.Closed || tx.Now().Time().In(c.Zone).Hour() < nightFrom {
				continue
			}
			var n int
			if err := tx.QueryRow(ctx, countRuns, x.county, x.campaign, c.Today(tx.Now())).Scan(&n); err != nil {
				return err
			}
			if n == 0 {
				todo = append(todo, x)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, x := range todo {
		if _, err := s.run(ctx, x.county, x.campaign); err != nil {
			return fmt.Errorf("quality of campaign %s: %w", x.campaign, err)
		}
	}
	return nil
}

// NightlyEvery is how often Nightly wants to be called.
const NightlyEvery = 10 * time.Minute
