package sim

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"ruhu/internal/id"
)

// Listing is what the villages said about their lists.
type Listing struct {
	Villages  int    `json:"villages"`
	Frozen    int    `json:"frozen"`
	Confirmed int    `json:"confirmed"` // households as they are on the list
	Corrected int    `json:"corrected"` // somebody has died
	Struck    int    `json:"struck"`    // moved away for good
	Split     int    `json:"split"`
	Added     int    `json:"added"` // not on any list of the programme
	Digest    string `json:"digest"`
}

type listedHousehold struct {
	ID      string `json:"id"`
	Code    string `json:"code"`
	State   string `json:"state"`
	Version int64  `json:"version"`
	Members []struct {
		ID       string `json:"id"`
		Name     string `json:"name"`
		Relation string `json:"relation"`
		State    string `json:"state"`
	} `json:"members"`
}

type listingWork struct {
	State   string            `json:"state"`
	Version int64             `json:"version"`
	Items   []listedHousehold `json:"items"`
}

// list takes the base list through the villages where the playbook asks for it: each says what is true about its households, the township
// agrees, the office freezes. A demo leaves the last two villages at work.
func (p *player) list(ctx context.Context) error {
	at := "/campaigns/" + p.campaign + "/listing"
	var status struct {
		Asked bool `json:"asked"`
		Rules struct {
			Township bool `json:"township"`
		} `json:"rules"`
		Items []struct {
			Village struct {
				Code string `json:"code"`
			} `json:"village"`
		} `json:"items"`
	}
	if err := p.office.Do(ctx, http.MethodGet, at, nil, &status); err != nil || !status.Asked {
		return err
	}
	p.sum.Listing = &Listing{Villages: len(status.Items)}
	var through []string
	for i, v := range status.Items {
		left := 0
		if !p.scored() && len(status.Items) > 3 {
			left = max(0, i-len(status.Items)+3) // 1: confirmed by the village only; 2: half done
		}
		if err := p.listVillage(ctx, at+"/"+v.Village.Code, v.Village.Code, left, status.Rules.Township); err != nil {
			return fmt.Errorf("listing of %s: %w", v.Village.Code, err)
		}
		if left == 0 {
			through = append(through, v.Village.Code)
		}
	}
	var entry struct {
		Digest string `json:"digest"`
	}
	if err := p.office.Do(ctx, http.MethodPost, at+"/freeze", map[string]any{"villages": through}, &entry); err != nil {
		return err
	}
	p.sum.Listing.Frozen, p.sum.Listing.Digest = len(through), entry.Digest
	return nil
}

func (p *player) listVillage(ctx context.Context, at, code string, left int, township bool) error {
	c, err := p.village(ctx, code)
	if err != nil {
		return err
	}
	var work listingWork
	if err := c.Do(ctx, http.MethodGet, at, nil, &work); err != nil {
		return err
	}
	truth := map[string]*Household{}
	for i := range p.world.Households {
		truth[p.world.Households[i].Code] = &p.world.Households[i]
	}
	for i, h := range work.Items {
		if left == 2 && i%2 == 1 || truth[h.Code] == nil {
			continue
		}
		p.Clock.Add(2 * time.Second)
		if err := c.Do(ctx, http.MethodPut, at+"/proposals/"+id.New(), p.word(h, truth[h.Code]), nil); err != nil {
			return err
		}
	}
	for i := range p.world.Households {
		h := &p.world.Households[i]
		if h.Listed || h.Village != code || h.Benefit == "" || left == 2 {
			continue
		}
		if err := c.Do(ctx, http.MethodPut, at+"/proposals/"+id.New(), p.addition(h), nil); err != nil {
			return err
		}
		p.sum.Listing.Added++
	}
	if left == 2 {
		return nil
	}
	if err := c.Do(ctx, http.MethodGet, at, nil, &work); err != nil {
		return err
	}
	if err := c.Do(ctx, http.MethodPost, at+"/confirm", map[string]any{"version": work.Version}, &work); err != nil || left == 1 || !township {
		return err
	}
	return p.office.Do(ctx, http.MethodPost, at+"/approve", map[string]any{"version": work.Version}, nil)
}

// word is what the village says about a household, by the truth. It knows people by name: numbers are masked for it.
func (p *player) word(h listedHousehold, is *Household) map[string]any {
	in := map[string]any{"action": "confirm", "household_id": h.ID, "version": h.Version}
	dead, leaving := map[string]bool{}, map[string]bool{}
	for _, m := range is.Members {
		dead[m.Name] = dead[m.Name] || m.Dead
	}
	for _, m := range is.Split {
		leaving[m.Name] = true
	}
	var lost []map[string]string
	parts := [2]map[string]any{}
	for _, m := range h.Members {
		if m.State != "present" {
			continue
		}
		if dead[m.Name] {
			lost = append(lost, map[string]string{"id": m.ID, "do": "lose", "reason": "died"})
		}
		n := count(leaving[m.Name])
		if parts[n] == nil {
			parts[n] = map[string]any{"id": id.New(), "head": m.ID, "members": []string{}}
		}
		if m.Relation == "户主" {
			parts[n]["head"] = m.ID
		}
		parts[n]["members"] = append(parts[n]["members"].([]string), m.ID)
	}
	switch {
	case is.Gone:
		in["action"], in["reason"], in["note"] = "strike", "moved", "全家迁往外县，户口已迁出"
		p.sum.Listing.Struck++
	case len(lost) > 0: // first things first: a split may follow in the next round
		in["action"], in["edit"] = "correct", map[string]any{"members": lost}
		p.sum.Listing.Corrected++
	case parts[1] != nil && parts[0] != nil:
		in["action"], in["reason"], in["note"], in["parts"] = "split", "split", "子女成家，已单独开户", parts[:]
		p.sum.Listing.Split++
	default:
		p.sum.Listing.Confirmed++
	}
	return in
}

// addition is a household that no list of the programme has.
func (p *player) addition(h *Household) map[string]any {
	var members []map[string]any
	for _, m := range h.Living() {
		members = append(members, map[string]any{"id": id.New(), "do": "add", "reason": "overlooked", "set": map[string]string{
			"name": m.Name, "id_number": m.IDNumber, "relation": m.Relation, "health": m.Health,
		}})
	}
	return map[string]any{
		"action": "add", "household_id": id.New(), "off_system": true, "note": "享受" + h.Benefit + "，系统未登记",
		"edit": map[string]any{"set": map[string]string{"group": h.Group, "class": "低保户"}, "members": members},
	}
}
