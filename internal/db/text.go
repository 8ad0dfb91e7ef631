package db

import (
	"context"
	"strings"
)

// Clip makes a text from outside storable and cuts it to n characters: without NUL, which PostgreSQL does not take, broken characters marked as such,
// and without blanks around it.
func Clip(s string, n int) string {
	s = strings.TrimSpace(strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), "�"))
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}

// Null is NULL for "".
func Null(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// Text is "" for NULL.
func Text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// Counts reads rows of a key and a number.
func Counts[K comparable](ctx context.Context, tx *Tx, q string, args ...any) (map[K]int, error) {
	out := map[K]int{}
	err := tx.Query(ctx, q, args, func(scan func(...any) error) error {
		var key K
		var n int
		err := scan(&key, &n)
		out[key] = n
		return err
	})
	return out, err
}
