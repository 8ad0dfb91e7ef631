package ledger

import (
	"bytes"
	"context"
	"slices"
	"strings"

	"ruhu/internal/db"
	"ruhu/internal/submission"
)

// evidenceTx notes in the history of an item that was just claimed what its pictures have been shown for before: the repair of another
// household in the township, or, in the household's own form, the state before any repair. Two problems of one household may share a picture.
// The note decides nothing; it is for the person who verifies.
func evidenceTx(ctx context.Context, tx *db.Tx, it Item, files []string) error {
	if len(files) == 0 {
		return nil
	}
	var notes []note
	numbers, err := shownTx(ctx, tx, it, files)
	if err != nil {
		return err
	}
	if len(numbers) > 0 {
		notes = append(notes, system(it.ID, actedAgain, strings.Join(numbers, "、")))
	}
	if it.Submission != "" {
		body, err := submission.BodyTx(ctx, tx, it.County, it.Submission, it.Revision)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(files, func(f string) bool { return bytes.Contains(body, []byte(f)) }) {
			notes = append(notes, system(it.ID, actedForm, ""))
		}
	}
	return noteTx(ctx, tx, it.County, notes)
}

const maxShown = 5 // numbers that a note names

// shownTx gives the numbers of the problems of other households of the township that were claimed with one of the files.
func shownTx(ctx context.Context, tx *db.Tx, it Item, files []string) ([]string, error) {
	lo, hi := it.Village.Parent().Range()
	var numbers []string
	err := tx.Query(ctx, selectClaims, []any{it.County, it.Campaign, lo, hi, it.ID}, func(scan func(...any) error) error {
		var number string
		var household *string
		var shown db.JSON[[]string]
		if err := scan(&number, &household, &shown); err != nil {
			return err
		}
		own := household != nil && *household == it.Household
		if !own && len(numbers) < maxShown && !slices.Contains(numbers, number) && slices.ContainsFunc(shown.V, func(f string) bool { return slices.Contains(files, f) }) {
			numbers = append(numbers, number)
		}
		return nil
	})
	return numbers, err
}
