package ledger

import (
	"testing"
	"unicode"
)

func TestRegistersHaveTheirWordsInBothLanguages(t *testing.T) {
	t.Parallel()
	used := map[string]bool{"overdue": true}
	for kind, v := range views {
		used[kind] = true
		for _, c := range v.columns {
			used[c] = true
		}
	}
	for _, s := range States() {
		used["state."+string(s)] = true
	}
	for _, s := range Sources() {
		used["source."+string(s)] = true
	}
	for code := range used {
		if words[code].ZH == "" || words[code].EN == "" {
			t.Errorf("no word for %s", code)
		}
	}
	for code, w := range words {
		if !used[code] {
			t.Errorf("nobody says %s", code)
		}
		for _, r := range w.EN {
			if unicode.Is(unicode.Han, r) {
				t.Errorf("%s in English: %s", code, w.EN)
			}
		}
	}
}
