package draw

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"ruhu/internal/errs"
)

// Verify repeats a draw from its record and the frame's file and names everything that does not agree; nothing when the record is
// right. Every difference has a sentence in both languages. It returns an error only when the draw can't be repeated at all.
func Verify(r Record, frame []byte) ([]*errs.Error, error) {
	var out []*errs.Error
	differ := func(code string, kv ...any) { out = append(out, errs.Conflict.New(code, kv...)) }
	if got := Digest(frame); got != r.Frame.SHA256 {
		differ("sampling.diff_frame", "want", r.Frame.SHA256, "got", got)
	}
	if got := r.Plan.Digest(); got != r.PlanHash {
		differ("sampling.diff_plan", "want", r.PlanHash, "got", got)
	}
	if r.Frame.FrozenAt > r.Seed.EnteredAt {
		differ("sampling.diff_time", "frozen", r.Frame.FrozenAt, "entered", r.Seed.EnteredAt)
	}
	f, err := ReadFrame(frame)
	if err != nil {
		return out, fmt.Errorf("read the frame: %w", err)
	}
	if len(frame) != r.Frame.Bytes || len(f.Villages) != r.Frame.Villages || len(f.Households) != r.Frame.Households {
		differ("sampling.diff_size", "want", r.Frame.Households, "got", len(f.Households))
	}
	again, err := Draw(r.Plan, f, r.Seed.Value)
	if err != nil {
		return out, fmt.Errorf("draw again: %w", err)
	}
	compare(differ, "villages", r.Sample.Villages, again.Villages, func(v DrawnVillage) string { return v.Village })
	compare(differ, "strata", r.Sample.Strata, again.Strata, func(s Stratum) string { return s.Village + ":" + s.Stratum })
	compare(differ, "units", r.Sample.Units, again.Units, func(u Unit) string { return u.Household })
	compare(differ, "reserve", r.Sample.Reserve, again.Reserve, func(u Unit) string { return u.Household })
	checkUses(differ, r, again)
	return out, nil
}

// maxNamed bounds how many items of a kind are named one by one.
const maxNamed = 10

// compare names what one list has and the other has not, what has another content, and a changed order.
func compare[T any](differ func(string, ...any), kind string, got, want []T, name func(T) string) {
	text := func(x T) string {
		raw, err := json.Marshal(x)
		if err != nil {
			panic("draw: " + err.Error())
		}
		return string(raw)
	}
	in := func(list []T) map[string]string {
		m := map[string]string{}
		for _, x := range list {
			m[name(x)] = text(x)
		}
		return m
	}
	mine, theirs, n := in(want), in(got), 0
	say := func(code string, kv ...any) {
		if n++; n <= maxNamed {
			differ(code, append([]any{"kind", kind}, kv...)...)
		}
	}
	for _, x := range got {
		k := name(x)
		switch should, ok := mine[k]; {
		case !ok:
			say("sampling.diff_extra", "item", k)
		case should != text(x):
			want, got := fields(should, text(x))
			say("sampling.diff_item", "item", k, "want", want, "got", got)
		}
	}
	for _, x := range want {
		if _, ok := theirs[name(x)]; !ok {
			say("sampling.diff_missing", "item", name(x))
		}
	}
	if n == 0 {
		if len(got) != len(want) {
			say("sampling.diff_count", "want", len(want), "got", len(got))
			return
		}
		for i := range got {
			if name(got[i]) != name(want[i]) {
				say("sampling.diff_order", "item", strconv.Itoa(i+1), "want", name(want[i]), "got", name(got[i]))
				return
			}
		}
	}
	if n > maxNamed {
		differ("sampling.diff_more", "kind", kind, "count", n-maxNamed)
	}
}

// fields gives the parts of two JSON objects that differ.
func fields(want, got string) (string, string) {
	a, b := map[string]json.RawMessage{}, map[string]json.RawMessage{}
	if json.Unmarshal([]byte(want), &a) != nil || json.Unmarshal([]byte(got), &b) != nil {
		return want, got
	}
	var keys, w, g []string
	for k := range a {
		keys = append(keys, k)
	}
	for k := range b {
		if _, ok := a[k]; !ok {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	for _, k := range keys {
		if string(a[k]) != string(b[k]) {
			w, g = append(w, k+" "+string(a[k])), append(g, k+" "+string(b[k]))
		}
	}
	return strings.Join(w, ", "), strings.Join(g, ", ")
}

// checkUses repeats the replacements: each must take the next of its stratum's order.
func checkUses(differ func(string, ...any), r Record, s Sample) {
	at, gone, used := map[string]Unit{}, map[string]bool{}, map[string]bool{}
	for _, u := range s.Units {
		at[u.Household] = u
	}
	for _, u := range r.Uses {
		out, ok := at[u.Household]
		if !ok || gone[u.Household] {
			differ("sampling.diff_use", "household", u.Household)
			continue
		}
		gone[u.Household] = true
		next, _ := s.Next(out.Stratum, out.Village, used)
		if next.Household != u.With {
			differ("sampling.diff_replacement", "household", u.Household, "want", next.Household, "got", u.With)
			continue
		}
		if u.With != "" {
			used[u.With], at[u.With] = true, next
		}
	}
}
