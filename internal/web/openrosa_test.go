package web_test

import (
	"bytes" //nolint:gosec // the protocol's
	"fmt"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"ruhu/form/collect"
	"ruhu/form/xform"
	"ruhu/internal/authz"
	"ruhu/internal/blob"
	"ruhu/internal/db/dbtest"
	"ruhu/internal/id"
	"ruhu/internal/submission"
	"ruhu/internal/web"
)

func TestOpenRosaClients(t *testing.T) {
	t.Parallel()
	for name, dsn := range map[string]func(t *testing.T) string{
		"sqlite":   func(*testing.T) string { return "" },
		"postgres": func(t *testing.T) string { return dbtest.PostgresDSN(t) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newRosaWorld(t, play(t, dsn(t)))
			t.Run("forms and households", w.testForms)
			t.Run("digest authentication", w.testDigest)
			t.Run("a record with files in several posts, repeated and edited", w.testRecord)
			t.Run("what else may come", w.testJunk)
			t.Run("somebody else's", w.testOthers)
			t.Run("a withdrawn key", w.testWithdrawn)
		})
	}
}

// rosaWorld is a township and two enumerators of different teams with other apps.
type rosaWorld struct {
	township
	client, token string
	pack          web.FieldPackage
	stranger      *rosa // of another team
}

func newRosaWorld(t *testing.T, tw township) *rosaWorld {
	t.Helper()
	w := &rosaWorld{township: tw}
	w.client, w.token = tw.key(t, tw.inside[authz.Enumerator])
	w.pack = read[web.FieldPackage](t, tw.login(t, tw.inside[authz.Enumerator]).want("GET", "/field/package", nil, 200, ""))
	office := tw.login(t, tw.inside[authz.TownshipOffice])
	for _, team := range read[web.List[web.Team]](t, office.want("GET", "/campaigns/"+tw.campaign+"/teams", nil, 200, "")).Items {
		if team.ID != w.pack.Team.ID {
			_, token := tw.key(t, team.Members[0].Account)
			w.stranger = w.with(t, token)
		}
	}
	return w
}

func (w *rosaWorld) with(t *testing.T, token string) *rosa {
	root := strings.TrimSuffix(w.base, "/api/v1")
	return &rosa{t: t, server: root + "/openrosa/key/" + token, http: &http.Client{}}
}

func (w *rosaWorld) mine(t *testing.T) *rosa { return w.with(t, w.token) }

func (w *rosaWorld) testForms(t *testing.T) {
	c := w.mine(t)
	all := c.forms("")
	if len(all.Forms) == 0 {
		t.Fatal("no forms")
	}
	book, err := w.app.Web.Surveys.Get(t.Context(), w.officeActor(), w.campaign)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range all.Forms {
		form := c.fetch(f.Download, f.Hash)
		if f.Name == "" || f.Description != "" || !bytes.Contains(form, []byte(`id="`+f.FormID+`" version="`+f.Version+`"`)) {
			t.Errorf("%+v does not describe the form", f)
		}
		m := readXML[rosaManifest](t, c.ask("GET", f.Manifest, nil))
		if len(m.Files) != 1 || m.Files[0].Type != "entityList" {
			t.Fatalf("manifest %+v", m)
		}
		csv := c.fetch(m.Files[0].Download, m.Files[0].Hash)
		for _, a := range w.pack.Assignments {
			if !bytes.Contains(csv, []byte(a.ID)) || !bytes.Contains(csv, []byte(a.Household.HeadName)) {
				t.Errorf("household %s is not in the list", a.Household.Code)
			}
		}
		if n := bytes.Count(csv, []byte("\n")); n != len(w.pack.Assignments)+1 {
			t.Errorf("%d lines for %d households", n, len(w.pack.Assignments))
		}
		// What the office derives from answers is not told on site (S0.18).
		for _, secret := range []string{"ruhu.dev/xforms", "indicator", "problem"} {
			if bytes.Contains(form, []byte(secret)) || bytes.Contains(csv, []byte(secret)) {
				t.Errorf("%q is handed out with %s", secret, f.FormID)
			}
		}
		one := c.forms("?formID=" + url.QueryEscape(f.FormID) + "&verbose=true&deviceID=collect%3Aabc")
		if len(one.Forms) != 1 || one.Forms[0].Description != book.Title {
			t.Errorf("one form, in words: %+v", one.Forms)
		}
	}
	if n := len(c.forms("?formID=nothing").Forms); n != 0 {
		t.Errorf("%d forms of a name that there is not", n)
	}
	if n := len(c.forms("?listAllVersions=true").Forms); n < len(all.Forms) {
		t.Errorf("%d versions of %d forms", n, len(all.Forms))
	}
	if a := c.ask("GET", "/forms/"+strings.Repeat("0", 64)+"/form.xml", nil); a.status != 404 || readXML[rosaReply](t, a).Message == "" {
		t.Errorf("a form that there is not: %d", a.status)
	}
	if a := c.ask("GET", "/formList", nil, "Accept-Language", "en"); a.header.Get("Content-Language") != "en" {
		t.Error("the language is not that of the client")
	}
}

func (w *rosaWorld) officeActor() authz.Actor {
	return authz.Actor{ID: id.New(), Account: "test", Role: authz.CountyOffice, County: "990101", Region: "990101000000"}
}

func (w *rosaWorld) testDigest(t *testing.T) {
	name, secret, _ := strings.Cut(w.token, ".")
	c := &rosa{t: t, server: strings.TrimSuffix(w.base, "/api/v1") + "/openrosa", http: &http.Client{}, name: name, secret: secret}
	first := c.ask("HEAD", "/submission", nil)
	ch := c.challenged(first)
	if first.status != 401 || ch["qop"] != "auth" || ch["domain"] == "" || ch["stale"] != "" {
		t.Fatalf("%d, challenge %v", first.status, ch)
	}
	c.challenge = ch
	if a := c.ask("HEAD", "/submission", nil); a.status != 204 || a.header.Get("X-OpenRosa-Accept-Content-Length") == "" || a.header.Get("Location") != c.server+"/submission" {
		t.Errorf("HEAD: %d %v", a.status, a.header)
	}
	if len(c.forms("?verbose=true").Forms) == 0 { // the same nonce, the next count, an address with a query
		t.Error("no forms")
	}
	r, err := http.NewRequestWithContext(t.Context(), "GET", c.server+"/formList", nil)
	if err != nil {
		t.Fatal(err)
	}
	spent := c.proof(r)
	if a := c.ask("GET", "/formList", nil, "Authorization", spent); a.status != 200 {
		t.Errorf("a fresh count: %d", a.status)
	}
	if a := c.ask("GET", "/formList", nil, "Authorization", spent); a.status != 401 || c.challenged(a)["stale"] != "true" {
		t.Errorf("a count that was used: %d %v", a.status, a.header)
	}
	if a := c.ask("GET", "/formList?x=1", nil, "Authorization", c.proof(r)); a.status != 401 || c.challenged(a)["stale"] != "" {
		t.Errorf("a proof for another address: %d", a.status)
	}
	for what, change := range map[string]func(*rosa){
		"wrong secret":   func(c *rosa) { c.secret = "wrong" },
		"wrong name":     func(c *rosa) { c.name = "990101-aaaaaaaa" },
		"foreign county": func(c *rosa) { c.name = "000000-aaaaaaaa" },
		"own nonce":      func(c *rosa) { c.challenge = map[string]string{"realm": ch["realm"], "nonce": "AAAA"} },
		"other realm":    func(c *rosa) { c.challenge = map[string]string{"realm": "x", "nonce": ch["nonce"]} },
	} {
		x := *c
		change(&x)
		if a := x.ask("GET", "/formList", nil); a.status != 401 {
			t.Errorf("%s: %d", what, a.status)
		}
	}
	for _, h := range []string{"Digest", "Digest x", `Digest username="a", username="b"`, "Basic !", "Basic " + "OTkwMTAxLWE6Yg==", "Bearer x"} {
		if a := c.ask("GET", "/formList", nil, "Authorization", h); a.status != 401 {
			t.Errorf("%s: %d", h, a.status)
		}
	}
	basic, err := http.NewRequestWithContext(t.Context(), "GET", c.server+"/formList", nil)
	if err != nil {
		t.Fatal(err)
	}
	basic.SetBasicAuth(name, secret) // this machine only: what goes over a network must be sealed
	if a := c.ask("GET", "/formList", nil, "Authorization", basic.Header.Get("Authorization")); a.status != 200 {
		t.Errorf("basic: %d", a.status)
	}
}

// fill fills in the form of a household that has none yet, as another app would: with the files of the list, and pictures under its own names.
func (w *rosaWorld) fill(t *testing.T, pictures ...string) (record []byte, instance string) {
	t.Helper()
	c := w.mine(t)
	pack := read[web.FieldPackage](t, w.login(t, w.inside[authz.Enumerator]).want("GET", "/field/package", nil, 200, ""))
	for _, a := range pack.Assignments {
		if a.Submission != nil {
			continue
		}
		return w.answer(t, c, a, pictures)
	}
	t.Fatal("every household has been visited")
	return nil, ""
}

func (w *rosaWorld) answer(t *testing.T, c *rosa, a web.FieldAssignment, pictures []string) (record []byte, instance string) {
	t.Helper()
	for _, f := range c.forms("").Forms {
		if !strings.Contains(f.Download, a.FormHash) {
			continue
		}
		m := readXML[rosaManifest](t, c.ask("GET", f.Manifest, nil))
		csv := c.fetch(m.Files[0].Download, m.Files[0].Hash)
		form, err := xform.Parse(c.fetch(f.Download, f.Hash), xform.Options{Attachments: func(string) ([]byte, error) { return csv, nil }})
		if err != nil {
			t.Fatal(err)
		}
		fresh := id.New()
		instance = "uuid:" + fresh
		s, err := form.NewSession(xform.Env{Now: w.app.DB.Now().Time, Zone: time.UTC, UUID: func() string { return fresh }})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Set("/data"+collect.Visit, a.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Set("/data/g_mode/mode", "1"); err != nil { // face to face: with a signature
			t.Fatal(err)
		}
		for _, ref := range uploadsOf(form.Body()) {
			if n, _ := s.Node(ref); n.Relevant && len(pictures) > 0 {
				if _, err := s.Set(ref, pictures[0]); err != nil {
					t.Fatal(err)
				}
				pictures = pictures[1:]
			}
		}
		if len(pictures) > 0 {
			t.Fatalf("the form asks for %d pictures less", len(pictures))
		}
		if record, err = s.XML(); err != nil {
			t.Fatal(err)
		}
		return record, instance
	}
	t.Fatalf("no form for %s", a.ID)
	return nil, ""
}

func uploadsOf(cs []*xform.Control) []string {
	var out []string
	for _, c := range cs {
		if c.Type == "upload" {
			out = append(out, c.Ref)
		}
		out = append(out, uploadsOf(c.Children)...)
	}
	return out
}

// detail lets everything happen that follows an arrival, and shows a form as the supervisor sees it.
func (w *rosaWorld) detail(t *testing.T, instance string) web.SubmissionDetail {
	t.Helper()
	if err := w.app.Bus.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	sup := w.login(t, w.inside[authz.Supervisor])
	return read[web.SubmissionDetail](t, sup.want("GET", "/submissions/"+submission.ID(instance), nil, 200, ""))
}

func (w *rosaWorld) testRecord(t *testing.T) {
	c := w.mine(t)
	record, instance := w.fill(t, "1712 甲.jpg", "1713.jpg")
	picture, second := []byte("\xff\xd8\xff\xe0 one"), []byte("\xff\xd8\xff\xe0 two")

	status, r := c.send(record, map[string][]byte{"1712 甲.jpg": picture})
	if status != 201 || r.Message == "" || r.Receipt.Digest != string(blob.Of(record)) || r.Receipt.InstanceID != instance || r.Receipt.Revision != 1 || r.Receipt.Duplicate || r.Receipt.State != "received" {
		t.Fatalf("first post: %d %+v", status, r)
	}
	d := w.detail(t, instance)
	if d.State != submission.StateReview || d.Household == nil || !slices.Equal(d.Missing, []string{"1713.jpg"}) || d.Revisions[0].Via != "client" {
		t.Errorf("after one picture: %s, missing %v, reason %s, %+v", d.State, d.Missing, d.ReasonText, d.Revisions)
	}
	status, r = c.send(record, map[string][]byte{"1713.jpg": second})
	if status != 201 || !r.Receipt.Duplicate || r.Receipt.Revision != 1 {
		t.Errorf("second post: %d %+v", status, r)
	}
	for range 2 { // sent again because the answer was lost
		if status, r = c.send(record, map[string][]byte{"1713.jpg": second}); status != 201 || !r.Receipt.Duplicate {
			t.Errorf("again: %d %+v", status, r)
		}
	}
	if status, _ = c.send(record, map[string][]byte{"1713.jpg": []byte("another picture")}); status != 201 { // kept, but what was seen stays
		t.Errorf("another picture of the name: %d", status)
	}
	d = w.detail(t, instance)
	sup := w.login(t, w.inside[authz.Supervisor])
	file := func(name string) []byte {
		t.Helper()
		return sup.want("GET", "/submissions/"+d.ID+"/files/"+url.PathEscape(name), nil, 200, "").body
	}
	if len(d.Missing) != 0 || len(d.Revisions) != 1 || !bytes.Equal(file("1712 甲.jpg"), picture) || !bytes.Equal(file("1713.jpg"), second) {
		t.Errorf("with both pictures: missing %v, %d revisions", d.Missing, len(d.Revisions))
	}
	if xml := sup.want("GET", "/submissions/"+d.ID+"/revisions/1", nil, 200, "").body; !bytes.Equal(xml, record) {
		t.Error("what is kept is not what was sent")
	}

	// An edit has an id of its own and names the one before.
	edit := func(of []byte, old, size string) ([]byte, string) {
		fresh := "uuid:" + id.New()
		out := regexp.MustCompile(`<instanceID>[^<]*</instanceID>`).ReplaceAll(of, []byte("<instanceID>"+fresh+"</instanceID><deprecatedID>"+old+"</deprecatedID>"))
		return bytes.Replace(out, []byte("</ruhu_visit>"), []byte("</ruhu_visit><!-- "+size+" -->"), 1), fresh
	}
	changed, newer := edit(record, instance, "5")
	for i := range 2 {
		if status, r = c.send(changed, nil); status != 201 || r.Receipt.Revision != 2 || r.Receipt.InstanceID != newer || r.Receipt.Duplicate != (i == 1) {
			t.Errorf("edit: %d %+v", status, r)
		}
	}
	d = w.detail(t, instance)
	if d.Revision != 2 || len(d.Revisions) != 2 || len(d.Missing) != 0 || d.State != submission.StateReview {
		t.Errorf("after the edit: revision %d of %d, missing %v, %s %s", d.Revision, len(d.Revisions), d.Missing, d.State, d.ReasonText)
	}
	again, _ := edit(bytes.Replace(changed, []byte("<deprecatedID>"+instance+"</deprecatedID>"), nil, 1), newer, "6")
	if status, r = c.send(again, nil); status != 201 || r.Receipt.Revision != 3 {
		t.Errorf("an edit of the edit: %d %+v", status, r)
	}
	late, _ := edit(record, instance, "7")
	if status, r = c.send(late, nil); status != 202 || r.Receipt.State != "quarantined" || r.Receipt.Revision != 4 {
		t.Errorf("an edit of what was edited: %d %+v", status, r)
	}
	lost, lostID := edit(record, "uuid:"+id.New(), "8")
	if status, r = c.send(lost, nil); status != 202 || r.Receipt.Revision != 1 {
		t.Errorf("an edit of what nobody knows: %d %+v", status, r)
	}
	// It stands beside the household's form: set aside for good once the two were found to say the same.
	if got := w.detail(t, lostID); got.State != submission.StateQuarantined && got.State != submission.StateAside || got.ReasonText == "" {
		t.Errorf("it is %s", got.State)
	}
	if d = w.detail(t, instance); d.Revision != 3 && d.Revision != 5 { // 5: put together with the late edit
		t.Errorf("revision %d stands", d.Revision)
	}
}

func (w *rosaWorld) testJunk(t *testing.T) {
	c := w.mine(t)
	record, instance := w.fill(t, "a.jpg")
	ctype, body := envelope(record, map[string][]byte{"a.jpg": bytes.Repeat([]byte("x"), 100_000)})

	// The connection breaks off in the middle of a picture; then everything comes again.
	u, err := url.Parse(c.server)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", u.Host)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = fmt.Fprintf(conn, "POST %s/submission HTTP/1.1\r\nHost: %s\r\nX-OpenRosa-Version: 1.0\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n", u.Path, u.Host, ctype, len(body))
	_, _ = conn.Write(body[:len(body)/2])
	_ = conn.Close()
	if status, r := c.send(record, map[string][]byte{"a.jpg": []byte("xx")}); status != 201 || r.Receipt.Duplicate {
		t.Errorf("after a break: %d %+v", status, r)
	}
	if d := w.detail(t, instance); len(d.Revisions) != 1 || len(d.Missing) != 0 {
		t.Errorf("after a break: %d revisions, missing %v", len(d.Revisions), d.Missing)
	}

	post := func(ctype string, body []byte) int {
		t.Helper()
		return c.ask("POST", "/submission", bytes.NewReader(body), "Content-Type", ctype).status
	}
	twice := bytes.Replace(body, []byte(`name="a.jpg"`), []byte(`name="xml_submission_file"`), 1)
	for name, tc := range map[string]struct {
		ctype string
		body  []byte
		want  int
	}{
		"no multipart":       {"text/xml", record, 400},
		"no boundary":        {"multipart/form-data", body, 400},
		"another boundary":   {"multipart/form-data; boundary=zzz", body, 400},
		"cut off":            {ctype, body[:len(body)-200], 400},
		"two records":        {ctype, twice, 400},
		"empty":              {ctype, nil, 400},
		"bytes of some kind": {ctype, []byte("\x00\xff--\r\n\r\n"), 400},
	} {
		if got := post(tc.ctype, tc.body); got != tc.want {
			t.Errorf("%s: %d", name, got)
		}
	}
	kind, none := envelope(nil, map[string][]byte{"a.jpg": []byte("x")})
	if got := post(kind, none); got != 400 {
		t.Errorf("without a record: %d", got)
	}
	large := append(append([]byte("<data>"), bytes.Repeat([]byte(" "), submission.MaxBody)...), "</data>"...)
	if status, _ := c.send(large, nil); status != 413 {
		t.Errorf("a record over the limit: %d", status)
	}
	if status, _ := c.send(record, map[string][]byte{"a.jpg": make([]byte, submission.MaxFile+1)}); status != 413 {
		t.Errorf("a picture over the limit: %d", status)
	}
	if a := c.ask("POST", "/submission", bytes.NewReader(make([]byte, 65<<20)), "Content-Type", ctype); a.status != 413 {
		t.Errorf("65 MB: %d", a.status)
	}
	for name, body := range map[string]string{
		"no form of ours": `<data id="x" version="1"><meta><instanceID>uuid:` + id.New() + `</instanceID></meta></data>`,
		"no XML":          "not XML",
		"an XML bomb":     `<!DOCTYPE b [<!ENTITY a "aaaa">]><b>&a;</b>`,
	} {
		for _, again := range []bool{false, true} {
			if status, r := c.send([]byte(body), map[string][]byte{"../../x.jpg": []byte("x")}); status != 202 || r.Receipt.State != "quarantined" || r.Receipt.Duplicate != again {
				t.Errorf("%s: %d %+v", name, status, r)
			}
		}
	}
}

func (w *rosaWorld) testOthers(t *testing.T) {
	c, other := w.mine(t), *w.stranger
	other.t = t
	record, instance := w.answer(t, c, w.pack.Assignments[0], nil)
	for _, f := range other.forms("").Forms {
		csv := string(other.ask("GET", readXML[rosaManifest](t, other.ask("GET", f.Manifest, nil)).Files[0].Download, nil).body)
		for _, a := range w.pack.Assignments {
			if strings.Contains(csv, a.ID) {
				t.Errorf("another team is told of %s", a.Household.Code)
			}
		}
	}
	if status, r := other.send(record, nil); status != 202 || r.Receipt.State != "quarantined" {
		t.Errorf("another team's household: %d %+v", status, r)
	}
	if d := w.detail(t, instance); d.Reason != "submission.not_team" {
		t.Errorf("set aside because of %s", d.Reason)
	}
	if a := c.ask("GET", strings.Replace(c.server, "/key/", "/key/x", 1)+"/formList", nil); a.status != 401 {
		t.Errorf("a key that there is not: %d", a.status)
	}
	far := w.with(t, second(w.key(t, w.outside[authz.Enumerator])))
	if n := len(far.forms("").Forms); n != 0 {
		t.Errorf("somebody without a team gets %d forms", n)
	}
	if a := far.ask("GET", "/forms/"+w.pack.Assignments[0].FormHash+"/form.xml", nil); a.status != 404 {
		t.Errorf("another campaign's form: %d", a.status)
	}
}

func second(_, b string) string { return b }

func (w *rosaWorld) testWithdrawn(t *testing.T) {
	c := w.mine(t)
	office := w.login(t, w.inside[authz.TownshipOffice])
	me := read[web.Me](t, w.login(t, w.inside[authz.Enumerator]).want("GET", "/me", nil, 200, ""))
	keys := read[web.List[struct {
		ID     string  `json:"id"`
		SeenAt *string `json:"seen_at"`
	}]](t, office.want("GET", "/accounts/"+me.ID+"/clients", nil, 200, ""))
	if len(keys.Items) == 0 || keys.Items[0].SeenAt == nil {
		t.Errorf("keys %+v", keys)
	}
	office.want("PUT", "/accounts/"+me.ID+"/clients/"+w.client, web.ClientInput{}, 409, "device.client_used")
	office.want("DELETE", "/clients/"+w.client, nil, 204, "")
	office.want("DELETE", "/clients/"+w.client, nil, 204, "")
	record := []byte("<data/>")
	if a := c.ask("GET", "/formList", nil); a.status != 401 {
		t.Errorf("forms for a withdrawn key: %d", a.status)
	}
	if status, _ := c.send(record, nil); status != 401 {
		t.Errorf("a record with a withdrawn key: %d", status)
	}
	for i := range 6 {
		want, code := 200, ""
		if i == 5 {
			want, code = 409, "device.client_many"
		}
		office.want("PUT", "/accounts/"+me.ID+"/clients/"+id.New(), web.ClientInput{Label: "备用"}, want, code)
	}
}
