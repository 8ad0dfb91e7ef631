package match

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"ruhu/internal/audit"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/playbook"
	"ruhu/internal/region"
)

// Paper is one of the papers that a household should have (九种资料, S1.16), and what a look at it found. Present, Complete and Consistent are yes,
// no, or "" when nobody has looked.
type Paper struct {
	Kind       playbook.PaperKind
	Present    string
	Complete   string
	Consistent string
	Note       string
	ByName     string
	At         db.Time
}

const (
	paperColumns = `paper, present, complete, consistent, note, by_name, at`
	selectPapers = `SELECT ` + paperColumns + ` FROM match_paper WHERE county = $1 AND campaign = $2 AND household = $3`
	upsertPaper  = `INSERT INTO match_paper (county, campaign, household, paper, village, present, complete, consistent, note, by_account, by_name, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
		ON CONFLICT (county, campaign, household, paper) DO UPDATE SET present = excluded.present, complete = excluded.complete, consistent = excluded.consistent,
		note = excluded.note, by_account = excluded.by_account, by_name = excluded.by_name, at = excluded.at, village = excluded.village`
	countPapers = `SELECT village, paper, CAST(count(*) AS BIGINT), CAST(count(*) FILTER (WHERE present = 'yes') AS BIGINT),
		CAST(count(*) FILTER (WHERE complete = 'yes') AS BIGINT), CAST(count(*) FILTER (WHERE consistent = 'yes') AS BIGINT)
		FROM match_paper WHERE county = $1 AND campaign = $2 AND village >= $3 AND village < $4 GROUP BY village, paper ORDER BY village, paper`
)

// Papers gives the papers that a household of its class should have. Returns Forbidden, NotFound "roster.no_household".
func (s *Agreements) Papers(ctx context.Context, actor authz.Actor, household string) ([]Paper, error) {
	if err := actor.Require(authz.MatchCompare); err != nil {
		return nil, err
	}
	household, err := id.Parse(household)
	if err != nil {
		return nil, err
	}
	var out []Paper
	err = s.d.View(ctx, func(tx *db.Tx) error {
		h, c, err := houseTx(ctx, tx, actor, household, false)
		if err != nil {
			return err
		}
		seen, err := db.List(ctx, tx, scanPaper, selectPapers, actor.County, c.ID, household)
		if err != nil {
			return err
		}
		out = []Paper{}
		for _, k := range c.Plan.Papers {
			if !wants(k, string(h.Class)) {
				continue
			}
			p := Paper{Kind: k}
			for _, x := range seen {
				if x.Kind.Code == k.Code {
					p = x
					p.Kind = k
				}
			}
			out = append(out, p)
		}
		return nil
	})
	return out, err
}

func scanPaper(scan func(...any) error) (Paper, error) {
	var p Paper
	err := scan(&p.Kind.Code, &p.Present, &p.Complete, &p.Consistent, &p.Note, &p.ByName, &p.At)
	return p, err
}

func wants(k playbook.PaperKind, class string) bool {
	return len(k.For) == 0 || slices.Contains(k.For, class)
}

// PutPaperCheck records a look at a paper. A paper that is not there is neither complete nor consistent. Returns Forbidden, NotFound
// "roster.no_household", "match.no_paper", Conflict "survey.closed", Invalid "match.paper_answer", "match.note" (too long).
func (s *Agreements) PutPaperCheck(ctx context.Context, actor authz.Actor, household, paper string, p Paper) error {
	if err := actor.Require(authz.MatchSettle); err != nil {
		return err
	}
	household, err := id.Parse(household)
	if err != nil {
		return err
	}
	p.Note = strings.TrimSpace(p.Note)
	yn := func(v string, empty bool) bool { return v == YesWord || v == NoWord || empty && v == "" }
	if p.Present == NoWord {
		p.Complete, p.Consistent = "", ""
	}
	switch {
	case !yn(p.Present, false) || !yn(p.Complete, true) || !yn(p.Consistent, true):
		return errs.Invalid.New("match.paper_answer")
	case utf8.RuneCountInString(p.Note) > 500:
		return errs.Invalid.New("match.note", "field", "note")
	}
	return s.d.Update(ctx, func(tx *db.Tx) error {
		h, c, err := houseTx(ctx, tx, actor, household, true)
		if err != nil {
			return err
		}
		k, ok := c.Plan.PaperKind(paper)
		if !ok || !wants(*k, string(h.Class)) {
			return errs.NotFound.New("match.no_paper", "paper", paper)
		}
		if _, err := tx.Exec(ctx, upsertPaper, actor.County, c.ID, household, paper, h.Village, p.Present, p.Complete, p.Consistent, p.Note, actor.ID, actor.Name,
			tx.Now()); err != nil {
			return err
		}
		return audit.Write(ctx, tx, actor, audit.Entry{
			Action: "match.paper", Campaign: c.ID, Object: "household", ObjectID: household, Place: h.Village,
			Detail: map[string]any{"paper": paper, "present": p.Present, "complete": p.Complete, "consistent": p.Consistent, "note": p.Note},
		})
	})
}

// PaperCount is one kind of paper in a village: how many were looked at, and how many of those are well.
type PaperCount struct {
	Village                               region.Code
	Paper                                 string
	Looked, Present, Complete, Consistent int
}

// PaperCounts sums the papers of the actor's region up by village. Returns Forbidden, NotFound "survey.not_found".
func (s *Agreements) PaperCounts(ctx context.Context, actor authz.Actor, campaign string) ([]PaperCount, error) {
	if err := actor.Require(authz.MatchCompare); err != nil {
		return nil, err
	}
	var out []PaperCount
	err := s.d.View(ctx, func(tx *db.Tx) error {
		c, err := visibleCampaignTx(ctx, tx, actor, campaign)
		if err != nil {
			return err
		}
		lo, hi := actor.Scope()
		out, err = db.List(ctx, tx, func(scan func(...any) error) (PaperCount, error) {
			var p PaperCount
			err := scan(&p.Village, &p.Paper, &p.Looked, &p.Present, &p.Complete, &p.Consistent)
			return p, err
		}, countPapers, actor.County, c.ID, lo, hi)
		return err
	})
	return out, err
}
