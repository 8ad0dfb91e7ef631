package scheme

import "math/big"

// Unit is what is known about one unit in one round.
type Unit struct {
	Code          string              `json:"code"`
	Points        map[string]Decimal  `json:"points,omitempty"`         // leaves of kind given
	Facts         map[string]Fact     `json:"facts,omitempty"`          // what rules and bonus count
	Ratings       map[string][]Rating `json:"ratings,omitempty"`        // leaves of kind manual
	NotApplicable map[string]string   `json:"not_applicable,omitempty"` // leaf → why; its weight goes to its siblings
	Deductions    []Adjustment        `json:"deductions,omitempty"`     // from circulars
	Vetoes        []Adjustment        `json:"vetoes,omitempty"`         // points are not looked at
	Evidence      map[string][]Ref    `json:"evidence,omitempty"`       // of given points, by leaf
}

// Fact is a number with what shows it.
type Fact struct {
	Value    Decimal `json:"value"`
	Evidence []Ref   `json:"evidence,omitempty"`
}

// Ref points at evidence: a problem of the ledger, a file, a circular.
type Ref struct {
	Kind string `json:"kind"`
	ID   string `json:"id"`
	Note string `json:"note,omitempty"`
}

// Rating is what one evaluator gives for a leaf. A ruling ends a dispute; it is given by somebody who is not one of the evaluators.
type Rating struct {
	By       string  `json:"by"`
	Points   Decimal `json:"points"`
	Ruling   bool    `json:"ruling,omitempty"`
	Evidence []Ref   `json:"evidence,omitempty"`
	Note     string  `json:"note,omitempty"`
}

// Adjustment is a deduction, or a veto, that somebody decided elsewhere.
type Adjustment struct {
	Code     string  `json:"code"`
	Points   Decimal `json:"points,omitempty"`
	Reason   string  `json:"reason,omitempty"`
	Evidence []Ref   `json:"evidence,omitempty"`
}

// State of a line.
type State string

const (
	Scored        State = "scored"
	NotApplicable State = "not_applicable"
	Missing       State = "missing"  // not yet given: no score until it is there
	Disputed      State = "disputed" // evaluators differ by more than is allowed
)

// Why is one step of an explanation: a word and its figures, printed by who shows it.
type Why struct {
	What     string            `json:"what"`
	Figures  map[string]string `json:"figures,omitempty"`
	Evidence []Ref             `json:"evidence,omitempty"`
	Note     string            `json:"note,omitempty"`
}

// Line explains one item of one unit.
type Line struct {
	Code   string   `json:"code"`
	State  State    `json:"state"`
	Weight Decimal  `json:"weight"`
	Part   *big.Rat `json:"part,omitempty"`   // of the total that the item decides, after weights were spread
	Share  *big.Rat `json:"share,omitempty"`  // of its full marks
	Points *big.Rat `json:"points,omitempty"` // leaves
	Max    Decimal  `json:"max,omitempty"`
	Gives  *big.Rat `json:"gives,omitempty"` // what it adds to the base: 100 · part · share
	Why    []Why    `json:"why,omitempty"`
	Items  []Line   `json:"items,omitempty"`
}

// Result is the score of a unit with its explanation. Without a final score (something is missing or disputed) Final is nil and Score "".
type Result struct {
	Unit      string   `json:"unit"`
	Items     []Line   `json:"items"`
	Base      *big.Rat `json:"base,omitempty"`
	Deducted  *big.Rat `json:"deducted,omitempty"` // as asked for; the floor may have kept some
	Bonus     *big.Rat `json:"bonus,omitempty"`    // after caps
	Unvetoed  *big.Rat `json:"unvetoed,omitempty"` // before a veto, exact
	Final     *big.Rat `json:"final,omitempty"`    // exact
	Score     Decimal  `json:"score,omitempty"`    // Final, rounded once
	Vetoed    bool     `json:"vetoed"`
	Steps     []Why    `json:"steps"`             // from the base to the score
	Missing   []string `json:"missing,omitempty"` // leaves and facts that have no value yet
	Disputed  []string `json:"disputed,omitempty"`
	TieBreaks []string `json:"tie_breaks,omitempty"` // shares of the tie-break items, as fractions
}

// Line finds an item's line, at any depth.
func (r Result) Line(code string) (Line, bool) { return findLine(r.Items, code) }

func findLine(lines []Line, code string) (Line, bool) {
	for _, l := range lines {
		if l.Code == code {
			return l, true
		}
		if got, ok := findLine(l.Items, code); ok {
			return got, true
		}
	}
	return Line{}, false
}
