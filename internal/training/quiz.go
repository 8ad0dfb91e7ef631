package training

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"

	"ruhu/internal/playbook"
)

// QuizAnswer is what somebody chose at a question.
type QuizAnswer struct {
	Question string `json:"question"` // code
	Chosen   []int  `json:"chosen"`   // numbers of options, from 0
}

// Draw gives the questions of an attempt, in the order in which they are asked: those with the smallest SHA-256 of "attempt question". The phone
// does the same.
func Draw(q playbook.Quiz, attempt string) []playbook.QuizQuestion {
	key := func(x playbook.QuizQuestion) string {
		sum := sha256.Sum256([]byte(attempt + " " + x.Code))
		return hex.EncodeToString(sum[:])
	}
	all := slices.Clone(q.Questions)
	slices.SortFunc(all, func(a, b playbook.QuizQuestion) int { return cmp.Compare(key(a), key(b)) })
	return all[:min(q.Ask, len(all))]
}

// Mark gives the codes of the drawn questions that were not answered right: exactly the right options, and no other. What was not drawn does not
// count; of two answers to one question the first does.
func Mark(drawn []playbook.QuizQuestion, answers []QuizAnswer) []string {
	wrong := []string{}
	for _, x := range drawn {
		i := slices.IndexFunc(answers, func(a QuizAnswer) bool { return a.Question == x.Code })
		if i < 0 || !right(x, answers[i].Chosen) {
			wrong = append(wrong, x.Code)
		}
	}
	return wrong
}

func right(x playbook.QuizQuestion, chosen []int) bool {
	for i, o := range x.Options {
		if o.Right != slices.Contains(chosen, i) {
			return false
		}
	}
	return true
}
