package survey

import (
	"context"
	"slices"

	"ruhu/internal/audit"
	"ruhu/internal/db"
	"ruhu/internal/playbook"
)

// Logged are the rows of published versions in the log.
var Logged = audit.NewTable("survey_version", 3, "campaign, code, n:int, hash, before, reason, file_name, at:time, account, by_name")

const (
	updateUse     = `UPDATE survey_campaign_form SET hash = $4 WHERE county = $1 AND campaign = $2 AND code = $3 AND hash = $5`
	selectCurrent = `SELECT code, hash FROM survey_campaign_form WHERE county = $1 AND campaign = $2 ORDER BY code`
	selectLast    = `SELECT coalesce(max(n), 1) FROM survey_version WHERE county = $1 AND campaign = $2 AND code = $3`
	insertVersion = `INSERT INTO survey_version (county, campaign, code, n, hash, before, reason, file_name, at, account, by_name)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`
	selectVersions = `SELECT v.n, v.hash, v.before, v.reason, v.file_name, v.at, v.by_name, f.version, f.title FROM survey_version v
		JOIN survey_form f ON f.county = v.county AND f.hash = v.hash
		WHERE v.county = $1 AND v.campaign = $2 AND v.code = $3 ORDER BY v.n`
	selectNamed = `SELECT hash, version, title FROM survey_form WHERE county = $1 AND hash = $2`
)

// versionsTx gives the versions of a form, the newest first; the playbook's is the last.
func versionsTx(ctx context.Context, tx *db.Tx, c Campaign, f FormRef) ([]Version, error) {
	first := ""
	list, err := db.List(ctx, tx, func(scan func(...any) error) (Version, error) {
		var v Version
		var before string
		var title db.JSON[playbook.Text]
		err := scan(&v.N, &v.Hash, &before, &v.Reason, &v.FileName, &v.At, &v.ByName, &v.Version, &title)
		if v.Title = title.V; first == "" {
			first = before
		}
		return v, err
	}, selectVersions, c.County, c.ID, f.Code)
	if err != nil {
		return nil, err
	}
	v := Version{N: 1, Hash: f.Hash, Version: f.Version, Title: f.Title}
	if first != "" {
		var title db.JSON[playbook.Text]
		if err := tx.QueryRow(ctx, selectNamed, c.County, first).Scan(&v.Hash, &v.Version, &title); err != nil {
			return nil, err
		}
		v.Title = title.V
	}
	slices.Reverse(list)
	return append(list, v), nil
}
