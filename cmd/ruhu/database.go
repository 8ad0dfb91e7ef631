package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"ruhu/internal/db"
)

// openNamed opens the database of a data folder, else the one at an address or in a file. A misspelt path must not make a new one.
func openNamed(ctx context.Context, data, dsn string) (*db.DB, error) {
	flag := "--db"
	if data != "" {
		flag, dsn = "--data", filepath.Join(data, "ruhu.db")
	}
	if !strings.Contains(dsn, "://") {
		if _, err := os.Stat(dsn); err != nil {
			return nil, fmt.Errorf("%s: %w", flag, err)
		}
	}
	return db.Open(ctx, dsn, db.Options{})
}
