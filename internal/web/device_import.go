package web

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"ruhu/internal/authz"
	"ruhu/internal/blob"
	"ruhu/internal/db"
	"ruhu/internal/device"
	"ruhu/internal/errs"
	"ruhu/internal/query"
	"ruhu/internal/submission"
	"ruhu/internal/training"
)

// ImportedForm is a form that came out of a package.
type ImportedForm struct {
	InstanceID string           `json:"instance_id"`
	Digest     string           `json:"digest"`
	Revision   int              `json:"revision"`
	State      submission.State `json:"state"`
	Duplicate  bool             `json:"duplicate"` // it had arrived by itself
}

// ImportedSaid is what else a package had for the server: a turn of a query, a household that was given back, an attempt at the quiz.
type ImportedSaid struct {
	Kind    string `json:"kind"`    // query, give_back or attempt
	About   string `json:"about"`   // the household, or the question
	Text    string `json:"text"`    // what was said, or why it was given back
	Trouble string `json:"trouble"` // why it was not taken; "" when it was
}

// ImportedPackage is a package with what became of what it held.
type ImportedPackage struct {
	device.Package
	Arrived []ImportedForm `json:"arrived"`
	Said    []ImportedSaid `json:"said"`
}

func (s *Server) importPackage(w http.ResponseWriter, r *http.Request, c *Call) error {
	out := ImportedPackage{Arrived: []ImportedForm{}, Said: []ImportedSaid{}}
	var err error
	out.Package, err = s.Devices.Import(r.Context(), c.Actor, blob.Digest(r.PathValue("sha256")),
		func(ctx context.Context, who authz.Actor, dev string, held device.Contents) error {
			for _, p := range held.Forms {
				receipt, err := s.Submissions.Receive(ctx, who, submission.Arrival{
					Assignment: p.Assignment, Form: p.FormHash, Base: p.Base, Body: []byte(p.XML), Device: dev, Via: submission.ViaPackage,
				})
				if err != nil {
					return err
				}
				out.Arrived = append(out.Arrived, ImportedForm{receipt.InstanceID, receipt.Digest, receipt.Revision, receipt.State, receipt.Duplicate})
			}
			out.Said, err = s.saidFor(ctx, who, held, c.Lang)
			return err
		})
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, out)
}

// final are the kinds of a refusal that the same words would meet again.
var final = []errs.Kind{errs.Invalid, errs.NotFound, errs.Conflict, errs.Forbidden, errs.TooLarge}

// saidFor says, in the name of the enumerator whose phone it was and in the order in which it would have, what the package holds beside forms. What
// is refused stops nothing else, but the turns of a query that was refused.
func (s *Server) saidFor(ctx context.Context, who authz.Actor, held device.Contents, lang string) ([]ImportedSaid, error) {
	out := []ImportedSaid{}
	note := func(kind, about, text string, err error) (refused string, fatal error) {
		if err != nil {
			if !slices.Contains(final, errs.KindOf(err)) {
				return "", err
			}
			refused = errs.MessageOf(err, lang)
		}
		out = append(out, ImportedSaid{kind, about, text, refused})
		return refused, nil
	}
	for _, g := range held.GivenBack {
		about := strings.TrimSpace(g.Label.Village + " " + g.Label.HeadName)
		if _, err := note("give_back", about, g.Reason, s.Assigns.GiveBack(ctx, who, g.Assignment, g.Reason)); err != nil {
			return out, err
		}
	}
	before := map[string]string{}
	for _, x := range held.Says {
		if why, known := before[x.Item]; known {
			out = append(out, ImportedSaid{"query", x.Label, x.Text, why})
			continue
		}
		_, err := s.Queries.Say(ctx, who, query.Said{ID: x.ID, Item: x.Item, Action: x.Action, Text: x.Text, Assignment: x.Assignment, Ref: x.Ref, Label: x.Label})
		why, err := note("query", x.Label, x.Text, err)
		if err != nil {
			return out, err
		}
		if why != "" && x.Action == query.Ask {
			before[x.Item] = why
		}
	}
	for _, a := range held.Attempts {
		in := training.QuizAttempt{ID: a.ID, Campaign: a.Campaign, FinishedAt: db.At(time.UnixMilli(a.FinishedAt))}
		err := json.Unmarshal(a.Answers, &in.Answers)
		if err != nil {
			err = errs.Invalid.Wrap(err, "training.answers")
		} else {
			_, err = s.Trainings.Receive(ctx, who, in)
		}
		if _, err := note("attempt", "", "", err); err != nil {
			return out, err
		}
	}
	return out, nil
}
