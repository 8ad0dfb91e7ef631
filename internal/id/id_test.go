package id_test

import (
	"testing"

	"ruhu/internal/errs"
	"ruhu/internal/id"
)

func TestNewIdsAreOrderedByTimeAndParse(t *testing.T) {
	t.Parallel()
	last := ""
	for range 1000 {
		s := id.New()
		if s <= last {
			t.Fatalf("%s is not after %s", s, last)
		}
		if p, err := id.Parse(s); err != nil || p != s {
			t.Fatalf("Parse(%s) = %s, %v", s, p, err)
		}
		last = s
	}
}

func TestParseRefusesWhatIsNoId(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", "x", "urn:uuid:0190163d-8694-739b-aea5-966c26f8ad91", "0190163d-8694-739b-aea5-966c26f8ad9g", "\xff\xfe"} {
		if _, err := id.Parse(s); errs.CodeOf(err) != "id.malformed" {
			t.Errorf("Parse(%q) = %v", s, err)
		}
	}
	if got, err := id.Parse("0190163D-8694-739B-AEA5-966C26F8AD91"); err != nil || got != "0190163d-8694-739b-aea5-966c26f8ad91" {
		t.Errorf("upper case: %s, %v", got, err)
	}
}
