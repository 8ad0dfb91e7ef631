package web_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"ruhu/internal/account"
	"ruhu/internal/app"
	"ruhu/internal/web"
)

const password = "correct horse"

// start runs the whole program on SQLite in a folder of the test.
func start(t *testing.T) *httptest.Server {
	t.Helper()
	c := app.Default(t.TempDir())
	c.AdminPassword = password
	a, err := app.Open(context.Background(), c, app.Options{Cost: account.Cost{Time: 1, Memory: 64}})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(a.Web.Handler())
	t.Cleanup(func() {
		srv.Close()
		if err := a.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return srv
}

// person is a browser.
type person struct {
	t    *testing.T
	base string
	http *http.Client
	key  string // of another app, "name.password"; "" when there is none
}

func visitor(t *testing.T, srv *httptest.Server) person {
	t.Helper()
	return visitorAt(t, srv.URL)
}

func visitorAt(t *testing.T, base string) person {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return person{t, base, &http.Client{Jar: jar}, ""}
}

func login(t *testing.T, srv *httptest.Server, name string) person {
	t.Helper()
	p := visitor(t, srv)
	p.want("POST", "/session", map[string]string{"account": name, "password": password}, 200, "")
	return p
}

type answer struct {
	status int
	header http.Header
	body   []byte
}

// do sends one request; in is nil, []byte or a JSON value. More are header names and values.
func (p person) do(method, path string, in any, more ...string) answer {
	p.t.Helper()
	var body io.Reader
	ctype := "application/json"
	switch v := in.(type) {
	case nil:
	case []byte:
		body, ctype = bytes.NewReader(v), "application/octet-stream"
	default:
		b, err := json.Marshal(v)
		if err != nil {
			p.t.Fatal(err)
		}
		body = bytes.NewReader(b)
	}
	if !strings.HasPrefix(path, "//") {
		path = "/api/v1" + path
	} else {
		path = path[1:]
	}
	r, err := http.NewRequestWithContext(p.t.Context(), method, p.base+path, body)
	if err != nil {
		p.t.Fatal(err)
	}
	if body != nil {
		r.Header.Set("Content-Type", ctype)
	}
	for i := 0; i+1 < len(more); i += 2 {
		r.Header.Set(more[i], more[i+1])
	}
	resp, err := p.http.Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return answer{resp.StatusCode, resp.Header, b}
}

// want checks status and, for a problem, its code.
func (p person) want(method, path string, in any, status int, code string, more ...string) answer {
	p.t.Helper()
	a := p.do(method, path, in, more...)
	if a.status != status || code != a.problem().Code && code != "" {
		p.t.Errorf("%s %s: %d %.300s, want %d %s", method, path, a.status, a.body, status, code)
	}
	return a
}

func (a answer) problem() (p web.ProblemDetails) {
	if strings.HasPrefix(a.header.Get("Content-Type"), "application/problem+json") {
		_ = json.Unmarshal(a.body, &p) // an unreadable problem has no code, which the caller sees
	}
	return p
}

func read[T any](t *testing.T, a answer) T {
	t.Helper()
	var v T
	if err := json.Unmarshal(a.body, &v); err != nil {
		t.Fatalf("%.200s: %v", a.body, err)
	}
	return v
}

func TestASessionIsACookieThatScriptsCannotRead(t *testing.T) {
	t.Parallel()
	srv := start(t)
	p := visitor(t, srv)
	p.want("GET", "/me", nil, 401, "account.session")
	a := p.want("POST", "/session", map[string]string{"account": "admin", "password": password}, 200, "")
	if c := a.header.Get("Set-Cookie"); !strings.Contains(c, "HttpOnly") || !strings.Contains(c, "SameSite=Lax") || !strings.HasPrefix(c, "ruhu_session=") {
		t.Errorf("cookie %q", c)
	}
	me := read[web.Me](t, p.want("GET", "/me", nil, 200, ""))
	if me.Account != "admin" || me.Region.Name != "示例县" || len(me.Actions) < 10 || me.PINSet || me.ServerTime.IsZero() {
		t.Errorf("me: %+v", me)
	}
	p.want("PUT", "/me/pin", map[string]string{"pin": "123456"}, 204, "")
	p.want("PUT", "/me/pin", map[string]string{"pin": "x"}, 422, "account.pin_form")
	if !read[web.Me](t, p.do("GET", "/me", nil)).PINSet {
		t.Error("the PIN is not set")
	}
	p.want("PUT", "/me/password", map[string]string{"old": password, "new": "battery staple"}, 204, "")
	p.want("DELETE", "/session", nil, 204, "")
	p.want("GET", "/me", nil, 401, "account.session")
	p.want("POST", "/session", map[string]string{"account": "admin", "password": "battery staple"}, 200, "")
}

func TestErrorsAreProblemsInTheLanguageAskedFor(t *testing.T) {
	t.Parallel()
	srv := start(t)
	p := visitor(t, srv)
	zh := p.do("GET", "/me", nil).problem()
	en := p.do("GET", "/me", nil, "Accept-Language", "en-GB,en;q=0.8").problem()
	if zh.Detail != "请先登录" || en.Detail != "Please log in" || zh.Status != 401 || zh.RequestID == "" || zh.RequestID == en.RequestID {
		t.Errorf("%+v\n%+v", zh, en)
	}
	admin := login(t, srv, "admin")
	admin.want("GET", "/nothing", nil, 404, "web.no_route")
	if a := admin.want("PATCH", "/regions", nil, 405, "web.no_method"); a.header.Get("Allow") != "GET, PUT" {
		t.Errorf("Allow: %q", a.header.Get("Allow"))
	}
	admin.want("PUT", "/regions", map[string]any{"items": []any{}, "extra": 1}, 422, "web.json")
	admin.want("PUT", "/accounts/7", map[string]any{"account": "x1", "name": "某", "role": "enumerator", "region_code": "990101101000"}, 422, "id.malformed")
}

func TestGuessingTooOftenSaysHowLongToWait(t *testing.T) {
	t.Parallel()
	p := visitor(t, start(t))
	for range 5 {
		p.want("POST", "/session", map[string]string{"account": "admin", "password": "wrong horse"}, 401, "account.login")
	}
	if a := p.want("POST", "/session", map[string]string{"account": "admin", "password": password}, 429, "account.throttled"); a.header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
}

func TestAnotherSiteCannotSpendTheCookie(t *testing.T) {
	t.Parallel()
	srv := start(t)
	p := login(t, srv, "admin")
	p.want("PUT", "/me/pin", map[string]string{"pin": "123456"}, 403, "web.cross_origin", "Origin", "https://evil.example")
	p.want("DELETE", "/session", nil, 403, "web.cross_origin", "Sec-Fetch-Site", "cross-site")
	p.want("PUT", "/me/pin", map[string]string{"pin": "123456"}, 204, "", "Origin", srv.URL)
}

func TestLargeBodiesAreRefusedBeforeTheyAreRead(t *testing.T) {
	t.Parallel()
	srv := start(t)
	p := login(t, srv, "admin")
	p.want("POST", "/session", map[string]string{"account": strings.Repeat("x", 1<<20), "password": "y"}, 413, "web.too_large")
	big := make([]byte, web.MaxFile+1)
	p.want("PUT", "/files/"+digest(big), big, 413, "web.too_large")
}

func TestFilesAreKeptUnderTheirDigest(t *testing.T) {
	t.Parallel()
	srv := start(t)
	p := login(t, srv, "admin")
	b := []byte("a photograph")
	for range 2 {
		got := read[web.Stored](t, p.want("PUT", "/files/"+digest(b), b, 200, ""))
		if string(got.SHA256) != digest(b) || got.Size != int64(len(b)) {
			t.Errorf("%+v", got)
		}
	}
	p.want("PUT", "/files/"+digest([]byte("else")), b, 422, "blob.digest")
	p.want("PUT", "/files/..%2f..%2fetc", b, 422, "blob.digest")
	visitor(t, srv).want("PUT", "/files/"+digest(b), b, 401, "account.session")
}

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

func TestEveryAnswerCarriesTheSecurityHeaders(t *testing.T) {
	t.Parallel()
	p := visitor(t, start(t))
	for _, path := range []string{"/me", "//healthz", "//", "//field/", "//nothing.js"} {
		h := p.do("GET", path, nil).header
		if !strings.Contains(h.Get("Content-Security-Policy"), "'wasm-unsafe-eval'") || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("X-Request-Id") == "" {
			t.Errorf("%s: %v", path, h)
		}
	}
}

func TestOnlyThePageForOldBrowsersMayEvaluate(t *testing.T) {
	t.Parallel()
	p := visitor(t, start(t))
	for path, want := range map[string]bool{"//": false, "//field/": false, "//field/compat/": true, "//field/compat/x.js": true, "/me": false} {
		policy := p.do("GET", path, nil).header.Get("Content-Security-Policy")
		if got := strings.Contains(policy, " 'unsafe-eval'"); got != want || !strings.Contains(policy, "default-src 'self'") {
			t.Errorf("%s: %s", path, policy)
		}
	}
}

func TestHealthAndMetricsAnswerWithoutLogin(t *testing.T) {
	t.Parallel()
	p := visitor(t, start(t))
	for _, path := range []string{"//healthz", "//readyz"} {
		p.want("GET", path, nil, 200, "")
	}
	if b := string(p.want("GET", "//metrics", nil, 200, "").body); !strings.Contains(b, `ruhu_http_requests_total{class="2xx"} 2`) || !strings.Contains(b, "ruhu_job_stuck 0") {
		t.Errorf("metrics:\n%s", b)
	}
}

func TestRegionsAreReadAndWrittenInsideOnesRegion(t *testing.T) {
	t.Parallel()
	srv := start(t)
	admin := login(t, srv, "admin")
	put := func(p person, code, name string, status int, problem string) {
		t.Helper()
		p.want("PUT", "/regions", map[string]any{"items": []any{map[string]string{"code": code, "name": name}}}, status, problem)
	}
	put(admin, "990101101", "甲镇", 200, "")
	put(admin, "990101102", "乙镇", 200, "")
	put(admin, "990102101", "丙镇", 404, "region.not_found")
	put(admin, "99010", "丁镇", 422, "region.code")
	admin.want("PUT", "/accounts/0190b0b4-0000-7000-8000-000000000001",
		account.Input{Account: "office", Name: "某人", Role: "township_office", RegionCode: "990101101000", Password: password}, 200, "")
	office := login(t, srv, "office")
	put(office, "990101101201", "东村", 200, "")
	put(office, "990101102201", "西村", 404, "region.not_found")
	rs := read[web.List[struct{ Code, Name string }]](t, office.want("GET", "/regions", nil, 200, ""))
	if len(rs.Items) != 2 || rs.Items[1].Name != "东村" {
		t.Errorf("%+v", rs)
	}
	office.want("GET", "/regions?under=990101", nil, 404, "region.not_found")
	office.want("GET", "/audit", nil, 403, "authz.forbidden")
	log := read[web.List[struct{ Action string }]](t, admin.want("GET", "/audit?object=region&limit=2", nil, 200, ""))
	if len(log.Items) != 2 || log.Next == "" || log.Items[0].Action != "region.put" {
		t.Errorf("audit: %+v", log)
	}
}

// Pages may load and call nothing but this server: no source in a policy is a host.
func TestNoPolicyNamesAForeignHost(t *testing.T) {
	t.Parallel()
	p := visitor(t, start(t))
	own := []string{"'self'", "'none'", "'unsafe-inline'", "'unsafe-eval'", "'wasm-unsafe-eval'", "blob:", "data:"}
	for _, path := range []string{"//", "//campaigns/1", "//field/", "//field/sw.js", "//field/compat/", "//nothing.js", "/me"} {
		policies := p.do("GET", path, nil).header.Values("Content-Security-Policy")
		if len(policies) != 1 {
			t.Errorf("%s: %d policies", path, len(policies))
			continue
		}
		said := map[string]bool{}
		for directive := range strings.SplitSeq(policies[0], ";") {
			name, sources, _ := strings.Cut(strings.TrimSpace(directive), " ")
			said[name] = true
			for _, s := range strings.Fields(sources) {
				if !slices.Contains(own, s) {
					t.Errorf("%s: %s allows %s", path, name, s)
				}
			}
		}
		for _, name := range []string{"default-src", "connect-src", "form-action", "base-uri", "frame-ancestors"} {
			if !said[name] {
				t.Errorf("%s says nothing about %s", path, name)
			}
		}
	}
}
