package main

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"net/http"
	"path"
	"strings"
	"time"

	"ruhu/form/xform"
	"ruhu/internal/id"
)

//go:embed answers.txt
var answersText string

// job is one form to send.
type job struct {
	phone    *phone
	visit    visit
	instance string // "uuid:…"
	body     []byte
}

// template is a filled-in form of one household; others are made by putting their own facts in place.
type template struct {
	xml      []byte
	instance string
	of       visit
	members  [2]string
}

// makeJobs fills in a form for every visit of every phone, n in all, each with an instance id of its own.
func makeJobs(ctx context.Context, t *town, n, size int) ([]job, error) {
	tmpl, form, err := fill(ctx, t.phones[0], size)
	if err != nil {
		return nil, err
	}
	jobs := make([]job, 0, n)
	for round := 0; len(jobs) < n; round++ { // a visit of each phone in turn, so that all have work to the end
		before := len(jobs)
		for _, p := range t.phones {
			if round < len(p.pkg.Assignments) && len(jobs) < n {
				jobs = append(jobs, tmpl.job(p, p.pkg.Assignments[round]))
			}
		}
		if len(jobs) == before {
			return nil, fmt.Errorf("%d visits are planned, %d are needed", len(jobs), n)
		}
	}
	for _, j := range []job{jobs[0], jobs[len(jobs)-1]} {
		r, err := form.Validate(j.body, xform.Env{Now: time.Now, Zone: time.UTC})
		if err != nil {
			return nil, fmt.Errorf("the form that would be sent: %w", err)
		}
		if bad, open := r.Errors(); bad+open > 0 || "uuid:"+strings.TrimPrefix(r.InstanceID, "uuid:") != j.instance {
			return nil, fmt.Errorf("the form that would be sent has %d errors: %+v", bad+open, r.Findings)
		}
	}
	return jobs, nil
}

func (t template) job(p *phone, v visit) job {
	j := job{phone: p, visit: v, instance: "uuid:" + id.New()}
	pairs := []string{t.instance, j.instance, t.members[0], p.pkg.Team.Members[0].ID, t.members[1], p.pkg.Team.Members[1].ID}
	for _, key := range []string{"household.head_name", "household.head_id_number", "household.phone"} {
		pairs = append(pairs, ">"+t.of.Prefill[key]+"<", ">"+v.Prefill[key]+"<")
	}
	for _, key := range []string{"household.id", "household.village"} { // also inside the calculated instance name
		pairs = append(pairs, t.of.Prefill[key], v.Prefill[key])
	}
	j.body = []byte(strings.NewReplacer(pairs...).Replace(string(t.xml)))
	return j
}

// fill answers the form of a phone's first visit and makes it at least size bytes long with a long note.
func fill(ctx context.Context, p *phone, size int) (template, *xform.Form, error) {
	t := template{instance: "uuid:" + id.New(), of: p.pkg.Assignments[0]}
	t.members = [2]string{p.pkg.Team.Members[0].ID, p.pkg.Team.Members[1].ID}
	var src []byte
	if err := p.Do(ctx, http.MethodGet, "/field/forms/"+t.of.FormHash, nil, &src); err != nil {
		return t, nil, err
	}
	form, err := xform.Parse(src, xform.Options{})
	if err != nil {
		return t, nil, fmt.Errorf("compile the form: %w", err)
	}
	answers := map[string]string{"enumerator_1": t.members[0], "enumerator_2": t.members[1], "mode_note": "全家在外务工，电话联系本人核实"}
	for line := range strings.Lines(answersText) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), "="); ok && !strings.HasPrefix(line, "#") {
			answers[name] = value
		}
	}
	if t.xml, err = t.answer(form, answers); err != nil {
		return t, nil, err
	}
	if lack := size - len(t.xml); lack > 0 {
		note := "电话中逐项核对了收入、住房、饮水和上学情况，被访者同意记录。"
		answers["mode_note"] += strings.Repeat(note, lack/len(note)+1)
		t.xml, err = t.answer(form, answers)
	}
	return t, form, err
}

func (t template) answer(form *xform.Form, answers map[string]string) ([]byte, error) {
	s, err := form.NewSession(xform.Env{
		Now: time.Now, Zone: time.FixedZone("CST", 8*3600), Prefill: t.of.Prefill,
		UUID: func() string { return strings.TrimPrefix(t.instance, "uuid:") },
	})
	if err != nil {
		return nil, fmt.Errorf("open the form: %w", err)
	}
	done := map[string]bool{}
	for changed := true; changed; {
		changed = false
		for _, n := range s.State() {
			value, named := answers[path.Base(n.Ref)]
			if !named && n.Required && n.Value == "" && len(n.Choices) > 0 {
				value, named = n.Choices[0].Value, true
			}
			if !named || done[n.Ref] || !n.Relevant || n.Readonly {
				continue
			}
			done[n.Ref], changed = true, true
			if _, err := s.Set(n.Ref, value); err != nil {
				return nil, fmt.Errorf("answer %s: %w", n.Ref, err)
			}
			break // what is asked may have changed
		}
	}
	for _, f := range s.Check() {
		if f.Severity == "error" {
			return nil, fmt.Errorf("answers.txt leaves an error at %s: %v", f.Ref, f.Message)
		}
		if _, err := s.Confirm(f.Ref, "已核实"); err != nil {
			return nil, fmt.Errorf("confirm %s: %w", f.Ref, err)
		}
	}
	xml, err := s.XML()
	if err == nil && !bytes.Contains(xml, []byte(t.instance)) {
		return nil, fmt.Errorf("the form does not carry the instance id %s", t.instance)
	}
	return xml, err
}
