package ledger

import (
	_ "embed"
	"encoding/json"

	"ruhu/internal/errs"
	"ruhu/internal/playbook"
)

//go:embed words.json
var wordsJSON []byte

// words are those of the registers that are printed and exported.
var words = func() map[string]errs.Text {
	m := map[string]errs.Text{}
	if err := json.Unmarshal(wordsJSON, &m); err != nil {
		panic("ledger: words.json: " + err.Error())
	}
	return m
}()

// say gives a word in a language; a code without a word is said as it is.
func say(code, lang string) string {
	t, ok := words[code]
	if !ok {
		return code
	}
	return in(t, lang)
}

func in(t errs.Text, lang string) string {
	if lang == "en" {
		return t.EN
	}
	return t.ZH
}

// titleOf is in for the titles of playbooks.
func titleOf(t playbook.Text, lang string) string { return in(errs.Text{ZH: t.ZH, EN: t.EN}, lang) }
