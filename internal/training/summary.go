package training

import (
	"cmp"
	"context"
	"slices"

	"ruhu/internal/assign"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/playbook"
	"ruhu/internal/region"
	"ruhu/internal/survey"
)

// States of a person.
const (
	Passed  = "passed"
	Failed  = "failed"
	Untried = "untried"
)

// Trainee is somebody who is to be sent out, or has tried.
type Trainee struct {
	Account  string        `json:"account"`
	Name     string        `json:"name"`
	Team     string        `json:"team"` // id; "" when in none
	TeamName string        `json:"team_name"`
	Unit     string        `json:"unit"`
	Place    region.Region `json:"place"` // of the account
	State    string        `json:"state"` // passed, failed, untried
	Attempts int           `json:"attempts"`
	Best     int           `json:"best"`
	Last     int           `json:"last"`
	LastAt   db.Time       `json:"last_at"`
	PassedAt db.Time       `json:"passed_at"` // the first time
}

// QuizCount says how often a question was asked and answered wrong.
type QuizCount struct {
	Code   string        `json:"code"`
	Text   playbook.Text `json:"text"`
	Why    playbook.Text `json:"why"`
	Source string        `json:"source"`
	Item   string        `json:"item"`
	Asked  int           `json:"asked"`
	Wrong  int           `json:"wrong"`
}

// Standing is how a campaign's people stand.
type Standing struct {
	Ask       int         `json:"ask"` // 0: the campaign has no quiz
	Pass      int         `json:"pass"`
	Passed    int         `json:"passed"` // people, before the filter by state
	Failed    int         `json:"failed"`
	Untried   int         `json:"untried"`
	People    []Trainee   `json:"people"`
	Questions []QuizCount `json:"questions"` // the one most often wrong first
}

// Filter narrows Summary; empty fields do not.
type Filter struct {
	Team   string      // id
	Region region.Code // people whose account is there
	State  string
}

// Summary gives the people of the campaign's teams, and others who have tried, by team, and what they got wrong. Returns Forbidden, NotFound
// "survey.not_found".
func (s *Service) Summary(ctx context.Context, actor authz.Actor, campaign string, f Filter) (Standing, error) {
	out := Standing{People: []Trainee{}, Questions: []QuizCount{}}
	if err := actor.Require(authz.TrainingRead); err != nil {
		return out, err
	}
	err := s.d.View(ctx, func(tx *db.Tx) error {
		c, err := survey.VisibleTx(ctx, tx, actor, campaign)
		if err != nil {
			return err
		}
		q := c.Plan.Quiz
		out.Ask, out.Pass = q.Ask, q.Pass
		if len(q.Questions) == 0 {
			return nil
		}
		teams, err := s.assigns.TeamsTx(ctx, tx, c.County, c.ID)
		if err != nil {
			return err
		}
		results, err := db.List(ctx, tx, scanResult, selectAll, c.County, c.ID)
		if err != nil {
			return err
		}
		people, tried := gather(teams, results)
		count := counter(q)
		for _, p := range people {
			if f.Team != "" && p.Team != f.Team || f.Region != "" && !f.Region.Contains(p.Place.Code) {
				continue
			}
			p.sum(tried[p.Account])
			count.add(tried[p.Account])
			switch p.State {
			case Passed:
				out.Passed++
			case Failed:
				out.Failed++
			default:
				out.Untried++
			}
			if f.State == "" || f.State == p.State {
				out.People = append(out.People, p)
			}
		}
		out.Questions = count.list()
		return nameTx(ctx, tx, out.People)
	})
	return out, err
}

// gather gives everybody once, by team, those without one at the end, and everybody's results.
func gather(teams []assign.Team, results []QuizMark) ([]Trainee, map[string][]QuizMark) {
	var people []Trainee
	known := map[string]bool{}
	for _, t := range teams {
		for _, m := range t.Members {
			if known[m.Account] || t.Dropped {
				continue
			}
			known[m.Account] = true
			people = append(people, Trainee{Account: m.Account, Name: m.Name, Team: t.ID, TeamName: t.Name, Unit: m.Unit, Place: region.Region{Code: m.Region}})
		}
	}
	tried := map[string][]QuizMark{}
	for _, r := range results {
		tried[r.account] = append(tried[r.account], r)
		if !known[r.account] {
			known[r.account] = true
			people = append(people, Trainee{Account: r.account, Name: r.name})
		}
	}
	return people, tried
}

// sum fills in what somebody's attempts came to, the first first.
func (p *Trainee) sum(results []QuizMark) {
	p.State = Untried
	for _, r := range results {
		p.Attempts++
		p.Best, p.Last, p.LastAt = max(p.Best, r.Correct), r.Correct, r.FinishedAt
		if r.Passed && p.State != Passed {
			p.State, p.PassedAt = Passed, r.FinishedAt
		}
	}
	if p.State == Untried && p.Attempts > 0 {
		p.State = Failed
	}
}

// counts counts questions.
type counts struct {
	quiz playbook.Quiz
	at   map[string]*QuizCount
}

func counter(q playbook.Quiz) counts {
	c := counts{q, map[string]*QuizCount{}}
	for _, x := range q.Questions {
		c.at[x.Code] = &QuizCount{Code: x.Code, Text: x.Text, Why: x.Why, Source: x.Source, Item: x.Item}
	}
	return c
}

func (c counts) add(results []QuizMark) {
	for _, r := range results {
		for _, x := range Draw(c.quiz, r.ID) {
			c.at[x.Code].Asked++
			if slices.Contains(r.Wrong, x.Code) {
				c.at[x.Code].Wrong++
			}
		}
	}
}

// list gives the questions by the share of wrong answers, those never asked last.
func (c counts) list() []QuizCount {
	out := make([]QuizCount, 0, len(c.quiz.Questions))
	for _, x := range c.quiz.Questions {
		out = append(out, *c.at[x.Code])
	}
	slices.SortStableFunc(out, func(a, b QuizCount) int {
		return cmp.Or(cmp.Compare(b.Wrong*max(a.Asked, 1), a.Wrong*max(b.Asked, 1)), cmp.Compare(b.Asked, a.Asked))
	})
	return out
}

// nameTx fills in the names of the places.
func nameTx(ctx context.Context, tx *db.Tx, people []Trainee) error {
	codes := make([]region.Code, len(people))
	for i, p := range people {
		codes[i] = p.Place.Code
	}
	places, err := region.PlacesTx(ctx, tx, codes)
	if err != nil {
		return err
	}
	for i, p := range people {
		if r, ok := places[p.Place.Code]; ok {
			people[i].Place = r
		}
	}
	return nil
}
