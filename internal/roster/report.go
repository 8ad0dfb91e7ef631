package roster

import (
	"ruhu/internal/errs"
	"ruhu/internal/sheet"
)

// Report says what an import found and what it changes. IDs and phones in it are masked.
type Report struct {
	DryRun        bool          `json:"dry_run"`
	FileName      string        `json:"file_name"`
	Digest        string        `json:"digest"` // SHA-256 of the file
	Sheets        []SheetReport `json:"sheets"`
	Errors        []CellNote    `json:"errors"` // the first 500
	ErrorsTotal   int           `json:"errors_total"`
	Warnings      []CellNote    `json:"warnings"` // the first 500
	WarningsTotal int           `json:"warnings_total"`
	Counts        Counts        `json:"counts"`
	Changes       []Change      `json:"changes"`      // the first 1000
	NeedsReason   bool          `json:"needs_reason"` // it changes a frozen village

	lang string
}

// SheetReport is what was made of a sheet: household, member, person or ignored.
type SheetReport struct {
	Name      string `json:"name"`
	Kind      string `json:"kind"`
	HeaderRow int    `json:"header_row"` // 0 when there is none
	Rows      int    `json:"rows"`       // below the header, empty ones not counted
}

// CellNote is a mistake or a doubt at a place of the file. Row 0 is the sheet as a whole, column "" the row as a whole.
type CellNote struct {
	Sheet   string `json:"sheet"`
	Row     int    `json:"row"`
	Column  string `json:"column"`
	Header  string `json:"header"`
	Code    string `json:"code"`
	Message string `json:"message"`
	Value   string `json:"value"`
}

// Counts of what an import adds and changes.
type Counts struct {
	HouseholdsNew     int `json:"households_new"`
	HouseholdsChanged int `json:"households_changed"`
	HouseholdsSame    int `json:"households_same"`
	MembersNew        int `json:"members_new"`
	MembersChanged    int `json:"members_changed"`
	MembersSame       int `json:"members_same"`
	MembersGone       int `json:"members_gone"`
}

// Change is one field of a household that a second import alters. Members appear as field "member" (one who came or went) or
// "member.health" and the like, with the name before the value.
type Change struct {
	HouseholdCode string `json:"household_code"`
	HeadName      string `json:"head_name"`
	Field         string `json:"field"`
	From          string `json:"from"`
	To            string `json:"to"`
}

const (
	maxNotes   = 500
	maxChanges = 1000
)

// place is where in a file something stands.
type place struct {
	sheet  string
	row    int
	column int
	header string
}

func (r *Report) fail(p place, code, value string, kv ...any) {
	r.ErrorsTotal++
	if len(r.Errors) < maxNotes {
		r.Errors = append(r.Errors, r.note(p, code, value, kv))
	}
}

func (r *Report) warn(p place, code, value string, kv ...any) {
	r.WarningsTotal++
	if len(r.Warnings) < maxNotes {
		r.Warnings = append(r.Warnings, r.note(p, code, value, kv))
	}
}

func (r *Report) note(p place, code, value string, kv []any) CellNote {
	return CellNote{
		Sheet: p.sheet, Row: p.row, Column: sheet.Letters(p.column), Header: p.header, Code: code, Value: sheet.Clip(value, 60),
		Message: errs.Invalid.New(code, append(kv, "value", sheet.Clip(value, 60))...).Message(r.lang),
	}
}

func (r *Report) change(c Change) {
	if len(r.Changes) < maxChanges {
		r.Changes = append(r.Changes, c)
	}
}
