package assign

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"ruhu/internal/audit"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/idnumber"
	"ruhu/internal/region"
	"ruhu/internal/roster"
	"ruhu/internal/survey"
)

// Arrangement is what is agreed with a household: a day and a window of time, or that it is reached by other means (S3.8), or both.
type Arrangement struct {
	Household string        `json:"household"`
	Code      string        `json:"code"` // 户编号; filled on reading
	HeadName  string        `json:"head_name"`
	Village   region.Region `json:"village"`
	Day       db.Date       `json:"day"`       // "" is any
	FromTime  string        `json:"from_time"` // "14:00"; "" is any
	ToTime    string        `json:"to_time"`
	Remote    string        `json:"remote"` // phone, wechat, other; "" is a visit
	Reason    string        `json:"reason"` // needed with Remote
}

var clock = regexp.MustCompile(`^([01]\d|2[0-3]):[0-5]\d$`)

// Arrange writes what is agreed with a household; an Arrangement without day and means takes it back. An open visit on another day leaves the
// plan, to be planned on the day agreed.
// Returns Forbidden, NotFound "survey.not_found", "roster.no_household", Invalid "assign.appointment" (times, or nothing but times),
// "assign.remote", "assign.reason", "assign.dates", Conflict "survey.closed".
func (s *Service) Arrange(ctx context.Context, actor authz.Actor, campaign string, in Arrangement) error {
	if err := actor.Require(authz.AssignManage); err != nil {
		return err
	}
	campaign, err := id.Parse(campaign)
	if err != nil {
		return err
	}
	if in.Household, err = id.Parse(in.Household); err != nil {
		return err
	}
	if err := in.check(); err != nil {
		return err
	}
	return s.d.Update(ctx, func(tx *db.Tx) error {
		c, err := managedTx(ctx, tx, actor, campaign)
		if err != nil {
			return err
		}
		hs, err := roster.NamesTx(ctx, tx, c.County, []string{in.Household})
		if err != nil {
			return err
		}
		h, ok := hs[in.Household]
		if !ok || h.Campaign != c.ID || !actor.Sees(h.Village) {
			return errs.NotFound.New("roster.no_household", "id", in.Household)
		}
		if in.Day != "" {
			if _, _, err := planDays(c, in.Day, in.Day); err != nil {
				return err
			}
		}
		if in.Day == "" && in.Remote == "" {
			_, err = tx.Exec(ctx, deleteArrangement, c.County, c.ID, in.Household)
		} else {
			_, err = tx.Exec(ctx, upsertArrangement, c.County, c.ID, in.Household, in.Day, in.FromTime, in.ToTime, in.Remote, in.Reason, tx.Now())
		}
		if err != nil {
			return err
		}
		if err := s.unplanTx(ctx, tx, c, in); err != nil {
			return err
		}
		return audit.Write(ctx, tx, actor, audit.Entry{
			Action: "assign.arrange", Campaign: c.ID, Object: "household", ObjectID: in.Household, Place: h.Village,
			Detail: map[string]any{"day": in.Day, "from": in.FromTime, "to": in.ToTime, "remote": in.Remote, "reason": in.Reason},
		})
	})
}

func (in *Arrangement) check() error {
	in.Reason = strings.TrimSpace(in.Reason)
	for _, t := range []string{in.FromTime, in.ToTime} {
		if t != "" && !clock.MatchString(t) {
			return errs.Invalid.New("assign.appointment", "field", "from_time")
		}
	}
	switch {
	case in.FromTime != "" && in.ToTime != "" && in.FromTime >= in.ToTime, in.Day == "" && in.FromTime+in.ToTime != "":
		return errs.Invalid.New("assign.appointment", "field", "from_time")
	case !slices.Contains([]string{"", "phone", "wechat", "other"}, in.Remote):
		return errs.Invalid.New("assign.remote", "field", "remote")
	case in.Remote != "" && in.Reason == "", utf8.RuneCountInString(in.Reason) > 200:
		return errs.Invalid.New("assign.reason", "field", "reason")
	}
	return nil
}

// unplanTx takes the household's open visit off the plan when it lies on another day than the one agreed.
func (s *Service) unplanTx(ctx context.Context, tx *db.Tx, c survey.Campaign, in Arrangement) error {
	as, err := ByHouseholdsTx(ctx, tx, c.County, c.ID, []string{in.Household})
	if err != nil {
		return err
	}
	a, ok := as[in.Household]
	if !ok || a.State != Open || a.Begun || in.Day == "" || a.Date == in.Day {
		return nil
	}
	if _, err := tx.Exec(ctx, deleteOne, c.County, a.ID); err != nil {
		return err
	}
	return s.bus.Emit(ctx, tx, c.County, EventPlanned, a.moved(Open, ""))
}

// Arrangements lists what is agreed with households of the actor's region, by village and household. Returns Forbidden, NotFound
// "survey.not_found".
func (s *Service) Arrangements(ctx context.Context, actor authz.Actor, campaign string) ([]Arrangement, error) {
	var out []Arrangement
	err := s.view(ctx, actor, campaign, func(tx *db.Tx, c survey.Campaign) error {
		all, err := arrangementsTx(ctx, tx, c)
		if err != nil {
			return err
		}
		var ids []string
		for h := range all {
			ids = append(ids, h)
		}
		hs, err := roster.NamesTx(ctx, tx, c.County, ids)
		if err != nil {
			return err
		}
		for h, a := range all {
			if house, ok := hs[h]; ok && actor.Sees(house.Village) {
				house = house.Masked()
				a.Code, a.HeadName, a.Village = house.Code, house.HeadName, region.Named(house.Village, house.VillageName)
				out = append(out, a)
			}
		}
		slices.SortFunc(out, func(a, b Arrangement) int {
			return strings.Compare(string(a.Village.Code)+a.Code+a.Household, string(b.Village.Code)+b.Code+b.Household)
		})
		return nil
	})
	return out, err
}

// view runs fn on a campaign that the actor may read plans of.
func (s *Service) view(ctx context.Context, actor authz.Actor, campaign string, fn func(tx *db.Tx, c survey.Campaign) error) error {
	if err := actor.Require(authz.AssignRead); err != nil {
		return err
	}
	campaign, err := id.Parse(campaign)
	if err != nil {
		return err
	}
	return s.d.View(ctx, func(tx *db.Tx) error {
		c, err := survey.VisibleTx(ctx, tx, actor, campaign)
		if err != nil {
			return err
		}
		return fn(tx, c)
	})
}

// Guide shows the teams the way in a village (S1.13, S4.6).
type Guide struct {
	ID      string        `json:"id"`
	Village region.Region `json:"village"`
	Name    string        `json:"name"`
	Phone   string        `json:"phone"` // masked on reading, but for those who manage plans
	Role    string        `json:"role"`  // what they are in the village
}

const (
	selectGuides = `SELECT id, village, name, phone, role FROM assign_guide WHERE county = $1 AND campaign = $2 AND village >= $3 AND village < $4 ORDER BY village, id`
	upsertGuide  = `INSERT INTO assign_guide (county, id, campaign, village, name, phone, role) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (county, id) DO UPDATE SET village = excluded.village, name = excluded.name, phone = excluded.phone, role = excluded.role
		WHERE assign_guide.campaign = excluded.campaign`
	deleteGuide = `DELETE FROM assign_guide WHERE county = $1 AND campaign = $2 AND id = $3 AND village >= $4 AND village < $5`
)

// Guides lists the guides of the actor's villages. Returns Forbidden, NotFound "survey.not_found".
func (s *Service) Guides(ctx context.Context, actor authz.Actor, campaign string) ([]Guide, error) {
	var out []Guide
	err := s.view(ctx, actor, campaign, func(tx *db.Tx, c survey.Campaign) error {
		var err error
		lo, hi := actor.Scope()
		out, err = db.List(ctx, tx, func(scan func(...any) error) (g Guide, err error) {
			err = scan(&g.ID, &g.Village.Code, &g.Name, &g.Phone, &g.Role)
			return g, err
		}, selectGuides, c.County, c.ID, lo, hi)
		if err != nil {
			return err
		}
		var codes []region.Code
		for _, g := range out {
			codes = append(codes, g.Village.Code)
		}
		names, err := region.NamesTx(ctx, tx, codes)
		manages := actor.Require(authz.AssignManage) == nil
		for i := range out {
			out[i].Village = region.Named(out[i].Village.Code, names[out[i].Village.Code])
			if !manages {
				out[i].Phone = idnumber.MaskPhone(out[i].Phone)
			}
		}
		return err
	})
	return out, err
}

// GuidesTx lists the guides of villages, for the phones of the teams that go there.
func GuidesTx(ctx context.Context, tx *db.Tx, county, campaign string, villages []region.Code) ([]Guide, error) {
	var out []Guide
	for _, v := range villages {
		lo, hi := v.Range()
		gs, err := db.List(ctx, tx, func(scan func(...any) error) (g Guide, err error) {
			err = scan(&g.ID, &g.Village.Code, &g.Name, &g.Phone, &g.Role)
			return g, err
		}, selectGuides, county, campaign, lo, hi)
		if err != nil {
			return nil, err
		}
		out = append(out, gs...)
	}
	return out, nil
}

var phone = regexp.MustCompile(`^[0-9+\- ]{5,20}$`)

// PutGuide writes a guide under an id chosen by the client. Returns Forbidden, NotFound "survey.not_found", "region.not_found", Invalid "assign.guide",
// Conflict "survey.closed", "assign.guide_elsewhere" (the id is of another campaign).
func (s *Service) PutGuide(ctx context.Context, actor authz.Actor, campaign string, g Guide) error {
	var err error
	if g.ID, err = id.Parse(g.ID); err != nil {
		return err
	}
	g.Name, g.Phone, g.Role = strings.TrimSpace(g.Name), strings.TrimSpace(g.Phone), strings.TrimSpace(g.Role)
	if n := utf8.RuneCountInString(g.Name); n < 1 || n > 20 || utf8.RuneCountInString(g.Role) > 30 || g.Phone != "" && !phone.MatchString(g.Phone) {
		return errs.Invalid.New("assign.guide", "field", "name")
	}
	return s.manage(ctx, actor, campaign, func(tx *db.Tx, c survey.Campaign) error {
		place, err := region.GetTx(ctx, tx, g.Village.Code)
		if err != nil || !actor.Sees(place.Code) || !c.Region.Contains(place.Code) {
			return errors.Join(err, errs.NotFound.New("region.not_found", "code", string(g.Village.Code)))
		}
		n, err := tx.Exec(ctx, upsertGuide, c.County, g.ID, c.ID, g.Village.Code, g.Name, g.Phone, g.Role)
		if err == nil && n == 0 {
			err = errs.Conflict.New("assign.guide_elsewhere")
		}
		if err != nil {
			return err
		}
		return audit.Write(ctx, tx, actor, audit.Entry{Action: "assign.guide", Campaign: c.ID, Object: "guide", ObjectID: g.ID, Place: g.Village.Code})
	})
}

// DeleteGuide takes a guide away; one that is not there is no error. Returns Forbidden, NotFound "survey.not_found", Conflict "survey.closed".
func (s *Service) DeleteGuide(ctx context.Context, actor authz.Actor, campaign, guide string) error {
	guide, err := id.Parse(guide)
	if err != nil {
		return err
	}
	return s.manage(ctx, actor, campaign, func(tx *db.Tx, c survey.Campaign) error {
		lo, hi := actor.Scope()
		n, err := tx.Exec(ctx, deleteGuide, c.County, c.ID, guide, lo, hi)
		if err != nil || n == 0 {
			return err
		}
		return audit.Write(ctx, tx, actor, audit.Entry{Action: "assign.guide_delete", Campaign: c.ID, Object: "guide", ObjectID: guide, Place: c.Region})
	})
}

// manage runs fn on a campaign whose plan the actor may change.
func (s *Service) manage(ctx context.Context, actor authz.Actor, campaign string, fn func(tx *db.Tx, c survey.Campaign) error) error {
	if err := actor.Require(authz.AssignManage); err != nil {
		return err
	}
	campaign, err := id.Parse(campaign)
	if err != nil {
		return err
	}
	return s.d.Update(ctx, func(tx *db.Tx) error {
		c, err := managedTx(ctx, tx, actor, campaign)
		if err != nil {
			return err
		}
		return fn(tx, c)
	})
}
