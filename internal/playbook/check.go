package playbook

import (
	"errors"
	"fmt"
	"io/fs"
	"reflect"
	"regexp"
	"sort"
	"strconv"
	"time"
	_ "time/tzdata" // county machines come without zone files

	"go.yaml.in/yaml/v3"
)

const maxFile = 16 << 20

// readFile reads a file of the playbook, noting a missing or oversized one.
func (d *decoder) readFile(fsys fs.FS, name string, line int, key string) []byte {
	if !fs.ValidPath(name) {
		d.mistake(line, key, "playbook.bad_path", "file", name)
		return nil
	}
	if st, err := fs.Stat(fsys, name); err == nil && st.Size() > maxFile {
		d.mistake(line, key, "playbook.too_large", "limit", fmt.Sprintf("%d MB", maxFile>>20))
		return nil
	}
	src, err := fs.ReadFile(fsys, name)
	if err != nil {
		d.mistake(line, key, "playbook.no_file", "file", name)
		return nil
	}
	return src
}

var yamlLineRE = regexp.MustCompile(`line (\d+): `)

func read(fsys fs.FS) (*Playbook, []Mistake) {
	d := &decoder{file: File, lines: map[string]int{}}
	src := d.readFile(fsys, File, 0, "")
	if src == nil {
		return nil, d.mistakes
	}
	pb, root := &Playbook{}, &yaml.Node{}
	if err := yaml.Unmarshal(src, root); err != nil {
		line := 0
		if m := yamlLineRE.FindStringSubmatch(err.Error()); m != nil {
			line, _ = strconv.Atoi(m[1])
		}
		var te *yaml.TypeError
		if !errors.As(err, &te) {
			d.mistake(line, "", "playbook.yaml", "what", err.Error())
			return nil, d.mistakes
		}
	}
	if len(root.Content) == 0 {
		d.mistake(1, "", "playbook.empty")
		return nil, d.mistakes
	}
	d.value(root.Content[0], reflect.ValueOf(pb).Elem(), "", "required")
	d.codes(pb)
	d.dates(pb)
	d.references(pb)
	d.review(pb)
	d.listing(pb)
	d.team(pb)
	d.sampling(pb)
	d.registers(pb)
	d.agreement(pb)
	d.suspects(pb)
	d.scoring(pb)
	d.ledger(pb)
	d.circulars(pb)
	forms := d.forms(fsys, pb)
	d.quality(pb)
	d.training(pb)
	d.quiz(pb)
	d.signatures(pb)
	d.determinations(pb)
	d.rates(pb)
	d.standard(pb)
	sort.SliceStable(d.mistakes, func(i, j int) bool { return d.mistakes[i].Line < d.mistakes[j].Line })
	return pb, append(d.mistakes, forms...)
}

// once reports a code used twice in a list. code(i) is the i-th code, key the list's key.
func (d *decoder) once(key string, n int, code func(i int) string) {
	seen := map[string]int{}
	for i := range n {
		at := fmt.Sprintf("%s[%d].code", key, i)
		c := code(i)
		if c == "" {
			continue
		}
		if line, dup := seen[c]; dup {
			d.mistake(d.lines[at], at, "playbook.same_code", "got", c, "line", strconv.Itoa(line))
			continue
		}
		seen[c] = d.lines[at]
	}
}

func (d *decoder) codes(pb *Playbook) {
	d.once("stages", len(pb.Stages), func(i int) string { return pb.Stages[i].Code })
	d.once("roles", len(pb.Roles), func(i int) string { return pb.Roles[i].Code })
	d.once("scope.classes", len(pb.Scope.Classes), func(i int) string { return pb.Scope.Classes[i].Code })
	d.once("forms", len(pb.Forms), func(i int) string { return pb.Forms[i].Code })
	d.once("review", len(pb.Review), func(i int) string { return pb.Review[i].Code })
	d.once("ledger.severities", len(pb.Ledger.Severities), func(i int) string { return pb.Ledger.Severities[i].Code })
	d.once("thresholds", len(pb.Thresholds), func(i int) string { return pb.Thresholds[i].Code })
	for s, stage := range pb.Stages {
		d.once(fmt.Sprintf("stages[%d].milestones", s), len(stage.Milestones), func(i int) string { return stage.Milestones[i].Code })
	}
}

func (d *decoder) dates(pb *Playbook) {
	if pb.TimeZone != "" {
		if _, err := time.LoadLocation(pb.TimeZone); err != nil || pb.TimeZone == "Local" {
			d.mistake(d.lines["time_zone"], "time_zone", "playbook.bad_zone", "got", pb.TimeZone)
		}
	}
	var before Date
	for i, s := range pb.Stages {
		key := fmt.Sprintf("stages[%d]", i)
		if s.From.IsZero() || s.To.IsZero() {
			continue // reported already
		}
		if s.To.Before(s.From.Time) {
			d.mistake(d.lines[key+".to"], key+".to", "playbook.dates", "from", s.From.String(), "to", s.To.String())
		}
		if s.From.Before(before.Time) {
			d.mistake(d.lines[key+".from"], key+".from", "playbook.stage_order", "from", s.From.String(), "before", before.String())
		}
		before = s.From
		for j, m := range s.Milestones {
			at := fmt.Sprintf("%s.milestones[%d].date", key, j)
			if !m.Date.IsZero() && m.Date.Before(s.From.Time) {
				d.mistake(d.lines[at], at, "playbook.milestone_early", "date", m.Date.String(), "from", s.From.String())
			}
		}
	}
	if c := pb.Ledger.CloseBy; !c.IsZero() && len(pb.Stages) > 0 && c.Before(pb.Stages[0].From.Time) {
		d.mistake(d.lines["ledger.close_by"], "ledger.close_by", "playbook.close_early", "date", c.String(), "from", pb.Stages[0].From.String())
	}
}

func (d *decoder) references(pb *Playbook) {
	var roles, classes []string
	for _, r := range pb.Roles {
		roles = append(roles, r.Code)
	}
	for _, c := range pb.Scope.Classes {
		classes = append(classes, c.Code)
	}
	for i, l := range pb.Review {
		d.known(fmt.Sprintf("review[%d].role", i), l.Role, roles, "playbook.unknown_role")
		if l.Level != i+1 && l.Level != 0 {
			at := fmt.Sprintf("review[%d].level", i)
			d.mistake(d.lines[at], at, "playbook.level_order")
		}
	}
	d.known("ledger.verify_by", pb.Ledger.VerifyBy, roles, "playbook.unknown_role")
	d.known("ledger.responsible", pb.Ledger.Responsible, pb.Ledger.Responsibles, "playbook.unknown_responsible")
	for i, r := range pb.Ledger.Responsibles {
		d.known(fmt.Sprintf("ledger.responsibles[%d]", i), r, roles, "playbook.unknown_role")
	}
	formOf := map[string]string{}
	for i, f := range pb.Forms {
		for j, c := range f.For {
			at := fmt.Sprintf("forms[%d].for[%d]", i, j)
			d.known(at, c, classes, "playbook.unknown_class")
			if other, dup := formOf[c]; dup {
				d.mistake(d.lines[at], at, "playbook.class_twice", "got", c, "form", other)
			}
			formOf[c] = f.Code
		}
	}
	for i, c := range classes {
		if _, ok := formOf[c]; !ok && c != "" {
			at := fmt.Sprintf("scope.classes[%d].code", i)
			d.mistake(d.lines[at], at, "playbook.class_without_form", "got", c)
		}
	}
}

func (d *decoder) known(key, got string, list []string, code string) {
	if got == "" {
		return
	}
	for _, k := range list {
		if k == got {
			return
		}
	}
	d.mistake(d.lines[key], key, code, "got", got).meant(got, list)
}
