package ledger

import (
	"context"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/region"
	"ruhu/internal/signature"
	"ruhu/internal/survey"
)

const selectVillage = `SELECT ` + columns + ` FROM ledger_item WHERE county = $1 AND campaign = $2 AND village = $3`

// ListTx gives the problems of a village as they are signed (S3.7). A complaint is not among them: those who sign may be whom it is about.
func ListTx(ctx context.Context, tx *db.Tx, c survey.Campaign, village region.Code) ([]signature.ListedProblem, error) {
	items, err := db.List(ctx, tx, scanItem, selectVillage, c.County, c.ID, village)
	if err != nil {
		return nil, err
	}
	var out []signature.ListedProblem
	for _, it := range items {
		if it.Sealed {
			continue
		}
		out = append(out, signature.ListedProblem{
			ID: it.ID, Number: it.Number, Household: it.Household, Code: it.Code, Title: it.Title, Nature: it.Nature, Severity: it.Severity,
			Source: string(it.Source), Cause: it.Cause, Measure: it.Measure, Responsible: it.Responsible, Person: it.Person, FoundOn: it.FoundOn, DueOn: it.DueOn,
		})
	}
	return out, nil
}

const selectOfHouse = `SELECT ` + columns + ` FROM ledger_item WHERE county = $1 AND campaign = $2 AND household = $3 ORDER BY number, id`

// Told is a problem with what happened to it.
type Told struct {
	Item
	Events []Event
}

// ToldTx gives the problems of a household that the actor may see now. That the household lies in the actor's region, the caller knows.
func ToldTx(ctx context.Context, tx *db.Tx, actor authz.Actor, c survey.Campaign, household string) ([]Told, error) {
	sees, err := sightTx(ctx, tx, actor, c)
	if err != nil {
		return nil, err
	}
	items, err := db.List(ctx, tx, scanItem, selectOfHouse, c.County, c.ID, household)
	if err != nil {
		return nil, err
	}
	var out []Told
	for _, it := range items {
		if !sees.sees(it) {
			continue
		}
		events, err := eventsTx(ctx, tx, c.County, it.ID)
		if err != nil {
			return nil, err
		}
		out = append(out, Told{it, events})
	}
	return out, nil
}
