package survey

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode/utf8"

	"ruhu/form/xform"
	"ruhu/internal/audit"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/playbook"
	"ruhu/internal/sheet"
)

// EventFormPublished says that a campaign's form has a newer version. Payload: FormPublished.
const EventFormPublished = "survey.form_published"

// FormPublished is the payload of survey.form_published.
type FormPublished struct {
	Campaign string `json:"campaign"`
	Form     string `json:"form"` // code
	Before   string `json:"before"`
	Hash     string `json:"hash"`
}

// Version is one of the versions that a form of a campaign has had.
type Version struct {
	N        int // 1: the playbook's
	Hash     string
	Version  string
	Title    playbook.Text
	Reason   string // the rest is empty of the playbook's
	FileName string
	At       db.Time
	ByName   string
}

// FormVersions is a form of a campaign with its versions, the newest first.
type FormVersions struct {
	FormRef
	Versions []Version
}

// Upload is a workbook (.xlsx, .csv, .md) that may become a version of a form.
type Upload struct {
	Name   string
	Source []byte
}

// Checked says what is wrong with an upload, and what it would change.
type Checked struct {
	Campaign string
	Form     FormRef // as it would be; no Hash when there are mistakes
	Base     string  // hash of the version that it would follow
	Mistakes []playbook.Mistake
	Revised  []xform.Revised
}

// Usable says whether nothing stands in the way of publishing.
func (c Checked) Usable() bool {
	for _, m := range c.Mistakes {
		if !m.Warning {
			return false
		}
	}
	return true
}

// Publish is an upload that is to become the version of a form.
type Publish struct {
	Upload
	Base   string // hash of the version that the person has seen to be the present one
	Reason string
}

const maxPublishReason = 500

// VersionsTx gives the forms of a campaign with all their versions.
func VersionsTx(ctx context.Context, tx *db.Tx, c Campaign) ([]FormVersions, error) {
	out := make([]FormVersions, len(c.Forms))
	for i, f := range c.Forms {
		list, err := versionsTx(ctx, tx, c, f)
		if err != nil {
			return nil, err
		}
		out[i] = FormVersions{f, list}
	}
	return out, nil
}

// CheckForm reads an upload as the next version of a form of a campaign. Mistakes of the workbook are in the result. lang ("zh", "en") is that of labels.
// Returns Forbidden, NotFound "survey.not_found", "survey.form_code", Conflict "survey.closed".
func (s *Service) CheckForm(ctx context.Context, actor authz.Actor, campaign, code string, up Upload, lang string) (Checked, error) {
	c, err := s.changeable(ctx, actor, campaign)
	if err != nil {
		return Checked{}, err
	}
	out, _, err := s.check(ctx, c, code, up, lang)
	return out, err
}

// changeable gives a campaign whose forms the actor may change.
func (s *Service) changeable(ctx context.Context, actor authz.Actor, campaign string) (Campaign, error) {
	if err := actor.Require(authz.CampaignManage); err != nil {
		return Campaign{}, err
	}
	c, err := s.Get(ctx, actor, campaign)
	if err != nil {
		return c, err
	}
	if !actor.Sees(c.Region) { // a township does not change the county's campaign
		return c, errs.Forbidden.New("authz.forbidden", "action", string(authz.CampaignManage))
	}
	if c.State == Closed {
		return c, errs.Conflict.New("survey.closed")
	}
	return c, nil
}

// check does what needs no transaction that writes.
func (s *Service) check(ctx context.Context, c Campaign, code string, up Upload, lang string) (Checked, playbook.Form, error) {
	ref, ok := c.form(code)
	if !ok {
		return Checked{}, playbook.Form{}, errs.NotFound.New("survey.form_code", "form", code)
	}
	old, err := s.Form(ctx, ref.Hash)
	if err != nil {
		return Checked{}, playbook.Form{}, err
	}
	f, mistakes := c.Plan.CheckForm(code, up.Name, up.Source)
	out := Checked{Campaign: c.ID, Form: FormRef{Code: code, Title: ref.Title, Version: f.Version, Classes: ref.Classes}, Base: ref.Hash, Mistakes: mistakes}
	if !out.Usable() {
		return out, f, nil
	}
	x, err := xform.Parse(f.XForm, xform.Options{})
	if err != nil {
		out.add(errs.Invalid.Wrap(err, "survey.form_engine", "what", err.Error()), false)
		return out, f, nil
	}
	sum := sha256.Sum256(f.XForm)
	hash := hex.EncodeToString(sum[:])
	switch {
	case x.ID() != old.X.ID():
		out.add(errs.Invalid.New("survey.other_form", "got", x.ID(), "form", old.X.ID()), false)
	case hash == ref.Hash:
		out.add(errs.Invalid.New("survey.same_form"), false)
	case strings.TrimSpace(f.Version) == "" || f.Version == ref.Version:
		out.add(errs.Invalid.New("survey.same_version", "version", f.Version), false)
	default:
		out.Form.Hash = hash
	}
	for _, name := range missed(c.Plan.Quality.Questions(), old.X, x) {
		out.add(errs.Invalid.New("survey.question_watched", "question", name), true)
	}
	out.Revised = append(x.Compare(old.X, lang), rules(old.Problems, f.Problems, lang)...)
	out.Revised = append(out.Revised, figures(old.Indicators, f.Indicators, lang)...)
	return out, f, nil
}

func (c *Checked) add(e *errs.Error, warning bool) {
	c.Mistakes = append(c.Mistakes, playbook.Mistake{Code: e.Code, Message: playbook.Text{ZH: e.Message("zh"), EN: e.Message("en")}, Warning: warning})
}

func (c Campaign) form(code string) (FormRef, bool) {
	for _, f := range c.Forms {
		if f.Code == code {
			return f, true
		}
	}
	return FormRef{}, false
}

// PublishForm makes an upload the version of a form that a campaign uses from now on. What was sent with an older version stays what it is.
// Returns Forbidden, NotFound "survey.not_found", "survey.form_code", Invalid "survey.publish_reason", "survey.form_mistakes", Conflict "survey.closed",
// "survey.form_changed" (somebody else has published meanwhile).
func (s *Service) PublishForm(ctx context.Context, actor authz.Actor, campaign, code string, in Publish) (Version, error) {
	c, err := s.changeable(ctx, actor, campaign)
	if err != nil {
		return Version{}, err
	}
	in.Reason = strings.TrimSpace(in.Reason)
	if n := utf8.RuneCountInString(in.Reason); n < 1 || n > maxPublishReason {
		return Version{}, errs.Invalid.New("survey.publish_reason", "field", "reason")
	}
	checked, f, err := s.check(ctx, c, code, in.Upload, "")
	if err != nil {
		return Version{}, err
	}
	if checked.Base != in.Base {
		return Version{}, errs.Conflict.New("survey.form_changed")
	}
	if !checked.Usable() {
		return Version{}, errs.Invalid.New("survey.form_mistakes", "mistakes", checked.Mistakes)
	}
	var out Version
	err = s.d.Update(ctx, func(tx *db.Tx) (err error) {
		out, err = s.publishTx(ctx, tx, actor, c.ID, checked, newForm{f, checked.Form.Hash}, in)
		return err
	})
	return out, err
}

func (s *Service) publishTx(ctx context.Context, tx *db.Tx, actor authz.Actor, campaign string, checked Checked, f newForm, in Publish) (Version, error) {
	c, err := VisibleTx(ctx, tx, actor, campaign)
	if err != nil {
		return Version{}, err
	}
	if c.State == Closed {
		return Version{}, errs.Conflict.New("survey.closed")
	}
	if err := writeForm(ctx, tx, c.County, f); err != nil {
		return Version{}, err
	}
	n, err := tx.Exec(ctx, updateUse, c.County, c.ID, f.Code, f.hash, checked.Base)
	if err != nil {
		return Version{}, err
	}
	if n == 0 { // somebody else was quicker
		return Version{}, errs.Conflict.New("survey.form_changed")
	}
	v := Version{Hash: f.hash, Version: f.Version, Title: f.Title, Reason: in.Reason, FileName: sheet.Clip(in.Name, 200), At: tx.Now(), ByName: actor.Name}
	if err := tx.QueryRow(ctx, selectLast, c.County, c.ID, f.Code).Scan(&v.N); err != nil {
		return Version{}, err
	}
	v.N++
	row := []any{c.County, c.ID, f.Code, v.N, v.Hash, checked.Base, v.Reason, v.FileName, v.At, actor.ID, v.ByName}
	if _, err := tx.Exec(ctx, insertVersion, row...); err != nil {
		return Version{}, err
	}
	if err := audit.LogTx(ctx, tx, Logged, row); err != nil {
		return Version{}, err
	}
	err = audit.Write(ctx, tx, actor, audit.Entry{
		Action: "survey.publish_form", Campaign: c.ID, Object: "form", ObjectID: f.Code, Place: c.Region,
		Detail: map[string]any{"version": v.Version, "hash": v.Hash, "before": checked.Base, "reason": v.Reason},
	})
	if err != nil {
		return Version{}, err
	}
	return v, s.bus.Emit(ctx, tx, c.County, EventFormPublished, FormPublished{c.ID, f.Code, checked.Base, f.hash})
}

// CurrentFormsTx gives the present version of each form of a campaign: its hash, by code.
func CurrentFormsTx(ctx context.Context, tx *db.Tx, county, campaign string) (map[string]string, error) {
	out := map[string]string{}
	err := tx.Query(ctx, selectCurrent, []any{county, campaign}, func(scan func(...any) error) error {
		var code, hash string
		err := scan(&code, &hash)
		out[code] = hash
		return err
	})
	return out, err
}
