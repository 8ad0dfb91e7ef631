package sim

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"

	"ruhu/internal/blob"
	"ruhu/internal/id"
)

// claiming is the part of a playbook's field that says how villages report problems as fixed, and who looks.
type claiming struct {
	Shared  float64   `yaml:"shared"`  // percent of the honest claims that show a picture of another repair of the household
	Unfixed []unfixed `yaml:"unfixed"` // claims without a repair
	Seen    float64   `yaml:"seen"`    // percent of those in which the person who verifies goes there and sees it
	Doubted float64   `yaml:"doubted"` // percent of the honest ones that are sent back all the same
}

// unfixed is a way of claiming what was not fixed. Where there is no such picture yet, the problem is fixed after all.
type unfixed struct {
	Kind    string  `yaml:"kind"`
	Percent float64 `yaml:"percent"` // of all claims
	Picture string  `yaml:"picture"` // new; other: shown for another household of the village; visit: of the household's form
}

// Claim is a report that a problem is fixed. Truth is written beside the simulation's results and never sent.
type Claim struct {
	Problem   string `json:"problem"` // number
	Household string `json:"household"`
	Rule      string `json:"rule"`
	Day       int    `json:"day"`
	Kind      string `json:"kind"`     // of unfixed; "" where it is fixed
	Noted     bool   `json:"noted"`    // by the program
	Verified  bool   `json:"verified"` // somebody has looked
	Rejected  bool   `json:"rejected"` // and sent it back
}

// shownPicture is a picture that a village has shown for a household.
type shownPicture struct {
	household string
	bytes     []byte
}

// repairs is what the play keeps of claims.
type repairs struct {
	all    []*Claim
	last   map[string]*Claim         // by the problem's id
	notes  map[string]int            // of the program, by the problem's id
	shown  map[string][]shownPicture // by village
	visits map[string][]byte         // photograph of the visit, by household
}

// claim reports a problem as fixed, with a picture.
func (p *player) claim(ctx context.Context, c *Client, day int, pr listed, dice *rand.Rand) error {
	is := &Claim{Problem: pr.Number, Household: pr.Household.Code, Rule: pr.Code, Day: day}
	pic, err := p.evidence(is, pr.Village.Code, dice)
	if err != nil {
		return err
	}
	d := string(blob.Of(pic))
	if err := c.Do(ctx, http.MethodPut, "/files/"+d, Raw{"image/jpeg", pic}, nil); err != nil {
		return err
	}
	var after struct {
		Events []struct {
			Action string `json:"action"`
		} `json:"events"`
	}
	body := map[string]any{"id": id.New(), "note": "已整改到位，附现场照片", "files": []string{d}}
	if err := c.Do(ctx, http.MethodPost, "/problems/"+pr.ID+"/claim", body, &after); err != nil {
		return err
	}
	notes := 0
	for _, e := range after.Events {
		notes += count(strings.HasPrefix(e.Action, "evidence_"))
	}
	r := &p.repairs
	is.Noted, r.notes[pr.ID], r.last[pr.ID] = notes > r.notes[pr.ID], notes, is
	r.all = append(r.all, is)
	r.shown[pr.Village.Code] = append(r.shown[pr.Village.Code], shownPicture{is.Household, pic})
	return nil
}

// evidence gives the picture of a claim, and says what kind of claim it is. A demo's villages are honest.
func (p *player) evidence(is *Claim, village string, dice *rand.Rand) ([]byte, error) {
	says, n := p.hints.Field.Claims, dice.Float64()*100
	if !p.scored() {
		says = claiming{}
	}
	pictureOf := func(fits func(household string) bool) []byte {
		for _, s := range p.repairs.shown[village] {
			if fits(s.household) {
				return s.bytes
			}
		}
		return nil
	}
	for _, u := range says.Unfixed {
		if n -= u.Percent; n >= 0 {
			continue
		}
		var pic []byte
		var err error
		switch u.Picture {
		case "new":
			pic, err = housePicture(dice)
		case "other":
			pic = pictureOf(func(h string) bool { return h != is.Household })
		case "visit":
			pic = p.repairs.visits[is.Household]
		default:
			err = fmt.Errorf("field.claims.unfixed %s: no such picture %q", u.Kind, u.Picture)
		}
		if pic != nil || err != nil {
			is.Kind = u.Kind
			return pic, err
		}
		break
	}
	if chance(dice, says.Shared) {
		if pic := pictureOf(func(h string) bool { return h == is.Household }); pic != nil {
			return pic, nil
		}
	}
	return housePicture(dice)
}

// verify is somebody who goes there and says what is to be seen; not everybody sees everything.
func (p *player) verify(ctx context.Context, c *Client, pr listed, dice *rand.Rand) error {
	says := p.hints.Field.Claims
	rejected := false
	if is := p.repairs.last[pr.ID]; is != nil && p.scored() {
		rejected = is.Kind != "" && chance(dice, says.Seen) || is.Kind == "" && chance(dice, says.Doubted)
		is.Verified, is.Rejected = true, rejected
	}
	action, note := "verify", "现场核实，情况属实"
	if rejected {
		action, note = "reject", "现场核实，尚未整改到位"
	}
	return c.Do(ctx, http.MethodPost, "/problems/"+pr.ID+"/"+action, map[string]any{"id": id.New(), "note": note}, nil)
}

// scoreClaims has a Score for each kind of claim without a repair, and one for all: of stage "noted" for what the program notes beside a
// claim by itself, of stage "verified" for who went there, over the claims that somebody has looked at.
func scoreClaims(claims []*Claim) []Score {
	if !slices.ContainsFunc(claims, func(c *Claim) bool { return c.Kind != "" }) {
		return nil
	}
	by := map[[2]string]*Score{}
	add := func(stage, kind string, planted, flagged bool) {
		s := by[[2]string{stage, kind}]
		if s == nil {
			s = &Score{Kind: kind, Register: fieldRegister, Stage: stage}
			by[[2]string{stage, kind}] = s
		}
		s.Planted += count(planted)
		s.Found += count(planted && flagged)
		if kind == "all" { // whose flag it is, nobody says by kind
			s.Flagged += count(flagged)
			s.Right += count(planted && flagged)
		}
	}
	for _, c := range claims {
		kinds := []string{"all"}
		if c.Kind != "" {
			kinds = append(kinds, c.Kind)
		}
		for _, kind := range kinds {
			add("noted", kind, c.Kind != "", c.Noted)
			if c.Verified {
				add("verified", kind, c.Kind != "", c.Rejected)
			}
		}
	}
	var out []Score
	for _, s := range by {
		out = append(out, s.rated())
	}
	return sorted(out)
}
