package paper

import (
	"context"
	"errors"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/region"
)

const (
	jobColumns  = `id, county, campaign, account, actor, ask, base, open_pii, households, created_at`
	fileColumns = `job, n, name, households, state, done, total, error, fields, digest, size, ended_at, expires_at`

	insertJob = `INSERT INTO paper_job (county, id, campaign, account, actor, ask, base, open_pii, households, created_at)
 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (county, id) DO NOTHING`
	selectJob  = `SELECT ` + jobColumns + ` FROM paper_job WHERE county = $1 AND id = $2`
	selectOwn  = `SELECT ` + jobColumns + ` FROM paper_job WHERE county = $1 AND campaign = $2 AND account = $3 ORDER BY id DESC LIMIT 50`
	insertFile = `INSERT INTO paper_file (county, job, n, name, households, state, done, total, error, fields, digest, size, ended_at, expires_at)
 VALUES ($1, $2, $3, $4, $5, 'queued', 0, $6, '', '{}', '', 0, NULL, NULL)`
	selectFiles   = `SELECT ` + fileColumns + ` FROM paper_file WHERE county = $1 AND job IN (`
	selectExpired = `SELECT county, job, n, digest FROM paper_file WHERE state = 'ready' AND expires_at <= $1 ORDER BY expires_at, county, job, n LIMIT 500`

	updateState = `UPDATE paper_file SET state = $4, done = $5 WHERE county = $1 AND job = $2 AND n = $3 AND state IN ('queued', 'building', 'printing')`
	updateEnd   = `UPDATE paper_file SET state = $4, done = $5, error = $6, fields = $7, digest = $8, size = $9, ended_at = $10, expires_at = $11
 WHERE county = $1 AND job = $2 AND n = $3 AND state IN ('queued', 'building', 'printing')`
	updateGone = `UPDATE paper_file SET state = 'gone', digest = '' WHERE county = $1 AND job = $2 AND n = $3`
)

// person is an actor as it is stored.
type person struct {
	Account string      `json:"account"`
	Name    string      `json:"name"`
	Role    authz.Role  `json:"role"`
	Region  region.Code `json:"region"`
}

func scanJob(scan func(...any) error) (Job, error) {
	var j Job
	var account string
	var p db.JSON[person]
	var ask db.JSON[Ask]
	err := scan(&j.ID, &j.County, &j.Campaign, &account, &p, &ask, &j.Base, &j.OpenPII, &j.Households, &j.CreatedAt)
	j.Ask = ask.V
	j.actor = authz.Actor{ID: account, Account: p.V.Account, Name: p.V.Name, Role: p.V.Role, County: j.County, Region: p.V.Region}
	return j, err
}

// jobTx gives a job with its files. Returns NotFound "paper.not_found".
func jobTx(ctx context.Context, tx *db.Tx, county, id string) (Job, error) {
	j, err := scanJob(tx.QueryRow(ctx, selectJob, county, id).Scan)
	if errors.Is(err, db.ErrNoRows) {
		return j, errs.NotFound.New("paper.not_found", "id", id)
	}
	if err != nil {
		return j, err
	}
	js := []Job{j}
	err = filesTx(ctx, tx, county, js)
	return js[0], err
}

// filesTx fills in the files of jobs.
func filesTx(ctx context.Context, tx *db.Tx, county string, js []Job) error {
	if len(js) == 0 {
		return nil
	}
	at := map[string]*Job{}
	ids := make([]string, len(js))
	for i := range js {
		ids[i], at[js[i].ID] = js[i].ID, &js[i]
	}
	in, args := db.In(2, ids...)
	return tx.Query(ctx, selectFiles+in+`) ORDER BY job, n`, append([]any{county}, args...), func(scan func(...any) error) error {
		var job, code string
		var f File
		var households db.JSON[[]string]
		var fields db.JSON[map[string]any]
		err := scan(&job, &f.N, &f.Name, &households, (*string)(&f.State), &f.Done, &f.Total, &code, &fields, &f.digest, &f.Size, &f.EndedAt, &f.ExpiresAt)
		f.households = households.V
		if code != "" {
			f.Err = &errs.Error{Kind: errs.Unavailable, Code: code, Fields: fields.V}
		}
		if j := at[job]; j != nil {
			j.Files = append(j.Files, f)
		}
		return err
	})
}
