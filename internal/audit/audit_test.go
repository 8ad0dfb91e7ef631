package audit_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"

	"ruhu/internal/audit"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/db/dbtest"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/region"
)

func person(role authz.Role, at region.Code) authz.Actor {
	return authz.Actor{ID: id.New(), Account: "someone", Name: "某人", Role: role, County: at.County(), Region: at}
}

func TestDecisionsAreReadInOnesRegionNewestFirst(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		office := person(authz.TownshipOffice, "990101101000")
		write := func(a authz.Actor, e audit.Entry) {
			t.Helper()
			if err := d.Update(ctx, func(tx *db.Tx) error { return audit.Write(ctx, tx, a, e) }); err != nil {
				t.Fatal(err)
			}
		}
		write(office, audit.Entry{Action: "survey.start", Object: "campaign", ObjectID: "c1", Campaign: "c1"})
		write(office, audit.Entry{Action: "ledger.close", Object: "problem", ObjectID: "p1", Campaign: "c1", Place: "990101101203", Detail: map[string]int{"revision": 2}})
		write(person(authz.TownshipOffice, "990101102000"), audit.Entry{Action: "ledger.close", Object: "problem", ObjectID: "p2"})
		write(authz.System("990101"), audit.Entry{Action: "account.first"})

		s := audit.NewService(d)
		for _, c := range []struct {
			who  authz.Actor
			f    audit.Filter
			want []string
		}{
			{person(authz.TownshipLeader, "990101101000"), audit.Filter{}, []string{"ledger.close", "survey.start"}},
			{person(authz.CountyOffice, "990101000000"), audit.Filter{}, []string{"account.first", "ledger.close", "ledger.close", "survey.start"}},
			{person(authz.CountyOffice, "990102000000"), audit.Filter{}, nil},
			{person(authz.CountyOffice, "990101000000"), audit.Filter{Object: "problem", ObjectID: "p1"}, []string{"ledger.close"}},
			{person(authz.CountyOffice, "990101000000"), audit.Filter{Campaign: "c1", Limit: 1}, []string{"ledger.close", "survey.start"}},
		} {
			var got []string
			for f := c.f; ; {
				rs, next, err := s.List(ctx, c.who, f)
				if err != nil {
					t.Fatal(err)
				}
				for _, r := range rs {
					got = append(got, r.Action)
				}
				if f.Cursor = next; next == "" {
					break
				}
			}
			if len(got) != len(c.want) {
				t.Errorf("%s %+v: %v, want %v", c.who.Region, c.f, got, c.want)
				continue
			}
			for i := range got {
				if got[i] != c.want[i] {
					t.Errorf("%s %+v: %v, want %v", c.who.Region, c.f, got, c.want)
				}
			}
		}
		rs, _, err := s.List(ctx, person(authz.Inspector, "990101101000"), audit.Filter{Object: "problem"})
		if err != nil || len(rs) != 1 {
			t.Fatalf("%v, %v", rs, err)
		}
		var detail struct{ Revision int }
		if err := json.Unmarshal(rs[0].Detail, &detail); err != nil || detail.Revision != 2 || rs[0].ByName != "某人" || rs[0].Role != authz.TownshipOffice {
			t.Errorf("%+v, %v", rs[0], err)
		}
		if _, _, err := s.List(ctx, office, audit.Filter{}); errs.CodeOf(err) != "authz.forbidden" {
			t.Errorf("an office reads the record: %v", err)
		}
		if _, _, err := s.List(ctx, person(authz.Inspector, "990101101000"), audit.Filter{Cursor: "x"}); errs.CodeOf(err) != "id.malformed" {
			t.Errorf("a foreign cursor: %v", err)
		}
	})
}

func TestADecisionThatFailsLeavesNoRow(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		boss := person(authz.CountyOffice, "990101000000")
		boom := errors.New("boom")
		err := d.Update(ctx, func(tx *db.Tx) error {
			if err := audit.Write(ctx, tx, boss, audit.Entry{Action: "x.y"}); err != nil {
				return err
			}
			return boom
		})
		rs, _, err2 := audit.NewService(d).List(ctx, boss, audit.Filter{})
		if !errors.Is(err, boom) || err2 != nil || len(rs) != 0 {
			t.Errorf("%v, %v: %v", err, err2, rs)
		}
	})
}
