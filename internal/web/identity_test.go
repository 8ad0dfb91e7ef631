package web_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"ruhu/internal/authz"
	"ruhu/internal/id"
	"ruhu/internal/region"
	rt "ruhu/internal/roster/rostertest"
	"ruhu/internal/web"
)

// identify loads three small registers into the township and links them: one link for a clerk, and suspects.
func (tw township) identify(t *testing.T, o map[string]string, office person) {
	t.Helper()
	ctx, registers := context.Background(), tw.app.Web.Matches
	town := region.Code(o["town"])
	actor := authz.Actor{ID: id.New(), Name: "测试", Role: authz.TownshipOffice, County: town.County(), Region: town}
	for kind, rows := range map[string][]string{
		"household_registry": {"姓名,公民身份号码,户号,与户主关系,村", "甲一," + rt.ID(1) + ",K1,户主,V", "甲二," + rt.ID(2) + ",K1,之女,V"},
		"national":           {"姓名,证件号码,户编号,与户主关系,村", "甲一," + rt.ID(1) + ",N1,户主,V"},
		"civil_affairs":      {"姓名,身份证号,家庭编号,村", "甲二," + rt.ID(2) + ",D1,V", "欧阳玥," + rt.ID(1) + ",D2,V"},
	} {
		r, err := registers.Upload(ctx, actor, tw.campaign, kind, kind+".csv", false, bytes.NewReader([]byte(strings.ReplaceAll(strings.Join(rows, "\n")+"\n", ",V\n", ","+o["village"]+"\n"))))
		if err != nil {
			t.Fatal(err)
		}
		p, err := registers.Propose(ctx, actor, r.ID)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := registers.Load(ctx, actor, r.ID, p.Mapping, false, "zh"); err != nil {
			t.Fatalf("%s: %v", kind, err)
		}
	}
	for range 100 { // the running program takes part in the work
		if err := tw.app.Bus.Drain(ctx); err != nil {
			t.Fatal(err)
		}
		links := read[web.IdentityPage](t, office.want("GET", "/campaigns/"+tw.campaign+"/identity/links", nil, 200, ""))
		suspects := read[web.SuspectPage](t, office.want("GET", "/campaigns/"+tw.campaign+"/suspects?pair=benefit_unknown", nil, 200, ""))
		if len(links.Items) > 0 && len(suspects.Items) > 0 {
			o["link"], o["suspect"] = links.Items[0].ID, suspects.Items[0].ID
			return
		}
	}
	t.Fatal("no links, or no suspects")
}
