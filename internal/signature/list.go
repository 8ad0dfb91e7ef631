package signature

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"ruhu/internal/assign"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/playbook"
	"ruhu/internal/region"
	"ruhu/internal/submission"
	"ruhu/internal/survey"
)

// ListContent is what the list of a village says. Its JSON is what is hashed and signed; it names nobody.
type ListContent struct {
	Kind     string          `json:"kind"`
	Campaign string          `json:"campaign"`
	Village  region.Code     `json:"village"`
	Forms    []ListedForm    `json:"forms"`    // of the list of forms
	Problems []ListedProblem `json:"problems"` // of the list of problems
}

// ListedForm is the accepted form of a household.
type ListedForm struct {
	Household  string   `json:"household"`
	Submission string   `json:"submission"`
	Revision   int      `json:"revision"`
	Digest     string   `json:"digest"`
	Problems   []string `json:"problems"` // codes that hold; none: "no problem"
}

// ListedProblem is a problem of the ledger: what it is, why, and who mends it until when. How far that has come is not signed.
type ListedProblem struct {
	ID          string    `json:"id"`
	Number      string    `json:"number"`
	Household   string    `json:"household"` // "" for one of the village
	Code        string    `json:"code"`
	Title       errs.Text `json:"title"`
	Nature      string    `json:"nature"`
	Severity    string    `json:"severity"`
	Source      string    `json:"source"`
	Cause       string    `json:"cause"`
	Measure     string    `json:"measure"`
	Responsible string    `json:"responsible"`
	Person      string    `json:"person"`
	FoundOn     db.Date   `json:"found_on"`
	DueOn       db.Date   `json:"due_on"`
}

// Lister gives the problems of a village.
type Lister func(ctx context.Context, tx *db.Tx, c survey.Campaign, village region.Code) ([]ListedProblem, error)

// Problems tells who knows the problems of villages: a room further down. It is called while the program is put together.
func (s *Service) Problems(l Lister) { s.problems = l }

// lists are the kinds of document that lists are.
var lists = []string{playbook.SignVillage, playbook.SignLedger}

// contentTx makes the list of a village as it is now.
func (s *Service) contentTx(ctx context.Context, tx *db.Tx, c survey.Campaign, kind string, village region.Code) (ListContent, error) {
	out := ListContent{Kind: kind, Campaign: c.ID, Village: village, Forms: []ListedForm{}, Problems: []ListedProblem{}}
	if kind == playbook.SignLedger {
		if s.problems == nil {
			return out, nil
		}
		rows, err := s.problems(ctx, tx, c, village)
		slices.SortFunc(rows, func(a, b ListedProblem) int { return cmp.Or(cmp.Compare(a.Number, b.Number), cmp.Compare(a.ID, b.ID)) })
		out.Problems = append(out.Problems, rows...)
		return out, err
	}
	rows, err := submission.StandingTx(ctx, tx, c.County, c.ID, village)
	for _, r := range rows {
		out.Forms = append(out.Forms, ListedForm{r.Household, r.Submission, r.Revision, r.Digest, append([]string{}, r.Problems...)})
	}
	slices.SortFunc(out.Forms, func(a, b ListedForm) int {
		return cmp.Or(cmp.Compare(a.Household, b.Household), cmp.Compare(a.Submission, b.Submission))
	})
	return out, err
}

// encode gives the bytes of a content and their digest.
func (c ListContent) encode() (text, digest string, err error) {
	b, err := json.Marshal(c)
	if err != nil {
		return "", "", fmt.Errorf("signature: %w", err)
	}
	return string(b), digestOf(b), nil
}

func decode(text string) (ListContent, error) {
	var c ListContent
	err := json.Unmarshal([]byte(text), &c)
	return c, err
}

// count is how many problems the list says.
func (c ListContent) count() int {
	n := len(c.Problems)
	for _, f := range c.Forms {
		n += len(f.Problems)
	}
	return n
}

// ready reports what keeps a list from being signed: the forms of a village are signed as one when all are accepted. Returns Conflict
// "signature.not_ready".
func ready(kind string, v assign.VillageCount) error {
	if left := v.Visits - v.Done; kind == playbook.SignVillage && left > 0 {
		return errs.Conflict.New("signature.not_ready", "count", left)
	}
	return nil
}

// ListHead is a list of a village and how far its chain has come.
type ListHead struct {
	Kind     string      `json:"kind"`
	Village  region.Code `json:"village"`
	Name     string      `json:"name"`
	Visits   int         `json:"visits"`
	Accepted int         `json:"accepted"`
	Problems int         `json:"problems"`
	Digest   string      `json:"digest"`
	Steps    []ChainStep `json:"steps"`
	Ready    bool        `json:"ready"`
	Mine     string      `json:"mine"` // step that this person can sign now; "" for none
	For      string      `json:"for"`  // role in whose place; "" in their own name
}
