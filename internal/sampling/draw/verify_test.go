package draw_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"ruhu/internal/errs"
	"ruhu/internal/sampling/draw"
)

// record is a draw of the small frame with one replacement, as it is published.
func record(t *testing.T) (draw.Record, []byte) {
	t.Helper()
	p, file := s28(1), twoTownships().CSV()
	f, err := draw.ReadFrame(file)
	if err != nil {
		t.Fatal(err)
	}
	s, err := draw.Draw(p, f, "31-07-12")
	if err != nil {
		t.Fatal(err)
	}
	r := draw.Record{
		Format: draw.Format, Plan: p, PlanHash: p.Digest(), Sample: s,
		Frame: draw.FrameStamp{SHA256: draw.Digest(file), Bytes: len(file), Villages: len(f.Villages), Households: len(f.Households), FrozenAt: "2026-03-01T08:00:00Z"},
		Seed:  draw.Seed{Value: "31-07-12", EnteredAt: "2026-03-02T08:00:00Z"},
	}
	for _, u := range s.Units {
		if next, ok := s.Next(u.Stratum, u.Village, nil); ok {
			r.Uses = []draw.Use{{Household: u.Household, With: next.Household, Reason: "moved"}}
			break
		}
	}
	if len(r.Uses) == 0 {
		t.Fatal("no stratum has a reserve")
	}
	return r, file
}

func TestARecordIsVerifiedFromItsFile(t *testing.T) {
	t.Parallel()
	r, file := record(t)
	raw, err := r.Write()
	if err != nil {
		t.Fatal(err)
	}
	again, err := draw.ReadRecord(raw)
	if err != nil {
		t.Fatal(err)
	}
	diffs, err := draw.Verify(again, file)
	if err != nil || len(diffs) != 0 {
		t.Errorf("%v, %v", diffs, err)
	}
}

var open = regexp.MustCompile(`\{[a-z]+\}`) // a place of a sentence that nothing was put into

func TestEveryChangeOfARecordIsNamed(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		change func(*draw.Record, []byte) []byte
		want   []string
	}{
		"another seed":             {func(r *draw.Record, f []byte) []byte { r.Seed.Value = "1"; return f }, []string{"sampling.diff_extra", "sampling.diff_missing"}},
		"a household swapped":      {func(r *draw.Record, f []byte) []byte { r.Sample.Units[0].Household = "T0V0H99"; return f }, []string{"sampling.diff_extra", "sampling.diff_missing"}},
		"a weight changed":         {func(r *draw.Record, f []byte) []byte { r.Sample.Units[3].Weight = draw.Frac(9, 1); return f }, []string{"sampling.diff_item"}},
		"a village left out":       {func(r *draw.Record, f []byte) []byte { r.Sample.Villages = r.Sample.Villages[1:]; return f }, []string{"sampling.diff_missing"}},
		"reserve in another order": {func(r *draw.Record, f []byte) []byte { slices.Reverse(r.Sample.Reserve); return f }, []string{"sampling.diff_order"}},
		"seed before the frame":    {func(r *draw.Record, f []byte) []byte { r.Seed.EnteredAt = "2026-02-28T00:00:00Z"; return f }, []string{"sampling.diff_time"}},
		"another plan":             {func(r *draw.Record, f []byte) []byte { r.Plan.Quotas[0].Households = 1; return f }, []string{"sampling.diff_plan"}},
		"another frame": {func(_ *draw.Record, f []byte) []byte {
			return []byte(strings.Replace(string(f), ",poor,", ",exited,", 1))
		}, []string{"sampling.diff_frame"}},
		"replacement out of turn": {func(r *draw.Record, f []byte) []byte { r.Uses[0].With = "T0V0H98"; return f }, []string{"sampling.diff_replacement"}},
		"replaced but not drawn":  {func(r *draw.Record, f []byte) []byte { r.Uses[0].Household = "T0V0H98"; return f }, []string{"sampling.diff_use"}},
		"replaced twice":          {func(r *draw.Record, f []byte) []byte { r.Uses = append(r.Uses, r.Uses[0]); return f }, []string{"sampling.diff_use"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, file := record(t)
			file = tc.change(&r, file)
			diffs, err := draw.Verify(r, file)
			if err != nil {
				t.Fatal(err)
			}
			var codes []string
			for _, d := range diffs {
				codes = append(codes, d.Code)
				if zh := errs.MessageOf(d, "zh"); zh == "" || open.MatchString(zh) {
					t.Errorf("%s: %q", d.Code, zh)
				}
			}
			for _, w := range tc.want {
				if !slices.Contains(codes, w) {
					t.Errorf("got %v, want %v", codes, tc.want)
				}
			}
		})
	}
}

func TestAFrameThatIsNotCanonicalIsRefused(t *testing.T) {
	t.Parallel()
	good := string(twoTownships().CSV())
	for name, bad := range map[string]string{
		"no header":        strings.SplitN(good, "\n", 2)[1],
		"Windows lines":    strings.ReplaceAll(good, "\n", "\r\n"),
		"out of order":     strings.Replace(strings.Replace(good, "T0V0H00", "X", 1), "T0V0H01", "T0V0H00", 1),
		"household twice":  strings.Replace(good, "T0V0H01", "T0V0H00", 1),
		"number of people": strings.Replace(good, ",1\n", ",one\n", 1),
		"two townships":    strings.Replace(good, "T0,key,T0V0,", "T9,key,T0V0,", 1),
		"column missing":   strings.Replace(good, ",,", ",", 1),
		"empty":            strings.SplitN(good, "\n", 2)[0] + "\n",
		"no class":         strings.Replace(good, ",poor,", ",,", 1),
	} {
		if bad == good {
			t.Errorf("%s: the case changes nothing", name)
		}
		if _, err := draw.ReadFrame([]byte(bad)); errs.CodeOf(err) != "sampling.frame" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := draw.ReadFrame([]byte(good)); err != nil {
		t.Errorf("the good one: %v", err)
	}
}

func FuzzReadFrame(f *testing.F) {
	f.Add(twoTownships().CSV())
	f.Add([]byte("township,group,village,type,household,class,tags,persons\na,b,c,,d,e,f;g,1\n"))
	f.Fuzz(func(t *testing.T, file []byte) {
		fr, err := draw.ReadFrame(file)
		if err == nil && string(fr.CSV()) != string(file) {
			t.Error("read and written again it is another file")
		}
	})
}

func TestCellsWithoutAnswersAreWeightedWithTheirNeighbour(t *testing.T) {
	t.Parallel()
	a := func(town, group string, complete bool) draw.Answer {
		return draw.Answer{Township: town, Group: group, Class: "poor", Base: 2, Complete: complete}
	}
	answers := []draw.Answer{a("1", "key", true), a("1", "key", false), a("2", "other", true), a("3", "key", false), a("4", "other", false), a("5", "none", false)}
	factors, merges := draw.NonResponse(answers)
	// 3 goes on to the first of its group, 4 likewise; nobody answers for 5
	want := []float64{3, 3, 2, 3, 2, 0}
	for i := range want {
		if factors[i] != want[i] {
			t.Errorf("factors %v, want %v", factors, want)
			break
		}
	}
	if len(merges) != 3 || merges[0].With != "1" || merges[1].With != "2" || !merges[2].Lost {
		t.Errorf("merges %+v", merges)
	}
	sum := 0.0
	for i, x := range answers {
		if x.Complete {
			sum += x.Base * factors[i]
		}
	}
	if sum != 10 { // all but the lost one
		t.Errorf("weights add up to %v, want 10", sum)
	}
}
