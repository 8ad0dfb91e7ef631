package earlier

import (
	"context"
	"io"
	"time"

	"ruhu/internal/assign"
	"ruhu/internal/authz"
	"ruhu/internal/blob"
	"ruhu/internal/db"
	"ruhu/internal/earlier/small"
	"ruhu/internal/errs"
	"ruhu/internal/playbook"
	"ruhu/internal/roster"
	"ruhu/internal/submission"
)

// What is carried at most; the package comment says why.
const (
	Pictures = 6       // of a household
	Rounds   = 2       // from so many rounds
	PerPhone = 8 << 20 // bytes

	lookback = 3 // accepted forms of a household that are looked at, the latest: a round may have no pictures
)

// Sight is what earlier rounds saw of the household of an assignment.
type Sight struct {
	Assignment string         `json:"assignment"`
	Pictures   []SmallPicture `json:"pictures"` // the latest round first
	Position   *Whereabouts   `json:"position"` // null where the base list knows better, or nobody measured it
}

// SmallPicture is a small picture with what there is to say about it.
type SmallPicture struct {
	SHA256 blob.Digest   `json:"sha256"`
	Size   int64         `json:"size"`
	Label  playbook.Text `json:"label"` // of the question
	Day    db.Date       `json:"day"`   // of the visit
	Round  string        `json:"round"` // title of the campaign
}

// Whereabouts is where the household lived by an earlier round.
type Whereabouts struct {
	roster.Position
	Accuracy float64 `json:"accuracy"` // metres, as it was measured
	Day      db.Date `json:"day"`
	Round    string  `json:"round"`
}

// carried is what a phone is told, and what nobody knows yet.
type carried struct {
	houses []Sight
	open   []key // to be looked through
	making bool
}

// visits gives those that are still to be made, or made again.
func visits(as []assign.Assignment) []assign.Assignment {
	out := make([]assign.Assignment, 0, len(as))
	for _, a := range as {
		if a.State == assign.Open || a.State == assign.Returned {
			out = append(out, a)
		}
	}
	return out
}

func (s *Service) carryTx(ctx context.Context, tx *db.Tx, actor authz.Actor) (carried, error) {
	out := carried{houses: []Sight{}}
	team, all, err := s.assigns.ForAccountTx(ctx, tx, actor.County, actor.ID)
	if err != nil || team.ID == "" {
		return out, err
	}
	as := visits(all)
	past, err := pastTx(ctx, tx, actor.County, team.Campaign, as)
	if err != nil {
		return out, err
	}
	room := int64(PerPhone)
	for _, a := range as {
		house := Sight{Assignment: a.ID, Pictures: []SmallPicture{}}
		for _, k := range past.forms[a.Household] {
			if _, known := past.seen[k.key]; !known {
				out.making = true
				out.open = append(out.open, k.key)
			} else if past.lacks(k.key) {
				out.open = append(out.open, k.key)
			}
		}
		for _, p := range past.pictures(a.Household) {
			if room -= p.Size; room >= 0 {
				house.Pictures = append(house.Pictures, p)
			}
		}
		if !past.placed[a.Household] {
			house.Position = past.position(a.Household)
		}
		if len(house.Pictures) > 0 || house.Position != nil {
			out.houses = append(out.houses, house)
		}
	}
	return out, nil
}

// shownTx reports whether a small picture is one that the household of a visit has.
func shownTx(ctx context.Context, tx *db.Tx, a assign.Assignment, d blob.Digest) (bool, error) {
	as := visits([]assign.Assignment{a})
	past, err := pastTx(ctx, tx, a.County, a.Campaign, as)
	if err != nil || len(as) == 0 {
		return false, err
	}
	for _, p := range past.pictures(a.Household) {
		if p.SHA256 == d {
			return true, nil
		}
	}
	return false, nil
}

// before is an accepted form of an earlier round.
type before struct {
	key
	round string
}

// past is what is known of the earlier rounds of some households.
type past struct {
	forms  map[string][]before // household → the latest first
	seen   map[key]seen
	placed map[string]bool // the base list knows where it lives
}

// pastTx reads it with the same few statements for one household and for five hundred.
func pastTx(ctx context.Context, tx *db.Tx, county, campaign string, as []assign.Assignment) (past, error) {
	p := past{forms: map[string][]before{}, placed: map[string]bool{}}
	ids := make([]string, len(as))
	for i, a := range as {
		ids[i] = a.Household
	}
	rows, err := roster.EarlierTx(ctx, tx, county, campaign, ids)
	if err != nil || len(rows) == 0 {
		return p, err
	}
	were := make([]string, len(rows))
	for i, r := range rows {
		were[i] = r.Was
	}
	accepted, err := submission.AcceptedOfTx(ctx, tx, county, were)
	if err != nil {
		return p, err
	}
	var subs []string
	for _, r := range rows {
		rec, ok := accepted[r.Was]
		if !ok || len(p.forms[r.Household]) == lookback {
			continue
		}
		p.forms[r.Household] = append(p.forms[r.Household], before{key{rec.ID, rec.Revision}, r.Round.Title})
		subs = append(subs, rec.ID)
	}
	if p.seen, err = seenTx(ctx, tx, county, subs); err != nil {
		return p, err
	}
	positions, err := roster.PositionsTx(ctx, tx, county, ids)
	for h := range positions {
		p.placed[h] = true
	}
	return p, err
}

// lacks tells a form with a photograph of which nobody could make a small picture yet.
func (p past) lacks(k key) bool {
	for _, x := range p.seen[k].shots {
		if x.small == nil {
			return true
		}
	}
	return false
}

// pictures gives those of a household that are carried.
func (p past) pictures(household string) []SmallPicture {
	var out []SmallPicture
	rounds, told := 0, map[blob.Digest]bool{}
	for _, f := range p.forms[household] {
		s := p.seen[f.key]
		had := len(out)
		for _, x := range s.shots {
			m := x.small
			if m == nil || m.small == "" || told[m.small] || len(out) == Pictures {
				continue
			}
			told[m.small] = true
			out = append(out, SmallPicture{m.small, m.size, x.label, s.visitedOn, f.round})
		}
		if len(out) > had {
			if rounds++; rounds == Rounds {
				break
			}
		}
	}
	return out
}

// position gives the most accurate one of a household, of equals the latest.
func (p past) position(household string) *Whereabouts {
	var best *spot
	var out *Whereabouts
	for _, f := range p.forms[household] {
		s := p.seen[f.key]
		if b := better(best, s.spot); b != best {
			best, out = b, &Whereabouts{b.Position, b.Accuracy, s.visitedOn, f.round}
		}
	}
	return out
}

// askAgain is how long nobody asks again for what has been asked for: a photograph that has not come may come.
const askAgain = 30 * time.Minute

// ask has forms looked through.
func (s *Service) ask(ctx context.Context, county string, open []key) error {
	now := s.d.Now()
	var events []any
	for _, k := range open {
		name := struct {
			county string
			key
		}{county, k}
		if last, ok := s.asked.Load(name); ok && now.Before(last.(db.Time).Add(askAgain)) {
			continue
		}
		s.asked.Store(name, now)
		events = append(events, Asked{k.submission, k.revision})
	}
	if len(events) == 0 {
		return nil
	}
	return s.d.Update(ctx, func(tx *db.Tx) error { return s.bus.Emit(ctx, tx, county, EventAsked, events...) })
}

// read gives the bytes of a small picture.
func (s *Service) read(d blob.Digest) ([]byte, error) {
	f, err := s.blobs.Open(d)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // only read
	b, err := io.ReadAll(io.LimitReader(f, small.MaxBytes+1))
	if err == nil && len(b) > small.MaxBytes {
		err = errs.NotFound.New("blob.not_found")
	}
	return b, err
}
