package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"
	_ "time/tzdata" // plans name zones, and a bare server has no zone files

	"ruhu/form/xform"
	"ruhu/form/xform/trace"
	"ruhu/form/xlsform"
)

// FormCmd works on questionnaires: XLSForm workbooks (.md, .xlsx, .csv) and
// XForms (.xml).
type FormCmd struct {
	Check FormCheckCmd `cmd:"" help:"Find every mistake in a questionnaire. 检查问卷。"`
	Xform FormXformCmd `cmd:"" help:"Print the XForm XML of a questionnaire. 输出 XForm。"`
	Eval  FormEvalCmd  `cmd:"" help:"Play a plan of steps and print the state after each. 按步骤试填。"`
}

// FormCheckCmd prints the mistakes of a questionnaire; it fails when one is an
// error.
type FormCheckCmd struct {
	File string `arg:"" help:"Workbook or XForm." type:"existingfile"`
	JSON bool   `help:"Print JSON." name:"json"`
	Lang string `help:"Language of the messages." enum:"zh,en" default:"zh"`
}

// formMistake is one line of the report, of either kind of file.
type formMistake struct {
	Severity string       `json:"severity"`
	Code     string       `json:"code"`
	Sheet    string       `json:"sheet,omitempty"`
	Row      int          `json:"row,omitempty"`
	Column   string       `json:"column,omitempty"`
	Path     string       `json:"path,omitempty"`
	Message  xlsform.Text `json:"message"`
	Hint     xlsform.Text `json:"hint"`
	Detail   string       `json:"detail,omitempty"`
}

// Run reads the file, as a workbook first when it is one, then as a form.
func (c *FormCheckCmd) Run() error {
	l := loadForm(c.File)
	if c.JSON {
		if err := json.NewEncoder(os.Stdout).Encode(l.mistakes); err != nil {
			return err
		}
	} else {
		for _, m := range l.mistakes {
			fmt.Println(m.in(c.File, c.Lang))
		}
	}
	if n := l.errors(); n > 0 {
		return fmt.Errorf("%s: %d errors", c.File, n)
	}
	if !c.JSON {
		fmt.Println("OK")
	}
	return nil
}

// in writes a mistake as file:sheet:row: column: severity: message (detail).
func (m formMistake) in(file, lang string) string {
	msg, hint := m.Message.ZH, m.Hint.ZH
	if lang == "en" {
		msg, hint = m.Message.EN, m.Hint.EN
	}
	var b strings.Builder
	b.WriteString(file)
	if m.Sheet != "" {
		b.WriteString(":" + m.Sheet)
	}
	if m.Row > 0 {
		fmt.Fprintf(&b, ":%d", m.Row)
	}
	for _, s := range []string{m.Column, m.Path, m.Severity} {
		if s != "" {
			b.WriteString(": " + s)
		}
	}
	fmt.Fprintf(&b, ": %s [%s]", msg, m.Code)
	if m.Detail != "" {
		b.WriteString(" " + m.Detail)
	}
	if hint != "" {
		b.WriteString(" (" + hint + ")")
	}
	return b.String()
}

// FormXformCmd prints the XForm.
type FormXformCmd struct {
	File string `arg:"" help:"Workbook or XForm." type:"existingfile"`
}

// Run writes XML to standard output, mistakes to standard error.
func (c *FormXformCmd) Run() error {
	l := loadForm(c.File)
	for _, m := range l.mistakes {
		if m.Severity == "error" {
			fmt.Fprintln(os.Stderr, m.in(c.File, language()))
		}
	}
	if n := l.errors(); n > 0 {
		return fmt.Errorf("%s: %d errors", c.File, n)
	}
	_, err := os.Stdout.Write(l.xml)
	return err
}

// FormEvalCmd plays a plan; docs/form-trace.md describes plan and trace.
type FormEvalCmd struct {
	File        string `arg:"" help:"Workbook or XForm." type:"existingfile"`
	Plan        string `help:"The plan of steps, JSON." required:"" type:"existingfile"`
	Attachments string `help:"Folder of the plan's attachments; default: beside the form, or one above." type:"existingdir"`
}

// Run writes one JSON object a line.
func (c *FormEvalCmd) Run() error {
	src, err := os.ReadFile(c.Plan)
	if err != nil {
		return err
	}
	var p trace.Plan
	if err := json.Unmarshal(src, &p); err != nil {
		return fmt.Errorf("%s: %w", c.Plan, err)
	}
	l := loadFormWith(c.File, xform.Options{Attachments: func(uri string) ([]byte, error) { return c.attachment(p.Attachments, uri) }})
	if l.form == nil {
		return fmt.Errorf("%s: %d errors: see ruhu form check", c.File, l.errors())
	}
	return trace.Run(l.form, &p, os.Stdout)
}

// attachment reads the file that the plan names for a URI, or the one that is
// called like the end of the URI. What is not there is an empty list.
func (c *FormEvalCmd) attachment(names map[string]string, uri string) ([]byte, error) {
	name := names[uri]
	if name == "" {
		name = path.Base(uri)
	}
	dirs := []string{c.Attachments}
	if c.Attachments == "" {
		dirs = []string{filepath.Dir(c.File), filepath.Dir(filepath.Dir(c.File))}
	}
	for _, dir := range dirs {
		b, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		if !errors.Is(err, os.ErrNotExist) {
			return b, err
		}
	}
	return nil, nil
}
