package region_test

import (
	"context"
	"testing"

	"ruhu/internal/db"
	"ruhu/internal/db/dbtest"
	"ruhu/internal/errs"
	"ruhu/internal/region"

	"github.com/google/go-cmp/cmp"
)

func TestACodeKnowsItsPlaceInTheDivision(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in                            string
		code                          region.Code
		level, county, prefix, lo, hi string
		parent                        region.Code
	}{
		{"990101", "990101000000", "county", "990101", "990101", "990101000000", "990102000000", ""},
		{" 990101101 ", "990101101000", "township", "990101", "990101101", "990101101000", "990101102000", "990101000000"},
		{"990101101203", "990101101203", "village", "990101", "990101101203", "990101101203", "990101101204", "990101101000"},
		{"990101999000", "990101999000", "township", "990101", "990101999", "990101999000", "990102000000", "990101000000"},
	} {
		got, err := region.Parse(c.in)
		if err != nil {
			t.Errorf("%q: %v", c.in, err)
			continue
		}
		lo, hi := got.Range()
		if got != c.code || got.Level().String() != c.level || got.County() != c.county || got.Prefix() != c.prefix ||
			string(lo) != c.lo || string(hi) != c.hi || got.Parent() != c.parent || !got.Valid() {
			t.Errorf("%q: %s %s %s %s [%s,%s) parent %s", c.in, got, got.Level(), got.County(), got.Prefix(), lo, hi, got.Parent())
		}
	}
}

func TestForeignTextIsNoCode(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", "9901", "99010110120", "9901011012034", "43990a", "999999", "430000", "439900", "990101000203", "９９０１０１", "'; DROP"} {
		if c, err := region.Parse(s); errs.CodeOf(err) != "region.code" {
			t.Errorf("%q: %q, %v", s, c, err)
		}
	}
	if lo, hi := region.Code("").Range(); lo != hi {
		t.Error("no place must hold nothing")
	}
}

func TestContainsFollowsTheRange(t *testing.T) {
	t.Parallel()
	all := []region.Code{"990101000000", "990101101000", "990101101203", "990101102000", "990102000000", "990102101203", ""}
	for _, a := range all {
		lo, hi := a.Range()
		for _, b := range all {
			if want := b >= lo && b < hi; a.Contains(b) != want {
				t.Errorf("%q contains %q: %v", a, b, !want)
			}
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"990101", "990101101", "990101101203", "", "x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c, err := region.Parse(s)
		if err != nil {
			return
		}
		lo, hi := c.Range()
		if again, err := region.Parse(string(c)); err != nil || again != c || c.Level() == 0 || lo != c || hi <= lo || !c.Contains(c) {
			t.Errorf("%q: %q does not hold together", s, c)
		}
	})
}

func TestPlacesAreKeptAndFoundByRange(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		s := region.NewService(d)
		put := func(rs ...region.Region) error { return s.Put(ctx, rs) }
		if err := put(region.Named("990101101203", "东村")); errs.CodeOf(err) != "region.no_parent" {
			t.Errorf("a village without a township: %v", err)
		}
		err := put(region.Named("990101101203", "东村"), region.Named("990101101000", "甲镇"), region.Named("990101000000", "示例县"), region.Named("990101102000", "乙镇"))
		if err != nil {
			t.Fatal(err)
		}
		if err := put(region.Named("990101101000", "甲乡")); err != nil {
			t.Fatal(err)
		}
		got, err := s.List(ctx, "990101101000")
		want := []region.Region{
			{Code: "990101101000", Name: "甲乡", Level: "township", Parent: "990101000000"},
			{Code: "990101101203", Name: "东村", Level: "village", Parent: "990101101000"},
		}
		if err != nil || !cmp.Equal(got, want) {
			t.Errorf("%v\n%s", err, cmp.Diff(want, got))
		}
		if _, err := s.Get(ctx, "990101103000"); errs.CodeOf(err) != "region.not_found" {
			t.Errorf("unknown place: %v", err)
		}
		if err := put(region.Region{Code: "9901", Name: "x"}); errs.CodeOf(err) != "region.code" {
			t.Errorf("bad code: %v", err)
		}
		err = d.View(ctx, func(tx *db.Tx) error {
			names, err := region.NamesTx(ctx, tx, []region.Code{"990101101203", "990101101203", "", "990102000000"})
			if want := map[region.Code]string{"990101101203": "东村"}; !cmp.Equal(names, want) {
				t.Errorf("names: %s", cmp.Diff(want, names))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestMergersAreFollowedToThePresentVillage(t *testing.T) {
	t.Parallel()
	a, b, c, d := region.Code("990101101201"), region.Code("990101101202"), region.Code("990101101203"), region.Code("990101101204")
	ms := []region.Merger{{Old: a, New: b}, {Old: b, New: c}, {Old: d, New: c}}
	for from, want := range map[region.Code]region.Code{a: c, b: c, c: c, d: c, "990101101209": "990101101209"} {
		if got := region.Present(ms, from); got != want {
			t.Errorf("%s is now %s, want %s", from, got, want)
		}
	}
	for _, from := range []region.Code{a, b, c, d} {
		got := map[region.Code]bool{}
		for _, x := range region.Same(ms, from) {
			if got[x] {
				t.Errorf("%s twice for %s", x, from)
			}
			got[x] = true
		}
		if len(got) != 4 {
			t.Errorf("%s is one village with %v", from, got)
		}
	}
	if got := region.Same(ms, ""); got != nil {
		t.Errorf("nowhere: %v", got)
	}
	if got := region.Same(nil, a); !cmp.Equal(got, []region.Code{a}) {
		t.Errorf("without mergers: %v", got)
	}
}
