package db

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"

	_ "modernc.org/sqlite" // the driver "sqlite", pure Go
)

func openSQLite(ctx context.Context, d *DB, path string) (*DB, error) {
	d.dialect = SQLite
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return nil, fmt.Errorf("make folder of the database: %w", err)
	}
	common := []string{"busy_timeout(10000)", "foreign_keys(1)", "temp_store(2)", "cache_size(-16000)"}
	w, err := sql.Open("sqlite", sqliteDSN(path, append(common, "journal_mode(WAL)", "synchronous(FULL)", "wal_autocheckpoint(4000)"), ""))
	if err != nil {
		return nil, translate(err)
	}
	w.SetMaxOpenConns(1)
	d.writer, err = newWriter(ctx, d, w)
	if err != nil {
		_ = w.Close()
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	pool, err := sql.Open("sqlite", sqliteDSN(path, append(common, "query_only(1)"), ""))
	if err != nil {
		_ = d.writer.close()
		return nil, translate(err)
	}
	d.readers = newReaders(pool, max(4, runtime.GOMAXPROCS(0)*2))
	return d, nil
}

func sqliteDSN(path string, pragmas []string, mode string) string {
	v := url.Values{}
	for _, p := range pragmas {
		v.Add("_pragma", p)
	}
	if mode != "" {
		v.Set("mode", mode)
	}
	u := url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: v.Encode()}
	return u.String()
}
