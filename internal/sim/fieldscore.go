package sim

import (
	"context"
	"net/http"
	"net/url"
	"slices"
)

// flag is a finding of the rules of quality, as the console lists them.
type flag struct {
	Rule      string `json:"rule"`
	Team      string `json:"team_id"`
	Household *struct {
		Code string `json:"code"`
	} `json:"household"`
}

// familyOf sorts the rules by what they look at: findings of two families have nothing to do with one another.
var familyOf = map[string]string{
	"fast": "time", "duration": "time", "night": "time", "clock": "time", "overlap": "time", "travel": "time",
	"far": "place", "near": "place", "inaccurate": "place", "mocked": "place", "duplicate_place": "place",
	"straight": "answers", "similar": "answers", "outlier": "answers", "dont_know": "answers",
	"duplicate_signature": "hand", "alike_signature": "hand",
	"duplicate_id": "marks", "duplicate_phone": "marks", "duplicate_photo": "marks",
}

// scoreFieldwork holds what the program found against who did what.
func (p *player) scoreFieldwork(ctx context.Context) error {
	flags, err := p.flags(ctx)
	if err != nil {
		return err
	}
	ofHands := func(f flag) bool { return familyOf[f.Rule] == "hand" }
	p.sum.Scores = append(p.sum.Scores, scoreInterviews("fabricated", p.madeUps, slices.DeleteFunc(slices.Clone(flags), ofHands))...)
	p.sum.Scores = append(p.sum.Scores, scoreInterviews("signed", p.signed, slices.DeleteFunc(flags, func(f flag) bool { return !ofHands(f) }))...)
	p.sum.Scores = append(p.sum.Scores, scoreClaims(p.repairs.all)...)
	if err := p.determine(ctx); err != nil {
		return err
	}
	return p.writeTruth(p.Truth)
}

// flags lets the rules look at all forms, when all have been read, and gives what holds.
func (p *player) flags(ctx context.Context) ([]flag, error) {
	at := "/campaigns/" + p.campaign + "/quality"
	err := p.waitFor(ctx, "quality", func() (bool, error) {
		var ran struct {
			Forms int `json:"forms"`
		}
		err := p.office.Do(ctx, http.MethodPost, at+"/run", struct{}{}, &ran)
		return ran.Forms == p.visits, err
	})
	if err != nil {
		return nil, err
	}
	var out []flag
	q := url.Values{"state": {"open"}, "limit": {"100"}}
	for {
		var page struct {
			Items []flag `json:"items"`
			Next  string `json:"next"`
		}
		if err := p.office.Do(ctx, http.MethodGet, at+"?"+q.Encode(), nil, &page); err != nil {
			return nil, err
		}
		out = append(out, page.Items...)
		if page.Next == "" {
			return out, nil
		}
		q.Set("cursor", page.Next)
	}
}

// scoreInterviews has, of the stage, a Score for each manner: how many of its interviews at least one finding names; of the stage with "_by"
// one for each rule, for "any" and for "two_families", over all manners; of stage "team" one for each rule about teams.
// A flag is right when the interview was planted, or when its answers were taken over for another.
func scoreInterviews(stage string, planted []Interview, flags []flag) []Score {
	if len(planted) == 0 {
		return nil
	}
	by := map[string][]string{} // rule, or any of the sums → households, or teams
	teamRule := map[string]bool{}
	families := map[string][]string{}
	add := func(key, who string) {
		if !slices.Contains(by[key], who) {
			by[key] = append(by[key], who)
		}
	}
	for _, f := range flags {
		if f.Household == nil && f.Team == "" {
			continue // about a person
		}
		if f.Household == nil {
			teamRule[f.Rule] = true
			add(f.Rule, f.Team)
			continue
		}
		code := f.Household.Code
		add(f.Rule, code)
		add("any", code)
		if family := familyOf[f.Rule]; !slices.Contains(families[code], family) {
			families[code] = append(families[code], family)
		}
	}
	for code, of := range families {
		if len(of) > 1 {
			add("two_families", code)
		}
	}
	var houses, teams []string
	right := map[string]bool{}
	kinds := map[string]*Score{}
	for _, i := range planted {
		houses = append(houses, i.Household)
		right[i.Household], right[i.Of] = true, true
		if !slices.Contains(teams, i.Team) {
			teams = append(teams, i.Team)
		}
		if kinds[i.Kind] == nil {
			kinds[i.Kind] = &Score{Kind: i.Kind, Register: fieldRegister, Stage: stage}
		}
		kinds[i.Kind].Planted++
		kinds[i.Kind].Found += count(slices.Contains(by["any"], i.Household))
	}
	var out []Score
	for _, s := range kinds {
		out = append(out, s.rated())
	}
	for rule, flagged := range by {
		s := Score{Kind: rule, Register: fieldRegister, Stage: stage + "_by"}
		who := houses
		if teamRule[rule] {
			s.Stage, who = "team", teams
		}
		s.Planted, s.Flagged = len(who), len(flagged)
		for _, w := range who {
			s.Found += count(slices.Contains(flagged, w))
		}
		for _, f := range flagged {
			s.Right += count(slices.Contains(who, f) || right[f])
		}
		out = append(out, s.rated())
	}
	return sorted(out)
}

// fieldRegister stands where scores about lists name a register.
const fieldRegister = "field"
