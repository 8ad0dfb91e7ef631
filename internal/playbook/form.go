package playbook

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"ruhu/form/xlsform"
)

// forms reads and converts the questionnaires. Mistakes in a form's file carry that file's lines and are returned apart,
// so that they follow those of playbook.yaml.
func (d *decoder) forms(fsys fs.FS, pb *Playbook) []Mistake {
	var out []Mistake
	values := pb.values()
	used, ids := map[string]bool{}, map[string]string{}
	for _, t := range slices.Concat(pb.Determinations.limits(), pb.ExitStandard.limits()) {
		used[t] = true
	}
	for i := range pb.Forms {
		f := &pb.Forms[i]
		key := fmt.Sprintf("forms[%d].file", i)
		if f.File == "" {
			continue
		}
		src := d.readFile(fsys, f.File, d.lines[key], key)
		if src == nil {
			continue
		}
		f.Source = src
		f.Files = map[string][]byte{}
		fd := &decoder{file: f.File}
		fd.form(f, pb, values, used, func(name string) ([]byte, error) {
			data, err := fs.ReadFile(fsys, path.Join(path.Dir(f.File), path.Base(name)))
			if err == nil && len(data) > maxFile {
				err = fs.ErrInvalid
			}
			if err == nil {
				f.Files[name] = data
			}
			return data, err
		})
		out = append(out, fd.mistakes...)
		if other, dup := ids[f.FormID]; dup && f.FormID != "" {
			d.mistake(d.lines[key], key, "playbook.same_form_id", "got", f.FormID, "form", other)
		}
		ids[f.FormID] = f.Code
	}
	for i, t := range pb.Thresholds {
		if key := fmt.Sprintf("thresholds[%d].code", i); t.Code != "" && !used[t.Code] && len(out) == 0 {
			d.mistake(d.lines[key], key, "playbook.unused_threshold", "got", t.Code)
		}
	}
	return out
}

// CheckForm reads a workbook as another version of the playbook's form of that code, which there must be, and gives what is wrong with it.
// It takes data from the files that the playbook's form takes it from.
func (p *Playbook) CheckForm(code, file string, source []byte) (Form, []Mistake) {
	f := Form{Code: code, File: file, Source: source}
	if old, ok := p.Form(code); ok {
		f.Title, f.For, f.Files = old.Title, old.For, old.Files
	}
	d := &decoder{file: file}
	d.form(&f, p, p.values(), map[string]bool{}, func(name string) ([]byte, error) {
		if data, ok := f.Files[name]; ok {
			return data, nil
		}
		return nil, fs.ErrNotExist
	})
	return f, d.mistakes
}

// values are the thresholds as expressions get them.
func (p *Playbook) values() map[string]string {
	out := map[string]string{}
	for _, t := range p.Thresholds {
		out[t.Code] = strconv.FormatFloat(t.Value, 'f', -1, 64)
	}
	return out
}

func (d *decoder) form(f *Form, pb *Playbook, values map[string]string, used map[string]bool, files func(string) ([]byte, error)) {
	wb, err := xlsform.Read(f.File, f.Source)
	if err != nil {
		m := d.mistake(0, "", "playbook.form", "what", err.Error())
		var re *xlsform.ReadError
		if errors.As(err, &re) {
			m.Code, m.Message = re.Code, Text(re.Message)
		}
		return
	}
	wb.Files = files
	res, diags := xlsform.Convert(wb)
	for _, g := range diags {
		key := g.Sheet
		if g.Column != "" {
			key += "." + g.Column
		}
		d.mistakes = append(d.mistakes, Mistake{
			File: f.File, Line: g.Row, Key: key, Code: g.Code, Message: Text(g.Message), Hint: Text(g.Hint), Warning: g.Severity == xlsform.SeverityWarning,
		})
	}
	f.FormID, f.Version, f.XForm = res.FormID, res.Version, res.XForm
	f.Problems, f.Indicators = res.Problems, res.Indicators
	var known, severities []string
	for t := range values {
		known = append(known, t)
	}
	for _, s := range pb.Ledger.Severities {
		severities = append(severities, s.Code)
	}
	fill := func(expr *string, row int, key string) {
		for _, t := range xlsform.Thresholds(*expr) {
			used[t] = true
			if _, ok := values[t]; !ok {
				d.mistake(row, key, "playbook.unknown_threshold", "got", t).meant(t, known)
			}
		}
		*expr = xlsform.FillThresholds(*expr, values)
	}
	d.lines = map[string]int{}
	d.compares(wb, pb)
	for i := range f.Indicators {
		fill(&f.Indicators[i].Calculation, f.Indicators[i].Row, "indicators.calculation")
	}
	for i := range f.Problems {
		p := &f.Problems[i]
		fill(&p.Condition, p.Row, "problems.condition")
		d.lines["problems.severity"], d.lines["problems.responsible"] = p.Row, p.Row
		d.known("problems.severity", p.Severity, severities, "playbook.unknown_severity")
		d.known("problems.responsible", p.Responsible, pb.Ledger.Responsibles, "playbook.unknown_responsible")
	}
}

// compares checks the column bind::ruhu:compare against the figures of agreement.
func (d *decoder) compares(wb *xlsform.Workbook, pb *Playbook) {
	if len(pb.Agreement.Fields) == 0 {
		return // a form may say what it could be compared with
	}
	for _, s := range wb.Sheets {
		name, compare := -1, -1
		for i, c := range s.Columns {
			switch {
			case c.Header == "name":
				name = i
			case strings.HasSuffix(c.Header, "ruhu:compare"):
				compare = i
			}
		}
		if !strings.EqualFold(s.Name, "survey") || name < 0 || compare < 0 {
			continue
		}
		for _, r := range s.Rows {
			if compare >= len(r.Cells) {
				continue
			}
			for token := range strings.FieldsSeq(r.Cells[compare]) {
				if _, ok := pb.Agreement.Compared(token, r.Cells[name]); !ok {
					d.mistake(r.Num, "survey.bind::ruhu:compare", "playbook.unknown_compare", "got", token)
				}
			}
		}
	}
}
