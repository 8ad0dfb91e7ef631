package match

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"ruhu/internal/audit"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/idnumber"
	"ruhu/internal/playbook"
	"ruhu/internal/region"
	"ruhu/internal/roster"
	"ruhu/internal/sheet"
	"ruhu/internal/survey"
)

// Side is one of the two records of a link, as its register has it. The number is masked unless the role has roster.pii.
type Side struct {
	Kind      string            `json:"kind"`
	Ref       string            `json:"ref"`
	Name      string            `json:"name"`
	IDNumber  string            `json:"id_number"`
	Birth     string            `json:"birth"`
	Sex       string            `json:"sex"`
	Village   string            `json:"village"`
	Household string            `json:"household"`
	Relation  string            `json:"relation"`
	Mates     []string          `json:"mates"`  // names of the others of the household
	Row       int               `json:"row"`    // of the file; 0 in the base list
	Data      map[string]string `json:"data"`   // what else the register says
	Masked    bool              `json:"masked"` // the number and the day of birth are not shown in full
}

// Pair is a link with both sides.
type Pair struct {
	Link
	Left, Right Side
	Places      map[string]string // names of villages
}

// LinkFilter narrows Links.
type LinkFilter struct {
	Kind    string
	State   LinkState // "" is review
	Village region.Code
	Step    int // 0 is any
	Cursor  string
	Limit   int
}

// LinkPage is a part of the links.
type LinkPage struct {
	Items []Pair
	Next  string
	Total int
}

// Links gives links of the current runs in the actor's region: those that a clerk could not decide at the end. Returns Forbidden, NotFound
// "survey.not_found", Invalid "match.cursor".
func (s *Identities) Links(ctx context.Context, actor authz.Actor, campaign string, f LinkFilter) (LinkPage, error) {
	if err := mayRead(actor); err != nil {
		return LinkPage{}, err
	}
	campaign, err := id.Parse(campaign)
	if err != nil {
		return LinkPage{}, err
	}
	var p LinkPage
	err = s.d.View(ctx, func(tx *db.Tx) error {
		c, err := survey.VisibleTx(ctx, tx, actor, campaign)
		if err != nil {
			return err
		}
		p, err = linksTx(ctx, tx, actor, c, f)
		return err
	})
	return p, err
}

func linksTx(ctx context.Context, tx *db.Tx, actor authz.Actor, c survey.Campaign, f LinkFilter) (LinkPage, error) {
	runs, err := db.List(ctx, tx, scanRun, selectRuns, c.County, c.ID)
	if err != nil {
		return LinkPage{}, err
	}
	var current []string
	for _, r := range runs {
		if r.State == RunCurrent && (f.Kind == "" || r.Kind == f.Kind) {
			current = append(current, r.ID)
		}
	}
	if len(current) == 0 {
		return LinkPage{}, nil
	}
	if f.State == "" {
		f.State = LinkReview
	}
	w := db.NewWhere(`county = ? AND campaign = ? AND state = ?`, c.County, c.ID, string(f.State))
	marks, args := strings.Repeat("?, ", len(current)-1)+"?", make([]any, len(current))
	for i, r := range current {
		args[i] = r
	}
	w.And(`run IN (`+marks+`)`, args...)
	scopeOf(w, actor, c)
	if f.Village != "" {
		lo, hi := f.Village.Range()
		w.And(`village >= ? AND village < ?`, lo, hi)
	}
	if f.Step > 0 {
		w.And(`step = ?`, f.Step)
	}
	var p LinkPage
	if err := tx.QueryRow(ctx, `SELECT count(*) FROM match_link WHERE `+w.Text(), w.Args()...).Scan(&p.Total); err != nil {
		return p, err
	}
	if f.Cursor != "" {
		unsure, at, ok := strings.Cut(f.Cursor, ".")
		if !ok || unsure != "true" && unsure != "false" {
			return p, errs.Invalid.New("match.cursor")
		}
		if at, err = id.Parse(at); err != nil {
			return p, errs.Invalid.New("match.cursor")
		}
		w.And(`(unsure, id) > (?, ?)`, unsure == "true", at)
	}
	limit := db.PageSize(f.Limit)
	ls, err := db.List(ctx, tx, scanLink, `SELECT `+linkColumns+` FROM match_link WHERE `+w.Text()+` ORDER BY unsure, id LIMIT $`+strconv.Itoa(len(w.Args())+1), append(w.Args(), limit+1)...)
	if err != nil {
		return p, err
	}
	if len(ls) > limit {
		ls = ls[:limit]
		p.Next = strconv.FormatBool(ls[limit-1].Unsure) + "." + ls[limit-1].ID
	}
	p.Items, err = sidesTx(ctx, tx, actor, c, ls, runs)
	return p, err
}

// Link gives one link with both sides. Returns Forbidden, NotFound "match.no_link".
func (s *Identities) Link(ctx context.Context, actor authz.Actor, link string) (Pair, error) {
	if err := mayRead(actor); err != nil {
		return Pair{}, err
	}
	link, err := id.Parse(link)
	if err != nil {
		return Pair{}, err
	}
	var p Pair
	err = s.d.View(ctx, func(tx *db.Tx) error {
		p, _, err = pairTx(ctx, tx, actor, link)
		return err
	})
	return p, err
}

func pairTx(ctx context.Context, tx *db.Tx, actor authz.Actor, link string) (Pair, survey.Campaign, error) {
	missing := errs.NotFound.New("match.no_link", "id", link)
	l, err := scanLink(tx.QueryRow(ctx, selectLink, actor.County, link).Scan)
	if errors.Is(err, db.ErrNoRows) {
		return Pair{}, survey.Campaign{}, missing
	}
	if err != nil {
		return Pair{}, survey.Campaign{}, err
	}
	c, err := survey.VisibleTx(ctx, tx, actor, l.Campaign)
	if errs.Is(err, errs.NotFound) || err == nil && !actor.Sees(c.Region) && !actor.Sees(region.Code(l.Village)) {
		return Pair{}, c, missing
	}
	if err != nil {
		return Pair{}, c, err
	}
	r, err := runTx(ctx, tx, actor.County, l.Run)
	if err != nil {
		return Pair{}, c, err
	}
	ps, err := sidesTx(ctx, tx, actor, c, []Link{l}, []Run{r})
	if err != nil {
		return Pair{}, c, err
	}
	return ps[0], c, nil
}

// Verdict is what a clerk says about a link.
type Verdict string

// The verdicts.
const (
	Same      Verdict = "same"
	Different Verdict = "different"
	Unsure    Verdict = "unsure"
)

// Decision is a clerk's decision on the link as they saw it: Version must be the one that was shown.
type Decision struct {
	Verdict Verdict `json:"verdict"`
	Reason  string  `json:"reason"`
	Version int     `json:"version"`
}

// Decide confirms a link, rejects it (which undoes it), or says that it can't be told. It holds for the two persons, also
// when the register is imported again. Returns Forbidden, NotFound "match.no_link", Invalid "match.verdict", "match.reason",
// Conflict "match.decided" when somebody else has decided meanwhile, "survey.closed".
func (s *Identities) Decide(ctx context.Context, actor authz.Actor, link string, d Decision) (Pair, error) {
	if err := actor.Require(authz.MatchDecide); err != nil {
		return Pair{}, err
	}
	link, err := id.Parse(link)
	if err != nil {
		return Pair{}, err
	}
	d.Reason = sheet.Clip(strings.TrimSpace(d.Reason), 500)
	state := map[Verdict]LinkState{Same: LinkConfirmed, Different: LinkRejected, Unsure: LinkReview}[d.Verdict]
	switch {
	case state == "":
		return Pair{}, errs.Invalid.New("match.verdict")
	case d.Reason == "":
		return Pair{}, errs.Invalid.New("match.reason")
	}
	var p Pair
	err = s.d.Update(ctx, func(tx *db.Tx) error {
		old, c, err := pairTx(ctx, tx, actor, link)
		switch {
		case err != nil:
			return err
		case c.State == survey.Closed:
			return errs.Conflict.New("survey.closed")
		case old.Version != d.Version:
			return errs.Conflict.New("match.decided", "by", old.ByName)
		}
		n, err := tx.Exec(ctx, decideLink, actor.County, link, string(state), d.Verdict == Unsure, d.Reason, actor.ID, actor.Name, tx.Now(), d.Version)
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.Conflict.New("match.decided", "by", old.ByName)
		}
		if d.Verdict == Unsure {
			_, err = tx.Exec(ctx, deleteDecision, actor.County, c.ID, old.Kind, old.recordKey, old.baseKey)
		} else {
			_, err = tx.Exec(ctx, upsertDecision, actor.County, c.ID, old.Kind, old.recordKey, old.baseKey, d.Verdict == Same, d.Reason, actor.ID, actor.Name, tx.Now())
		}
		if err != nil {
			return err
		}
		if err := audit.Write(ctx, tx, actor, audit.Entry{
			Action: "match.decide", Campaign: c.ID, Object: "link", ObjectID: link, Place: region.Code(old.Village),
			Detail: map[string]any{"kind": old.Kind, "record": old.Record, "base_record": old.BaseRecord, "from": string(old.State), "verdict": string(d.Verdict), "reason": d.Reason},
		}); err != nil {
			return err
		}
		if err := s.bus.Emit(ctx, tx, actor.County, EventDecided, Decided{c.ID, link}); err != nil {
			return err
		}
		p, _, err = pairTx(ctx, tx, actor, link)
		return err
	})
	return p, err
}

const (
	selectRecord = `SELECT ` + recordColumns + ` FROM match_record WHERE county = $1 AND register = $2 AND n = $3`
	selectMates  = `SELECT name FROM match_record WHERE county = $1 AND register = $2 AND household_key = $3 AND n <> $4 ORDER BY row, n LIMIT 12`
)

// sidesTx adds both records to links.
func sidesTx(ctx context.Context, tx *db.Tx, actor authz.Actor, c survey.Campaign, ls []Link, runs []Run) ([]Pair, error) {
	of := map[string]Run{}
	for _, r := range runs {
		of[r.ID] = r
	}
	members, err := membersTx(ctx, tx, c.County, ls, of)
	if err != nil {
		return nil, err
	}
	out := make([]Pair, len(ls))
	var places []region.Code
	for i, l := range ls {
		r := of[l.Run]
		out[i].Link = l
		if out[i].Left, err = sideTx(ctx, tx, c.County, r.Kind, r.Register, l.Record, members); err != nil {
			return nil, err
		}
		if out[i].Right, err = sideTx(ctx, tx, c.County, r.BaseKind, r.BaseRegister, l.BaseRecord, members); err != nil {
			return nil, err
		}
		places = append(places, region.Code(out[i].Left.Village), region.Code(out[i].Right.Village))
		if !actor.Can(authz.RosterPII) {
			out[i].Left.mask()
			out[i].Right.mask()
		}
	}
	names, err := region.NamesTx(ctx, tx, places)
	if err != nil {
		return nil, err
	}
	for i := range out {
		out[i].Places = map[string]string{}
		for _, v := range []string{out[i].Left.Village, out[i].Right.Village} {
			if n := names[region.Code(v)]; n != "" {
				out[i].Places[v] = n
			}
		}
	}
	return out, nil
}

// people are members of the base list with the others of their households.
type people struct {
	persons map[string]roster.Person
	homes   map[string]roster.Full
}

func membersTx(ctx context.Context, tx *db.Tx, county string, ls []Link, runs map[string]Run) (people, error) {
	var ids, homes []string
	for _, l := range ls {
		if runs[l.Run].Kind == playbook.RosterRegister {
			ids = append(ids, l.Record)
		}
		if runs[l.Run].BaseKind == playbook.RosterRegister {
			ids = append(ids, l.BaseRecord)
		}
	}
	p := people{}
	var err error
	if p.persons, err = roster.PersonsByIDTx(ctx, tx, county, ids); err != nil {
		return p, err
	}
	for _, m := range p.persons {
		homes = append(homes, m.Household)
	}
	p.homes, err = roster.HouseholdsTx(ctx, tx, county, homes)
	return p, err
}

func sideTx(ctx context.Context, tx *db.Tx, county, kind, register, ref string, members people) (Side, error) {
	if kind == playbook.RosterRegister {
		m, ok := members.persons[ref]
		if !ok { // struck off the base list since
			return Side{Kind: kind, Ref: ref, Mates: []string{}, Data: map[string]string{}}, nil
		}
		side := Side{
			Kind: kind, Ref: ref, Name: m.Name, IDNumber: string(m.IDNumber), Birth: string(m.BirthDate), Sex: m.Sex, Village: string(m.Village), Household: m.Code,
			Relation: m.Relation, Mates: []string{}, Data: map[string]string{},
		}
		for _, mate := range members.homes[m.Household].Members {
			if mate.ID != m.ID && mate.State == roster.Present {
				side.Mates = append(side.Mates, mate.Name)
			}
		}
		return side, nil
	}
	n, err := strconv.Atoi(ref)
	if err != nil {
		return Side{}, err
	}
	rec, err := scanRecord(tx.QueryRow(ctx, selectRecord, county, register, n).Scan)
	if err != nil {
		return Side{}, err
	}
	side := Side{
		Kind: kind, Ref: ref, Name: rec.Name, IDNumber: rec.IDNumber, Birth: rec.Birth, Sex: rec.Sex, Village: rec.Village, Household: rec.HouseholdKey, Relation: rec.Relation,
		Row: rec.Row, Mates: []string{}, Data: map[string]string{},
	}
	for code, v := range rec.Data {
		if _, identity := playbook.Identity[code]; !identity && v != "" {
			side.Data[code] = v
		}
	}
	if rec.HouseholdKey != "" {
		side.Mates, err = db.List(ctx, tx, scanID, selectMates, county, register, rec.HouseholdKey, n)
	}
	if side.Mates == nil {
		side.Mates = []string{}
	}
	return side, err
}

// mask hides what only roles with roster.pii read in full. The year of birth stays: clerks need something to compare.
func (s *Side) mask() {
	s.IDNumber, s.Masked = idnumber.Mask(s.IDNumber), true
	if len(s.Birth) > 4 {
		s.Birth = s.Birth[:4]
	}
}
