package web_test

import (
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"ruhu/internal/assign"
	"ruhu/internal/id"
	rt "ruhu/internal/roster/rostertest"
	"ruhu/internal/web"
)

type object = map[string]any

// office is a township office with a campaign, four enumerators and nothing else; other is the office of the next township.
type office struct {
	admin, own, other person
	campaign          string
}

func newOffice(t *testing.T, srv *httptest.Server) office {
	t.Helper()
	o := office{admin: login(t, srv, "admin"), campaign: id.New()}
	o.admin.want("PUT", "/regions", object{"items": []object{
		{"code": "990101001", "name": "东镇"},
		{"code": "990101002", "name": "西镇"},
		{"code": "990101001201", "name": "第1村"},
		{"code": "990101001202", "name": "第2村"},
		{"code": "990101001203", "name": "第3村"},
		{"code": "990101002201", "name": "西村"},
	}}, 200, "")
	put := func(account, role, where, home string, fromCounty bool) {
		t.Helper()
		o.admin.want("PUT", "/accounts/"+id.New(), object{
			"account": account, "name": account, "role": role, "region_code": where, "home_village": home,
			"from_county": fromCounty, "unit": "", "disabled": false, "password": password,
		}, 200, "")
	}
	put("own", "township_office", "990101001000", "", false)
	put("other", "township_office", "990101002000", "", false)
	put("village", "village", "990101001202", "", false)
	for i := range 2 {
		put(fmt.Sprintf("c%d", i), "enumerator", "990101001000", "", true)
		put(fmt.Sprintf("t%d", i), "enumerator", "990101001000", fmt.Sprintf("99010100120%d", i+1), false)
	}
	o.own, o.other = login(t, srv, "own"), login(t, srv, "other")
	books := read[web.List[web.Playbook]](t, o.own.want("GET", "/playbooks", nil, 200, ""))
	c := read[web.Campaign](t, o.own.want("PUT", "/campaigns/"+o.campaign, object{"playbook": books.Items[0].ID, "title": "回头看", "region_code": "990101001000", "starts_on": "2026-03-01"}, 200, ""))
	if c.State != "planned" || len(c.Stages) == 0 || c.Stages[0].From != "2026-03-01" || len(c.Forms) != 2 || c.Rules.TeamSize != 2 || c.Region.Name != "东镇" || len(c.Levels) == 0 {
		t.Fatalf("campaign %+v", c)
	}
	return o
}

func (o office) path(rest string) string { return "/campaigns/" + o.campaign + rest }

func TestTheOfficePlansACampaignOverHTTP(t *testing.T) {
	t.Parallel()
	srv := start(t)
	o := newOffice(t, srv)
	class := func(int) string { return "脱贫户" }
	good := rt.Township(t, []string{"第1村", "第2村", "第3村"}, 12, 3, class)
	bad := rt.Township(t, []string{"第1村", "没有的村"}, 1, 3, class)

	// The roster: check, refuse, import.
	rep := read[web.ImportReport](t, o.own.want("POST", o.path("/roster/imports?name=a.xlsx"), bad, 200, ""))
	if !rep.DryRun || rep.ErrorsTotal != 1 || rep.Errors[0].Column != "B" || rep.Errors[0].Row != 3 {
		t.Errorf("report %+v", rep)
	}
	p := o.own.want("POST", o.path("/roster/imports?dry_run=false"), bad, 422, "roster.import_errors").problem()
	if inner, _ := p.Fields["report"].(map[string]any); inner == nil || inner["errors_total"] != 1.0 {
		t.Errorf("the refusal carries %v", p.Fields)
	}
	if list := read[web.HouseholdPage](t, o.own.want("GET", o.path("/households"), nil, 200, "")); list.Total != 0 || list.Items == nil {
		t.Errorf("a refused file left %+v", list)
	}
	rep = read[web.ImportReport](t, o.own.want("POST", o.path("/roster/imports?dry_run=false&name=b.xlsx"), good, 200, ""))
	if rep.DryRun || rep.Counts.HouseholdsNew != 36 || rep.Counts.MembersNew != 108 {
		t.Errorf("import %+v", rep.Counts)
	}
	done := read[web.List[web.RosterImport]](t, o.own.want("GET", o.path("/roster/imports"), nil, 200, ""))
	if len(done.Items) != 1 || done.Items[0].FileName != "b.xlsx" || done.Items[0].ByName != "own" {
		t.Errorf("imports %+v", done)
	}
	if b := o.own.want("GET", o.path("/roster/template.xlsx"), nil, 200, ""); !strings.HasPrefix(string(b.body), "PK") {
		t.Error("the template is no .xlsx")
	}

	// Teams and plan; the gate says what is missing on the way.
	o.own.want("POST", o.path("/stage"), object{"stage": "preparation"}, 200, "")
	gate := o.own.want("POST", o.path("/stage"), object{"stage": "visits"}, 409, "survey.gate").problem()
	if missing, _ := gate.Fields["missing"].([]any); len(missing) != 2 || !strings.Contains(gate.Detail, "小组") {
		t.Errorf("the gate says %q, %v", gate.Detail, gate.Fields["missing"])
	}
	teams := read[web.FormedTeams](t, o.own.want("POST", o.path("/teams/form"), object{}, 200, ""))
	if len(teams.Items) != 2 || len(teams.Reasons) != 0 || len(teams.Items[0].Members) != 2 {
		t.Fatalf("teams %+v", teams)
	}
	dry := read[assign.Plan](t, o.own.want("POST", o.path("/plan"), object{"from": "", "to": "", "dry_run": true}, 200, ""))
	plan := read[assign.Plan](t, o.own.want("POST", o.path("/plan"), object{"from": "", "to": "", "dry_run": false}, 200, ""))
	if !dry.Feasible || !plan.Feasible || plan.Assignments != 36 {
		t.Fatalf("plan %+v", plan)
	}
	short := read[assign.Plan](t, o.own.want("POST", o.path("/plan"), object{"from": plan.From, "to": plan.From, "dry_run": true}, 200, ""))
	if short.Feasible || len(short.Reasons) == 0 || short.Reasons[0].Message == "" {
		t.Errorf("36 households in 2 team-days: %+v", short)
	}
	o.own.want("POST", o.path("/plan"), object{"from": "2026-01-01", "to": "", "dry_run": true}, 422, "assign.dates")
	o.own.want("POST", o.path("/stage"), object{"stage": "visits"}, 200, "")

	// Visits, page by page, and a change by hand.
	seen := map[string]bool{}
	var first web.Assignment
	for cursor := ""; ; {
		page := read[web.AssignmentPage](t, o.own.want("GET", o.path("/assignments?limit=10&cursor="+cursor), nil, 200, ""))
		if page.Total != 36 {
			t.Fatalf("total %d", page.Total)
		}
		for _, a := range page.Items {
			seen[a.ID] = true
			if a.Household.Village.Name == "第3村" && first.ID == "" {
				first = a
			}
		}
		if cursor = page.Next; cursor == "" {
			break
		}
	}
	if len(seen) != 36 || first.State != assign.Open || first.Team.Name == "" || first.SubmissionID != nil {
		t.Errorf("%d visits, %+v", len(seen), first)
	}
	o.own.want("POST", "/assignments/"+first.ID+"/move", object{"date": plan.To, "reason": ""}, 422, "assign.reason")
	moved := read[web.Assignment](t, o.own.want("POST", "/assignments/"+first.ID+"/move", object{"date": plan.To, "reason": "户主外出"}, 200, ""))
	if moved.Date != plan.To || !moved.Pinned || moved.Household.HeadName != first.Household.HeadName {
		t.Errorf("moved %+v", moved)
	}

	// The household page joins it all.
	list := read[web.HouseholdPage](t, o.own.want("GET", o.path("/households?q="+first.Household.Code), nil, 200, ""))
	if list.Total != 1 || list.Items[0].Assignment == nil || list.Items[0].Assignment.Date != plan.To || list.Items[0].ExitYear == nil {
		t.Fatalf("list %+v", list)
	}
	detail := read[web.HouseholdDetail](t, o.own.want("GET", "/households/"+list.Items[0].ID, nil, 200, ""))
	if len(detail.Members) != 3 || detail.Problems == nil || detail.Submissions == nil || strings.Contains(detail.HeadIDNumber, "*") {
		t.Errorf("household %+v", detail)
	}

	// A village sees its own households, masked, and no plan.
	v := login(t, srv, "village")
	own := read[web.HouseholdPage](t, v.want("GET", o.path("/households"), nil, 200, ""))
	if own.Total != 12 || slices.ContainsFunc(own.Items, func(h web.Household) bool {
		return h.Village.Name != "第2村" || !strings.Contains(h.Phone, "*") || !strings.Contains(h.HeadIDNumber, "*")
	}) {
		t.Errorf("a village sees %d households", own.Total)
	}
	v.want("GET", "/households/"+list.Items[0].ID, nil, 404, "roster.no_household")
	v.want("GET", o.path("/plan"), nil, 403, "authz.forbidden")

	// For the next township nothing of this exists.
	for _, r := range [][2]string{
		{"GET", o.path("")},
		{"GET", o.path("/households")},
		{"GET", o.path("/teams")},
		{"GET", o.path("/plan")},
		{"GET", o.path("/assignments")},
		{"GET", o.path("/roster/imports")},
		{"GET", o.path("/roster/template.xlsx")},
		{"GET", "/households/" + list.Items[0].ID},
	} {
		o.other.want(r[0], r[1], nil, 404, "")
	}
	o.other.want("POST", "/assignments/"+first.ID+"/move", object{"date": plan.To, "reason": "x"}, 404, "assign.not_found")
	o.other.want("POST", o.path("/roster/imports?dry_run=false"), good, 404, "survey.not_found")
	o.other.want("POST", o.path("/plan"), object{"from": "", "to": "", "dry_run": true}, 404, "survey.not_found")
	o.other.want("POST", o.path("/stage"), object{"stage": "rectification"}, 404, "survey.not_found")
	o.other.want("DELETE", o.path("/teams/"+teams.Items[0].ID), nil, 404, "survey.not_found")
	if cs := read[web.List[web.Campaign]](t, o.other.want("GET", "/campaigns", nil, 200, "")); len(cs.Items) != 0 {
		t.Errorf("the next township lists %d campaigns", len(cs.Items))
	}
}

func TestMalformedOfficeRequestsAreRefusedPlainly(t *testing.T) {
	t.Parallel()
	srv := start(t)
	o := newOffice(t, srv)
	for _, tt := range []struct {
		method, path string
		in           any
		status       int
		code         string
	}{
		{"POST", o.path("/roster/imports"), []byte("no workbook"), 422, "roster.xlsx_kind"},
		{"POST", o.path("/roster/imports"), []byte("PK\x03\x04 broken"), 422, "sheet.broken"},
		{"POST", o.path("/roster/imports"), make([]byte, 50<<20), 413, "web.too_large"},
		{"POST", o.path("/roster/imports?dry_run=perhaps"), []byte("x"), 422, "web.json"},
		{"GET", o.path("/households?cursor=nonsense"), nil, 422, "roster.cursor"},
		{"GET", o.path("/households?village=12"), nil, 422, "region.code"},
		{"GET", o.path("/assignments?cursor=nonsense"), nil, 422, "assign.cursor"},
		{"GET", o.path("/assignments?team=nonsense"), nil, 422, "id.malformed"},
		{"GET", "/campaigns/nonsense", nil, 422, "id.malformed"},
		{"GET", "/campaigns/" + id.New(), nil, 404, "survey.not_found"},
		{"GET", "/households/" + id.New(), nil, 404, "roster.no_household"},
		{"PUT", o.path("/teams/" + id.New()), object{"name": "甲", "member_ids": []int{1}}, 422, "web.json"},
		{"PUT", o.path("/teams/" + id.New()), object{"name": "甲", "member_ids": []string{}}, 422, "assign.team_size"},
		{"POST", o.path("/plan"), object{"from": "tomorrow", "to": "", "dry_run": true}, 422, "assign.dates"},
		{"POST", o.path("/plan"), object{"from": 5}, 422, "web.json"},
		{"POST", o.path("/stage"), object{"stage": "harvest"}, 422, "survey.no_stage"},
		{"POST", o.path("/stage"), object{"step": "visits"}, 422, "web.json"},
		{"PUT", "/campaigns/" + id.New(), object{"playbook": "none", "title": "x", "region_code": "990101001000", "starts_on": "2026-03-01"}, 404, "playbook.unknown"},
	} {
		a := o.own.want(tt.method, tt.path, tt.in, tt.status, tt.code)
		if p := a.problem(); p.Detail == "" || strings.Contains(p.Detail, "{") {
			t.Errorf("%s %s says %q", tt.method, tt.path, p.Detail)
		}
	}
}
