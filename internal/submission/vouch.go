package submission

import (
	"context"
	"slices"
	"time"

	"ruhu/form/xform"
	"ruhu/internal/db"
	"ruhu/internal/device"
	"ruhu/internal/errs"
)

// ruleVouch is the rule of findings about confirmations that do not hold.
const ruleVouch = "vouch"

// maxVouches is how many confirmations of one form are looked at: a form asks for two.
const maxVouches = 8

const (
	insertBadge  = `INSERT INTO submission_badge (county, device, minute, submission) VALUES `
	selectBadges = `SELECT device, minute, submission FROM submission_badge WHERE county = $1 AND minute >= $2 AND minute <= $3 AND device IN (`
)

// shown is a badge that a form brings.
type shown struct {
	t     *task
	vouch xform.Vouch
	badge device.Badge
	err   error // why it does not hold
}

// minute names a code: a phone shows one a minute, however often it is signed.
type minute struct {
	device string
	n      int64
}

// vouch looks once more at the badges that phones have scanned. What does not hold is a warning at the question: the form is here, and a person
// judges it. A PIN leaves nothing that could be looked at.
func (s *Service) vouch(ctx context.Context, tx *db.Tx, county string, ts []*task) error {
	all := badgesOf(ts)
	if len(all) == 0 {
		return nil
	}
	var devices, accounts []string
	for _, x := range all {
		if x.err == nil {
			devices, accounts = append(devices, x.badge.Device), append(accounts, x.badge.Account)
		}
	}
	keys, err := device.BadgeKeysTx(ctx, tx, county, unique(devices))
	if err != nil {
		return err
	}
	teams, err := s.in.Teams(ctx, tx, county, unique(accounts))
	if err != nil {
		return err
	}
	for _, x := range all {
		if x.err == nil {
			x.err = x.check(keys, teams)
		}
	}
	if err := spend(ctx, tx, county, all); err != nil {
		return err
	}
	for _, x := range all {
		if e, ok := errs.As(x.err); ok {
			x.t.vouched = append(x.t.vouched, Finding{Ref: x.vouch.Ref, Rule: ruleVouch, Severity: "warning", Message: errs.Text{ZH: e.Message("zh"), EN: e.Message("en")}})
		}
	}
	return nil
}

// badgesOf reads the badges of tasks and forgets what was found before: the transaction may run again.
func badgesOf(ts []*task) []*shown {
	var all []*shown
	for _, t := range ts {
		t.vouched = nil
		for i, v := range t.verdict.Vouches {
			if v.Method != "badge" || i >= maxVouches {
				continue
			}
			x := &shown{t: t, vouch: v}
			x.badge, x.err = device.ReadBadge(v.Token)
			all = append(all, x)
		}
	}
	return all
}

func (x *shown) check(keys []device.BadgeKey, teams map[string][]string) error {
	at, err := time.Parse(time.RFC3339, x.vouch.At)
	switch {
	case err != nil:
		return errs.Invalid.New("device.badge_unreadable")
	case x.badge.Account != x.vouch.Account:
		return errs.Conflict.New("submission.badge_other")
	case x.badge.Account == x.t.account:
		return errs.Conflict.New("submission.badge_own")
	case !slices.Contains(teams[x.badge.Account], x.t.team):
		return errs.Conflict.New("submission.badge_team")
	}
	return x.badge.Check(keys, at)
}

// spend notes which form each good code has confirmed; a code that another form has had before does not hold.
func spend(ctx context.Context, tx *db.Tx, county string, all []*shown) error {
	var rows [][]any
	var devices []string
	var lo, hi int64
	for _, x := range all {
		if x.err != nil {
			continue
		}
		if m := x.badge.Minute; len(rows) == 0 {
			lo, hi = m, m
		} else {
			lo, hi = min(lo, m), max(hi, m)
		}
		rows = append(rows, []any{county, x.badge.Device, x.badge.Minute, x.t.submission})
		devices = append(devices, x.badge.Device)
	}
	if len(rows) == 0 {
		return nil
	}
	if _, err := db.Insert(ctx, tx, insertBadge, rows, ` ON CONFLICT DO NOTHING`); err != nil {
		return err
	}
	first := map[minute]string{}
	in, args := listFrom(4, unique(devices))
	err := tx.Query(ctx, selectBadges+in, append([]any{county, lo, hi}, args...), func(scan func(...any) error) error {
		var m minute
		var by string
		err := scan(&m.device, &m.n, &by)
		first[m] = by
		return err
	})
	if err != nil {
		return err
	}
	for _, x := range all {
		if x.err == nil && first[minute{x.badge.Device, x.badge.Minute}] != x.t.submission {
			x.err = errs.Conflict.New("submission.badge_used")
		}
	}
	return nil
}

func unique(list []string) []string {
	slices.Sort(list)
	return slices.Compact(list)
}
