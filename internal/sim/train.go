package sim

import (
	"context"
	"math/rand/v2"
	"net/http"

	"ruhu/internal/db"
	"ruhu/internal/id"
	"ruhu/internal/playbook"
	"ruhu/internal/training"
)

// train lets one member of most teams answer the quiz, some of them twice. It has chance of its own: whether a campaign has a quiz changes nothing
// else.
func (p *player) train(ctx context.Context) error {
	book, err := playbook.NewLibrary(p.Playbooks).Load(p.Playbook)
	if err != nil || len(book.Quiz.Questions) == 0 {
		return err
	}
	r := rand.New(rand.NewPCG(p.Seed, 92))
	for team := range p.Teams {
		if team%6 == 5 {
			continue // there is always somebody who has not tried
		}
		c, err := p.as(ctx, p.enumerator(team).Account)
		if err != nil {
			return err
		}
		for try := range 2 {
			a := training.QuizAttempt{ID: id.New(), Campaign: p.campaign, FinishedAt: db.At(p.Clock.Now())}
			for _, x := range training.Draw(book.Quiz, a.ID) {
				a.Answers = append(a.Answers, training.QuizAnswer{Question: x.Code, Chosen: choose(r, x, 70+15*try)})
			}
			var mark training.QuizMark
			if err := c.Do(ctx, http.MethodPost, "/field/training", a, &mark); err != nil {
				return err
			}
			if mark.Passed {
				break
			}
		}
	}
	return nil
}

// choose gives the right options so many times in a hundred, else one at random.
func choose(r *rand.Rand, x playbook.QuizQuestion, percent int) []int {
	if r.IntN(100) >= percent {
		return []int{r.IntN(len(x.Options))}
	}
	var out []int
	for i, o := range x.Options {
		if o.Right {
			out = append(out, i)
		}
	}
	return out
}
