package survey

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"ruhu/form/xform"
	"ruhu/form/xlsform"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/playbook"
)

// Form is a version of a questionnaire, compiled. It is shared and never changes.
type Form struct {
	Hash       string // SHA-256 of XML, hex
	Code       string // in the playbook
	Version    string
	Title      playbook.Text
	XML        []byte // the XForm as phones load it
	X          *xform.Form
	Problems   []xlsform.Problem   // rules of the sheet problems, thresholds filled in
	Indicators []xlsform.Indicator // figures of the sheet indicators, thresholds filled in; never on a phone
	Members    bool                // takes over who lives in the household: bind::ruhu:prefill member.…
}

// newForm is a form of a playbook on its way into the database.
type newForm struct {
	playbook.Form
	hash string
}

// prepare names the forms of a playbook by their digest and proves that they compile.
func prepare(book *playbook.Playbook) ([]newForm, error) {
	out := make([]newForm, len(book.Forms))
	for i, f := range book.Forms {
		if _, err := xform.Parse(f.XForm, xform.Options{}); err != nil {
			return nil, errs.Invalid.Wrap(err, "survey.form", "form", f.Code)
		}
		sum := sha256.Sum256(f.XForm)
		out[i] = newForm{f, hex.EncodeToString(sum[:])}
	}
	return out, nil
}

// bare copies a playbook without the texts of its forms: those are stored once, in survey_form.
func bare(book *playbook.Playbook) *playbook.Playbook {
	c := *book
	c.Forms = make([]playbook.Form, len(book.Forms))
	for i, f := range book.Forms {
		f.Source, f.XForm, f.Problems, f.Indicators = nil, nil, nil, nil
		c.Forms[i] = f
	}
	return &c
}

func writeForm(ctx context.Context, tx *db.Tx, county string, f newForm) error {
	_, err := tx.Exec(ctx, insertForm, county, f.hash, f.Code, f.Version, db.AsJSON(f.Title), f.XForm, db.AsJSON(f.Problems), db.AsJSON(f.Indicators), tx.Now())
	return err
}

func writeForms(ctx context.Context, tx *db.Tx, county, campaign string, forms []newForm) error {
	for i, f := range forms {
		if err := writeForm(ctx, tx, county, f); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, insertUse, county, campaign, f.Code, f.hash, i, db.AsJSON(f.For)); err != nil {
			return err
		}
	}
	return nil
}

// Form gives the form of that hash, compiled once and kept. A hash names one text whatever county stored it, so no actor is
// asked for. Returns NotFound "survey.no_form". It must not be called inside a transaction; see FormTx.
func (s *Service) Form(ctx context.Context, hash string) (*Form, error) {
	if f, ok := s.forms.Load(hash); ok {
		return f.(*Form), nil
	}
	var f *Form
	err := s.d.View(ctx, func(tx *db.Tx) (err error) {
		f, err = s.FormTx(ctx, tx, hash)
		return err
	})
	return f, err
}

// FormTx is Form in a running transaction.
func (s *Service) FormTx(ctx context.Context, tx *db.Tx, hash string) (*Form, error) {
	if f, ok := s.forms.Load(hash); ok {
		return f.(*Form), nil
	}
	f := &Form{}
	var title db.JSON[playbook.Text]
	var problems db.JSON[[]xlsform.Problem]
	var indicators db.JSON[[]xlsform.Indicator]
	err := tx.QueryRow(ctx, selectForm, hash).Scan(&f.Hash, &f.Code, &f.Version, &title, &f.XML, &problems, &indicators)
	if errors.Is(err, db.ErrNoRows) {
		return nil, errs.NotFound.New("survey.no_form", "hash", hash)
	}
	if err != nil {
		return nil, err
	}
	f.Title, f.Problems, f.Indicators = title.V, problems.V, indicators.V
	if f.X, err = xform.Parse(f.XML, xform.Options{}); err != nil {
		return nil, fmt.Errorf("compile form %s: %w", hash, err)
	}
	f.Members = slices.ContainsFunc(f.X.Nodes(), func(n xform.Node) bool { return strings.HasPrefix(n.Prefill, "member.") })
	kept, _ := s.forms.LoadOrStore(hash, f)
	return kept.(*Form), nil
}
