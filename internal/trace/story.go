package trace

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/ledger"
	"ruhu/internal/review"
	"ruhu/internal/signature"
	"ruhu/internal/submission"
)

// storyTx tells what happened to the form of a household and to its problems, the oldest first.
func (s *Service) storyTx(ctx context.Context, tx *db.Tx, county string, form signature.FormChain, items []ledger.Told) ([]TracedEvent, error) {
	out := []TracedEvent{}
	if form.Submission != "" {
		revs, err := submission.RevisionsTx(ctx, tx, county, form.Submission)
		if err != nil {
			return nil, err
		}
		var senders []string
		for _, r := range revs {
			senders = append(senders, r.Account)
		}
		slices.Sort(senders)
		people, err := s.accounts.ByIDsTx(ctx, tx, county, slices.Compact(senders))
		if err != nil {
			return nil, err
		}
		for _, r := range revs {
			out = append(out, TracedEvent{
				At: r.ReceivedAt, What: "arrived", ByName: people[r.Account].Name, Role: authz.Enumerator, Revision: r.N, Digest: r.Digest,
				Proof: Proof{submission.Logged.Name, fmt.Sprintf("%s/%d", form.Submission, r.N), -1},
			})
		}
		ds, err := review.DecisionsTx(ctx, tx, county, form.Submission)
		if err != nil {
			return nil, err
		}
		for _, d := range ds {
			if d.Action == review.Approve && slices.ContainsFunc(form.Signatures, func(e signature.Entry) bool { return e.Account == d.Account && e.At == d.At }) {
				continue // the signature tells it
			}
			out = append(out, TracedEvent{
				At: d.At, What: string(d.Action), ByName: d.ByName, Role: d.Role, Note: d.Note, Revision: d.Revision, Step: d.Level,
				Proof: Proof{review.LoggedDecisions.Name, d.ID, -1},
			})
		}
	}
	for _, e := range form.Signatures {
		out = append(out, TracedEvent{
			At: e.At, What: "signed", ByName: e.ByName, Role: e.Role, Note: e.Note, Revision: e.Revision, Digest: e.Digest, Step: e.Step,
			For: e.For, Void: e.Digest != form.Digest, Proof: proofOf(e),
		})
	}
	for _, it := range items {
		for _, e := range it.Events {
			out = append(out, TracedEvent{
				At: e.At, What: "problem." + e.Action, ByName: e.ByName, Role: e.Role, Note: e.Note, Problem: it.Number,
				Proof: Proof{ledger.Logged.Name, e.ID, -1},
			})
		}
	}
	slices.SortStableFunc(out, func(a, b TracedEvent) int { return cmp.Compare(a.At.String(), b.At.String()) })
	return out, nil
}

// proofOf is the row that proves a signature: one that is not written down yet is proved by the form.
func proofOf(e signature.Entry) Proof {
	if e.ID == "" {
		return Proof{submission.Logged.Name, fmt.Sprintf("%s/%d", e.Submission, e.Revision), -1}
	}
	return Proof{signature.Logged.Name, e.ID, -1}
}
