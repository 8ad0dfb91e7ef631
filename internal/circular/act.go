package circular

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"ruhu/internal/audit"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/playbook"
	"ruhu/internal/region"
	"ruhu/internal/survey"
)

const (
	actApprove  = "approve"
	actIssue    = "issue"
	actWithdraw = "withdraw"
)

// The events.
const (
	EventIssued    = "circular.issued"
	EventWithdrawn = "circular.withdrawn"
)

// Notice is the payload of both events.
type Notice struct {
	Campaign     string        `json:"campaign"`
	Circular     string        `json:"circular"`
	Series       string        `json:"series"`
	Number       int           `json:"number"`
	Period       Period        `json:"period"`
	Digest       string        `json:"digest"`
	Consequences []Consequence `json:"consequences"`
}

// Consequence falls on a village because of a circular.
type Consequence struct {
	Village region.Code   `json:"village"`
	Run     int           `json:"run"`
	Code    string        `json:"code"`
	Title   playbook.Text `json:"title"`
	Points  string        `json:"points"` // off the year's score, a decimal; "" for none
}

// Compute makes the circular of a period that is over, by hand: after a withdrawal, or when it was not due by itself. The same id sent twice is one.
// Returns Forbidden, NotFound "survey.not_found", Invalid "circular.no_series", "circular.no_period", "id.malformed", Conflict "circular.open",
// "circular.there_is".
func (s *Service) Compute(ctx context.Context, actor authz.Actor, campaign, circular, series string, to db.Date) (Circular, error) {
	if err := actor.Require(authz.CircularIssue); err != nil {
		return Circular{}, err
	}
	circular, err := id.Parse(circular)
	if err != nil {
		return Circular{}, err
	}
	var out Circular
	err = s.d.Update(ctx, func(tx *db.Tx) error {
		c, err := survey.VisibleTx(ctx, tx, actor, campaign)
		if err != nil {
			return err
		}
		if !actor.Sees(c.Region) { // a township does not make the county's circular
			return errs.Forbidden.New("authz.forbidden", "action", string(authz.CircularIssue))
		}
		if err := s.computeTx(ctx, tx, actor, c, circular, series, to); err != nil {
			return err
		}
		sh, c, err := sheetTx(ctx, tx, actor, circular)
		if err != nil {
			return err
		}
		if sh.campaign != campaign || sh.Series != series || sh.Period.To != to {
			return errs.Conflict.New("circular.there_is")
		}
		out, err = sh.whole(ctx, tx, actor, c)
		return err
	})
	return out, err
}

func (s *Service) computeTx(ctx context.Context, tx *db.Tx, actor authz.Actor, c survey.Campaign, circular, series string, to db.Date) error {
	ser, ok := c.Plan.Circulars.Find(series)
	if !ok {
		return errs.Invalid.New("circular.no_series", "field", "series")
	}
	all := Periods(ser, c.Stages)
	i := slices.IndexFunc(all, func(p Period) bool { return p.To == to })
	if i < 0 {
		return errs.Invalid.New("circular.no_period", "field", "to")
	}
	if !closed(c, all[i], tx.Now()) {
		return errs.Conflict.New("circular.open", "to", string(to), "cutoff", c.Plan.Circulars.Cutoff)
	}
	content, err := contentTx(ctx, tx, c, ser, all[i], nil)
	if err != nil {
		return err
	}
	text, digest, err := content.encode()
	if err != nil {
		return err
	}
	n, err := tx.Exec(ctx, insertSheet, c.County, circular, c.ID, series, string(all[i].From), string(to), text, digest, tx.Now(), actor.Name)
	if err != nil {
		return err
	}
	if n == 0 {
		same, err := scanSheet(tx.QueryRow(ctx, selectSheet, c.County, circular).Scan)
		if err == nil && same.campaign == c.ID {
			return nil // sent again
		}
		return errs.Conflict.New("circular.there_is")
	}
	return audit.Write(ctx, tx, actor, audit.Entry{
		Action: "circular.compute", Campaign: c.ID, Object: "circular", ObjectID: circular, Place: c.Region,
		Detail: map[string]any{"series": series, "to": to, "digest": digest},
	})
}

// contentTx computes what the circular of a period says. Names of villages that are given are kept: what was approved is not another thing because a
// village was renamed since.
func contentTx(ctx context.Context, tx *db.Tx, c survey.Campaign, ser playbook.CircularSeries, p Period, names map[region.Code]string) (Content, error) {
	lo, hi := c.Region.Range()
	figures, err := figuresTx(ctx, tx, c.County, c.ID, lo, hi, p)
	if err != nil {
		return Content{}, err
	}
	if names == nil {
		if names, err = region.NamesTx(ctx, tx, codes(figures)); err != nil {
			return Content{}, err
		}
	}
	before, err := beforeTx(ctx, tx, c.County, c.ID, ser.Code, p.To)
	if err != nil {
		return Content{}, err
	}
	return compose(c.Plan, ser, p, figures, names, before)
}

// check reports why the actor may not do act now; nil when they may.
func (s sheet) check(actor authz.Actor, c survey.Campaign, act string) error {
	ser, _ := c.Plan.Circulars.Find(s.Series)
	roles, action := ser.Issue, authz.CircularIssue
	switch {
	case act == actApprove:
		roles, action = ser.Approve, authz.CircularAllow
	case act == actWithdraw && s.Number == 0 && slices.Contains(ser.Approve, string(actor.Role)):
		roles, action = ser.Approve, authz.CircularAllow // who does not approve sends it back
	}
	if err := actor.Require(action); err != nil {
		return err
	}
	if !actor.Sees(c.Region) || !slices.Contains(roles, string(actor.Role)) {
		return errs.Forbidden.New("authz.forbidden", "action", string(action))
	}
	from := map[string][]State{actApprove: {Computed}, actIssue: {Approved}, actWithdraw: {Computed, Approved, Issued}}[act]
	if !slices.Contains(from, s.State) {
		return errs.Conflict.New("circular.wrong_state")
	}
	if act == actIssue && s.approvedBy == actor.ID {
		return errs.Conflict.New("circular.same_person")
	}
	return nil
}

// Approve is the leader's word for what the digest stands for. Returns Forbidden, NotFound "circular.not_found", Conflict "circular.wrong_state", "circular.digest",
// "circular.stale".
func (s *Service) Approve(ctx context.Context, actor authz.Actor, circular, digest string) (Circular, error) {
	return s.act(ctx, actor, circular, actApprove, digest, "", func(_ context.Context, tx *db.Tx, sh *sheet, _ survey.Campaign) error {
		sh.State, sh.ApprovedAt, sh.approvedBy, sh.ApprovedBy = Approved, tx.Now(), actor.ID, actor.Name
		return nil
	})
}

// Issue gives the circular its number and makes it public. Returns Forbidden, NotFound "circular.not_found", Conflict "circular.wrong_state",
// "circular.same_person", "circular.digest", "circular.order" (a later period has been issued), "circular.changed" (computed anew it says something else), "circular.stale".
func (s *Service) Issue(ctx context.Context, actor authz.Actor, circular, digest string) (Circular, error) {
	return s.act(ctx, actor, circular, actIssue, digest, "", func(ctx context.Context, tx *db.Tx, sh *sheet, c survey.Campaign) error {
		// The number is taken first: whoever issues in the same series waits here.
		if err := tx.QueryRow(ctx, takeNumber, c.County, c.ID, sh.Series, 1).Scan(&sh.Number); err != nil {
			return err
		}
		if err := sh.lastTx(ctx, tx, c); err != nil {
			return err
		}
		content, err := sh.againTx(ctx, tx, c)
		if err != nil {
			return err
		}
		sh.State, sh.IssuedAt, sh.IssuedBy = Issued, tx.Now(), actor.Name
		if err := sh.keepTx(ctx, tx, actor, actIssue, sh.content, ""); err != nil {
			return err
		}
		if err := sh.takeOffTx(ctx, tx, actor, c, content); err != nil {
			return err
		}
		return s.bus.Emit(ctx, tx, c.County, EventIssued, sh.notice(content))
	})
}

// lastTx returns Conflict "circular.order" when a circular of a later period has been issued.
func (s sheet) lastTx(ctx context.Context, tx *db.Tx, c survey.Campaign) error {
	var later int
	if err := tx.QueryRow(ctx, selectLater, c.County, c.ID, s.Series, string(s.Period.To)).Scan(&later); err != nil {
		return err
	}
	if later > 0 {
		return errs.Conflict.New("circular.order")
	}
	return nil
}

// againTx computes the circular once more. Returns Conflict "circular.changed" when it comes out differently.
func (s sheet) againTx(ctx context.Context, tx *db.Tx, c survey.Campaign) (Content, error) {
	ser, _ := c.Plan.Circulars.Find(s.Series)
	was, err := decode(s.content)
	if err != nil {
		return was, err
	}
	names := map[region.Code]string{}
	for _, v := range was.Villages {
		names[v.Village] = v.Name
	}
	is, err := contentTx(ctx, tx, c, ser, s.Period, names)
	if err != nil {
		return is, err
	}
	text, _, err := is.encode()
	if err == nil && text != s.content {
		return is, errs.Conflict.New("circular.changed")
	}
	return is, err
}

func (s sheet) notice(content Content) Notice {
	n := Notice{s.campaign, s.ID, s.Series, s.Number, s.Period, s.Digest, []Consequence{}}
	for _, v := range content.Villages {
		for _, q := range v.Consequences {
			n.Consequences = append(n.Consequences, Consequence{v.Village, v.Run, q.Code, q.Title, q.Points})
		}
	}
	return n
}

// Withdraw takes a circular back, with a reason: a draft by who makes or approves it, an issued one by who issues, the last of its series first. It keeps its
// number and does not count for streaks. Returns Forbidden, NotFound "circular.not_found", Invalid "circular.reason", Conflict "circular.wrong_state",
// "circular.order", "circular.stale".
func (s *Service) Withdraw(ctx context.Context, actor authz.Actor, circular, reason string) (Circular, error) {
	reason = strings.TrimSpace(reason)
	if n := utf8.RuneCountInString(reason); n < 1 || n > 500 {
		return Circular{}, errs.Invalid.New("circular.reason", "field", "reason")
	}
	return s.act(ctx, actor, circular, actWithdraw, "", reason, func(ctx context.Context, tx *db.Tx, sh *sheet, c survey.Campaign) error {
		before := sh.State
		sh.State, sh.WithdrawnAt, sh.WithdrawnBy, sh.Reason = Withdrawn, tx.Now(), actor.Name, reason
		if before != Issued {
			return nil
		}
		if err := tx.QueryRow(ctx, takeNumber, c.County, c.ID, sh.Series, 0).Scan(new(int)); err != nil { // waits for who issues
			return err
		}
		if err := sh.lastTx(ctx, tx, c); err != nil {
			return err
		}
		content, err := decode(sh.content)
		if err != nil {
			return err
		}
		if err := sh.keepTx(ctx, tx, actor, actWithdraw, "", reason); err != nil {
			return err
		}
		if err := sh.giveBackTx(ctx, tx, actor, c); err != nil {
			return err
		}
		return s.bus.Emit(ctx, tx, c.County, EventWithdrawn, sh.notice(content))
	})
}

// act does one thing with a circular: checks, changes, saves, audits. digest is what the person has read; "" is not asked for.
func (s *Service) act(ctx context.Context, actor authz.Actor, circular, act, digest, note string,
	change func(ctx context.Context, tx *db.Tx, sh *sheet, c survey.Campaign) error,
) (Circular, error) {
	if err := actor.Require(authz.CircularRead); err != nil {
		return Circular{}, err
	}
	var out Circular
	err := s.d.Update(ctx, func(tx *db.Tx) error {
		sh, c, err := sheetTx(ctx, tx, actor, circular)
		if err != nil {
			return err
		}
		if err := sh.check(actor, c, act); err != nil {
			return err
		}
		if act != actWithdraw && digest != sh.Digest {
			return errs.Conflict.New("circular.digest")
		}
		before := sh.State
		if err := change(ctx, tx, &sh, c); err != nil {
			return err
		}
		if err := sh.saveTx(ctx, tx, c.County, before); err != nil {
			return err
		}
		err = audit.Write(ctx, tx, actor, audit.Entry{
			Action: "circular." + act, Campaign: c.ID, Object: "circular", ObjectID: sh.ID, Place: c.Region,
			Detail: map[string]any{"series": sh.Series, "to": sh.Period.To, "number": sh.Number, "digest": sh.Digest, "note": note},
		})
		if err != nil {
			return err
		}
		out, err = sh.whole(ctx, tx, actor, c)
		return err
	})
	return out, err
}
