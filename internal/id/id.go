// Package id makes and checks the identifiers of rows: UUIDv7, as text.
//
// Ids are made by the program (or by the phone, for what is created offline), never by the database, so that a
// record has its name before it is stored and the same on every database. UUIDv7 begins with the time, so new rows
// land at the end of an index.
package id

import (
	"strings"

	"github.com/google/uuid"

	"ruhu/internal/errs"
)

// New makes an id. It panics only when the system has no randomness.
func New() string { return uuid.Must(uuid.NewV7()).String() }

// Parse checks an id that came from outside and gives its canonical lower-case form.
// Returns Invalid "id.malformed".
func Parse(s string) (string, error) {
	if len(s) != 36 {
		return "", errs.Invalid.New("id.malformed", "id", clip(s))
	}
	u, err := uuid.Parse(s)
	if err != nil {
		return "", errs.Invalid.New("id.malformed", "id", clip(s))
	}
	return strings.ToLower(u.String()), nil
}

func clip(s string) string {
	r := []rune(s)
	if len(r) > 64 {
		r = append(r[:64], '…')
	}
	return strings.ToValidUTF8(string(r), "�")
}
