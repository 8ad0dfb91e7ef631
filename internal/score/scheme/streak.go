package scheme

import (
	"fmt"
	"math/big"
)

// StreakRule says what follows from being last several periods running. Consequences are in the order of their runs; beyond the last of
// them it holds once (the points of a streak only once), every period, or each time the run has grown by as much again.
type StreakRule struct {
	Missing      string        `json:"missing,omitempty" yaml:"missing" check:"one=last|skip|reset"` // no report: counts as last (""), neither counts nor breaks, breaks
	Beyond       string        `json:"beyond,omitempty" yaml:"beyond" check:"one=once|every|each"`   // "" is once
	Consequences []Consequence `json:"consequences" yaml:"consequences" check:"required"`
}

// Consequence of Run last places running.
type Consequence struct {
	Run    int     `json:"run" yaml:"run" check:"required,min=1,max=100"`
	Action string  `json:"action" yaml:"action" check:"required,code"` // named, talk, demotion
	Points Decimal `json:"points,omitempty" yaml:"points"`             // off the year's score
}

// Period is one issued circular: each unit's score, "" where it handed nothing in.
type Period struct {
	ID     string             `json:"id"`
	Scores map[string]Decimal `json:"scores"`
}

// StreakEvent is a consequence that is due: in which period, how long the streak is.
type StreakEvent struct {
	Period int     `json:"period"` // index
	ID     string  `json:"id"`
	Unit   string  `json:"unit"`
	Run    int     `json:"run"`
	Action string  `json:"action"`
	Points Decimal `json:"points,omitempty"`
}

// Streaks is what a series of periods comes to. It is always computed from the whole series: a correction of an old period changes all
// later streaks. Series of different kinds are never mixed.
type Streaks struct {
	Events []StreakEvent       `json:"events"`
	Points map[string]*big.Rat `json:"points"` // off, per unit
	Run    map[string]int      `json:"run"`    // at the end
	Last   [][]string          `json:"last"`   // per period, in the order of units
}

// Streaks finds the last places of every period and what follows from them.
func (rule StreakRule) Streaks(units []string, periods []Period) (Streaks, error) {
	out := Streaks{Points: map[string]*big.Rat{}, Run: map[string]int{}}
	for _, u := range units {
		out.Points[u] = new(big.Rat)
		out.Run[u] = 0
	}
	for i, p := range periods {
		last, err := rule.last(units, p)
		if err != nil {
			return Streaks{}, fmt.Errorf("period %d: %w", i+1, err)
		}
		var names []string
		for _, u := range units {
			if p.Scores[u] == "" && !last[u] && rule.Missing == "skip" {
				continue
			}
			if !last[u] {
				out.Run[u] = 0
				continue
			}
			names = append(names, u)
			out.Run[u]++
			c, ok := rule.due(out.Run[u])
			if !ok {
				continue
			}
			out.Events = append(out.Events, StreakEvent{Period: i, ID: p.ID, Unit: u, Run: out.Run[u], Action: c.Action, Points: c.Points})
			out.Points[u].Add(out.Points[u], c.Points.or("0"))
		}
		out.Last = append(out.Last, names)
	}
	return out, nil
}

// last marks the units with the lowest score. Nobody is last where all are tied or fewer than two are ranked. Who handed nothing in
// ranks below all others, by the rule 'last', and not at all by the others.
func (rule StreakRule) last(units []string, p Period) (map[string]bool, error) {
	scores := map[string]*big.Rat{}
	var lowest *big.Rat
	absent := 0
	for _, u := range units {
		d := p.Scores[u]
		if d == "" {
			absent++
			continue
		}
		x, err := d.Rat()
		if err != nil {
			return nil, fmt.Errorf("unit %s: %w", u, err)
		}
		scores[u] = x
		if lowest == nil || x.Cmp(lowest) < 0 {
			lowest = x
		}
	}
	out := map[string]bool{}
	if (rule.Missing == "" || rule.Missing == "last") && absent > 0 {
		if len(scores) == 0 {
			return out, nil // nobody handed anything in: all are tied
		}
		for _, u := range units {
			out[u] = p.Scores[u] == ""
		}
		return out, nil
	}
	tied := 0
	for _, x := range scores {
		if x.Cmp(lowest) == 0 {
			tied++
		}
	}
	if len(scores) < 2 || tied == len(scores) {
		return out, nil
	}
	for u, x := range scores {
		out[u] = x.Cmp(lowest) == 0
	}
	return out, nil
}

// due is the consequence of a run of that length.
func (rule StreakRule) due(run int) (Consequence, bool) {
	if len(rule.Consequences) == 0 {
		return Consequence{}, false
	}
	for _, c := range rule.Consequences {
		if c.Run == run {
			return c, true
		}
	}
	c := rule.Consequences[len(rule.Consequences)-1]
	if run <= c.Run {
		return Consequence{}, false
	}
	return c, rule.Beyond == "every" || rule.Beyond == "each" && run%c.Run == 0
}
