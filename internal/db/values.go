package db

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"time"
)

// Time is an instant: UTC, whole milliseconds. Column type TIMESTAMPTZ; SQLite keeps the fixed-width RFC 3339 text, so
// that text order is time order. The zero Time is stored as NULL.
type Time struct{ t time.Time }

const timeLayout = "2006-01-02T15:04:05.000Z"

// At rounds t down to the millisecond.
func At(t time.Time) Time {
	if t.IsZero() {
		return Time{}
	}
	return Time{t.UTC().Truncate(time.Millisecond)}
}

// Time gives the standard library's form.
func (t Time) Time() time.Time { return t.t }

// IsZero reports whether there is no time.
func (t Time) IsZero() bool { return t.t.IsZero() }

// Add gives the instant d later.
func (t Time) Add(d time.Duration) Time { return At(t.t.Add(d)) }

// Before reports whether t is earlier than u.
func (t Time) Before(u Time) bool { return t.t.Before(u.t) }

func (t Time) String() string {
	if t.IsZero() {
		return ""
	}
	return t.t.Format(timeLayout)
}

// Value implements driver.Valuer.
func (t Time) Value() (driver.Value, error) {
	if t.IsZero() {
		return nil, nil
	}
	return t.String(), nil
}

// Scan implements sql.Scanner.
func (t *Time) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		*t = Time{}
	case time.Time:
		*t = At(v)
	case string:
		return t.parse(v)
	case []byte:
		return t.parse(string(v))
	default:
		return fmt.Errorf("db.Time: cannot scan %T", v)
	}
	return nil
}

func (t *Time) parse(s string) error {
	p, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return fmt.Errorf("db.Time: %w", err)
	}
	*t = At(p)
	return nil
}

// MarshalJSON writes RFC 3339, or null.
func (t Time) MarshalJSON() ([]byte, error) {
	if t.IsZero() {
		return []byte("null"), nil
	}
	return json.Marshal(t.String())
}

// UnmarshalJSON reads RFC 3339, or null.
func (t *Time) UnmarshalJSON(b []byte) error {
	var s *string
	if err := json.Unmarshal(b, &s); err != nil {
		return err
	}
	if s == nil || *s == "" {
		*t = Time{}
		return nil
	}
	return t.parse(*s)
}

// Date is a calendar day of the survey's zone, "2026-03-04"; "" is no date (stored as NULL). Column type TEXT.
type Date string

// DateOf is the day of t in zone z.
func DateOf(t time.Time, z *time.Location) Date { return Date(t.In(z).Format(time.DateOnly)) }

// ParseDate checks s.
func ParseDate(s string) (Date, error) {
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		return "", fmt.Errorf("date %q: %w", s, err)
	}
	return Date(s), nil
}

// AddDays gives the day n days later. It must not be called on "".
func (d Date) AddDays(n int) Date {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return ""
	}
	return Date(t.AddDate(0, 0, n).Format(time.DateOnly))
}

// Weekday tells the day of the week. It must not be called on "".
func (d Date) Weekday() time.Weekday {
	t, _ := time.Parse(time.DateOnly, string(d)) // "" and malformed dates give the zero time's day
	return t.Weekday()
}

// Value implements driver.Valuer.
func (d Date) Value() (driver.Value, error) {
	if d == "" {
		return nil, nil
	}
	return string(d), nil
}

// Scan implements sql.Scanner.
func (d *Date) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		*d = ""
	case string:
		*d = Date(v)
	case []byte:
		*d = Date(v)
	default:
		return fmt.Errorf("db.Date: cannot scan %T", v)
	}
	return nil
}

// JSON stores any value as a JSON column (type JSONB; TEXT on SQLite). It is stored, never queried.
type JSON[T any] struct{ V T }

// AsJSON wraps a value for storing.
func AsJSON[T any](v T) JSON[T] { return JSON[T]{v} }

// Value implements driver.Valuer.
func (j JSON[T]) Value() (driver.Value, error) {
	b, err := json.Marshal(j.V)
	if err != nil {
		return nil, fmt.Errorf("db.JSON: %w", err)
	}
	return string(b), nil
}

// Scan implements sql.Scanner.
func (j *JSON[T]) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		var zero T
		j.V = zero
		return nil
	case string:
		return json.Unmarshal([]byte(v), &j.V)
	case []byte:
		return json.Unmarshal(v, &j.V)
	}
	return fmt.Errorf("db.JSON: cannot scan %T", v)
}
