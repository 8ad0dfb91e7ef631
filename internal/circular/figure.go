package circular

import (
	"cmp"
	"math/big"
	"slices"

	"ruhu/internal/playbook"
	"ruhu/internal/region"
)

// Figures are a village's numbers at the end of a period.
type Figures struct {
	Assigned       int `json:"assigned"`        // visits in the plan
	Submitted      int `json:"submitted"`       // of these, those whose form had been handed in
	Accepted       int `json:"accepted"`        // of these, those that were done
	SubmittedNew   int `json:"submitted_new"`   // in the period
	AcceptedNew    int `json:"accepted_new"`    // in the period
	Planned        int `json:"planned"`         // visits planned for a day up to the end
	OnPlan         int `json:"on_plan"`         // of these, those whose form had been handed in
	PlannedNew     int `json:"planned_new"`     // visits planned for a day of the period
	Problems       int `json:"problems"`        // in the ledger
	ProblemsClosed int `json:"problems_closed"` // of these
	ProblemsDue    int `json:"problems_due"`    // whose deadline lay in the period
	ProblemsInTime int `json:"problems_in_time"`
}

// Share is a measure as a fraction. Of nothing it is nothing: Of is 0.
type Share struct {
	N  int `json:"n"`
	Of int `json:"of"`
}

// Share gives a measure of the playbook.
func (f Figures) Share(measure string) Share {
	switch measure {
	case playbook.Accepted:
		return Share{f.Accepted, f.Assigned}
	case playbook.Submitted:
		return Share{f.Submitted, f.Assigned}
	case playbook.OnPlan:
		return Share{f.OnPlan, f.Planned}
	case playbook.ProblemsInTime:
		return Share{f.ProblemsInTime, f.ProblemsDue}
	}
	return Share{}
}

// rat is the exact value; nothing to do is everything done, where ties are broken by it.
func (s Share) rat() *big.Rat {
	if s.Of == 0 {
		return big.NewRat(1, 1)
	}
	return big.NewRat(int64(s.N), int64(s.Of))
}

// Row is a village in a circular.
type Row struct {
	Village      region.Code `json:"village"`
	Name         string      `json:"name"`
	Figures      Figures     `json:"figures"`
	Share        Share       `json:"share"`
	Rank         int         `json:"rank"` // 0: not ranked
	Last         bool        `json:"last"`
	Run          int         `json:"run"` // last places running, with this circular
	Consequences []Due       `json:"consequences"`
}

// Due is a consequence that follows from this circular.
type Due struct {
	Code   string        `json:"code"`
	Title  playbook.Text `json:"title"`
	Points string        `json:"points"` // off the year's score; "" for none
}

// rank gives places to rows that have something to do, best first: equal ones share a place, the next place is left out. The last place is that of
// the worst; nobody is last where all are equal or fewer than two are ranked. Rows come out in the order of places, those without after them.
func rank(rows []Row, ties []string) {
	compare := func(a, b Row) int {
		if (a.Share.Of == 0) != (b.Share.Of == 0) {
			if a.Share.Of == 0 {
				return 1
			}
			return -1
		}
		if a.Share.Of == 0 {
			return 0
		}
		c := b.Share.rat().Cmp(a.Share.rat())
		for _, m := range ties {
			if c == 0 {
				c = b.Figures.Share(m).rat().Cmp(a.Figures.Share(m).rat())
			}
		}
		return c
	}
	slices.SortFunc(rows, func(a, b Row) int { return cmp.Or(compare(a, b), cmp.Compare(a.Village, b.Village)) })
	ranked := 0
	for i := range rows {
		if rows[i].Share.Of == 0 {
			break
		}
		ranked++
		rows[i].Rank = i + 1
		if i > 0 && compare(rows[i-1], rows[i]) == 0 {
			rows[i].Rank = rows[i-1].Rank
		}
	}
	if ranked > 0 && rows[ranked-1].Rank > 1 {
		for i := range ranked {
			rows[i].Last = rows[i].Rank == rows[ranked-1].Rank
		}
	}
}
