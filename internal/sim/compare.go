package sim

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// figureOf names the agreement's field that a fact of the world shows in.
var figureOf = map[string]string{
	"class": "class", "exit_year": "exit_year", "size": "size", "housing": "house_grade", "bank": "bank", "net_income": "net_income", "on_benefit": "subsistence",
}

type figure struct {
	ID        string `json:"id"`
	Household struct {
		Code string `json:"code"`
	} `json:"household"`
	MemberID string `json:"member_id"`
	Field    string `json:"field"`
	Verdict  string `json:"verdict"`
	State    string `json:"state"`
	Ruling   string `json:"ruling"`
}

// compare scores the fix-first list against what was planted, and settles it.
func (p *player) compare(ctx context.Context) error {
	if len(p.lists) == 0 {
		return nil
	}
	at := "/campaigns/" + p.campaign + "/agreement"
	if err := p.office.Do(ctx, http.MethodPost, at+"/compare", struct{}{}, nil); err != nil {
		return err
	}
	differing, err := p.figures(ctx, url.Values{"verdict": {"differ"}})
	if err != nil {
		return err
	}
	var found []finding
	for _, f := range differing {
		if f.MemberID == "" {
			found = append(found, finding{household: f.Household.Code, field: f.Field})
		}
	}
	p.scoreFigures(found)
	p.sum.FixFirst = len(differing)
	for i, f := range differing {
		if f.State != "open" || !p.scored() && i%5 < 2 { // a demo leaves something to do
			continue
		}
		settle := map[string]string{"source": f.Ruling, "note": "与村、户核对后以此为准"}
		if err := p.office.Do(ctx, http.MethodPost, "/figures/"+f.ID+"/settle", settle, nil); err != nil {
			return fmt.Errorf("settle %s: %w", f.Field, err)
		}
		p.sum.Settled++
	}
	return nil
}

func (p *player) figures(ctx context.Context, q url.Values) ([]figure, error) {
	var out []figure
	q.Set("limit", "100")
	for {
		var page struct {
			Items []figure `json:"items"`
			Next  string   `json:"next"`
		}
		if err := p.office.Do(ctx, http.MethodGet, "/campaigns/"+p.campaign+"/agreement/figures?"+q.Encode(), nil, &page); err != nil {
			return nil, err
		}
		out = append(out, page.Items...)
		if page.Next == "" {
			return out, nil
		}
		q.Set("cursor", page.Next)
	}
}

// scoreFigures has one Score for each kind of wrong figure in each register, and one of kind "figures" for each field: how many of the
// findings are explained by anything that was planted.
func (p *player) scoreFigures(found []finding) {
	byField := map[string][]finding{}
	for _, f := range found {
		byField[f.field] = append(byField[f.field], f)
	}
	wrong := map[finding]bool{} // household and field → a wrong figure was planted
	for i := range p.lists {
		planted := map[string][]finding{}
		for _, f := range p.lists[i].faults {
			if field := figureOf[f.Field]; valueFaults[f.Kind] != nil && field != "" {
				at := finding{household: f.Household, field: field}
				planted[f.Kind] = append(planted[f.Kind], at)
				wrong[at] = true
			}
		}
		for kind, faults := range planted {
			// Which register a difference is due to is for people to say, so there is no precision by kind; see the one by field.
			s := Score{Kind: kind, Register: p.lists[i].hint.Kind, Stage: "compare", Planted: len(faults)}
			for _, f := range faults {
				s.Found += count(slices.Contains(byField[f.field], f))
			}
			p.sum.Scores = append(p.sum.Scores, s.rated())
		}
	}
	explained := p.explained()
	for field, list := range byField {
		p.sum.Scores = append(p.sum.Scores, scoreFindings("figures", field, "compare", nil, list, func(f finding) bool {
			return wrong[f] || explained(f)
		}))
	}
	p.sum.Scores = sorted(p.sum.Scores)
}

// explained tells whether anything else that was planted makes the figure of a household differ: who is listed makes its size, and how the
// head is written its head.
func (p *player) explained() func(finding) bool {
	size, head, benefit := map[string]bool{}, map[string]bool{}, map[string]bool{}
	heads := map[string]bool{}
	for _, h := range p.world.Households {
		heads[h.Members[0].Key] = true
		size[h.Code] = len(h.Living()) < len(h.Members)
	}
	for i := range p.lists {
		for _, f := range p.lists[i].faults {
			switch {
			case f.Kind == "dead_listed", f.Kind == "newborn_missing", f.Kind == "absent", f.Kind == "stranger", f.Kind == "duplicate":
				size[f.Household] = true
				benefit[f.Household] = true
				head[f.Household] = head[f.Household] || heads[f.Person]
			case f.Kind == "id_other": // the other may be the head
				head[f.Household] = true
			case strings.HasPrefix(f.Kind, "id_"), strings.HasPrefix(f.Kind, "name_"):
				head[f.Household] = head[f.Household] || heads[f.Person]
			}
		}
	}
	return func(f finding) bool {
		switch f.field {
		case "size":
			return size[f.household]
		case "head_name", "head_id_number":
			return head[f.household]
		case "subsistence":
			return benefit[f.household]
		}
		return false
	}
}
