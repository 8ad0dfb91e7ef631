package survey

import (
	"context"
	"strings"
	"sync"
	"unicode/utf8"

	"ruhu/internal/audit"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/job"
	"ruhu/internal/playbook"
	"ruhu/internal/region"
)

// Service makes campaigns and moves them on.
type Service struct {
	d      *db.DB
	bus    *job.Bus
	books  *playbook.Library
	gates  map[string][]Gate
	forms  sync.Map // hash -> *Form
	handed sync.Map // county and hash -> Handed
}

// NewService makes a Service. books are the playbooks that campaigns can be made from.
func NewService(d *db.DB, bus *job.Bus, books *playbook.Library) *Service {
	return &Service{d: d, bus: bus, books: books, gates: map[string][]Gate{}}
}

// Book is a playbook to choose from.
type Book struct {
	ID    string
	Title playbook.Text
}

// Books lists the playbooks. One that has mistakes is an error that lists them.
func (s *Service) Books(actor authz.Actor) ([]Book, error) {
	if err := actor.Require(authz.CampaignRead); err != nil {
		return nil, err
	}
	ids, err := s.books.IDs()
	if err != nil {
		return nil, err
	}
	out := make([]Book, len(ids))
	for i, bookID := range ids {
		p, err := s.books.Load(bookID)
		if err != nil {
			return nil, err
		}
		out[i] = Book{p.ID, p.Title}
	}
	return out, nil
}

// List gives the campaigns that the actor sees, oldest first. Returns Forbidden.
func (s *Service) List(ctx context.Context, actor authz.Actor) ([]Campaign, error) {
	if err := actor.Require(authz.CampaignRead); err != nil {
		return nil, err
	}
	var out []Campaign
	err := s.d.View(ctx, func(tx *db.Tx) (err error) {
		out, err = listTx(ctx, tx, actor)
		return err
	})
	return out, err
}

// Get gives a campaign that the actor sees. Returns Forbidden, NotFound "survey.not_found", Invalid "id.malformed".
func (s *Service) Get(ctx context.Context, actor authz.Actor, campaign string) (Campaign, error) {
	if err := actor.Require(authz.CampaignRead); err != nil {
		return Campaign{}, err
	}
	campaign, err := id.Parse(campaign)
	if err != nil {
		return Campaign{}, err
	}
	var c Campaign
	err = s.d.View(ctx, func(tx *db.Tx) (err error) {
		c, err = VisibleTx(ctx, tx, actor, campaign)
		return err
	})
	return c, err
}

// Input is what a campaign is made from.
type Input struct {
	Playbook string
	Title    string
	Region   region.Code
	StartsOn db.Date
}

// Put makes a campaign under an id chosen by the client, or changes title and first day of one. The first day can't change once
// the campaign runs; playbook and region never do.
// Returns Forbidden, NotFound "playbook.unknown", "region.not_found", "survey.not_found" (id used elsewhere), Invalid
// "survey.title", "survey.starts_on", "survey.region", Conflict "survey.running", "survey.fixed".
func (s *Service) Put(ctx context.Context, actor authz.Actor, campaign string, in Input) (Campaign, error) {
	if err := actor.Require(authz.CampaignManage); err != nil {
		return Campaign{}, err
	}
	campaign, err := id.Parse(campaign)
	if err != nil {
		return Campaign{}, err
	}
	in.Title = strings.TrimSpace(in.Title)
	if n := utf8.RuneCountInString(in.Title); n < 1 || n > 80 {
		return Campaign{}, errs.Invalid.New("survey.title", "field", "title")
	}
	if d, err := db.ParseDate(string(in.StartsOn)); err != nil || d < "2000" || d > "2100" {
		return Campaign{}, errs.Invalid.New("survey.starts_on", "field", "starts_on")
	}
	book, err := s.books.Load(in.Playbook)
	if err != nil {
		return Campaign{}, err
	}
	forms, err := prepare(book)
	if err != nil {
		return Campaign{}, err
	}
	var out Campaign
	err = s.d.Update(ctx, func(tx *db.Tx) (err error) {
		out, err = putTx(ctx, tx, actor, campaign, in, book, forms)
		return err
	})
	return out, err
}

func putTx(ctx context.Context, tx *db.Tx, actor authz.Actor, campaign string, in Input, book *playbook.Playbook, forms []newForm) (Campaign, error) {
	switch old, err := CampaignTx(ctx, tx, actor.County, campaign); {
	case err == nil && !actor.Sees(old.Region):
		return Campaign{}, errs.NotFound.New("survey.not_found", "id", campaign)
	case err == nil:
		return changeTx(ctx, tx, actor, old, in)
	case !errs.Is(err, errs.NotFound):
		return Campaign{}, err
	}
	if l := in.Region.Level(); !in.Region.Valid() || l != region.Township && l != region.County {
		return Campaign{}, errs.Invalid.New("survey.region", "field", "region_code")
	}
	if !actor.Sees(in.Region) {
		return Campaign{}, errs.NotFound.New("region.not_found", "code", string(in.Region))
	}
	if _, err := region.GetTx(ctx, tx, in.Region); err != nil {
		return Campaign{}, err
	}
	if _, err := tx.Exec(ctx, insertOne, actor.County, campaign, in.Region, book.ID, db.AsJSON(bare(book)), in.Title, in.StartsOn, Planned, "",
		tx.Now(), actor.ID); err != nil {
		return Campaign{}, err
	}
	if err := writeForms(ctx, tx, actor.County, campaign, forms); err != nil {
		return Campaign{}, err
	}
	err := audit.Write(ctx, tx, actor, audit.Entry{
		Action: "survey.create", Campaign: campaign, Object: "campaign", ObjectID: campaign, Place: in.Region,
		Detail: map[string]any{"playbook": book.ID, "title": in.Title, "starts_on": in.StartsOn},
	})
	if err != nil {
		return Campaign{}, err
	}
	return CampaignTx(ctx, tx, actor.County, campaign)
}

func changeTx(ctx context.Context, tx *db.Tx, actor authz.Actor, old Campaign, in Input) (Campaign, error) {
	if in.Playbook != old.Playbook || in.Region != old.Region {
		return Campaign{}, errs.Conflict.New("survey.fixed")
	}
	if in.Title == old.Title && in.StartsOn == old.StartsOn {
		return old, nil
	}
	if in.StartsOn != old.StartsOn && old.State != Planned {
		return Campaign{}, errs.Conflict.New("survey.running")
	}
	if _, err := tx.Exec(ctx, updateHead, old.County, old.ID, in.Title, in.StartsOn); err != nil {
		return Campaign{}, err
	}
	err := audit.Write(ctx, tx, actor, audit.Entry{
		Action: "survey.change", Campaign: old.ID, Object: "campaign", ObjectID: old.ID, Place: old.Region,
		Detail: map[string]any{"title": in.Title, "starts_on": in.StartsOn},
	})
	if err != nil {
		return Campaign{}, err
	}
	return CampaignTx(ctx, tx, old.County, old.ID)
}

// SetStage moves a campaign to the stage that follows the present one; "closed" follows the last. The gates of the stage that is
// left must be open. Asking for the present stage changes nothing.
// Returns Forbidden, NotFound, Invalid "survey.no_stage", Conflict "survey.gate" (field missing lists what), "survey.stage_order", "survey.closed".
func (s *Service) SetStage(ctx context.Context, actor authz.Actor, campaign, stage string) (Campaign, error) {
	if err := actor.Require(authz.CampaignManage); err != nil {
		return Campaign{}, err
	}
	campaign, err := id.Parse(campaign)
	if err != nil {
		return Campaign{}, err
	}
	var out Campaign
	err = s.d.Update(ctx, func(tx *db.Tx) error {
		c, err := VisibleTx(ctx, tx, actor, campaign)
		if err != nil {
			return err
		}
		if !actor.Sees(c.Region) { // a township does not move the county's campaign on
			return errs.Forbidden.New("authz.forbidden", "action", string(authz.CampaignManage))
		}
		if stage != "" && stage == c.Stage && c.State == Running || stage == Closed && c.State == Closed {
			out = c
			return nil
		}
		out, err = s.stageTx(ctx, tx, actor, c, stage)
		return err
	})
	return out, err
}

func (s *Service) stageTx(ctx context.Context, tx *db.Tx, actor authz.Actor, c Campaign, stage string) (Campaign, error) {
	from, leaves, err := c.step(stage)
	if err != nil {
		return c, err
	}
	var onPaper []string
	if leaves {
		list, paper, err := s.missing(ctx, tx, c, from)
		if err != nil {
			return c, err
		}
		if len(list) > 0 {
			return c, closedGate(from, list)
		}
		onPaper = paper
	}
	state, now := Running, stage
	if stage == Closed {
		state, now = Closed, c.Stage
	}
	n, err := tx.Exec(ctx, updateStage, c.County, c.ID, state, now, c.State, c.Stage)
	if err != nil {
		return c, err
	}
	if n == 0 { // somebody else was quicker
		return c, errs.Conflict.New("survey.stage_order", "stage", stage)
	}
	err = audit.Write(ctx, tx, actor, audit.Entry{
		Action: "survey.stage", Campaign: c.ID, Object: "campaign", ObjectID: c.ID, Place: c.Region,
		Detail: map[string]any{"from": c.Stage, "to": stage, "gates_on_paper": onPaper},
	})
	if err != nil {
		return c, err
	}
	return CampaignTx(ctx, tx, c.County, c.ID)
}
