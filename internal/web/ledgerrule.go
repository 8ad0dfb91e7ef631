package web

import (
	"net/http"

	"ruhu/internal/db"
	"ruhu/internal/playbook"
)

// LedgerRules is what the playbook says about the ledger, with today's dates.
type LedgerRules struct {
	Natures      []LedgerNature `json:"natures"`
	Severities   []LedgerWord   `json:"severities"`
	Responsibles []string       `json:"responsibles"` // roles
	Evidence     string         `json:"evidence"`     // none, note, photo
	Procedure    playbook.Text  `json:"procedure"`    // what is explained to petitioners; empty: the client's words
	DailyBy      string         `json:"daily_by"`     // "20:00"; "" where no daily list is asked for
	Hold         []string       `json:"hold"`         // roles that see problems only after a feedback meeting
	Today        db.Date        `json:"today"`
	DueOn        db.Date        `json:"due_on"`   // of a problem found today
	ReplyBy      db.Date        `json:"reply_by"` // of a supervision notice of today
	WarnTo       db.Date        `json:"warn_to"`  // "" where nothing is warned of
}

// LedgerNature is a class that problems are sorted into.
type LedgerNature struct {
	Code       string        `json:"code"`
	Title      playbook.Text `json:"title"`
	Correction bool          `json:"correction"` // wrong base data
}

// LedgerWord is a code with its name.
type LedgerWord struct {
	Code  string        `json:"code"`
	Title playbook.Text `json:"title"`
}

func (s *Server) ledgerRules(w http.ResponseWriter, r *http.Request, c *Call) error {
	campaign, err := pathID(r, "campaign")
	if err != nil {
		return err
	}
	x, err := s.Ledgers.Rules(r.Context(), c.Actor, campaign)
	if err != nil {
		return err
	}
	out := LedgerRules{
		Natures: []LedgerNature{}, Severities: []LedgerWord{}, Responsibles: orEmpty(x.Responsibles), Evidence: x.Evidence, Procedure: x.Procedure,
		DailyBy: x.Daily.By, Hold: orEmpty(x.Daily.Hold), Today: x.Today, DueOn: x.DueOn, ReplyBy: x.ReplyBy, WarnTo: x.WarnTo,
	}
	for _, n := range x.Natures {
		out.Natures = append(out.Natures, LedgerNature{n.Code, n.Title, n.Correction})
	}
	for _, v := range x.Severities {
		out.Severities = append(out.Severities, LedgerWord(v))
	}
	return reply(w, http.StatusOK, out)
}
