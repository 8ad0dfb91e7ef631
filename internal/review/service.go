package review

import (
	"context"
	"slices"
	"strings"
	"time"

	"ruhu/form/xform"
	"ruhu/internal/account"
	"ruhu/internal/authz"
	"ruhu/internal/blob"
	"ruhu/internal/calendar"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/job"
	"ruhu/internal/playbook"
	"ruhu/internal/signature"
	"ruhu/internal/submission"
	"ruhu/internal/survey"
)

// Service shows forms to reviewers and records their decisions. It is safe for many goroutines.
type Service struct {
	d        *db.DB
	bus      *job.Bus
	surveys  *survey.Service
	accounts *account.Service
	blobs    *blob.Store
	cal      *calendar.Calendar
	signs    *signature.Service
}

// NewService makes a Service and answers for the gates all_reviewed and areas_accepted. cal says which days are working days; nil is the official calendar.
func NewService(d *db.DB, bus *job.Bus, surveys *survey.Service, accounts *account.Service, blobs *blob.Store, cal *calendar.Calendar, signs *signature.Service) *Service {
	if cal == nil {
		cal = calendar.Official()
	}
	surveys.RegisterGate(survey.GateAllReviewed, allReviewed)
	surveys.RegisterGate(survey.GateAreasAccepted, areasAccepted)
	return &Service{d, bus, surveys, accounts, blobs, cal, signs}
}

// Detail is a form as a reviewer sees it.
type Detail struct {
	Row
	FormTitle playbook.Text
	Revisions []submission.Revision
	Names     map[string]string // account id → name, of senders
	Sections  []Section         // of the current revision; none when the engine cannot read it
	Comments  []Comment
	Findings  []submission.Finding
	History   []Step
	Missing   []string    // files that the current revision names and that have not arrived
	May       []Action    // what the actor could decide, complete or not
	Visit     xform.Visit // who was met, of the current revision
	Vouches   []Vouch     // how the enumerators confirmed it
}

// Step is one entry of a form's history: an arrival ("submit"), a decision, or a level that did not look ("pass").
type Step struct {
	At       db.Time
	ByName   string
	Role     authz.Role
	Action   string
	Level    string // code; "" for arrivals
	Note     string
	Revision int
}

// material is what Get reads in its transaction.
type material struct {
	Detail
	bodies map[int][]byte
	zone   *time.Location
}

// Get gives a form of the actor's region, texts of the questionnaire in lang ("zh" or "en"). Returns Forbidden, NotFound "submission.not_found".
func (s *Service) Get(ctx context.Context, actor authz.Actor, submissionID, lang string) (Detail, error) {
	if err := actor.Require(authz.SubmissionRead); err != nil {
		return Detail{}, err
	}
	var m material
	err := s.d.View(ctx, func(tx *db.Tx) (err error) {
		m, err = s.readTx(ctx, tx, actor, submissionID)
		return err
	})
	if err != nil {
		return Detail{}, err
	}
	form, err := s.surveys.Form(ctx, m.Form)
	if errs.Is(err, errs.NotFound) {
		return m.Detail, nil
	}
	if err != nil {
		return Detail{}, err
	}
	m.FormTitle = form.Title
	sh := sheet{zone: m.zone, lang: lang, names: m.Names, mask: !actor.Can(authz.RosterPII)}
	now, err := s.read(ctx, sh, &m, m.Revision)
	if err != nil {
		return Detail{}, err
	}
	before, err := s.read(ctx, sh, &m, m.before())
	if err != nil {
		return Detail{}, err
	}
	if now != nil {
		m.Visit, m.Vouches = now.visit, now.vouches
		for i, v := range m.Vouches {
			m.Vouches[i].Holds = !slices.ContainsFunc(m.Findings, func(f submission.Finding) bool { return f.Rule == "vouch" && f.Ref == v.Ref })
		}
		for i, c := range m.Comments {
			m.Comments[i].Reply = now.replies[c.ID]
		}
	}
	m.Sections = sections(now, before, m.Comments, m.Findings)
	return m.Detail, nil
}

// read reads a revision with the version of the form that it is of; nil when there is none.
func (s *Service) read(ctx context.Context, sh sheet, m *material, n int) (*page, error) {
	for _, r := range m.Revisions {
		if r.N != n {
			continue
		}
		form, err := s.surveys.Form(ctx, r.Form)
		if err != nil {
			return nil, err
		}
		sh.form = form.X
		return sh.read(m.bodies[n], r.ReceivedAt.Time()), nil
	}
	return nil, nil
}

// before is the number of the last revision before the current one that was not set aside; 0 when there is none.
func (m *material) before() int {
	n := 0
	for _, r := range m.Revisions {
		if r.N < m.Revision && r.Reason == "" {
			n = r.N
		}
	}
	return n
}

func (s *Service) readTx(ctx context.Context, tx *db.Tx, actor authz.Actor, submissionID string) (material, error) {
	m := material{bodies: map[int][]byte{}, zone: time.UTC}
	rec, err := submission.GetTx(ctx, tx, actor, submissionID)
	if err != nil {
		return m, err
	}
	rows, err := submission.RowsTx(ctx, tx, rec.County, []submission.Record{rec})
	if err != nil {
		return m, err
	}
	m.Row = Row{Row: rows[0]}
	if m.Revisions, err = submission.RevisionsTx(ctx, tx, rec.County, rec.ID); err != nil {
		return m, err
	}
	for _, n := range []int{rec.Revision, m.before()} {
		if n == 0 {
			continue
		}
		if m.bodies[n], err = submission.BodyTx(ctx, tx, rec.County, rec.ID, n); err != nil {
			return m, err
		}
	}
	if m.Missing, err = s.missingTx(ctx, tx, rec, m.Revisions); err != nil {
		return m, err
	}
	if m.Findings, err = submission.FindingsTx(ctx, tx, rec.County, rec.ID, rec.Revision); err != nil {
		return m, err
	}
	if m.Comments, err = commentsTx(ctx, tx, rec.County, []string{rec.ID}); err != nil {
		return m, err
	}
	if m.Names, err = s.namesTx(ctx, tx, rec.County, m.Revisions, m.bodies[rec.Revision]); err != nil {
		return m, err
	}
	if m.History, err = historyTx(ctx, tx, rec, m.Revisions, m.Names); err != nil {
		return m, err
	}
	c, err := survey.CampaignTx(ctx, tx, rec.County, rec.Campaign)
	if errs.Is(err, errs.NotFound) { // quarantined without a campaign
		return m, nil
	}
	if err != nil {
		return m, err
	}
	m.zone = c.Zone
	for _, a := range []Action{Approve, Return, Annotate, Reopen} {
		level, err := mayDecide(actor, rec, c.Plan.Review, a)
		joint := level.Joint && rec.State == submission.StateReview && a != Annotate
		if err == nil && !joint && actor.Can(authz.ReviewDecide) {
			m.May = append(m.May, a)
		}
	}
	for i, t := range m.Comments {
		for _, a := range []string{Reply, Resolve, ReopenThread} {
			if nextThread(t.state(), a) != "" && actor.Can(authz.ReviewDecide) && maySay(actor.Role, c.Plan.Review, t.Level, a) {
				m.Comments[i].May = append(m.Comments[i].May, a)
			}
		}
	}
	m.DueOn = s.due(c, rec)
	codes, err := codesTx(ctx, tx, rec.County, rec.Campaign, []string{rec.ID})
	if err != nil {
		return m, err
	}
	m.Code = codes[rec.ID]
	return m, nil
}

// namesTx gives the names of the senders and of the accounts that the form names as its enumerators.
func (s *Service) namesTx(ctx context.Context, tx *db.Tx, county string, revs []submission.Revision, body []byte) (map[string]string, error) {
	ids := idsIn(body)
	for _, r := range revs {
		ids = append(ids, r.Account)
	}
	slices.Sort(ids)
	as, err := s.accounts.ByIDsTx(ctx, tx, county, slices.Compact(ids))
	if err != nil {
		return nil, err
	}
	names := make(map[string]string, len(as))
	for k, a := range as {
		names[k] = a.Name
	}
	return names, nil
}

func historyTx(ctx context.Context, tx *db.Tx, rec submission.Record, revs []submission.Revision, names map[string]string) ([]Step, error) {
	ds, err := decisionsTx(ctx, tx, rec.County, []string{rec.ID})
	if err != nil {
		return nil, err
	}
	out, err := passesTx(ctx, tx, rec.County, rec.ID)
	if err != nil {
		return nil, err
	}
	for _, r := range revs {
		out = append(out, Step{r.ReceivedAt, names[r.Account], authz.Enumerator, "submit", "", "", r.N})
	}
	for _, d := range ds {
		out = append(out, Step{d.At, d.ByName, d.Role, string(d.Action), d.Level, d.Note, d.Revision})
	}
	slices.SortStableFunc(out, func(a, b Step) int { return strings.Compare(a.At.String(), b.At.String()) })
	return out, nil
}

// XML gives a revision as it came. Because nothing is masked in it, the actor must be allowed to see personal data.
// Returns Forbidden, NotFound "submission.not_found", "submission.no_revision".
func (s *Service) XML(ctx context.Context, actor authz.Actor, submissionID string, n int) ([]byte, error) {
	if err := actor.Require(authz.SubmissionRead); err != nil {
		return nil, err
	}
	if err := actor.Require(authz.RosterPII); err != nil {
		return nil, err
	}
	var out []byte
	err := s.d.View(ctx, func(tx *db.Tx) error {
		rec, err := submission.GetTx(ctx, tx, actor, submissionID)
		if err != nil {
			return err
		}
		out, err = submission.BodyTx(ctx, tx, rec.County, rec.ID, n)
		return err
	})
	return out, err
}

// File gives the digest of a file that a revision of the form names. Returns Forbidden, NotFound "submission.not_found", "submission.no_file".
func (s *Service) File(ctx context.Context, actor authz.Actor, submissionID, name string) (blob.Digest, error) {
	if err := actor.Require(authz.SubmissionRead); err != nil {
		return "", err
	}
	var out blob.Digest
	err := s.d.View(ctx, func(tx *db.Tx) error {
		rec, err := submission.GetTx(ctx, tx, actor, submissionID)
		if err != nil {
			return err
		}
		revs, err := submission.RevisionsTx(ctx, tx, rec.County, rec.ID)
		if err != nil {
			return err
		}
		for _, r := range slices.Backward(revs) { // another app may give two pictures one name: the latest is meant
			if !slices.Contains(r.Files, name) {
				continue
			}
			files, err := submission.FilesTx(ctx, tx, rec.County, rec.ID, revs, r.N)
			if err != nil || files[name] != "" {
				out = files[name]
				return err
			}
		}
		return errs.NotFound.New("submission.no_file")
	})
	return out, err
}

// Change is a question whose answer differs between two revisions.
type Change struct {
	Ref   string `json:"ref"`
	Label string `json:"label"`
	From  string `json:"from"`
	To    string `json:"to"`
}

// Diff tells what changed between two revisions, in the order of the form. Returns Forbidden, NotFound "submission.not_found",
// "submission.no_revision".
func (s *Service) Diff(ctx context.Context, actor authz.Actor, submissionID string, from, to int, lang string) ([]Change, error) {
	if err := actor.Require(authz.SubmissionRead); err != nil {
		return nil, err
	}
	var m material
	err := s.d.View(ctx, func(tx *db.Tx) (err error) {
		if m, err = s.readTx(ctx, tx, actor, submissionID); err != nil {
			return err
		}
		for _, n := range []int{from, to} {
			if m.bodies[n], err = submission.BodyTx(ctx, tx, m.County, m.ID, n); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	sh := sheet{zone: m.zone, lang: lang, names: m.Names, mask: !actor.Can(authz.RosterPII)}
	was, err := s.read(ctx, sh, &m, from)
	if err != nil {
		return nil, err
	}
	is, err := s.read(ctx, sh, &m, to)
	if err != nil {
		return nil, err
	}
	return diff(was, is), nil
}
