package submission

import (
	"context"
	"sync"
	"time"

	"ruhu/form/xform"
	"ruhu/internal/assign"
	"ruhu/internal/blob"
	"ruhu/internal/db"
	"ruhu/internal/device"
	"ruhu/internal/job"
	"ruhu/internal/submission/merge"
	"ruhu/internal/survey"
)

// FromStreet gives the inputs as the rooms above have them.
func FromStreet(d *db.DB, bus *job.Bus, surveys *survey.Service, reader *Reader, blobs *blob.Store) Inputs {
	var forms sync.Map // hash → *Form
	return Inputs{
		Assignments: assignments,
		Teams:       assign.TeamsOfTx,
		Replaced:    device.ReplacedTx,
		Move: func(ctx context.Context, tx *db.Tx, moves []Move) error {
			out := make([]assign.Move, len(moves))
			for i, m := range moves {
				out[i] = assign.Move{County: m.County, ID: m.Assignment, To: assign.State(m.To), Submission: m.Submission, FormHash: m.FormHash}
			}
			return assign.SetStateTx(ctx, tx, bus, out)
		},
		Form: func(ctx context.Context, hash string) (*Form, error) {
			if f, ok := forms.Load(hash); ok {
				return f.(*Form), nil
			}
			f, err := surveys.Form(ctx, clip(hash))
			if err != nil {
				return nil, err
			}
			ready, err := NewForm(f.Hash, f.Code, f.X, f.Problems, f.Indicators)
			if err != nil {
				return nil, err
			}
			forms.Store(hash, ready)
			return ready, nil
		},
		Merge: func(ctx context.Context, hash string, base, current, other []byte, at time.Time) (merge.Result, error) {
			f, err := surveys.Form(ctx, clip(hash))
			if err != nil {
				return merge.Result{}, err
			}
			return merge.Merge(f.X, base, current, other, xform.Env{Now: func() time.Time { return at }, Zone: at.Location()})
		},
		Compare: func(ctx context.Context, hash string, current, other []byte, at time.Time) ([]merge.Answer, error) {
			f, err := surveys.Form(ctx, clip(hash))
			if err != nil {
				return nil, err
			}
			return merge.Compare(f.X, current, other, xform.Env{Now: func() time.Time { return at }, Zone: at.Location()})
		},
		Campaign: func(ctx context.Context, county, id string) (Campaign, error) {
			var out Campaign
			err := d.View(ctx, func(tx *db.Tx) error {
				c, err := survey.CampaignTx(ctx, tx, county, id)
				if err == nil {
					out = Campaign{c.Plan.Review[0].Code, c.Zone}
				}
				return err
			})
			return out, err
		},
		Reader: reader,
		Blobs:  blobs,
	}
}

func assignments(ctx context.Context, tx *db.Tx, county string, ids []string) (map[string]Assigned, error) {
	as, err := assign.ByIDsTx(ctx, tx, county, ids)
	if err != nil {
		return nil, err
	}
	out := make(map[string]Assigned, len(as))
	for k, a := range as {
		out[k] = Assigned{
			ID: a.ID, Campaign: a.Campaign, Household: a.Household, Team: a.Team, Form: a.Form, FormHash: a.FormHash, Village: a.Village, Day: a.Date, State: string(a.State),
		}
	}
	return out, nil
}
