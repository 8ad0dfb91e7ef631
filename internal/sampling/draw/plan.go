package draw

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"

	"ruhu/internal/errs"
)

// The designs, methods and rules; see package playbook for their meaning.
const (
	TwoStage = "two_stage"
	OneStage = "one_stage"

	SRS        = "srs"
	Systematic = "systematic"
	PPS        = "pps"

	Allocate = "allocate"
	Both     = "both"
)

// Plan is a design with everything that decides a draw. Its JSON is part of the published record.
type Plan struct {
	Design          string      `json:"design"`
	Method          string      `json:"method"`
	Groups          []Group     `json:"groups"`
	TypeRule        string      `json:"type_rule,omitempty"` // "", allocate or both
	Types           []Type      `json:"types,omitempty"`     // two, with a TypeRule
	Quotas          []Quota     `json:"quotas"`
	Certainty       []Certainty `json:"certainty"`
	CertaintyCounts bool        `json:"certainty_counts"`
	ShortfallOrder  []string    `json:"shortfall_order"`
}

// Group is a kind of township: how many villages (two_stage) or households (one_stage) each has drawn.
type Group struct {
	Code       string `json:"code"`
	Villages   int    `json:"villages,omitempty"`
	Households int    `json:"households,omitempty"`
}

// Type is a kind of village; Share is how many of a township's villages are of it, with the rule allocate and the first type only.
type Type struct {
	Code  string `json:"code"`
	Share int    `json:"share,omitempty"`
}

// Quota is a number of households of some classes, per village.
type Quota struct {
	Code       string    `json:"code"`
	Households int       `json:"households"`
	Classes    []string  `json:"classes"`
	Priority   *Priority `json:"priority,omitempty"`
}

// Priority splits a quota in two strata: households with one of the classes or tags are drawn first.
type Priority struct {
	Stratum  string   `json:"stratum"` // name of their stratum
	Other    string   `json:"other"`   // name of the others' stratum
	Classes  []string `json:"classes"`
	Tags     []string `json:"tags"`
	MinOther int      `json:"min_other"`
}

// Certainty is a stratum that is visited whole in every village of the sample.
type Certainty struct {
	Code    string   `json:"code"`
	Quota   string   `json:"quota"`
	Classes []string `json:"classes"`
	Tags    []string `json:"tags"`
}

// Digest is the SHA-256 of the plan's JSON, published together with the frame's.
func (p Plan) Digest() string {
	raw, err := json.Marshal(p)
	if err != nil {
		panic("draw: a plan without JSON: " + err.Error()) // strings and numbers only
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}

// Check returns Invalid "sampling.plan" (field what) for a plan that can't be drawn by. A playbook's plan passes; one from a file may not.
func (p Plan) Check() error {
	bad := func(what string) error { return errs.Invalid.New("sampling.plan", "what", what) }
	if p.Design != TwoStage && p.Design != OneStage {
		return bad("design")
	}
	if p.Method != SRS && p.Method != Systematic && (p.Method != PPS || p.Design != TwoStage) {
		return bad("method")
	}
	if len(p.Groups) == 0 || len(p.Quotas) == 0 {
		return bad("groups, quotas")
	}
	for _, g := range p.Groups {
		if p.Design == TwoStage && g.Villages < 1 || p.Design == OneStage && g.Households < 1 {
			return bad("groups")
		}
	}
	if p.TypeRule != "" && (p.TypeRule != Both && p.TypeRule != Allocate || len(p.Types) != 2 || p.Method != SRS || p.Design != TwoStage) {
		return bad("type_rule")
	}
	names := map[string]bool{}
	for _, s := range p.strata() {
		if s == "" || names[s] {
			return bad("quotas, certainty")
		}
		names[s] = true
	}
	for _, q := range p.Quotas {
		if q.Households < 0 || q.Priority != nil && (q.Priority.MinOther < 0 || q.Priority.MinOther > q.Households) {
			return bad("quotas")
		}
		if p.Design == TwoStage && !slices.Contains(p.ShortfallOrder, q.Code) {
			return bad("shortfall_order")
		}
	}
	for _, c := range p.Certainty {
		if !slices.ContainsFunc(p.Quotas, func(q Quota) bool { return q.Code == c.Quota }) {
			return bad("certainty")
		}
	}
	return nil
}

// strata lists the second-stage strata in the order in which results show them: certainty first.
func (p Plan) strata() []string {
	var out []string
	for _, c := range p.Certainty {
		out = append(out, c.Code)
	}
	for _, q := range p.Quotas {
		if q.Priority != nil {
			out = append(out, q.Priority.Stratum, q.Priority.Other)
		} else {
			out = append(out, q.Code)
		}
	}
	return out
}

func (p Plan) group(code string) (Group, bool) {
	for _, g := range p.Groups {
		if g.Code == code {
			return g, true
		}
	}
	return Group{}, false
}

// classify is RULE-C: the first certainty stratum that fits, else the quota of the class, split by priority. ok is false for a class
// that is in no quota: such a household can't be drawn.
func (p Plan) classify(h Household) (stratum, quota string, ok bool) {
	for _, q := range p.Quotas {
		if slices.Contains(q.Classes, h.Class) {
			quota = q.Code
		}
	}
	for _, c := range p.Certainty {
		if slices.Contains(c.Classes, h.Class) || quota == c.Quota && h.hasOne(c.Tags) {
			return c.Code, c.Quota, true
		}
	}
	for _, q := range p.Quotas {
		switch {
		case q.Code != quota:
		case q.Priority == nil:
			return q.Code, quota, true
		case slices.Contains(q.Priority.Classes, h.Class) || h.hasOne(q.Priority.Tags):
			return q.Priority.Stratum, quota, true
		default:
			return q.Priority.Other, quota, true
		}
	}
	return "", "", false
}
