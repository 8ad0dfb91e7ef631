package match

import (
	"context"
	"errors"
	"slices"
	"sync"

	"ruhu/internal/authz"
	"ruhu/internal/calendar"
	"ruhu/internal/db"
	"ruhu/internal/id"
	"ruhu/internal/job"
	"ruhu/internal/playbook"
	"ruhu/internal/region"
	"ruhu/internal/roster"
	"ruhu/internal/submission"
	"ruhu/internal/survey"
)

// The states of a figure.
const (
	StateNone    = "none"    // it agrees
	StateOpen    = "open"    // somebody must sort it out (S1.4)
	StateSettled = "settled" // it is known what is right
)

// Figure is a figure of a household or person with what all sources say, and who sorts a difference out by when.
type Figure struct {
	ID        string
	Campaign  string
	Village   region.Code
	Household string
	Member    string // id of the person; "" for the household
	Field     string
	Judgement
	State         string
	Responsible   string // role
	FoundOn       db.Date
	DueOn         db.Date
	SettledValue  string
	SettledSource string // a source, or SourceOther
	Note          string
	ByName        string
	SettledAt     db.Time

	byAccount string
}

// SourceOther is the source of a value that none of the sources has.
const SourceOther = "other"

// Agreements compares figures, keeps what was settled, and the papers.
type Agreements struct {
	d       *db.DB
	bus     *job.Bus
	surveys *survey.Service
	reader  *submission.Reader
	cal     *calendar.Calendar
	turn    sync.Mutex // one part of a comparison at a time: an older look must not be written over a newer one
}

// NewAgreements makes the service. Listen starts its part on the bus.
func NewAgreements(d *db.DB, bus *job.Bus, surveys *survey.Service, reader *submission.Reader, cal *calendar.Calendar) *Agreements {
	return &Agreements{d: d, bus: bus, surveys: surveys, reader: reader, cal: cal}
}

// Listen tells the bus what this service hears: a register that became current, new links, a clerk's decision and a base list that changed make
// figures to be compared anew, an answer of a visit is taken as the value on site.
func (s *Agreements) Listen() {
	s.bus.Outside("match.compare", 64, s.onFacts, EventLoaded, EventLinked, EventDecided, roster.EventEdited)
	s.bus.Outside("match.site", 128, s.onJudged, "submission.judged")
}

// onFacts compares the households that the facts touch: after a decision those of its persons, after a change of the base list those that
// changed, and all after a register, its links or an import, which may concern anybody. Figures that stay the same are not written.
func (s *Agreements) onFacts(ctx context.Context, b *job.Batch) error {
	type place struct{ county, campaign string }
	some, all := map[place][]string{}, map[place]bool{}
	for _, ev := range b.Events {
		fact, err := job.Decode[struct {
			Campaign   string   `json:"campaign"`
			Link       string   `json:"link"`
			Households []string `json:"households"`
		}](ev)
		if err != nil {
			return err
		}
		at := place{ev.County, fact.Campaign}
		switch {
		case fact.Link != "":
			hs, err := s.touched(ctx, at.county, at.campaign, fact.Link)
			if err != nil {
				return err
			}
			some[at] = append(some[at], hs...)
		case len(fact.Households) > 0:
			some[at] = append(some[at], fact.Households...)
		default:
			all[at] = true
		}
	}
	for at := range all {
		if err := s.compareAll(ctx, at.county, at.campaign); err != nil {
			return err
		}
	}
	for at, hs := range some {
		if all[at] {
			continue
		}
		slices.Sort(hs)
		if err := s.compare(ctx, at.county, at.campaign, slices.Compact(hs)); err != nil {
			return err
		}
	}
	return nil
}

// touched gives the households that a decision concerns; none when the link went with its run meanwhile, because then all are compared.
func (s *Agreements) touched(ctx context.Context, county, campaign, link string) (hs []string, err error) {
	err = s.d.View(ctx, func(tx *db.Tx) error {
		c, err := survey.CampaignTx(ctx, tx, county, campaign)
		if err == nil {
			hs, err = touchedTx(ctx, tx, c, link)
		}
		return err
	})
	if errors.Is(err, db.ErrNoRows) {
		return nil, nil
	}
	return hs, err
}

// Compare compares all figures of a campaign anew. Returns Forbidden, NotFound "survey.not_found".
func (s *Agreements) Compare(ctx context.Context, actor authz.Actor, campaign string) error {
	if err := actor.Require(authz.MatchImport); err != nil {
		return err
	}
	campaign, err := id.Parse(campaign)
	if err != nil {
		return err
	}
	if err := s.d.View(ctx, func(tx *db.Tx) error {
		_, err := importTx(ctx, tx, actor, campaign)
		return err
	}); err != nil {
		return err
	}
	return s.compareAll(ctx, actor.County, campaign)
}

const householdsPerTx = 200

func (s *Agreements) compareAll(ctx context.Context, county, campaign string) error {
	var ids []string
	err := s.d.View(ctx, func(tx *db.Tx) error {
		c, err := survey.CampaignTx(ctx, tx, county, campaign)
		if err != nil || len(c.Plan.Agreement.Fields) == 0 {
			return err
		}
		hs, err := roster.CampaignTx(ctx, tx, county, campaign)
		for _, h := range hs {
			ids = append(ids, h.ID)
		}
		return err
	})
	if err != nil {
		return err
	}
	return s.compare(ctx, county, campaign, ids)
}

// compare compares the figures of some households anew.
func (s *Agreements) compare(ctx context.Context, county, campaign string, households []string) error {
	for part := range slices.Chunk(households, householdsPerTx) {
		if err := s.comparePart(ctx, county, campaign, part); err != nil {
			return err
		}
	}
	return nil
}

func (s *Agreements) comparePart(ctx context.Context, county, campaign string, households []string) error {
	s.turn.Lock()
	defer s.turn.Unlock()
	var found []Figure
	var c survey.Campaign
	err := s.d.View(ctx, func(tx *db.Tx) (err error) {
		if c, err = survey.CampaignTx(ctx, tx, county, campaign); err == nil {
			found, err = figuresTx(ctx, tx, c, households)
		}
		return err
	})
	if err != nil || len(c.Plan.Agreement.Fields) == 0 {
		return err
	}
	return s.d.Update(ctx, func(tx *db.Tx) error { return s.keepTx(ctx, tx, c, households, found) })
}

// figuresTx works out the figures of households from every source that is there at present.
func figuresTx(ctx context.Context, tx *db.Tx, c survey.Campaign, households []string) ([]Figure, error) {
	if len(c.Plan.Agreement.Fields) == 0 {
		return nil, nil
	}
	full, err := roster.HouseholdsTx(ctx, tx, c.County, households)
	if err != nil {
		return nil, err
	}
	registers, err := rowsTx(ctx, tx, c, full)
	if err != nil {
		return nil, err
	}
	typed, err := valuesTx(ctx, tx, c.County, c.ID, households)
	if err != nil {
		return nil, err
	}
	var out []Figure
	for _, hid := range households {
		h, ok := full[hid]
		if !ok || h.State != roster.Listed {
			continue
		}
		for i := range c.Plan.Agreement.Fields {
			f := &c.Plan.Agreement.Fields[i]
			if f.Unit == "household" {
				out = addFigure(out, c, f, h.Household, "", householdValues(c, f, h, registers, typed))
				continue
			}
			for _, m := range h.Members {
				if m.State == roster.Present {
					out = addFigure(out, c, f, h.Household, m.ID, memberValues(c, f, h, m, registers, typed))
				}
			}
		}
	}
	return out, nil
}

func addFigure(out []Figure, c survey.Campaign, f *playbook.AgreementField, h roster.Household, member string, values []Value) []Figure {
	j := judge(f, values)
	if j.Verdict == "" {
		return out
	}
	return append(out, Figure{Campaign: c.ID, Village: h.Village, Household: h.ID, Member: member, Field: f.Code, Judgement: j, Responsible: f.Settle.Role})
}

// typedKey names what was typed in or answered.
type typedKey struct{ household, member, field, source string }

// beside adds what paper and site say, and puts the base list first.
func beside(f *playbook.AgreementField, values []Value, rosterSays string, rosterHas bool, household, member string, typed map[typedKey]string) []Value {
	if rosterHas && !slices.ContainsFunc(f.Sources, func(s playbook.Source) bool { return s.Register == playbook.RosterRegister }) {
		v, ok := known(f, rosterSays)
		values = append([]Value{{Source: playbook.RosterRegister, Value: v, Known: ok}}, values...)
	}
	for _, source := range []string{playbook.SourcePaper, playbook.SourceSite} {
		if text, ok := typed[typedKey{household, member, f.Code, source}]; ok { // nobody is blamed for a paper that nobody has looked at yet
			v, ok := known(f, text)
			values = append(values, Value{Source: source, Value: v, Known: ok})
		}
	}
	return values
}

func householdValues(c survey.Campaign, f *playbook.AgreementField, h roster.Full, registers map[string]map[string]rows, typed map[typedKey]string) []Value {
	var out []Value
	for _, s := range f.Sources {
		k, ok := c.Plan.Register(s.Register)
		byHousehold, loaded := registers[s.Register]
		if !ok || !loaded {
			continue
		}
		r := byHousehold[h.ID]
		v, is := r.householdValue(f, s)
		if !r.tells(f, s) || r.undecided("") && (!is || v == NoWord) {
			continue
		}
		if !is && len(r.all) == 0 && !k.Expects(string(h.Class)) {
			continue
		}
		out = append(out, Value{Source: s.Register, Copy: k.Copy, Value: v, Known: is})
	}
	says, has := rosterValue(f.Code, h.Household)
	return beside(f, out, says, has, h.ID, "", typed)
}

func memberValues(c survey.Campaign, f *playbook.AgreementField, h roster.Full, m roster.Member, registers map[string]map[string]rows, typed map[typedKey]string) []Value {
	var out []Value
	for _, s := range f.Sources {
		k, ok := c.Plan.Register(s.Register)
		byHousehold, loaded := registers[s.Register]
		if !ok || !loaded {
			continue
		}
		r := byHousehold[h.ID]
		v, is := r.memberValue(f, s, m.ID)
		if !r.tells(f, s) || r.undecided(m.ID) {
			continue
		}
		if _, row := r.byMember[m.ID]; !is && !row && !k.Expects(string(h.Class)) {
			continue
		}
		out = append(out, Value{Source: s.Register, Copy: k.Copy, Value: v, Known: is})
	}
	says, has := memberValue(f.Code, m)
	return beside(f, out, says, has, h.ID, m.ID, typed)
}

// keepTx writes what changed. A figure that was settled stays so while the sources say the same; when they say something else and still
// differ it is open again, and when they agree it is done with.
func (s *Agreements) keepTx(ctx context.Context, tx *db.Tx, c survey.Campaign, households []string, found []Figure) error {
	old, err := figuresOfTx(ctx, tx, c.County, c.ID, households)
	if err != nil {
		return err
	}
	today := c.Today(tx.Now())
	var fresh []Figure
	for _, f := range found {
		key := figureKey{f.Household, f.Member, f.Field}
		was, ok := old[key]
		delete(old, key)
		field, known := c.Plan.Agreement.Field(f.Field)
		if !known {
			continue
		}
		f.State = StateNone
		if f.Verdict != Agree {
			f.State, f.FoundOn, f.DueOn = StateOpen, today, s.cal.Add(today, field.Settle.Days)
		}
		if !ok {
			f.ID = id.New()
			fresh = append(fresh, f)
			continue
		}
		f.ID = was.ID
		switch {
		case slices.Equal(f.Values, was.Values) && f.Verdict == was.Verdict:
			continue // nothing new
		case f.State == StateOpen && was.State == StateOpen: // still open: the day does not move
			f.FoundOn, f.DueOn = was.FoundOn, was.DueOn
		}
		if err := updateFigureTx(ctx, tx, c.County, f); err != nil {
			return err
		}
	}
	for _, gone := range old { // the household left the list, or nothing is there to compare any more
		if _, err := tx.Exec(ctx, deleteFigure, c.County, gone.ID); err != nil {
			return err
		}
	}
	return insertFiguresTx(ctx, tx, c.County, fresh)
}

type figureKey struct{ household, member, field string }
