package paper

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"ruhu/internal/assign"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/region"
	"ruhu/internal/roster"
	"ruhu/internal/sampling"
	"ruhu/internal/survey"
)

// chosen is a household that is printed, with its visit if it has one.
type chosen struct {
	roster.Household
	visit assign.Assignment
}

// chooseTx settles the households of an ask in the actor's region: by village and 户编号, or by team and day for worklists. Forms are
// printed for households that the campaign has a form for, of a sample for those that were drawn. Returns NotFound "paper.nothing",
// TooLarge "paper.too_many", Conflict "roster.not_frozen".
func chooseTx(ctx context.Context, tx *db.Tx, actor authz.Actor, c survey.Campaign, a Ask) ([]chosen, error) {
	all, err := roster.CampaignTx(ctx, tx, c.County, c.ID)
	if err != nil {
		return nil, err
	}
	picked, sampled, err := sampling.SelectedTx(ctx, tx, c)
	if err != nil {
		return nil, err
	}
	frozen, err := roster.FrozenTx(ctx, tx, c.County, c.ID)
	if err != nil {
		return nil, err
	}
	if a.Kind == Frozen && len(frozen) == 0 {
		return nil, errs.Conflict.New("roster.not_frozen")
	}
	var ids []string
	var hs []roster.Household
	for _, h := range all {
		if a.Kind == Frozen && frozen[h.Village] == 0 {
			continue
		}
		if a.Kind == Forms && sampled && !picked[h.ID] {
			continue // nobody visits it
		}
		if !actor.Sees(h.Village) || a.Village != "" && !a.Village.Contains(h.Village) {
			continue
		}
		if len(a.Households) > 0 {
			if _, ok := slices.BinarySearch(a.Households, h.ID); !ok {
				continue
			}
		}
		ids, hs = append(ids, h.ID), append(hs, h)
	}
	visits, err := assign.ByHouseholdsTx(ctx, tx, c.County, c.ID, ids)
	if err != nil {
		return nil, err
	}
	var out []chosen
	for _, h := range hs {
		v, ok := visits[h.ID]
		if ok && v.State == assign.Replaced {
			v, ok = assign.Assignment{}, false
		}
		if !ok && (a.Kind == Worklist || a.Team != "" || a.Day != "") || a.Team != "" && v.Team != a.Team || a.Day != "" && v.Date != a.Day {
			continue
		}
		if _, has := c.FormFor(string(h.Class)); a.Kind == Forms && !has && v.FormHash == "" {
			continue
		}
		out = append(out, chosen{h, v})
	}
	slices.SortStableFunc(out, func(x, y chosen) int {
		if a.Kind == Worklist {
			return cmp.Or(cmp.Compare(x.visit.Team, y.visit.Team), cmp.Compare(x.visit.Date, y.visit.Date), cmp.Compare(x.Village, y.Village), cmp.Compare(x.Code, y.Code))
		}
		return cmp.Or(cmp.Compare(x.Village, y.Village), cmp.Compare(x.Code, y.Code))
	})
	switch n := len(out); {
	case n == 0:
		return nil, errs.NotFound.New("paper.nothing")
	case n > MaxHouseholds && (a.Kind == Forms):
		return nil, errs.TooLarge.New("paper.too_many", "count", n, "limit", MaxHouseholds)
	}
	return out, nil
}

// cut makes files: forms by village, large ones in parts; lists together, a section per village or team.
func cut(ctx context.Context, tx *db.Tx, c survey.Campaign, a Ask, hs []chosen) ([]File, error) {
	key := func(h chosen) string { return string(h.Village) }
	size := formsPerFile
	if a.Kind == Worklist {
		key = func(h chosen) string { return h.visit.Team }
	}
	names, err := namesTx(ctx, tx, c, a, hs)
	if err != nil {
		return nil, err
	}
	var out []File
	add := func(name string, part []chosen) {
		f := File{N: len(out), Name: name, Total: len(part)}
		for _, h := range part {
			f.households = append(f.households, h.ID)
		}
		out = append(out, f)
	}
	for len(hs) > 0 {
		n := slices.IndexFunc(hs, func(h chosen) bool { return key(h) != key(hs[0]) })
		if n < 0 {
			n = len(hs)
		}
		name := names[key(hs[0])]
		if a.Kind != Forms {
			if n < len(hs) {
				name = c.RegionName
			}
			n, size = len(hs), rowsPerFile
		}
		group := hs[:n]
		hs = hs[n:]
		if len(group) <= size {
			add(name, group)
			continue
		}
		i := 0
		for part := range slices.Chunk(group, size) {
			i++
			add(fmt.Sprintf("%s-%d", name, i), part)
		}
	}
	return out, nil
}

// namesTx names villages or teams by what cut goes by.
func namesTx(ctx context.Context, tx *db.Tx, c survey.Campaign, a Ask, hs []chosen) (map[string]string, error) {
	out := map[string]string{}
	if a.Kind == Worklist {
		var ids []string
		for _, h := range hs {
			ids = append(ids, h.visit.Team)
		}
		slices.Sort(ids)
		return assign.TeamNamesTx(ctx, tx, c.County, slices.Compact(ids))
	}
	var codes []region.Code
	for _, h := range hs {
		codes = append(codes, h.Village)
	}
	slices.Sort(codes)
	names, err := region.NamesTx(ctx, tx, slices.Compact(codes))
	for k, v := range names {
		out[string(k)] = v
	}
	return out, err
}
