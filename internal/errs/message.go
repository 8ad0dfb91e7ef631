package errs

import (
	"embed"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
)

//go:embed locale/*.json
var localeFS embed.FS

// Text is one sentence in the languages we speak.
type Text struct {
	ZH string `json:"zh"`
	EN string `json:"en"`
}

var catalog = sync.OnceValues(loadCatalog)

func loadCatalog() (map[string]Text, error) {
	entries, err := localeFS.ReadDir("locale")
	if err != nil {
		return nil, fmt.Errorf("read error messages: %w", err)
	}
	all := map[string]Text{}
	for _, e := range entries {
		raw, err := localeFS.ReadFile("locale/" + e.Name())
		if err != nil {
			return nil, fmt.Errorf("read error messages: %w", err)
		}
		var m map[string]Text
		if err := json.Unmarshal(raw, &m); err != nil {
			return nil, fmt.Errorf("error messages %s: %w", e.Name(), err)
		}
		for code, t := range m {
			if _, dup := all[code]; dup {
				return nil, fmt.Errorf("error messages %s: %s is defined twice", e.Name(), code)
			}
			all[code] = t
		}
	}
	return all, nil
}

// Catalog is every message by code. The returned map must not be changed.
// It fails only when an embedded file is malformed, which a test of this package rules out.
func Catalog() (map[string]Text, error) { return catalog() }

// Message is the sentence for a person: lang "en" gives English, anything else Chinese. {name} is replaced by the
// field of that name. A code without a sentence gives the code itself, so that nobody sees an empty box.
func (e *Error) Message(lang string) string {
	all, err := catalog()
	if err != nil {
		return e.Code
	}
	t, ok := all[e.Code]
	if !ok {
		return e.Code
	}
	s := t.ZH
	if strings.HasPrefix(lang, "en") {
		s = t.EN
	}
	if !strings.Contains(s, "{") {
		return s
	}
	for name, v := range e.Fields {
		s = strings.ReplaceAll(s, "{"+name+"}", fmt.Sprint(v))
	}
	return s
}

// MessageOf is Message for any error; a foreign error gives the sentence of "internal".
func MessageOf(err error, lang string) string {
	if e, ok := As(err); ok {
		return e.Message(lang)
	}
	return Internal.New("internal").Message(lang)
}
