package scheme

// Scheme is how a kind of unit is scored.
type Scheme struct {
	Items          []Item   `json:"items" yaml:"items" check:"required"` // the branches under the total
	Bonus          []Bonus  `json:"bonus,omitempty" yaml:"bonus"`
	BonusCap       Decimal  `json:"bonus_cap,omitempty" yaml:"bonus_cap"`             // "": the item caps alone
	TotalCap       Decimal  `json:"total_cap,omitempty" yaml:"total_cap"`             // "": none
	DeductionFloor Decimal  `json:"deduction_floor,omitempty" yaml:"deduction_floor"` // "" is 0
	Order          []Step   `json:"order,omitempty" yaml:"order" check:"one=deduct|bonus|cap"`
	Veto           Veto     `json:"veto,omitzero" yaml:"veto"`
	Rounding       Rounding `json:"rounding" yaml:"rounding" check:"required"`
	TieBreak       []string `json:"tie_break,omitempty" yaml:"tie_break"` // item codes, for ordinal ranks; the unit's code decides at the end
}

// Step is one of the three steps after the base; other orders give other scores, so a playbook may say so.
type Step string

const (
	Deduct Step = "deduct"
	Add    Step = "bonus"
	Cap    Step = "cap"
)

// DefaultOrder: a unit with more deductions than points still keeps its bonus.
var DefaultOrder = []Step{Deduct, Add, Cap}

// Item is a branch (Items) or a leaf (Max and Rule). Weights are relative to the siblings.
type Item struct {
	Code   string  `json:"code" yaml:"code" check:"required,code"`
	Title  Title   `json:"title,omitzero" yaml:"title"`
	Weight Decimal `json:"weight" yaml:"weight" check:"required"`
	Max    Decimal `json:"max,omitempty" yaml:"max"`
	Rule   Rule    `json:"rule,omitzero" yaml:"rule"`
	Items  []Item  `json:"items,omitempty" yaml:"items"`
}

// Title is a name in both languages of the program.
type Title struct {
	ZH string `json:"zh" yaml:"zh"`
	EN string `json:"en" yaml:"en"`
}

// The kinds of leaf.
const (
	Given   = "given"   // the points are given
	Errors  = "errors"  // full marks less points per error
	Measure = "measure" // full marks at the target, points off per step short of it
	Manual  = "manual"  // evaluators give points, each with evidence
)

// Rule is how a leaf gets its points. FullIf and ZeroIf name facts: a number above 0 gives full marks, or none (item veto; it wins).
type Rule struct {
	Kind   string   `json:"kind,omitempty" yaml:"kind" check:"one=given|errors|measure|manual"` // "" is given
	FullIf []string `json:"full_if,omitempty" yaml:"full_if"`
	ZeroIf []string `json:"zero_if,omitempty" yaml:"zero_if"`
	Floor  Decimal  `json:"floor,omitempty" yaml:"floor"` // points are not deducted below it; "" is 0

	PerError []PerError `json:"per_error,omitempty" yaml:"per_error"` // kind errors

	Fact   string  `json:"fact,omitempty" yaml:"fact"` // kind measure
	Side   string  `json:"side,omitempty" yaml:"side" check:"one=at_least|at_most"`
	Target Decimal `json:"target,omitempty" yaml:"target"`
	Step   Decimal `json:"step,omitempty" yaml:"step"`                                    // 0.1: points are taken off per tenth
	Per    Decimal `json:"per,omitempty" yaml:"per"`                                      // points off per step
	Part   string  `json:"part,omitempty" yaml:"part" check:"one=whole|started|in_parts"` // what a part of a step costs: nothing, a whole step, its part. "" is whole

	Evaluators int     `json:"evaluators,omitempty" yaml:"evaluators" check:"min=1,max=9"` // kind manual; 0 is two
	Tolerance  Decimal `json:"tolerance,omitempty" yaml:"tolerance"`                       // how far they may differ; "" is 0
}

// PerError is the price of one kind of error.
type PerError struct {
	Fact string  `json:"fact" yaml:"fact" check:"required,code"`
	Per  Decimal `json:"per" yaml:"per" check:"required"`
	Cap  Decimal `json:"cap,omitempty" yaml:"cap"`
}

// Bonus is a kind of merit, counted.
type Bonus struct {
	Code  string  `json:"code" yaml:"code" check:"required,code"`
	Title Title   `json:"title,omitzero" yaml:"title"`
	Per   Decimal `json:"per" yaml:"per" check:"required"`
	Cap   Decimal `json:"item_cap,omitempty" yaml:"item_cap"`
}

// Veto (一票否决): one item is enough, several change nothing more.
type Veto struct {
	Items []string `json:"items,omitempty" yaml:"items"`
	Mode  string   `json:"mode,omitempty" yaml:"mode" check:"one=zero|last|cap"` // "" is zero
	Cap   Decimal  `json:"cap,omitempty" yaml:"cap"`                             // mode cap; "" is 59.99
}

// What a veto does.
const (
	VetoZero = "zero" // the score is 0
	VetoLast = "last" // the score is kept, the unit ranks after all without a veto
	VetoCap  = "cap"  // the score is at most Cap
)

func (s Scheme) order() []Step {
	if len(s.Order) == 0 {
		return DefaultOrder
	}
	return s.Order
}

func (v Veto) mode() string {
	if v.Mode == "" {
		return VetoZero
	}
	return v.Mode
}
