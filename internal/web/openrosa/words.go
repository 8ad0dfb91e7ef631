package openrosa

import (
	_ "embed"
	"encoding/json"
)

//go:embed locale.json
var localeJSON []byte

var words = func() map[string]map[string]string {
	var w map[string]map[string]string
	if err := json.Unmarshal(localeJSON, &w); err != nil {
		panic("openrosa: locale.json: " + err.Error())
	}
	return w
}()

// Word is a text for the person at the phone, in "zh" or "en".
func Word(id, lang string) string {
	if w := words[id][lang]; w != "" {
		return w
	}
	return words[id]["zh"]
}
