package playbook

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"
)

// Mistake is one thing wrong with a playbook.
type Mistake struct {
	File    string `json:"file"`
	Line    int    `json:"line"`          // of the file; 0: the file as a whole
	Key     string `json:"key,omitempty"` // stages[1].from; for a form: sheet and column
	Code    string `json:"code"`          // playbook.what or xlsform.what
	Message Text   `json:"message"`
	Hint    Text   `json:"hint"`              // what was probably meant; may be empty
	Warning bool   `json:"warning,omitempty"` // of a form: it can be used all the same; a playbook is held to it
}

// String is one line for a terminal, in Chinese.
func (m Mistake) String() string { return m.In("zh") }

// In is one line for a terminal: file:line: key: message. Hint. lang is zh or en.
func (m Mistake) In(lang string) string {
	msg, stop, hint := m.Message.ZH, "。", m.Hint.ZH
	if lang == "en" {
		msg, stop, hint = m.Message.EN, ". ", m.Hint.EN
	}
	s := m.File
	if m.Line > 0 {
		s += fmt.Sprintf(":%d", m.Line)
	}
	if m.Key != "" {
		s += ": " + m.Key
	}
	s += ": " + msg
	if hint != "" {
		s += stop + hint
	}
	return s
}

//go:embed locale.json
var localeJSON []byte

var sentences = func() map[string]Text {
	m := map[string]Text{}
	if err := json.Unmarshal(localeJSON, &m); err != nil {
		panic("playbook: locale.json: " + err.Error())
	}
	return m
}()

func message(code string, kv ...string) Text {
	t, ok := sentences[code]
	if !ok {
		return Text{ZH: code, EN: code}
	}
	pairs := make([]string, 0, len(kv))
	for i := 0; i+1 < len(kv); i += 2 {
		pairs = append(pairs, "{"+kv[i]+"}", kv[i+1])
	}
	r := strings.NewReplacer(pairs...)
	return Text{ZH: r.Replace(t.ZH), EN: r.Replace(t.EN)}
}
