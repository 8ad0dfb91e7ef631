package region

import (
	"database/sql/driver"
	"fmt"
	"strconv"
	"strings"

	"ruhu/internal/errs"
)

// Code is the official code of a place, always 12 digits. The zero value is no place.
type Code string

// Level is the rung of a place in the division.
type Level uint8

// The levels, from the top.
const (
	County Level = iota + 1
	Township
	Village
)

// String gives the level's name in the API: "county", "township", "village".
func (l Level) String() string {
	switch l {
	case County:
		return "county"
	case Township:
		return "township"
	case Village:
		return "village"
	}
	return ""
}

const digits = 12

// Parse reads a code of 6 (county), 9 (township) or 12 digits; spaces around it are ignored. Returns Invalid "region.code".
func Parse(s string) (Code, error) {
	t := strings.TrimSpace(s)
	ok := len(t) == 6 || len(t) == 9 || len(t) == digits
	for _, r := range t {
		ok = ok && r >= '0' && r <= '9'
	}
	// Codes above the county (…00, …0000) are not places of a survey. Real provinces are numbered 11 to 82; what is made up for
	// demonstrations begins with 99.
	if ok = ok && t[0] != '0' && t[4:6] != "00" && t[:6] != "999999"; !ok {
		return "", errs.Invalid.New("region.code", "code", shorten(s))
	}
	c := Code(t + strings.Repeat("0", digits-len(t)))
	if c[6:9] == "000" && c[9:] != "000" { // a village without a township
		return "", errs.Invalid.New("region.code", "code", shorten(s))
	}
	return c, nil
}

func shorten(s string) string {
	if r := []rune(s); len(r) > 20 {
		return string(r[:20]) + "…"
	}
	return s
}

// Valid reports whether c is written as Parse gives it.
func (c Code) Valid() bool {
	p, err := Parse(string(c))
	return err == nil && p == c
}

// Level tells the level by the trailing zeros. A code that is not 12 digits has none (0).
func (c Code) Level() Level {
	switch {
	case len(c) != digits:
		return 0
	case c[6:] == "000000":
		return County
	case c[9:] == "000":
		return Township
	}
	return Village
}

// County is the six digits of the county, the tenant of every table; "" for no place.
func (c Code) County() string {
	if len(c) < 6 {
		return ""
	}
	return string(c[:6])
}

// Prefix is the part that all places inside c begin with: 6, 9 or 12 digits.
func (c Code) Prefix() string {
	switch c.Level() {
	case County:
		return string(c[:6])
	case Township:
		return string(c[:9])
	}
	return string(c)
}

// Range gives the half-open range of codes that lie in c, c itself included: lo <= x < hi. The zero Code gives an empty range.
func (c Code) Range() (lo, hi Code) {
	step := map[Level]uint64{County: 1_000_000, Township: 1_000, Village: 1}[c.Level()]
	n, err := strconv.ParseUint(string(c), 10, 64)
	if step == 0 || err != nil {
		return "", ""
	}
	return c, Code(fmt.Sprintf("%0*d", digits, n+step))
}

// Contains reports whether o is c or lies in it.
func (c Code) Contains(o Code) bool {
	return c != "" && o != "" && strings.HasPrefix(string(o), c.Prefix())
}

// Parent is the place one level up; a county has none ("").
func (c Code) Parent() Code {
	switch c.Level() {
	case Village:
		return c[:9] + "000"
	case Township:
		return c[:6] + "000000"
	}
	return ""
}

// Value implements driver.Valuer: no place is NULL.
func (c Code) Value() (driver.Value, error) {
	if c == "" {
		return nil, nil
	}
	return string(c), nil
}

// Scan implements sql.Scanner.
func (c *Code) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		*c = ""
	case string:
		*c = Code(v)
	case []byte:
		*c = Code(v)
	default:
		return fmt.Errorf("region.Code: cannot scan %T", v)
	}
	return nil
}
