package app

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"ruhu/internal/audit"
	"ruhu/internal/circular"
	"ruhu/internal/device"
	"ruhu/internal/indicator"
	"ruhu/internal/ledger"
	"ruhu/internal/review"
	"ruhu/internal/roster"
	"ruhu/internal/sampling"
	"ruhu/internal/signature"
	"ruhu/internal/submission"
	"ruhu/internal/survey"
	"ruhu/internal/tlog"
	"ruhu/internal/training"
)

// Logged are the tables whose rows are in the log.
func Logged() []audit.Table {
	return []audit.Table{
		survey.Logged, device.LoggedBadges,
		signature.Logged, signature.LoggedContents,
		roster.Logged, sampling.Logged, submission.Logged, review.LoggedDecisions, review.LoggedComments, review.LoggedPasses, review.LoggedSaid,
		review.LoggedVerdicts, review.LoggedCodes, review.LoggedAreas,
		indicator.Logged, ledger.Logged, circular.Logged, training.Logged,
	}
}

// logKeys keeps the secret keys of the logs as files, away from the database: who can rewrite the one can't sign with the other.
func logKeys(folder string) audit.Keys {
	var mu sync.Mutex
	known := map[string]string{}
	return func(county string) (string, error) {
		mu.Lock()
		defer mu.Unlock()
		if k := known[county]; k != "" {
			return k, nil
		}
		k, err := logKey(filepath.Join(folder, county+".key"), audit.Origin(county))
		if err == nil {
			known[county] = k
		}
		return k, err
	}
}

// logKey reads the key in file; it makes one, and the public key beside it, when there is none.
func logKey(file, origin string) (string, error) {
	data, err := os.ReadFile(file)
	if err == nil {
		return strings.TrimSpace(string(data)), nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	secret, verifier, err := tlog.NewKey(origin)
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return "", err
	}
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) { // another process was quicker
		data, err := os.ReadFile(file)
		return strings.TrimSpace(string(data)), err
	}
	if err != nil {
		return "", err
	}
	_, err = f.WriteString(secret + "\n")
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return "", fmt.Errorf("write %s: %w", file, err)
	}
	return secret, os.WriteFile(strings.TrimSuffix(file, ".key")+".pub", []byte(verifier+"\n"), 0o644)
}
