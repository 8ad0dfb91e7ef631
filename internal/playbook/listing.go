package playbook

import (
	"fmt"
	"slices"
)

// Listing says how the villages go through the base list before it becomes the roster (清查摸底, S4.3). Without the section a campaign has none.
type Listing struct {
	Village  []string     `yaml:"village"`  // roles that go through a village's list and confirm it
	Township []string     `yaml:"township"` // roles that look at it again; without any the village's word is enough
	By       Date         `yaml:"by"`       // the last day
	Strikes  []StrikeRule `yaml:"strikes"`  // the reasons for which a household may be struck
}

// StrikeRule is one reason for which a household may be struck.
type StrikeRule struct {
	Reason   string `yaml:"reason" check:"required,one=moved|died|merged|split|lost"`
	Evidence string `yaml:"evidence" check:"required,one=none|note|photo|statement"` // statement: a text and a document (情况说明)
	Stays    bool   `yaml:"stays"`                                                   // the household stays on the list and carries the tag: it is filled from registers (S1.13)
	Tag      string `yaml:"tag"`
}

// What evidence a strike may need.
const (
	EvidenceNone      = "none"
	EvidenceNote      = "note"
	EvidencePhoto     = "photo"
	EvidenceStatement = "statement"
)

// Asked reports whether the campaign has a listing.
func (l Listing) Asked() bool { return len(l.Village) > 0 }

// Strike gives the rule of a reason.
func (l Listing) Strike(reason string) (StrikeRule, bool) {
	i := slices.IndexFunc(l.Strikes, func(r StrikeRule) bool { return r.Reason == reason })
	if i < 0 {
		return StrikeRule{}, false
	}
	return l.Strikes[i], true
}

const gateListing = "listing_frozen"

// listing checks the section against the rest of the playbook.
func (d *decoder) listing(pb *Playbook) {
	l := pb.Listing
	line, written := d.lines["listing"]
	for i, s := range pb.Stages {
		for j, g := range s.Gates {
			if at := fmt.Sprintf("stages[%d].gates[%d]", i, j); g == gateListing && !written {
				d.mistake(d.lines[at], at, "playbook.gate_without_listing")
			}
		}
	}
	if !written {
		return
	}
	if !l.Asked() {
		d.mistake(line, "listing", "playbook.missing_key", "name", "village")
	}
	var roles []string
	for _, r := range pb.Roles {
		roles = append(roles, r.Code)
	}
	for i, r := range l.Village {
		d.known(fmt.Sprintf("listing.village[%d]", i), r, roles, "playbook.unknown_role")
	}
	for i, r := range l.Township {
		at := fmt.Sprintf("listing.township[%d]", i)
		d.known(at, r, roles, "playbook.unknown_role")
		if slices.Contains(l.Village, r) {
			d.mistake(d.lines[at], at, "playbook.listing_same_role", "got", r)
		}
	}
	if len(pb.Stages) > 0 && !l.By.IsZero() && l.By.Before(pb.Stages[0].From.Time) {
		d.mistake(d.lines["listing.by"], "listing.by", "playbook.listing_early", "date", l.By.String(), "from", pb.Stages[0].From.String())
	}
	seen := map[string]bool{}
	for i, r := range l.Strikes {
		at := fmt.Sprintf("listing.strikes[%d]", i)
		if seen[r.Reason] {
			d.mistake(d.lines[at], at, "playbook.listing_reason_twice", "got", r.Reason)
		}
		seen[r.Reason] = true
		if r.Stays != (r.Tag != "") {
			d.mistake(d.lines[at], at, "playbook.listing_tag")
		}
		if r.Stays && (r.Reason == "merged" || r.Reason == "split") {
			d.mistake(d.lines[at], at, "playbook.listing_stays", "got", r.Reason)
		}
	}
}
