package playbook

import (
	"fmt"
	"slices"
	"strings"

	"ruhu/form/xform"
	"ruhu/internal/authz"
)

// The kinds of document that are signed.
const (
	SignHousehold = "household" // the form of a household
	SignVillage   = "village"   // the list of all forms of a village
	SignLedger    = "ledger"    // the list of the problems of a village
)

// SignChain says who signs a kind of document, in this order (S0.7).
type SignChain struct {
	Kind  string     `yaml:"kind" check:"required,one=household|village|ledger"`
	Steps []SignStep `yaml:"steps" check:"required"`
}

// SignStep is one signature. Of Item, Level and Role exactly one is given: the first two stand in the chain of a household's form, the
// last in those of lists.
type SignStep struct {
	Code    string   `yaml:"code" check:"required,code"`
	Title   Text     `yaml:"title" check:"required"`
	Item    string   `yaml:"item"`     // question of the form that holds the signature: a picture, or the account of an enumerator
	Drawn   bool     `yaml:"drawn"`    // the question holds a picture
	Drawing string   `yaml:"drawing"`  // question beside the account's, in which the enumerator may write their name by hand
	Level   string   `yaml:"level"`    // code of the review level whose approval is the signature
	Role    string   `yaml:"role"`     // who signs the list
	SignFor []string `yaml:"sign_for"` // roles that may sign in the place of who should, and say why (S3.10)
	Note    string   `yaml:"note"`     // question of the form in which the team wrote why
}

// Chain returns the chain of a kind of document; false where nobody signs it.
func (p *Playbook) Chain(kind string) (SignChain, bool) {
	i := slices.IndexFunc(p.Signatures, func(c SignChain) bool { return c.Kind == kind })
	if i < 0 {
		return SignChain{}, false
	}
	return p.Signatures[i], true
}

// Step finds a step by its code; −1 when there is none.
func (c SignChain) Step(code string) int {
	return slices.IndexFunc(c.Steps, func(s SignStep) bool { return s.Code == code })
}

// signatures checks the chains against the rest of the playbook; forms have been read.
func (d *decoder) signatures(pb *Playbook) {
	seen := map[string]bool{}
	questions, readable := questionsOf(pb)
	for i, c := range pb.Signatures {
		at := fmt.Sprintf("signatures[%d]", i)
		if seen[c.Kind] {
			d.mistake(d.lines[at+".kind"], at+".kind", "playbook.sign_twice", "got", c.Kind)
		}
		seen[c.Kind] = true
		d.once(at+".steps", len(c.Steps), func(j int) string { return c.Steps[j].Code })
		for j, s := range c.Steps {
			d.signStep(pb, c, s, fmt.Sprintf("%s.steps[%d]", at, j))
		}
		if c.Kind != SignHousehold {
			continue
		}
		d.signLevels(pb, c, at)
		if readable {
			d.signItems(pb, c, at, questions)
		}
	}
	for i, s := range pb.Stages {
		for j, g := range s.Gates {
			if key := fmt.Sprintf("stages[%d].gates[%d]", i, j); g == "ledger_signed" && !seen[SignLedger] {
				d.mistake(d.lines[key], key, "playbook.sign_no_ledger")
			}
		}
	}
}

func (d *decoder) signStep(pb *Playbook, c SignChain, s SignStep, at string) {
	var roles []string
	for _, r := range pb.Roles {
		roles = append(roles, r.Code)
	}
	given := 0
	for _, v := range []string{s.Item, s.Level, s.Role} {
		if v != "" {
			given++
		}
	}
	ofForm := c.Kind == SignHousehold
	if given != 1 || ofForm != (s.Role == "") {
		d.mistake(d.lines[at], at, "playbook.sign_by", "kind", c.Kind)
	}
	if s.Item == "" && (s.Drawn || s.Note != "" || s.Drawing != "") || s.Drawn && s.Drawing != "" {
		d.mistake(d.lines[at], at, "playbook.sign_drawn")
	}
	if s.Level != "" && len(s.SignFor) > 0 {
		d.mistake(d.lines[at+".sign_for"], at+".sign_for", "playbook.sign_for_level")
	}
	d.signRole(s.Role, roles, at+".role")
	for i, r := range s.SignFor {
		key := fmt.Sprintf("%s.sign_for[%d]", at, i)
		if !ofForm {
			d.signRole(r, roles, key)
			continue
		}
		d.known(key, r, roles, "playbook.unknown_role")
		if !slices.ContainsFunc(pb.Review, func(l Level) bool { return l.Role == r && l.LooksAtAll() }) {
			d.mistake(d.lines[key], key, "playbook.sign_for_reviewer", "got", r)
		}
	}
}

// signRole checks that a role exists and that those who hold it may sign lists.
func (d *decoder) signRole(role string, roles []string, key string) {
	d.known(key, role, roles, "playbook.unknown_role")
	if slices.Contains(roles, role) && !(authz.Actor{Role: authz.Role(role)}).Can(authz.SignatureSign) {
		d.mistake(d.lines[key], key, "playbook.sign_role", "got", role)
	}
}

// signLevels checks that the form signs first and then every level of review in its order: an approval that is no signature would be a gap.
func (d *decoder) signLevels(pb *Playbook, c SignChain, at string) {
	var levels, want []string
	for _, l := range pb.Review {
		want = append(want, l.Code)
	}
	for j, s := range c.Steps {
		key := fmt.Sprintf("%s.steps[%d]", at, j)
		switch {
		case s.Level != "":
			d.known(key+".level", s.Level, want, "playbook.sign_level")
			levels = append(levels, s.Level)
		case s.Item != "" && len(levels) > 0:
			d.mistake(d.lines[key], key, "playbook.sign_item_late")
		}
	}
	if !slices.Equal(levels, want) {
		d.mistake(d.lines[at+".steps"], at+".steps", "playbook.sign_levels", "levels", strings.Join(want, ", "))
	}
}

// signItems checks that every form asks for what the chain of forms names.
func (d *decoder) signItems(pb *Playbook, c SignChain, at string, questions []map[string]bool) {
	for j, s := range c.Steps {
		key := fmt.Sprintf("%s.steps[%d]", at, j)
		for f, asked := range questions {
			for _, q := range []struct {
				key, name string
				drawn     bool
			}{{key + ".item", s.Item, s.Drawn}, {key + ".drawing", s.Drawing, true}} {
				if drawn, is := asked[q.name]; q.name != "" && !is {
					d.mistake(d.lines[q.key], q.key, "playbook.sign_question", "got", q.name, "form", pb.Forms[f].Code)
				} else if q.name != "" && drawn != q.drawn {
					d.mistake(d.lines[q.key], q.key, "playbook.sign_picture", "got", q.name, "form", pb.Forms[f].Code)
				}
			}
			if _, is := asked[s.Note]; s.Note != "" && !is {
				d.mistake(d.lines[key+".note"], key+".note", "playbook.sign_question", "got", s.Note, "form", pb.Forms[f].Code)
			}
		}
	}
}

// questionsOf gives the questions of each form by name, with whether they ask for a picture; false when a form can't be read, which is
// reported with the form.
func questionsOf(pb *Playbook) ([]map[string]bool, bool) {
	out := make([]map[string]bool, len(pb.Forms))
	for i, f := range pb.Forms {
		form, err := xform.Parse(f.XForm, xform.Options{})
		if err != nil {
			return nil, false
		}
		out[i] = map[string]bool{}
		for _, n := range form.Nodes() {
			out[i][n.Path[strings.LastIndexByte(n.Path, '/')+1:]] = false
		}
		pictures(form.Body(), out[i])
	}
	return out, true
}

func pictures(cs []*xform.Control, into map[string]bool) {
	for _, c := range cs {
		if c.Type == "upload" {
			into[c.Ref[strings.LastIndexByte(c.Ref, '/')+1:]] = true
		}
		pictures(c.Children, into)
	}
}
