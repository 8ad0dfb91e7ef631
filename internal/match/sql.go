package match

import (
	"context"
	"encoding/json"
	"errors"

	"ruhu/internal/db"
	"ruhu/internal/errs"
)

const (
	registerColumns = `id, county, campaign, kind, file_name, digest, bytes, state, rows, left_out, left_out_file, mapping, report, skip_broken, error, by_name, at, current_at`

	insertRegister = `INSERT INTO match_register (county, id, campaign, kind, file_name, digest, bytes, state, rows, left_out, left_out_file, mapping,
		report, skip_broken, error, by_account, by_name, at) VALUES ($1, $2, $3, $4, $5, $6, $7, 'uploaded', 0, 0, '', $8, $9, FALSE, $10, $11, $12, $13)`
	selectRegister  = `SELECT ` + registerColumns + ` FROM match_register WHERE county = $1 AND id = $2`
	selectRegisters = `SELECT ` + registerColumns + ` FROM match_register WHERE county = $1 AND campaign = $2 ORDER BY kind, id`
	selectCurrent   = `SELECT ` + registerColumns + ` FROM match_register WHERE county = $1 AND campaign = $2 AND kind = $3 AND state = 'current' ORDER BY id DESC LIMIT 1`
	selectCurrents  = `SELECT ` + registerColumns + ` FROM match_register WHERE county = $1 AND campaign = $2 AND state = 'current' ORDER BY id`
	selectSameFile  = `SELECT ` + registerColumns + ` FROM match_register WHERE county = $1 AND campaign = $2 AND kind = $3 AND digest = $4
		AND state IN ('uploaded', 'loading', 'current') ORDER BY id DESC LIMIT 1`
	updateChecked = `UPDATE match_register SET mapping = $3, report = $4 WHERE county = $1 AND id = $2 AND state IN ('uploaded', 'failed')`
	updateStart   = `UPDATE match_register SET state = 'loading', rows = 0, mapping = $3, skip_broken = $4, error = $5 WHERE county = $1 AND id = $2
		AND state IN ('uploaded', 'failed')`
	updateRows    = `UPDATE match_register SET rows = $3 WHERE county = $1 AND id = $2 AND state = 'loading'`
	updateFailed  = `UPDATE match_register SET state = 'failed', rows = 0, report = $3, error = $4 WHERE county = $1 AND id = $2 AND state = 'loading'`
	updateCurrent = `UPDATE match_register SET state = 'current', current_at = $3, rows = $4, left_out = $5, left_out_file = $6, report = $7
		WHERE county = $1 AND id = $2 AND state = 'loading'`
	supersede      = `UPDATE match_register SET state = 'superseded' WHERE county = $1 AND campaign = $2 AND kind = $3 AND state = 'current' AND id <> $4`
	deleteRegister = `DELETE FROM match_register WHERE county = $1 AND id = $2 AND state IN ('uploaded', 'failed')`

	recordColumns = `n, sheet, row, name, id_number, birth, sex, village, household_key, relation, case_key, data`
	insertRecord  = `INSERT INTO match_record (county, register, ` + recordColumns + `) VALUES `
	deleteRecords = `DELETE FROM match_record WHERE county = $1 AND register = $2 AND n > $3 AND n <= $4`
	lastRecord    = `SELECT coalesce(max(n), 0) FROM match_record WHERE county = $1 AND register = $2`
	selectRecords = `SELECT ` + recordColumns + ` FROM match_record WHERE county = $1 AND register = $2 AND n > $3 ORDER BY n LIMIT $4`

	selectMapping = `SELECT header, field FROM match_mapping WHERE county = $1 AND kind = $2 ORDER BY header`
	upsertMapping = `INSERT INTO match_mapping (county, kind, header, field, at) VALUES `
	onMapping     = ` ON CONFLICT (county, kind, header) DO UPDATE SET field = excluded.field, at = excluded.at`
)

func scanRegister(scan func(...any) error) (Register, error) {
	var r Register
	var mapping db.JSON[Mapping]
	var report db.JSON[*Report]
	var failure db.JSON[*storedError]
	err := scan(&r.ID, &r.County, &r.Campaign, &r.Kind, &r.FileName, (*string)(&r.Digest), &r.Bytes, (*string)(&r.State), &r.Rows, &r.LeftOut, (*string)(&r.LeftOutFile),
		&mapping, &report, &r.SkipBroken, &failure, &r.ByName, &r.At, &r.CurrentAt)
	r.Mapping, r.Report = mapping.V, report.V
	if failure.V != nil && failure.V.Code != "" {
		r.Error = failure.V.error()
	}
	return r, err
}

// storedError keeps an error in a row.
type storedError struct {
	Code   string         `json:"code"`
	Fields map[string]any `json:"fields"`
}

func store(err error) *storedError {
	if e, ok := errs.As(err); ok && e.Kind != errs.Internal {
		return &storedError{e.Code, e.Fields}
	}
	return &storedError{Code: "match.load_failed"}
}

func (s *storedError) error() *errs.Error {
	kv := make([]any, 0, 2*len(s.Fields))
	for k, v := range s.Fields {
		kv = append(kv, k, v)
	}
	return errs.Invalid.New(s.Code, kv...)
}

func registerTx(ctx context.Context, tx *db.Tx, county, id string) (Register, error) {
	r, err := scanRegister(tx.QueryRow(ctx, selectRegister, county, id).Scan)
	if errors.Is(err, db.ErrNoRows) {
		return r, errs.NotFound.New("match.no_register", "id", id)
	}
	return r, err
}

// CurrentTx gives the register of a kind that counts at present; false when none was loaded.
func CurrentTx(ctx context.Context, tx *db.Tx, county, campaign, kind string) (Register, bool, error) {
	r, err := scanRegister(tx.QueryRow(ctx, selectCurrent, county, campaign, kind).Scan)
	if errors.Is(err, db.ErrNoRows) {
		return r, false, nil
	}
	return r, err == nil, err
}

// currentsTx is CurrentTx for all kinds at once.
func currentsTx(ctx context.Context, tx *db.Tx, county, campaign string) (map[string]Register, error) {
	rs, err := db.List(ctx, tx, scanRegister, selectCurrents, county, campaign)
	out := make(map[string]Register, len(rs))
	for _, r := range rs { // the last of a kind counts
		out[r.Kind] = r
	}
	return out, err
}

// RecordsTx gives up to limit records of a register after record n (0 is from the first). Nothing is masked.
func RecordsTx(ctx context.Context, tx *db.Tx, county, register string, after, limit int) ([]Record, error) {
	return db.List(ctx, tx, scanRecord, selectRecords, county, register, after, limit)
}

func scanRecord(scan func(...any) error) (Record, error) {
	var r Record
	var data db.JSON[map[string]string]
	err := scan(&r.N, &r.Sheet, &r.Row, &r.Name, &r.IDNumber, &r.Birth, &r.Sex, &r.Village, &r.HouseholdKey, &r.Relation, &r.CaseKey, &data)
	r.Data = data.V
	return r, err
}

// insertTx writes records, at most 1000 at a time.
func insertTx(ctx context.Context, tx *db.Tx, county, register string, rs []Record) error {
	const columns, rowsPerInsert = 14, 100
	for len(rs) > 0 {
		part := rs[:min(rowsPerInsert, len(rs))]
		rs = rs[len(part):]
		args := make([]any, 0, len(part)*columns)
		for _, r := range part {
			data, err := json.Marshal(r.Data)
			if err != nil {
				return err
			}
			args = append(args, county, register, r.N, r.Sheet, r.Row, r.Name, r.IDNumber, r.Birth, r.Sex, r.Village, r.HouseholdKey, r.Relation, r.CaseKey, string(data))
		}
		if _, err := tx.Exec(ctx, insertRecord+db.Rows(len(part), columns), args...); err != nil {
			return err
		}
	}
	return nil
}

// savedTx gives what the office chose for the columns of a kind before.
func savedTx(ctx context.Context, tx *db.Tx, county, kind string) (map[string]string, error) {
	out := map[string]string{}
	err := tx.Query(ctx, selectMapping, []any{county, kind}, func(scan func(...any) error) error {
		var header, field string
		err := scan(&header, &field)
		out[header] = field
		return err
	})
	return out, err
}

// saveTx remembers what the office chose.
func saveTx(ctx context.Context, tx *db.Tx, county, kind string, m Mapping) error {
	chosen := map[string]string{}
	for _, s := range m.Sheets {
		for _, c := range s.Columns {
			if s.Use && c.Header != "" && (chosen[c.Header] == "" || c.Field != "") {
				chosen[c.Header] = c.Field
			}
		}
	}
	const columns = 5
	var args []any
	for header, field := range chosen {
		args = append(args, county, kind, header, field, tx.Now())
	}
	for len(args) > 0 {
		part := args[:min(len(args), 100*columns)]
		args = args[len(part):]
		if _, err := tx.Exec(ctx, upsertMapping+db.Rows(len(part)/columns, columns)+onMapping, part...); err != nil {
			return err
		}
	}
	return nil
}
