package web_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"ruhu/internal/authz"
	"ruhu/internal/db/dbtest"
)

// junk is what addresses and bodies are filled with.
var junk = []string{
	"x", "0190b0b4-0000-7000-8000-00000000ffff", "0190B0B4-0000-7000-8000-00000000FFFF ", "'; DROP TABLE account_person; --", "99999999999999999999", "-1", "%", "\x00",
	"村", "\xff\xfe", strings.Repeat("长", 2000), "{}", "../../etc/passwd", "2026-02-30", "1e400",
}

// TestJunkIsAnsweredWithASentence sends foreign values to every route as those who may use it: no answer may be an internal error, and
// every refusal has a code and a sentence in Chinese.
func TestJunkIsAnsweredWithASentence(t *testing.T) {
	t.Parallel()
	for name, dsn := range map[string]func(t *testing.T) string{
		"sqlite":   func(*testing.T) string { return "" },
		"postgres": func(t *testing.T) string { return dbtest.PostgresDSN(t) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sendJunk(t, play(t, dsn(t)))
		})
	}
}

func sendJunk(t *testing.T, tw township) {
	t.Helper()
	objects := tw.objects(t)
	roles := []authz.Role{authz.TownshipOffice, authz.Enumerator, authz.Village, authz.Inspector}
	people := map[authz.Role]person{}
	for _, r := range roles {
		people[r] = tw.login(t, tw.inside[r])
	}
	phone := people[authz.Enumerator]
	_, phone.key = tw.key(t, tw.inside[authz.Enumerator])
	people[authz.Enumerator] = phone
	for _, rt := range tw.app.Web.Routes() {
		if strings.HasSuffix(rt.Pattern, "/session") || rt.Pattern == "GET /api/v1/campaigns/{campaign}/progress/stream" {
			continue // would log out, or never end
		}
		method, pattern, _ := strings.Cut(rt.Pattern, " ")
		real := hole.ReplaceAllStringFunc(pattern, func(h string) string { return objects[inside(h)] })
		var who []person
		for _, r := range roles {
			if (authz.Actor{Role: r}).Can(rt.Action) {
				who = append(who, people[r])
				break
			}
		}
		for _, p := range who {
			for _, j := range junk {
				if strings.Contains(pattern, "{") {
					p.survives(method, hole.ReplaceAllLiteralString(pattern, url.PathEscape(j)), []byte("{}"))
				}
				for _, k := range rt.Query {
					q := url.Values{k: {j}}
					p.survives(method, real+"?"+q.Encode(), []byte("{}"))
				}
				if rt.Req != nil {
					b, err := json.Marshal(filled(reflect.TypeOf(rt.Req), j, 0))
					if err != nil {
						t.Fatal(err)
					}
					p.survives(method, real, b)
				}
			}
			if rt.Req != nil || rt.Raw != "" {
				for _, b := range []string{"", "null", "[]", `"x"`, "1", "{", `{"id":1}`, "\x00", "PK\x03\x04", "<a>", strings.Repeat("[", 5000)} {
					p.survives(method, real, []byte(b))
				}
			}
		}
	}
}

// filled is a value with the keys of t in which every string is j and every list has one element.
func filled(t reflect.Type, j string, depth int) any {
	if depth > 6 {
		return nil
	}
	switch t.Kind() {
	case reflect.Pointer:
		return filled(t.Elem(), j, depth)
	case reflect.Slice:
		return []any{filled(t.Elem(), j, depth+1)}
	case reflect.Struct:
		m := map[string]any{}
		for i := range t.NumField() {
			key, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
			if key != "" && key != "-" {
				m[key] = filled(t.Field(i).Type, j, depth+1)
			}
		}
		return m
	case reflect.String:
		return j
	case reflect.Bool:
		return true
	}
	return -1
}

func (p person) survives(method, path string, body []byte) {
	p.t.Helper()
	path = strings.Replace(path, ownKey, p.key, 1)
	r, err := http.NewRequestWithContext(p.t.Context(), method, p.base+path, bytes.NewReader(body))
	if err != nil {
		return // Go's own client refuses the address
	}
	r.Header.Set("Content-Type", "application/json")
	rosa := strings.HasPrefix(path, "/openrosa/")
	if rosa {
		r.Header.Set("Content-Type", "multipart/form-data; boundary=x")
		name, secret, _ := strings.Cut(p.key, ".")
		r.SetBasicAuth(name, secret)
	}
	resp, err := p.http.Do(r)
	if err != nil {
		p.t.Errorf("%s %.120q: %v", method, path, err)
		return
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode < 400 {
		return
	}
	var problem struct{ Code, Detail string }
	if rosa {
		var answer rosaReply
		if err := xml.NewDecoder(resp.Body).Decode(&answer); method != http.MethodHead && err != nil {
			answer.Message = fmt.Sprint(err)
		}
		problem.Code, problem.Detail = "xml", answer.Message
	} else if err := json.NewDecoder(resp.Body).Decode(&problem); method != http.MethodHead && err != nil {
		problem.Detail = fmt.Sprint(err)
	}
	if resp.StatusCode >= 500 || method != http.MethodHead && (problem.Code == "" || !hasChinese(problem.Detail)) {
		p.t.Errorf("%s %.120q %.120q: %d %s %s", method, path, body, resp.StatusCode, problem.Code, problem.Detail)
	}
}

func hasChinese(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r >= 0x4e00 && r < 0xa000 })
}
