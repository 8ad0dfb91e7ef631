package ledger

import (
	"context"
	"errors"
	"slices"

	"ruhu/internal/audit"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/region"
	"ruhu/internal/survey"
)

// Day is a day's list of problems (S2.14): how many were found, and who handed the list in.
type Day struct {
	Day    db.Date
	Found  int
	Handed []HandedIn
}

// HandedIn says that somebody handed in the list of a day for a region.
type HandedIn struct {
	Day     db.Date
	Region  region.Code
	Numbers []string // of the problems on it
	Late    bool     // after the playbook's time of day
	ByName  string
	At      db.Time
}

// Feedback is a meeting at which problems were fed back.
type Feedback struct {
	ID     string
	Region region.Code
	Until  db.Date // found up to this day
	Note   string
	ByName string
	At     db.Time
}

// Daily is the state of the daily lists of a campaign, newest day first.
type Daily struct {
	Days      []Day
	Feedbacks []Feedback
}

const (
	countDays    = `SELECT found_on, count(*) FROM ledger_item WHERE `
	selectHanded = `SELECT day, region, numbers, late, by_name, at FROM ledger_day WHERE county = $1 AND campaign = $2 ORDER BY day, region`
	selectOneDay = `SELECT numbers FROM ledger_day WHERE county = $1 AND campaign = $2 AND day = $3 AND region = $4`
	upsertDay    = `INSERT INTO ledger_day (county, campaign, day, region, numbers, late, by_name, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
 ON CONFLICT (county, campaign, day, region) DO UPDATE SET numbers = excluded.numbers, late = excluded.late, by_name = excluded.by_name, at = excluded.at`
	insertFeedback = `INSERT INTO ledger_feedback (county, id, campaign, region, until, note, by_name, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
 ON CONFLICT (county, id) DO NOTHING`
	listFeedbacks = `SELECT id, region, until, note, by_name, at FROM ledger_feedback WHERE county = $1 AND campaign = $2 ORDER BY at DESC, id DESC`
)

// Daily gives the days on which problems were found in the actor's region, as far as the actor sees them. Returns Forbidden, NotFound
// "survey.not_found".
func (s *Service) Daily(ctx context.Context, actor authz.Actor, campaign string) (Daily, error) {
	var out Daily
	if err := actor.Require(authz.LedgerRead); err != nil {
		return out, err
	}
	err := s.d.View(ctx, func(tx *db.Tx) error {
		w, c, err := s.scopeTx(ctx, tx, actor, campaign, Filter{})
		if err != nil {
			return err
		}
		out.Days, err = db.List(ctx, tx, func(scan func(...any) error) (Day, error) {
			var d Day
			return d, scan(&d.Day, &d.Found)
		}, countDays+w.Text()+` GROUP BY found_on ORDER BY found_on DESC`, w.Args()...)
		if err != nil {
			return err
		}
		handed, err := db.List(ctx, tx, scanHanded, selectHanded, actor.County, c.ID)
		if err != nil {
			return err
		}
		for _, h := range handed {
			i := slices.IndexFunc(out.Days, func(d Day) bool { return d.Day == h.Day })
			if i >= 0 && (actor.Sees(h.Region) || h.Region.Contains(actor.Region)) {
				out.Days[i].Handed = append(out.Days[i].Handed, h)
			}
		}
		all, err := db.List(ctx, tx, scanFeedback, listFeedbacks, actor.County, c.ID)
		for _, f := range all {
			if actor.Sees(f.Region) || f.Region.Contains(actor.Region) {
				out.Feedbacks = append(out.Feedbacks, f)
			}
		}
		return err
	})
	return out, err
}

// scopeTx gives the conditions for the items of a campaign that the actor sees, narrowed by a filter.
func (s *Service) scopeTx(ctx context.Context, tx *db.Tx, actor authz.Actor, campaign string, f Filter) (*db.Where, survey.Campaign, error) {
	c, err := survey.VisibleTx(ctx, tx, actor, campaign)
	if err != nil {
		return nil, c, err
	}
	sees, err := sightTx(ctx, tx, actor, c)
	if err != nil {
		return nil, c, err
	}
	today := c.Today(tx.Now())
	w := filter(actor, campaign, f, Page{Today: today, WarnTo: s.warnTo(c, today)})
	sees.where(w)
	return w, c, nil
}

// HandIn hands in the list of a day for the actor's region as it stands now; the same list again changes nothing. Late is what comes after the
// playbook's time of that day. Returns Forbidden, NotFound "survey.not_found", Invalid "ledger.day", Conflict "ledger.no_daily".
func (s *Service) HandIn(ctx context.Context, actor authz.Actor, campaign string, day db.Date) (HandedIn, error) {
	out := HandedIn{Day: day, Region: actor.Region, ByName: actor.Name, Numbers: []string{}}
	if err := actor.Require(authz.LedgerRegister); err != nil {
		return out, err
	}
	if _, err := db.ParseDate(string(day)); err != nil {
		return out, errs.Invalid.Wrap(err, "ledger.day", "field", "day")
	}
	err := s.d.Update(ctx, func(tx *db.Tx) error {
		w, c, err := s.scopeTx(ctx, tx, actor, campaign, Filter{})
		if err != nil {
			return err
		}
		by := c.Plan.Ledger.Daily.By
		if by == "" {
			return errs.Conflict.New("ledger.no_daily")
		}
		if day > c.Today(tx.Now()) {
			return errs.Invalid.New("ledger.day", "field", "day")
		}
		w.And(`found_on = ?`, day)
		if out.Numbers, err = db.List(ctx, tx, scanText, `SELECT number FROM ledger_item WHERE `+w.Text()+` ORDER BY number`, w.Args()...); err != nil {
			return err
		}
		var before db.JSON[[]string]
		err = tx.QueryRow(ctx, selectOneDay, actor.County, c.ID, day, actor.Region).Scan(&before)
		if err == nil && slices.Equal(before.V, out.Numbers) {
			return nil
		}
		if err != nil && !errors.Is(err, db.ErrNoRows) {
			return err
		}
		out.At = tx.Now()
		clock := out.At.Time().In(c.Zone).Format("15:04")
		out.Late = day < c.Today(out.At) || clock > by
		if _, err := tx.Exec(ctx, upsertDay, actor.County, c.ID, day, actor.Region, db.AsJSON(out.Numbers), out.Late, actor.Name, out.At); err != nil {
			return err
		}
		return audit.Write(ctx, tx, actor, audit.Entry{
			Action: "ledger.hand_in", Campaign: c.ID, Object: "campaign", ObjectID: c.ID, Place: actor.Region,
			Detail: map[string]any{"day": day, "problems": out.Numbers, "late": out.Late},
		})
	})
	return out, err
}

// FeedBack records the meeting at which what was found up to a day was fed back to the places of the actor's region; from then on the roles that the
// playbook holds back see it. The same id again changes nothing. Returns Forbidden, NotFound "survey.not_found", Invalid "ledger.day", "ledger.note".
func (s *Service) FeedBack(ctx context.Context, actor authz.Actor, campaign, meeting string, until db.Date, text string) error {
	if err := actor.Require(authz.LedgerJudge); err != nil {
		return err
	}
	meeting, err := id.Parse(meeting)
	if err != nil {
		return err
	}
	if _, err := db.ParseDate(string(until)); err != nil {
		return errs.Invalid.Wrap(err, "ledger.day", "field", "until")
	}
	if text = db.Clip(text, maxText); text == "" {
		return errs.Invalid.New("ledger.note", "field", "note")
	}
	return s.d.Update(ctx, func(tx *db.Tx) error {
		c, err := survey.VisibleTx(ctx, tx, actor, campaign)
		if err != nil {
			return err
		}
		if until > c.Today(tx.Now()) {
			return errs.Invalid.New("ledger.day", "field", "until")
		}
		n, err := tx.Exec(ctx, insertFeedback, actor.County, meeting, c.ID, actor.Region, until, text, actor.Name, tx.Now())
		if err != nil || n == 0 {
			return err
		}
		return audit.Write(ctx, tx, actor, audit.Entry{
			Action: "ledger.feed_back", Campaign: c.ID, Object: "campaign", ObjectID: c.ID, Place: actor.Region, Detail: map[string]any{"until": until},
		})
	})
}

func scanHanded(scan func(...any) error) (HandedIn, error) {
	var h HandedIn
	var numbers db.JSON[[]string]
	err := scan(&h.Day, &h.Region, &numbers, &h.Late, &h.ByName, &h.At)
	h.Numbers = numbers.V
	return h, err
}

func scanFeedback(scan func(...any) error) (Feedback, error) {
	var f Feedback
	return f, scan(&f.ID, &f.Region, &f.Until, &f.Note, &f.ByName, &f.At)
}

func scanText(scan func(...any) error) (string, error) {
	var s string
	return s, scan(&s)
}
