package survey

import (
	"context"
	"slices"
	"strings"

	"ruhu/internal/db"
	"ruhu/internal/errs"
)

// The gates that playbooks may name. Rooms further down register what they know; see RegisterGate.
const (
	GateRosterImported     = "roster_imported"
	GateListingFrozen      = "listing_frozen"
	GateSampleDrawn        = "sample_drawn"
	GateTeamsComplete      = "teams_complete"
	GateAssignmentsPlanned = "assignments_planned"
	GateAllVisited         = "all_visited"
	GateAllReviewed        = "all_reviewed"
	GateAreasAccepted      = "areas_accepted"
	GateLedgerSigned       = "ledger_signed"
	GateProblemsClosed     = "problems_closed"
)

// Gate says what is still missing before a stage may be left; nothing when it is open. Each item is an *errs.Error so that
// it has a sentence in both languages.
type Gate func(ctx context.Context, tx *db.Tx, c Campaign) ([]*errs.Error, error)

// RegisterGate tells who knows about a gate. It is called while the program is put together, before it serves.
func (s *Service) RegisterGate(name string, g Gate) { s.gates[name] = append(s.gates[name], g) }

// Missing is one thing that holds a stage up, for the client.
type Missing struct {
	Gate string `json:"gate"`
	Code string `json:"code"`
	ZH   string `json:"zh"`
	EN   string `json:"en"`
}

// missing asks the gates of the stage that is left. onPaper are the gates nobody can look up.
func (s *Service) missing(ctx context.Context, tx *db.Tx, c Campaign, from Stage) (list []Missing, onPaper []string, err error) {
	for _, name := range from.Gates {
		if len(s.gates[name]) == 0 {
			onPaper = append(onPaper, name)
		}
		for _, g := range s.gates[name] {
			es, err := g(ctx, tx, c)
			if err != nil {
				return nil, nil, err
			}
			for _, e := range es {
				list = append(list, Missing{name, e.Code, e.Message("zh"), e.Message("en")})
			}
		}
	}
	return list, onPaper, nil
}

// closedGate is the error for a stage that can't be left.
func closedGate(from Stage, list []Missing) error {
	zh, en := make([]string, len(list)), make([]string, len(list))
	for i, m := range list {
		zh[i], en[i] = m.ZH, m.EN
	}
	return errs.Conflict.New("survey.gate", "stage_zh", from.Title.ZH, "stage_en", from.Title.EN, "missing", list,
		"list_zh", strings.Join(zh, "；"), "list_en", strings.Join(en, "; "))
}

// step finds the stage that a campaign would leave (ok when there is one) and checks that to is the one that follows. to is a
// stage's code, or "closed" after the last. Returns Invalid "survey.no_stage", Conflict "survey.stage_order", "survey.closed".
func (c Campaign) step(to string) (from Stage, leaves bool, err error) {
	if c.State == Closed {
		return from, false, errs.Conflict.New("survey.closed")
	}
	now := slices.IndexFunc(c.Stages, func(s Stage) bool { return s.Code == c.Stage })
	want := slices.IndexFunc(c.Stages, func(s Stage) bool { return s.Code == to })
	if to == Closed {
		want = len(c.Stages)
	}
	if want < 0 {
		return from, false, errs.Invalid.New("survey.no_stage", "stage", to)
	}
	if want != now+1 {
		return from, false, errs.Conflict.New("survey.stage_order", "stage", to)
	}
	if now < 0 {
		return from, false, nil
	}
	return c.Stages[now], true, nil
}
