package playbook_test

import (
	"strings"
	"testing"

	"ruhu/internal/errs"
	"ruhu/internal/playbook"
)

const listed = small + `listing:
  village: [village]
  township: [supervisor]
  by: 2030-01-01
  strikes:
    - {reason: moved, evidence: note}
    - {reason: lost, evidence: statement, stays: true, tag: 失联}
`

func TestAListingIsRead(t *testing.T) {
	t.Parallel()
	pb, err := playbook.Load(folder(listed, smallForm))
	if err != nil {
		t.Fatal(errs.MessageOf(err, "en"))
	}
	r, ok := pb.Listing.Strike("lost")
	if !pb.Listing.Asked() || !ok || !r.Stays || r.Tag != "失联" || r.Evidence != playbook.EvidenceStatement {
		t.Errorf("got %+v", pb.Listing)
	}
	if _, ok := pb.Listing.Strike("died"); ok {
		t.Error("a reason that is not written is not allowed")
	}
	if pb, err = playbook.Load(folder(small, smallForm)); err != nil || pb.Listing.Asked() {
		t.Errorf("without the section there is no listing: %v", err)
	}
}

func TestEachMistakeInAListingIsReported(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ from, to, key, code string }{
		{"village: [village]", "village: [vilage]", "listing.village[0]", "playbook.unknown_role"},
		{"  village: [village]\n", "", "listing", "playbook.missing_key"},
		{"township: [supervisor]", "township: [village]", "listing.township[0]", "playbook.listing_same_role"},
		{"by: 2030-01-01", "by: 1999-01-01", "listing.by", "playbook.listing_early"},
		{"reason: lost", "reason: moved", "listing.strikes[1]", "playbook.listing_reason_twice"},
		{"reason: lost", "reason: forgotten", "listing.strikes[1].reason", "playbook.bad_value"},
		{", tag: 失联", "", "listing.strikes[1]", "playbook.listing_tag"},
		{"reason: lost", "reason: split", "listing.strikes[1]", "playbook.listing_stays"},
		{"evidence: note", "evidence: oath", "listing.strikes[0].evidence", "playbook.bad_value"},
	} {
		ms := playbook.Check(folder(strings.Replace(listed, c.from, c.to, 1), smallForm))
		if len(ms) == 0 || ms[0].Key != c.key || ms[0].Code != c.code || ms[0].Line == 0 {
			t.Errorf("%s: got %v, want %s at %s", c.to, ms, c.code, c.key)
		}
	}
	gate := strings.Replace(small, "to: 2026-03-10", "to: 2026-03-10, gates: [listing_frozen]", 1)
	if gate == small {
		t.Fatal("no such stage in the small playbook")
	}
	if ms := playbook.Check(folder(gate, smallForm)); len(ms) == 0 || ms[0].Code != "playbook.gate_without_listing" {
		t.Errorf("a gate that nothing opens: %v", ms)
	}
}
