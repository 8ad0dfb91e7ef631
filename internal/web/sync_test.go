package web_test

import (
	"bytes"
	"compress/gzip"
	"crypto/ecdh"
	"crypto/rand"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"ruhu/internal/authz"
	"ruhu/internal/blob"
	"ruhu/internal/device"
	"ruhu/internal/id"
	"ruhu/internal/submission"
	"ruhu/internal/web"
)

func zip(t *testing.T, b []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	if _, err := z.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestSync speaks docs/sync.md with a township that has worked for some days.
func TestSync(t *testing.T) {
	t.Parallel()
	tw := play(t, "")
	t.Run("the parts of the manifest make up the package", tw.testManifest)
	t.Run("pieces, compressed and repeated, become a file", tw.testParts)
	t.Run("forms get their receipts in one request", tw.testForms)
	t.Run("a phone that was given up", tw.testReplaced)
	t.Run("what earlier rounds saw", tw.testEarlier)
}

func (tw township) testManifest(t *testing.T) {
	p := tw.as(t, tw.inside[authz.Enumerator])
	a := p.want("GET", "/field/sync/manifest", nil, 200, "")
	p.want("GET", "/field/sync/manifest", nil, 304, "", "If-None-Match", a.header.Get("ETag"))
	m, whole := read[web.SyncManifest](t, a), read[web.FieldPackage](t, p.want("GET", "/field/package", nil, 200, ""))
	if len(m.Assignments) != len(whole.Assignments) || len(m.Assignments) < 2 || m.Head == "" {
		t.Fatalf("manifest: %+v", m)
	}
	var ids []string
	for _, x := range m.Assignments {
		ids = append(ids, x.ID)
	}
	part := read[web.SyncPulled](t, p.want("POST", "/field/sync/pull", web.SyncPull{Assignments: append(ids[:1:1], id.New())}, 200, ""))
	if len(part.Assignments) != 1 || part.Assignments[0].ID != ids[0] || part.Head != nil {
		t.Errorf("one part: %+v", part)
	}
	all := read[web.SyncPulled](t, p.want("POST", "/field/sync/pull", web.SyncPull{Head: true, Assignments: ids}, 200, ""))
	if fmt.Sprint(all.Assignments) == "" || len(all.Assignments) != len(whole.Assignments) || all.Head.Team.ID != whole.Team.ID {
		t.Errorf("all parts: %+v", all)
	}
	// A form comes in pieces, too.
	hash := m.Forms[0].Hash
	form := p.want("GET", "/field/forms/"+hash, nil, 200, "")
	var got []byte
	for size := 1 << 30; len(got) < size; {
		piece := p.want("GET", fmt.Sprintf("/field/forms/%s?offset=%d&limit=3000", hash, len(got)), nil, 200, "")
		size, _ = strconv.Atoi(piece.header.Get("X-Ruhu-Size"))
		got = append(got, piece.body...)
	}
	if !bytes.Equal(got, form.body) {
		t.Errorf("in pieces it has %d bytes, not %d", len(got), len(form.body))
	}
}

func (tw township) testParts(t *testing.T) {
	p := tw.as(t, tw.inside[authz.Enumerator])
	content := bytes.Repeat([]byte(id.New()), 100)
	d := string(blob.Of(content))
	have := func() web.SyncHave {
		return read[web.List[web.SyncHave]](t, p.want("POST", "/field/sync/have", web.SyncAsk{Files: []web.SyncFile{{SHA256: d}}}, 200, "")).Items[0]
	}
	to := func(offset int) string {
		return fmt.Sprintf("/field/sync/parts/%s?offset=%d&size=%d", d, offset, len(content))
	}
	p.want("PUT", to(0), zip(t, content[:1000]), 200, "", "Content-Encoding", "gzip")
	p.want("PUT", to(500), content[500:2000], 200, "")
	if h := have(); h.Whole || h.Offset != 2000 {
		t.Errorf("half-way: %+v", h)
	}
	p.want("PUT", to(2500), content[2500:], 409, "blob.offset")
	p.want("PUT", to(2000), []byte("no gzip"), 422, "web.encoding", "Content-Encoding", "gzip")
	p.want("PUT", to(2000), zip(t, make([]byte, 1<<20)), 413, "blob.too_large", "Content-Encoding", "gzip")
	if h := have(); h.Offset != 2000 {
		t.Errorf("after too much: %+v", h)
	}
	p.want("PUT", to(2000), content[2000:], 200, "")
	if h := have(); !h.Whole {
		t.Errorf("at the end: %+v", h)
	}
	for _, bad := range []string{"/field/sync/parts/xyz?offset=0&size=3", "/field/sync/parts/" + d + "?offset=0&size=-3", "/field/sync/parts/" + d + "?offset=x&size=3"} {
		p.want("PUT", bad, []byte("abc"), 422, "blob.digest")
	}
	p.want("PUT", "/field/sync/parts/"+d+"?offset=0&size="+strconv.Itoa(device.MaxBundle+1), []byte("abc"), 413, "blob.too_large")
}

func instanceXML(s string) []byte {
	return []byte(`<data id="x"><meta><instanceID>uuid:` + s + `</instanceID></meta></data>`)
}

func (tw township) testForms(t *testing.T) {
	p := tw.as(t, tw.inside[authz.Enumerator])
	before := read[web.List[submission.Sent]](t, p.want("GET", "/field/sync/sent?limit=200", nil, 200, ""))
	small, large := instanceXML(id.New()), instanceXML(id.New())
	ds, dl := string(blob.Of(small)), string(blob.Of(large))
	send := web.SyncSend{Device: id.New(), Forms: []web.SyncForm{
		{Digest: ds, XML: string(small)}, {Digest: dl, Size: int64(len(large))}, {Digest: ds, XML: string(large)}, {Digest: ds, XML: ""},
	}}
	answers := read[web.List[web.SyncAnswer]](t, p.want("POST", "/field/sync/forms", send, 200, "")).Items
	if answers[0].Receipt == nil || answers[0].Receipt.Digest != ds || answers[1].Code != "blob.offset" || answers[2].Code != "blob.digest" {
		t.Errorf("answers: %+v", answers)
	}
	p.want("PUT", fmt.Sprintf("/field/sync/parts/%s?offset=0&size=%d&form=1", dl, len(large)), large, 200, "")
	for range 2 {
		answers = read[web.List[web.SyncAnswer]](t, p.want("POST", "/field/sync/forms", send, 200, "")).Items
		if r := answers[0].Receipt; r == nil || !r.Duplicate {
			t.Errorf("again: %+v", answers[0])
		}
	}
	if answers[1].Code == "" { // the bytes were dropped with the receipt; a phone that missed it sends them again
		t.Errorf("bytes that were dropped are still known: %+v", answers[1])
	}
	after := read[web.List[submission.Sent]](t, p.want("GET", "/field/sync/sent?limit=200", nil, 200, ""))
	if len(after.Items) != len(before.Items)+2 {
		t.Errorf("sent: %d before, %d after", len(before.Items), len(after.Items))
	}
	var paged []submission.Sent
	for cursor := "?limit=1"; ; {
		l := read[web.List[submission.Sent]](t, p.want("GET", "/field/sync/sent"+cursor, nil, 200, ""))
		paged = append(paged, l.Items...)
		if l.Next == "" {
			break
		}
		cursor = "?limit=1&cursor=" + l.Next
	}
	if len(paged) != len(after.Items) || paged[len(paged)-1].InstanceID != after.Items[len(after.Items)-1].InstanceID {
		t.Errorf("page by page: %d, at once %d", len(paged), len(after.Items))
	}
	p.want("GET", "/field/sync/sent?cursor=x", nil, 422, "submission.cursor")
	p.want("POST", "/field/sync/forms", web.SyncSend{Forms: make([]web.SyncForm, 65)}, 413, "web.too_large")
}

func (tw township) testReplaced(t *testing.T) {
	p, office := tw.as(t, tw.inside[authz.Enumerator]), tw.as(t, tw.inside[authz.TownshipOffice])
	dev := id.New()
	w := read[web.SyncWelcome](t, p.want("POST", "/field/sync/hello", device.Report{Device: dev, Queued: 1}, 200, ""))
	if w.Replaced || w.Wipe || len(w.OfficeKey.Point) != 65 || w.MaxPart == 0 {
		t.Errorf("welcome: %+v", w)
	}
	me := read[web.Me](t, p.want("GET", "/me", nil, 200, ""))
	badges := func() int {
		for _, m := range read[web.FieldPackage](t, p.want("GET", "/field/package", nil, 200, "")).Team.Members {
			if m.ID == me.ID {
				return len(m.Badges)
			}
		}
		return -1
	}
	if w.Badge || badges() != 0 {
		t.Errorf("a badge from nowhere: %d", badges())
	}
	key, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	report := device.Report{Device: dev, Queued: 1, Badge: key.PublicKey().Bytes()}
	if w := read[web.SyncWelcome](t, p.want("POST", "/field/sync/hello", report, 200, "")); !w.Badge || badges() != 1 {
		t.Errorf("the badge is not in the package: %+v, %d", w, badges())
	}
	ds := read[web.List[device.Device]](t, office.want("GET", "/accounts/"+me.ID+"/devices", nil, 200, ""))
	if len(ds.Items) == 0 || ds.Items[0].ID != dev || ds.Items[0].Queued != 1 {
		t.Fatalf("devices: %+v", ds)
	}
	office.want("PUT", "/devices/"+dev+"/order", device.Order{Replaced: true, Wipe: true}, 200, "")
	if w := read[web.SyncWelcome](t, p.want("POST", "/field/sync/hello", device.Report{Device: dev}, 200, "")); !w.Replaced || !w.Wipe {
		t.Errorf("welcome after the order: %+v", w)
	}
	if n := badges(); n != 0 {
		t.Errorf("team-mates still get %d keys of a phone that was given up", n)
	}
	// What it still has is kept and quarantined, although it would fit.
	pkg := read[web.FieldPackage](t, p.want("GET", "/field/package", nil, 200, ""))
	for _, a := range pkg.Assignments {
		if a.Submission != nil {
			continue
		}
		xml := instanceXML(id.New())
		f := web.SyncForm{Assignment: a.ID, Form: a.FormHash, Digest: string(blob.Of(xml)), XML: string(xml)}
		r := read[web.List[web.SyncAnswer]](t, p.want("POST", "/field/sync/forms", web.SyncSend{Device: dev, Forms: []web.SyncForm{f}}, 200, "")).Items[0].Receipt
		if r == nil || r.State != submission.StateQuarantined {
			t.Errorf("receipt: %+v", r)
		}
		q := read[web.SubmissionPage](t, office.want("GET", "/campaigns/"+tw.campaign+"/submissions?state=quarantined&limit=200", nil, 200, ""))
		if !strings.Contains(fmt.Sprint(q.Items), "submission.old_device") {
			t.Errorf("quarantine: %+v", q.Items)
		}
		break
	}
	p.want("POST", "/field/sync/wiped", web.SyncDevice{Device: dev}, 204, "")
	office.want("PUT", "/devices/"+dev+"/order", device.Order{}, 409, "device.wiped")
}

// testEarlier asks in a county that has had no round before; what there is to see is package earlier's to test.
func (tw township) testEarlier(t *testing.T) {
	p, office := tw.as(t, tw.inside[authz.Enumerator]), tw.as(t, tw.inside[authz.TownshipOffice])
	dev := id.New()
	at := "/field/sync/earlier?device=" + dev
	p.want("GET", at, nil, 404, "device.not_found")
	p.want("POST", "/field/sync/hello", device.Report{Device: dev}, 200, "")
	a := p.want("GET", at, nil, 200, "")
	if got := read[web.SyncEarlier](t, a); len(got.Items) != 0 || got.Making || got.Next != "" {
		t.Errorf("without an earlier round: %+v", got)
	}
	p.want("GET", at, nil, 304, "", "If-None-Match", a.header.Get("ETag"))
	p.want("GET", at+"&cursor=-4&limit=1", nil, 200, "", "If-None-Match", a.header.Get("ETag"))
	p.want("GET", at+"&cursor=900", nil, 200, "")
	pkg := read[web.FieldPackage](t, p.want("GET", "/field/package", nil, 200, ""))
	picture := "/field/assignments/" + pkg.Assignments[0].ID + "/earlier/" + digest([]byte("x")) + "?device=" + dev
	p.want("GET", picture, nil, 404, "blob.not_found")
	tw.as(t, tw.outside[authz.Enumerator]).want("GET", picture, nil, 404, "assign.not_found")
	office.want("PUT", "/devices/"+dev+"/order", device.Order{Replaced: true}, 200, "")
	p.want("GET", at, nil, 409, "device.given_up")
}
