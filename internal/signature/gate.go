package signature

import (
	"context"

	"ruhu/internal/assign"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/playbook"
	"ruhu/internal/survey"
)

// ledgerSigned is the gate ledger_signed: the list of the problems of every village is signed to the end of its chain, as it stands now. A
// village without problems is signed too: that is the signature which is looked for when one is found later (S0.7).
func (s *Service) ledgerSigned(ctx context.Context, tx *db.Tx, c survey.Campaign) ([]*errs.Error, error) {
	if _, ok := c.Plan.Chain(playbook.SignLedger); !ok {
		return nil, nil // a campaign that began before its playbook had chains
	}
	lo, hi := c.Region.Range()
	all, err := assign.VillagesTx(ctx, tx, c.County, c.ID, lo, hi)
	if err != nil {
		return nil, err
	}
	left := 0
	for _, v := range all {
		h, _, err := s.headTx(ctx, tx, authz.System(c.County), c, playbook.SignLedger, v)
		if err != nil {
			return nil, err
		}
		if next(h.Steps) < len(h.Steps) {
			left++
		}
	}
	if left == 0 {
		return nil, nil
	}
	return []*errs.Error{errs.Conflict.New("signature.gate_open", "count", left)}, nil
}
