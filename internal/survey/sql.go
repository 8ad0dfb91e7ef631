package survey

import (
	"context"
	"errors"
	"slices"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/playbook"
	"ruhu/internal/region"
)

const (
	columns = `id, county, region, playbook, title, starts_on, state, stage`

	selectPlan = `SELECT plan FROM survey_campaign WHERE county = $1 AND id = $2`
	selectOne  = `SELECT ` + columns + ` FROM survey_campaign WHERE county = $1 AND id = $2`
	// A campaign is seen from inside its region and from above: $2 <= region < $3, or region is a place above the actor's.
	selectList   = `SELECT ` + columns + ` FROM survey_campaign WHERE county = $1 AND ((region >= $2 AND region < $3) OR region IN ($4, $5)) ORDER BY id`
	selectScoped = `SELECT ` + columns + ` FROM survey_campaign WHERE county = $1 AND ((region >= $2 AND region < $3) OR region IN ($4, $5)) AND id = $6`

	selectRunning = `SELECT ` + columns + ` FROM survey_campaign WHERE state = 'running' ORDER BY county, id`

	insertOne = `INSERT INTO survey_campaign (county, id, region, playbook, plan, title, starts_on, state, stage, created_at, created_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (county, id) DO NOTHING`
	updateHead  = `UPDATE survey_campaign SET title = $3, starts_on = $4 WHERE county = $1 AND id = $2`
	updateStage = `UPDATE survey_campaign SET state = $3, stage = $4 WHERE county = $1 AND id = $2 AND state = $5 AND stage = $6`

	insertForm = `INSERT INTO survey_form (county, hash, code, version, title, xform, problems, indicators, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (county, hash) DO UPDATE SET indicators = excluded.indicators WHERE CAST(survey_form.indicators AS TEXT) = '[]'` // stored by an older release
	insertUse = `INSERT INTO survey_campaign_form (county, campaign, code, hash, ordinal, classes) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (county, campaign, code) DO NOTHING`
	selectForm = `SELECT hash, code, version, title, xform, problems, indicators FROM survey_form WHERE hash = $1 ORDER BY county LIMIT 1`
	selectMade = `SELECT hash, code FROM survey_form WHERE county = $1 AND version = $2 ORDER BY hash`
	selectUses = `SELECT u.campaign, u.code, u.hash, u.classes, f.version, f.title FROM survey_campaign_form u
		JOIN survey_form f ON f.county = u.county AND f.hash = u.hash WHERE u.county = $1 AND u.campaign IN (`
)

// scan reads a campaign without its plan; see planTx.
func scan(scan func(...any) error) (Campaign, error) {
	var c Campaign
	err := scan(&c.ID, &c.County, &c.Region, &c.Playbook, &c.Title, &c.StartsOn, &c.State, &c.Stage)
	return c, err
}

// planTx adds the plans of campaigns. A campaign keeps its playbook, which is large and asked for by every room: it is decoded once.
func planTx(ctx context.Context, tx *db.Tx, cs []Campaign) error {
	for i := range cs {
		c := &cs[i]
		plan, err := db.Once(tx, "survey.plan/"+c.County+"/"+c.ID, func() (*playbook.Playbook, error) {
			var plan db.JSON[*playbook.Playbook]
			err := tx.QueryRow(ctx, selectPlan, c.County, c.ID).Scan(&plan)
			return plan.V, err
		})
		if err != nil {
			return err
		}
		c.Plan = plan
		c.setStages()
	}
	return nil
}

// scope gives the first five arguments of selectList and selectScoped.
func scope(actor authz.Actor) []any {
	lo, hi := actor.Scope()
	up := actor.Region.Parent()
	return []any{actor.County, lo, hi, up, up.Parent()}
}

// CampaignTx gives a campaign without asking who looks. Returns NotFound "survey.not_found".
func CampaignTx(ctx context.Context, tx *db.Tx, county, id string) (Campaign, error) {
	return oneTx(ctx, tx, id, selectOne, county, id)
}

// VisibleTx is CampaignTx for an actor: one outside their region is not found.
func VisibleTx(ctx context.Context, tx *db.Tx, actor authz.Actor, id string) (Campaign, error) {
	return oneTx(ctx, tx, id, selectScoped, append(scope(actor), id)...)
}

func oneTx(ctx context.Context, tx *db.Tx, id, q string, args ...any) (Campaign, error) {
	c, err := scan(tx.QueryRow(ctx, q, args...).Scan)
	if errors.Is(err, db.ErrNoRows) {
		return c, errs.NotFound.New("survey.not_found", "id", id)
	}
	if err != nil {
		return c, err
	}
	cs := []Campaign{c}
	err = fillTx(ctx, tx, c.County, cs)
	return cs[0], err
}

func listTx(ctx context.Context, tx *db.Tx, actor authz.Actor) ([]Campaign, error) {
	cs, err := db.List(ctx, tx, scan, selectList, scope(actor)...)
	if err != nil {
		return nil, err
	}
	return cs, fillTx(ctx, tx, actor.County, cs)
}

// RunningTx gives the campaigns of all counties that are running, without forms and names of regions: for what the program does by itself.
func RunningTx(ctx context.Context, tx *db.Tx) ([]Campaign, error) {
	cs, err := db.List(ctx, tx, scan, selectRunning)
	if err != nil {
		return nil, err
	}
	return cs, planTx(ctx, tx, cs)
}

// fillTx adds plans, forms and the names of regions.
func fillTx(ctx context.Context, tx *db.Tx, county string, cs []Campaign) error {
	if err := planTx(ctx, tx, cs); err != nil {
		return err
	}
	at := map[string]*Campaign{}
	var ids []string
	var codes []region.Code
	for i := range cs {
		at[cs[i].ID] = &cs[i]
		ids = append(ids, cs[i].ID)
		codes = append(codes, cs[i].Region)
	}
	names, err := region.NamesTx(ctx, tx, codes)
	if err != nil {
		return err
	}
	for i := range cs {
		cs[i].RegionName = names[cs[i].Region]
	}
	for part := range slices.Chunk(ids, 500) {
		in, args := db.In(2, part...)
		err := tx.Query(ctx, selectUses+in+`) ORDER BY u.campaign, u.ordinal`, append([]any{county}, args...), func(scan func(...any) error) error {
			var id string
			var f FormRef
			var classes db.JSON[[]string]
			var title db.JSON[playbook.Text]
			err := scan(&id, &f.Code, &f.Hash, &classes, &f.Version, &title)
			f.Classes, f.Title = classes.V, title.V
			if c := at[id]; c != nil {
				c.Forms = append(c.Forms, f)
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
