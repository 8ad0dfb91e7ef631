package ledger

import (
	"context"
	"slices"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
)

// Petition is what somebody brought before those who visit (S0.5): written down in detail, not answered on the spot; the procedure is explained.
type Petition struct {
	Kind       string // complaint, need, advice
	Channel    string // visit, letter, phone, online
	Petitioner string // "" when he or she gave no name
	Contact    string
	Content    string
	Explained  string // the procedure, in the words that were used
}

// Complaint is a petition against somebody: nobody of the village sees it.
const Complaint = "complaint"

var (
	petitionKinds    = []string{Complaint, "need", "advice"}
	petitionChannels = []string{"visit", "letter", "phone", "online"}
)

const (
	insertPetition = `INSERT INTO ledger_petition (county, item, kind, channel, petitioner, contact, content, explained) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`
	selectPetition = `SELECT kind, channel, petitioner, contact, content, explained FROM ledger_petition WHERE county = $1 AND item = $2`
)

// check asks for what must be written down. Returns Invalid "ledger.petition", "ledger.petition_kind", "ledger.procedure".
func (p *Petition) check() error {
	p.Petitioner, p.Contact = db.Clip(p.Petitioner, 60), db.Clip(p.Contact, 100)
	p.Content, p.Explained = db.Clip(p.Content, maxText), db.Clip(p.Explained, maxText)
	if !slices.Contains(petitionKinds, p.Kind) || !slices.Contains(petitionChannels, p.Channel) {
		return errs.Invalid.New("ledger.petition_kind", "field", "petition")
	}
	if len([]rune(p.Content)) < 10 {
		return errs.Invalid.New("ledger.petition", "field", "petition.content")
	}
	if p.Explained == "" {
		return errs.Invalid.New("ledger.procedure", "field", "petition.explained")
	}
	return nil
}

// petitionTx gives the petition of an item. Who brought a complaint is told only to those who answer for it: the offices.
func petitionTx(ctx context.Context, tx *db.Tx, actor authz.Actor, it Item) (*Petition, error) {
	var p Petition
	err := tx.QueryRow(ctx, selectPetition, it.County, it.ID).Scan(&p.Kind, &p.Channel, &p.Petitioner, &p.Contact, &p.Content, &p.Explained)
	if err != nil {
		return nil, err
	}
	if !actor.Can(authz.LedgerJudge) {
		p.Contact = ""
		if p.Kind == Complaint {
			p.Petitioner = ""
		}
	}
	return &p, nil
}

func insertPetitionTx(ctx context.Context, tx *db.Tx, it Item, p Petition) error {
	_, err := tx.Exec(ctx, insertPetition, it.County, it.ID, p.Kind, p.Channel, p.Petitioner, p.Contact, p.Content, p.Explained)
	return err
}
