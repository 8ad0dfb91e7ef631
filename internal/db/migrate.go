package db

import (
	"context"
	"embed"
	"fmt"
	"sort"
	"strconv"
	"strings"

	"ruhu/internal/errs"
)

//go:embed migration/*.sql
var migrationFS embed.FS

// migration is one numbered step; each dialect has it either in the common file or in one of its own.
type migration struct {
	number int
	name   string
	text   string
}

// migrations lists the steps of a dialect in order. A file is NNNN_what.sql, or a pair NNNN_what.sqlite.sql and
// NNNN_what.postgres.sql.
func migrations(dialect Dialect) ([]migration, error) {
	entries, err := migrationFS.ReadDir("migration")
	if err != nil {
		return nil, fmt.Errorf("read migrations: %w", err)
	}
	var out []migration
	for _, e := range entries {
		base := strings.TrimSuffix(e.Name(), ".sql")
		if i := strings.LastIndexByte(base, '.'); i >= 0 {
			if base[i+1:] != string(dialect) {
				continue
			}
			base = base[:i]
		}
		num, name, ok := strings.Cut(base, "_")
		n, err := strconv.Atoi(num)
		if !ok || err != nil || len(num) != 4 {
			return nil, fmt.Errorf("migration %s: the name must be NNNN_what.sql", e.Name())
		}
		text, err := migrationFS.ReadFile("migration/" + e.Name())
		if err != nil {
			return nil, fmt.Errorf("read migrations: %w", err)
		}
		out = append(out, migration{n, name, string(text)})
	}
	sort.Slice(out, func(i, j int) bool { return out[i].number < out[j].number })
	for i := 1; i < len(out); i++ {
		if out[i].number == out[i-1].number {
			return nil, fmt.Errorf("migration %04d exists twice: %s, %s", out[i].number, out[i-1].name, out[i].name)
		}
	}
	return out, nil
}

// Migrate brings the database to the newest version, each step in a transaction of its own. It may be called at every
// start. Returns Conflict "db.newer" when the database has a step that this program does not know.
func (d *DB) Migrate(ctx context.Context) error {
	steps, err := migrations(d.dialect)
	if err != nil {
		return err
	}
	err = d.Update(ctx, func(tx *Tx) error {
		_, err := tx.Exec(ctx, `CREATE TABLE IF NOT EXISTS db_migration (number BIGINT PRIMARY KEY, name TEXT NOT NULL, applied_at TIMESTAMPTZ NOT NULL)`)
		return err
	})
	if err != nil {
		return fmt.Errorf("make migration table: %w", err)
	}
	have := map[int]bool{}
	found := 0
	err = d.View(ctx, func(tx *Tx) error {
		return tx.Query(ctx, `SELECT number FROM db_migration`, nil, func(scan func(...any) error) error {
			var n int
			if err := scan(&n); err != nil {
				return err
			}
			have[n] = true
			found = max(found, n)
			return nil
		})
	})
	if err != nil {
		return fmt.Errorf("read migration table: %w", err)
	}
	known := 0
	if len(steps) > 0 {
		known = steps[len(steps)-1].number
	}
	if found > known {
		return errs.Conflict.New("db.newer", "found", found, "known", known)
	}
	for _, m := range steps {
		if have[m.number] {
			continue
		}
		if err := d.apply(ctx, m); err != nil {
			return fmt.Errorf("migration %04d_%s: %w", m.number, m.name, err)
		}
	}
	return nil
}

func (d *DB) apply(ctx context.Context, m migration) error {
	return d.Update(ctx, func(tx *Tx) error {
		for _, s := range statements(m.text) {
			if _, err := tx.Exec(ctx, s); err != nil {
				return fmt.Errorf("%s: %w", firstLine(s), err)
			}
		}
		_, err := tx.Exec(ctx, `INSERT INTO db_migration (number, name, applied_at) VALUES ($1, $2, $3)`, m.number, m.name, tx.Now())
		return err
	})
}

// statements splits a migration at semicolons that end a line. Migrations hold no string with such a line.
func statements(text string) []string {
	var out []string
	var b strings.Builder
	for line := range strings.Lines(text) {
		if t := strings.TrimSpace(line); t == "" || strings.HasPrefix(t, "--") {
			continue
		}
		b.WriteString(line)
		if strings.HasSuffix(strings.TrimSpace(line), ";") {
			out = append(out, strings.TrimSuffix(strings.TrimSpace(b.String()), ";"))
			b.Reset()
		}
	}
	if s := strings.TrimSpace(b.String()); s != "" {
		out = append(out, s)
	}
	return out
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}
