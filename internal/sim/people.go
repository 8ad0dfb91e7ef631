package sim

import (
	"context"
	"fmt"
	"net/http"

	"ruhu/internal/id"
)

// makeAccounts opens an account for everybody else who takes part: half of each team from the county, or as the playbook says.
func (p *player) makeAccounts(ctx context.Context) error {
	at, county := p.at().Code, p.world.Places[0].Code
	var people []account
	add := func(acc, role, region string) {
		people = append(people, account{Account: acc, Role: role, RegionCode: region})
	}
	if p.county() {
		for i, t := range p.world.Townships {
			add(fmt.Sprintf("t%02d", i+1), "township_office", t.Code)
		}
	}
	add("leader", "township_leader", p.world.Townships[0].Code)
	add("group", "group_leader", at)
	add("supervisor", "supervisor", at)
	add("inspector", "inspector", at)
	add("guidance", "guidance_group", county)
	rules := p.rules
	for i := range p.Teams * rules.TeamSize {
		a := account{Account: fmt.Sprintf("e%02d", i+1), Role: "enumerator", RegionCode: at, PIN: p.PIN}
		if i%rules.TeamSize < int(float64(rules.TeamSize)*rules.CountyShare+0.5) { // S3.4: half of each group from the county
			a.FromCounty, a.Unit = true, "县直单位"
			if i%7 == 3 { // some come from a village of the county all the same
				a.HomeVillage = pick(p.rng, p.world.Villages).Code
			}
		} else {
			v := p.world.Villages[(i/rules.TeamSize)%len(p.world.Villages)]
			a.HomeVillage, a.Unit = v.Code, p.world.Township(v.Code).Name
		}
		people = append(people, a)
	}
	for i := range p.world.Villages {
		if p.Days > 0 { // else the few that have something to do get theirs when they have
			people = append(people, p.villagePerson(i))
		}
	}
	for _, a := range people {
		if err := p.makeAccount(ctx, a); err != nil {
			return err
		}
	}
	return nil
}

func (p *player) villagePerson(i int) account {
	v := p.world.Villages[i]
	return account{Account: fmt.Sprintf("v%02d", i+1), Role: "village", RegionCode: v.Code, Unit: v.Name}
}

// village logs in the person of a village.
func (p *player) village(ctx context.Context, code string) (*Client, error) {
	for i, v := range p.world.Villages {
		if v.Code != code {
			continue
		}
		a := p.villagePerson(i)
		if p.villageAccount(code) == "" {
			if err := p.makeAccount(ctx, a); err != nil {
				return nil, err
			}
		}
		return p.as(ctx, a.Account)
	}
	return nil, errStuck("no village " + code)
}

func (p *player) makeAccount(ctx context.Context, a account) error {
	a.ID, a.Password = id.New(), p.Password
	a.Name = p.world.personName(pick(p.rng, surnames), p.rng.IntN(2) == 0)
	if err := p.admin.Do(ctx, http.MethodPut, "/accounts/"+a.ID, a, nil); err != nil {
		return err
	}
	p.people = append(p.people, a)
	p.sum.People = append(p.sum.People, Person{a.Account, a.Name, a.Role, a.RegionCode})
	return nil
}

// as logs somebody in, once.
func (p *player) as(ctx context.Context, acc string) (*Client, error) {
	if c, ok := p.byAcc[acc]; ok {
		return c, nil
	}
	c, err := Login(ctx, p.Base, acc, p.Password)
	if err == nil {
		p.byAcc[acc] = c
	}
	return c, err
}

// whoIs gives somebody of a role, the office first.
func (p *player) whoIs(ctx context.Context, role string) (*Client, error) {
	for _, a := range p.people {
		if a.Role == role {
			return p.as(ctx, a.Account)
		}
	}
	return nil, errStuck("nobody is " + role)
}
