package web_test

import (
	"bufio"
	"bytes"
	"net/http"
	"net/http/cookiejar"
	"slices"
	"strings"
	"testing"

	"ruhu/internal/assign"
	"ruhu/internal/authz"
	"ruhu/internal/blob"
	"ruhu/internal/id"
	"ruhu/internal/ledger"
	"ruhu/internal/progress"
	"ruhu/internal/review"
	"ruhu/internal/submission"
	"ruhu/internal/web"
)

// as logs somebody of the township in.
func (tw township) as(t *testing.T, name string) person {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	p := person{t, tw.base, &http.Client{Jar: jar}, ""}
	p.want("POST", "/session", map[string]string{"account": name, "password": password}, 200, "")
	return p
}

// TestTheStreetAfterThePhoneThroughTheAPI asks everything of one township that the simulation has worked in.
func TestTheStreetAfterThePhoneThroughTheAPI(t *testing.T) {
	t.Parallel()
	tw := play(t, "")
	t.Run("the field package and its parts", tw.testField)
	t.Run("what a phone may send", tw.testIntake)
	t.Run("the queue and a return", tw.testReview)
	t.Run("a problem from start to close", tw.testLedger)
	t.Run("progress and its stream", tw.testProgress)
}

func (tw township) testField(t *testing.T) {
	p := tw.as(t, tw.inside[authz.Enumerator])
	a := p.want("GET", "/field/package", nil, 200, "")
	tag := a.header.Get("ETag")
	if b := p.want("GET", "/field/package", nil, 304, "", "If-None-Match", tag); len(b.body) != 0 || tag == "" {
		t.Errorf("ETag %q, %d bytes with 304", tag, len(b.body))
	}
	pkg := read[web.FieldPackage](t, a)
	if pkg.Team == nil || len(pkg.Team.Members) != 2 || pkg.Team.Members[0].PIN == nil || len(pkg.Assignments) == 0 || pkg.Campaign.Zone == "" {
		t.Fatalf("package: %.600s", a.body)
	}
	x := pkg.Assignments[0]
	if x.Household.HeadName == "" || x.Prefill["household.head_name"] != x.Household.HeadName || len(x.Household.Members) == 0 || x.Household.Village.Name == "" {
		t.Errorf("assignment: %+v", x)
	}
	form := p.want("GET", "/field/forms/"+x.FormHash, nil, 200, "")
	if string(blob.Of(form.body)) != x.FormHash || !strings.Contains(form.header.Get("Cache-Control"), "immutable") {
		t.Errorf("form of %d bytes, cache %q", len(form.body), form.header.Get("Cache-Control"))
	}
	p.want("GET", "/field/forms/"+x.FormHash, nil, 304, "", "If-None-Match", form.header.Get("ETag"))
	p.want("GET", "/field/forms/"+strings.Repeat("0", 64), nil, 404, "survey.no_form")
	p.want("GET", "/field/forms/..%2f..", nil, 404, "survey.no_form")
	tw.as(t, tw.inside[authz.Supervisor]).want("GET", "/field/package", nil, 403, "authz.forbidden")
	far := read[web.FieldPackage](t, tw.as(t, tw.outside[authz.Enumerator]).want("GET", "/field/package", nil, 200, ""))
	if far.Team != nil || len(far.Assignments) != 0 {
		t.Errorf("somebody without a team gets %+v", far)
	}
	for _, v := range pkg.Assignments {
		if v.Submission == nil {
			continue
		}
		path := "/field/instances/" + submission.ID(v.Submission.InstanceID)
		if got := p.want("GET", path, nil, 200, ""); string(blob.Of(got.body)) != v.Submission.Digest {
			t.Errorf("the instance is not what was sent")
		}
		p.want("GET", "/field/instances/"+v.Submission.InstanceID, nil, 200, "")
		tw.as(t, tw.outside[authz.Enumerator]).want("GET", path, nil, 404, "submission.not_found")
		return
	}
	t.Error("the team has sent nothing")
}

func (tw township) testIntake(t *testing.T) {
	p := tw.as(t, tw.inside[authz.Enumerator])
	xml := []byte(`<data id="x"><meta><instanceID>uuid:` + id.New() + `</instanceID></meta></data>`)
	const to = "/field/submissions?assignment=no&form=no&base=x"
	for name, tc := range map[string]struct {
		body   []byte
		status int
		code   string
	}{
		"empty":              {[]byte{}, 422, "submission.empty"},
		"over the limit":     {bytes.Repeat([]byte("x"), submission.MaxBody+1), 413, "web.too_large"},
		"50 MB":              {make([]byte, 50<<20), 413, "web.too_large"},
		"fits nothing":       {xml, 200, ""},
		"an XML bomb":        {[]byte(`<!DOCTYPE b [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><b>&b;</b>`), 200, ""},
		"bytes of some kind": {[]byte{0, 1, 2, 0xff}, 200, ""},
	} {
		a := p.do("POST", to, tc.body, "Content-Type", "text/xml")
		if a.status != tc.status || a.problem().Code != tc.code {
			t.Errorf("%s: %d %.200s", name, a.status, a.body)
			continue
		}
		if tc.status != 200 {
			continue
		}
		r := read[submission.Receipt](t, a)
		if r.State != submission.StateQuarantined || r.Duplicate || r.Digest != string(blob.Of(tc.body)) {
			t.Errorf("%s: %+v", name, r)
		}
		if again := read[submission.Receipt](t, p.do("POST", to, tc.body, "Content-Type", "text/xml")); !again.Duplicate || again.ReceivedAt != r.ReceivedAt {
			t.Errorf("%s again: %+v", name, again)
		}
	}
	picture := []byte("\x89PNG\r\n\x1a\n" + id.New())
	at := "/field/files/" + string(blob.Of(picture))
	if a := p.do("HEAD", at, nil); a.status != 404 {
		t.Errorf("HEAD before: %d", a.status)
	}
	p.want("PUT", at, []byte("something else"), 422, "blob.digest")
	p.want("PUT", at, picture, 200, "")
	if a := p.do("HEAD", at, nil); a.status != 200 {
		t.Errorf("HEAD after: %d", a.status)
	}
	rs := read[web.List[submission.Receipt]](t, p.want("GET", "/field/receipts", nil, 200, ""))
	if len(rs.Items) == 0 || rs.Items[0].InstanceID == "" || len(rs.Items[0].Digest) != 64 {
		t.Errorf("receipts: %+v", rs)
	}
	office := tw.as(t, tw.inside[authz.TownshipOffice])
	page := read[web.SubmissionPage](t, office.want("GET", "/campaigns/"+tw.campaign+"/submissions?state=quarantined", nil, 200, ""))
	if page.Counts[submission.StateQuarantined] != 3 || len(page.Items) != 3 || page.Items[0].ReasonText == "" || page.Items[0].Household != nil {
		t.Errorf("quarantine: %+v", page)
	}
	detail := read[web.SubmissionDetail](t, office.want("GET", "/submissions/"+page.Items[0].ID, nil, 200, ""))
	if len(detail.Revisions) != 1 || len(detail.May) != 0 || len(detail.Sections) != 0 {
		t.Errorf("a quarantined form: %+v", detail)
	}
}

func (tw township) testReview(t *testing.T) {
	list := "/campaigns/" + tw.campaign + "/submissions"
	sup := tw.as(t, tw.inside[authz.Supervisor])
	q := read[web.SubmissionPage](t, sup.want("GET", list+"?limit=1", nil, 200, ""))
	if q.Next == "" || len(q.Items) != 1 || q.Total < 2 {
		t.Fatalf("queue: %+v", q)
	}
	second := read[web.SubmissionPage](t, sup.want("GET", list+"?limit=1&cursor="+q.Next, nil, 200, ""))
	if second.Items[0].ID == q.Items[0].ID {
		t.Error("the second page is the first")
	}
	sup.want("GET", list+"?cursor=nonsense", nil, 422, "submission.cursor")
	sup.want("GET", list+"?state=burnt", nil, 422, "submission.state")
	sup.want("GET", list+"?village=1", nil, 422, "region.code")
	tw.as(t, tw.outside[authz.TownshipOffice]).want("GET", list, nil, 404, "")

	page := read[web.SubmissionPage](t, sup.want("GET", list+"?state=review&level=supervisor", nil, 200, ""))
	if len(page.Items) == 0 {
		t.Fatalf("nothing waits at the first level: %v", page.Counts)
	}
	row := page.Items[0]
	at := "/submissions/" + row.ID
	d := read[web.SubmissionDetail](t, sup.want("GET", at, nil, 200, ""))
	if !slices.Contains(d.May, review.Approve) || len(d.Sections) < 5 || d.FormTitle.ZH == "" || d.Sections[1].Title == "" || len(d.History) == 0 {
		t.Fatalf("detail: %+v", d)
	}
	xml := sup.want("GET", at+"/revisions/1", nil, 200, "")
	if string(blob.Of(xml.body)) != d.Revisions[0].Digest || !strings.HasPrefix(xml.header.Get("Content-Disposition"), "attachment") {
		t.Errorf("revision 1: %d bytes", len(xml.body))
	}
	sup.want("GET", at+"/revisions/99", nil, 404, "submission.no_revision")
	sup.want("GET", at+"/files/"+strings.Repeat("0", 64)+".jpg", nil, 404, "submission.no_file")
	for _, sec := range d.Sections {
		for _, a := range sec.Answers {
			if a.Type == "upload" && a.Value != "" {
				if f := sup.want("GET", at+"/files/"+a.Value, nil, 200, ""); !strings.HasPrefix(f.header.Get("Content-Type"), "image/") {
					t.Errorf("a picture comes as %q", f.header.Get("Content-Type"))
				}
			}
		}
	}
	ref := d.Sections[1].Answers[0].Ref
	in := web.DecisionInput{
		ID: id.New(), Action: "return", Revision: d.Revision, Note: "请核对",
		Comments: []web.CommentInput{{ID: id.New(), Ref: ref, Text: "请再问一遍"}},
	}
	tw.as(t, tw.inside[authz.TownshipOffice]).want("POST", at+"/decisions", in, 409, "review.wrong_level")
	for range 2 { // sent twice, counted once
		back := read[web.SubmissionDetail](t, sup.want("POST", at+"/decisions", in, 200, ""))
		if back.State != submission.StateReturned || back.ReturnedTimes != row.ReturnedTimes+1 || slices.Contains(back.May, review.Return) {
			t.Errorf("returned: %s, %d times", back.State, back.ReturnedTimes)
		}
	}
	sup.want("POST", at+"/decisions", web.DecisionInput{ID: id.New(), Action: "approve", Revision: d.Revision}, 409, "review.wrong_state")
	tw.seesReturn(t, row, ref)
}

// seesReturn looks for the returned form in the package of its team.
func (tw township) seesReturn(t *testing.T, row web.SubmissionRow, ref string) {
	t.Helper()
	teams := read[web.List[web.Team]](t, tw.as(t, tw.inside[authz.TownshipOffice]).want("GET", "/campaigns/"+tw.campaign+"/teams", nil, 200, ""))
	for _, team := range teams.Items {
		if team.ID != row.Team.ID {
			continue
		}
		p := tw.as(t, team.Members[0].Account)
		pkg := read[web.FieldPackage](t, p.want("GET", "/field/package", nil, 200, ""))
		for _, x := range pkg.Assignments {
			if x.ID != row.AssignmentID {
				continue
			}
			if x.State != assign.Returned || x.Returned == nil || x.Returned.Note != "请核对" || len(x.Returned.Comments) != 1 || x.Returned.Comments[0].Ref != ref {
				t.Errorf("the team is told %+v %+v", x.State, x.Returned)
			}
			p.want("GET", x.InstanceURL, nil, 200, "")
			return
		}
	}
	t.Error("the returned form is in no package")
}

func (tw township) testLedger(t *testing.T) {
	list := "/campaigns/" + tw.campaign + "/problems"
	office := tw.as(t, tw.inside[authz.TownshipOffice])
	p := read[web.ProblemPage](t, office.want("GET", list+"?state=registered", nil, 200, ""))
	if len(p.Items) == 0 {
		t.Fatalf("no open problem: %v", p.Counts)
	}
	it := p.Items[0]
	if it.Title.ZH == "" || it.Household == nil || it.Village.Name == "" || !strings.HasPrefix(it.Number, "2026-") {
		t.Errorf("row: %+v", it)
	}
	office.want("GET", list+"?state=burnt", nil, 422, "ledger.state")
	at := "/problems/" + it.ID
	tw.as(t, tw.outside[authz.TownshipOffice]).want("GET", at, nil, 404, "ledger.not_found")
	vill := tw.villager(t, string(it.Village.Code))
	picture := []byte("\x89PNG\r\n\x1a\n" + id.New())
	digest := string(blob.Of(picture))
	vill.want("POST", at+"/claim", web.ProblemAct{ID: id.New()}, 409, "ledger.wrong_state")
	vill.want("POST", at+"/start", web.ProblemAct{ID: id.New(), Cause: "年久失修", Measure: "加固", Person: "村主任"}, 200, "")
	vill.want("POST", at+"/claim", web.ProblemAct{ID: id.New(), Files: []string{digest}}, 422, "ledger.file")
	vill.want("PUT", "/files/"+digest, picture, 200, "")
	claimed := read[web.Problem](t, vill.want("POST", at+"/claim", web.ProblemAct{ID: id.New(), Note: "已修好", Files: []string{digest}}, 200, ""))
	if claimed.State != ledger.Claimed || len(claimed.May) != 0 || claimed.Measure != "加固" {
		t.Errorf("claimed: %+v", claimed)
	}
	vill.want("POST", at+"/verify", web.ProblemAct{ID: id.New()}, 403, "authz.forbidden")
	sup := tw.as(t, tw.inside[authz.Supervisor])
	if f := sup.want("GET", at+"/files/"+digest, nil, 200, ""); f.header.Get("Content-Type") != "image/png" || !bytes.Equal(f.body, picture) {
		t.Errorf("evidence: %s", f.header.Get("Content-Type"))
	}
	sup.want("GET", at+"/files/"+strings.Repeat("0", 64), nil, 404, "blob.not_found")
	sup.want("POST", at+"/verify", web.ProblemAct{ID: id.New(), Note: "属实"}, 200, "")
	closed := read[web.Problem](t, office.want("POST", at+"/close", web.ProblemAct{ID: id.New()}, 200, ""))
	if closed.State != ledger.Closed || len(closed.Events) != 5 {
		t.Errorf("closed: %s after %d events", closed.State, len(closed.Events))
	}
	by := read[web.Problem](t, sup.want("PUT", list+"/"+id.New(), map[string]any{
		"village_code": string(it.Village.Code), "title": map[string]string{"zh": "村道塌方", "en": ""}, "category": "基础设施", "sector": "交通", "severity": it.Severity, "note": "",
	}, 200, ""))
	if by.Source != ledger.ByVisit || by.Title.EN != "村道塌方" {
		t.Errorf("by hand: %+v", by.ProblemRow)
	}
	sup.want("PUT", list+"/"+id.New(), map[string]any{"title": 7}, 422, "web.json")
}

// villager logs the account of a village in.
func (tw township) villager(t *testing.T, code string) person {
	t.Helper()
	admin := tw.as(t, tw.inside[authz.CountyOffice])
	as := read[web.List[struct {
		Account    string `json:"account"`
		RegionCode string `json:"region_code"`
	}]](t, admin.want("GET", "/accounts?role=village&limit=200", nil, 200, ""))
	for _, a := range as.Items {
		if a.RegionCode == code {
			return tw.as(t, a.Account)
		}
	}
	t.Fatalf("village %s has no account", code)
	return person{}
}

func (tw township) testProgress(t *testing.T) {
	at := "/campaigns/" + tw.campaign + "/progress"
	office := tw.as(t, tw.inside[authz.TownshipOffice])
	p := read[progress.Progress](t, office.want("GET", at, nil, 200, ""))
	if p.Version == 0 || p.Totals.Assigned != 24 || p.Totals.Submitted == 0 || p.Totals.ProblemsOpen == 0 || len(p.Villages) == 0 {
		t.Errorf("progress: %+v", p)
	}
	tw.as(t, tw.inside[authz.Enumerator]).want("GET", at, nil, 403, "authz.forbidden")
	tw.as(t, tw.outside[authz.TownshipOffice]).want("GET", at+"/stream", nil, 404, "survey.not_found")

	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, tw.base+"/api/v1"+at+"/stream", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := office.http.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	lines := bufio.NewScanner(resp.Body)
	next := func() string { // the data of the next event
		for lines.Scan() {
			if d, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				return d
			}
		}
		t.Fatalf("the stream ended: %v", lines.Err())
		return ""
	}
	first := next()
	sup := tw.as(t, tw.inside[authz.Supervisor])
	sup.want("PUT", "/campaigns/"+tw.campaign+"/problems/"+id.New(), map[string]any{
		"village_code": p.Villages[0].Code, "title": map[string]string{"zh": "桥断了", "en": ""}, "category": "", "sector": "", "severity": "high", "note": "",
	}, 200, "")
	if second := next(); second == first || !strings.Contains(second, `"version":`) {
		t.Errorf("after a change: %s, before: %s", second, first)
	}
}
