package audit

import (
	"bytes"
	"crypto/sha256"
	"database/sql"
	"database/sql/driver"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"ruhu/internal/db"
	"ruhu/internal/tlog"
)

// Table is a table whose rows are written once and never changed, and are all in the log. The package that owns the table declares it
// and calls LogTx wherever it writes a row.
type Table struct {
	Name    string
	key     int
	columns []column
}

type column struct {
	name string
	kind kind
}

type kind string

const (
	asText  kind = "text"
	asInt   kind = "int"
	asBool  kind = "bool"
	asTime  kind = "time"
	asJSON  kind = "json"
	asBytes kind = "bytes"
)

// NewTable declares a table: its columns after county, separated by commas, those of the key first, each with its kind unless it is text:
// "id, item, at:time, files:json". It panics on a kind that there is not.
func NewTable(name string, key int, columns string) Table {
	t := Table{Name: name, key: key}
	for _, c := range strings.Split(columns, ",") {
		n, k, ok := strings.Cut(strings.TrimSpace(c), ":")
		if !ok {
			k = string(asText)
		}
		switch kind(k) {
		case asText, asInt, asBool, asTime, asJSON, asBytes:
		default:
			panic("audit: " + name + "." + n + " has kind " + k)
		}
		t.columns = append(t.columns, column{n, kind(k)})
	}
	return t
}

// selectAll reads every row of a county, in the order of the key.
func (t Table) selectAll() string {
	names := make([]string, len(t.columns))
	for i, c := range t.columns {
		names[i] = c.name
	}
	return "SELECT " + strings.Join(names, ", ") + " FROM " + t.Name + " WHERE county = $1 ORDER BY " + strings.Join(names[:t.key], ", ")
}

// longText is how many bytes of a text or JSON value the log shows; of longer ones it keeps the digest.
const longText = 2000

// sealed is an entry of the log. Its JSON has the keys in order, so equal rows give equal bytes on both databases.
type sealed struct {
	Table string         `json:"table"`
	Key   string         `json:"key"`
	Row   map[string]any `json:"row"`
}

// entry makes the entry of a row from its values, in the order of the columns.
func (t Table) entry(values []any) (key string, entry []byte, err error) {
	if len(values) != len(t.columns) {
		return "", nil, fmt.Errorf("%s has %d columns, not %d", t.Name, len(t.columns), len(values))
	}
	row := make(map[string]any, len(values))
	parts := make([]string, t.key)
	for i, c := range t.columns {
		v, err := c.kind.canonical(values[i])
		if err != nil {
			return "", nil, fmt.Errorf("%s.%s: %w", t.Name, c.name, err)
		}
		row[c.name] = v
		if i < t.key {
			parts[i] = fmt.Sprint(v)
		}
	}
	s := sealed{t.Name, strings.Join(parts, "/"), row}
	if entry, err = encode(s); err == nil && len(entry) > tlog.MaxEntry {
		whole, _ := encode(row) // it has just been encoded
		s.Row = map[string]any{"row": digest(whole)}
		entry, err = encode(s)
	}
	return s.Key, entry, err
}

func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

type digestOf struct {
	SHA256 string `json:"sha256"`
	Bytes  int    `json:"bytes"`
}

func digest(b []byte) digestOf {
	sum := sha256.Sum256(b)
	return digestOf{hex.EncodeToString(sum[:]), len(b)}
}

// canonical gives v as it is written into an entry: nil, bool, text, whole number, or JSON with its keys in order.
func (k kind) canonical(v any) (any, error) {
	if j, ok := v.(json.RawMessage); ok { // before Valuer: it is none, and []byte is not what it means
		v = string(j)
	}
	if d, ok := v.(driver.Valuer); ok {
		var err error
		if v, err = d.Value(); err != nil {
			return nil, err
		}
	}
	if v == nil {
		return nil, nil
	}
	switch k {
	case asTime:
		var t db.Time
		err := t.Scan(v)
		return t.String(), err
	case asInt:
		n, err := strconv.ParseInt(fmt.Sprint(v), 10, 64)
		return n, err
	case asBool:
		b, ok := v.(bool)
		if !ok {
			return nil, fmt.Errorf("%T is no truth value", v)
		}
		return b, nil
	case asBytes:
		b, ok := v.([]byte)
		if !ok {
			return nil, fmt.Errorf("%T is no bytes", v)
		}
		return digest(b), nil
	case asJSON:
		return canonicalJSON(fmt.Sprintf("%s", v))
	default:
		return clip(fmt.Sprint(v)), nil
	}
}

func clip(s string) any {
	s = strings.ToValidUTF8(s, "\ufffd")
	if len(s) > longText {
		return digest([]byte(s))
	}
	return s
}

// canonicalJSON puts keys in order and numbers into one spelling, as a JSONB column may give them back in another.
func canonicalJSON(s string) (any, error) {
	d := json.NewDecoder(strings.NewReader(s))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	v = plainNumbers(v)
	b, err := encode(v)
	if err == nil && len(b) > longText {
		return digest(b), nil
	}
	return json.RawMessage(b), err
}

func plainNumbers(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k := range v {
			v[k] = plainNumbers(v[k])
		}
	case []any:
		for i := range v {
			v[i] = plainNumbers(v[i])
		}
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return n
		}
		if f, err := v.Float64(); err == nil {
			if n := int64(f); float64(n) == f {
				return n
			}
			return f
		}
	}
	return v
}

// scanInto makes places for one row, and gives their values after the scan.
func (t Table) scanInto() (dest []any, values func() []any) {
	dest = make([]any, len(t.columns))
	for i, c := range t.columns {
		switch c.kind {
		case asTime:
			dest[i] = new(db.Time)
		case asInt:
			dest[i] = new(sql.NullInt64)
		case asBool:
			dest[i] = new(sql.NullBool)
		case asBytes:
			dest[i] = new([]byte)
		case asJSON:
			dest[i] = new(db.JSON[json.RawMessage])
		default:
			dest[i] = new(sql.NullString)
		}
	}
	return dest, func() []any {
		out := make([]any, len(dest))
		for i, d := range dest {
			switch d := d.(type) {
			case *[]byte:
				out[i] = *d
			case *db.JSON[json.RawMessage]:
				if d.V != nil {
					out[i] = d.V
				}
			case driver.Valuer:
				out[i] = d
			}
		}
		return out
	}
}
