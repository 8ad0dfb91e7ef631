package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"

	"ruhu/form/xform"
	"ruhu/form/xlsform"
)

// loadedForm is a questionnaire as far as it could be read.
type loadedForm struct {
	xml      []byte
	form     *xform.Form // nil when there are errors
	mistakes []formMistake
}

func (l *loadedForm) errors() (n int) {
	for _, m := range l.mistakes {
		if m.Severity == "error" {
			n++
		}
	}
	return n
}

func (l *loadedForm) fail(code string, err error) *loadedForm {
	l.mistakes = append(l.mistakes, formMistake{Severity: "error", Code: code, Message: xlsform.Text{ZH: err.Error(), EN: err.Error()}})
	return l
}

func loadForm(file string) *loadedForm { return loadFormWith(file, xform.Options{}) }

func loadFormWith(file string, o xform.Options) *loadedForm {
	l := &loadedForm{mistakes: []formMistake{}}
	src, err := os.ReadFile(file)
	if err != nil {
		return l.fail("form.file", err)
	}
	l.xml = src
	if ext := strings.ToLower(filepath.Ext(file)); ext != ".xml" && ext != ".xform" {
		wb, err := xlsform.Read(filepath.Base(file), src)
		if err != nil {
			return l.fail("form.workbook", err)
		}
		res, diags := xlsform.Convert(wb)
		for _, d := range diags {
			l.mistakes = append(l.mistakes, formMistake{
				Severity: string(d.Severity), Code: d.Code, Sheet: d.Sheet, Row: d.Row, Column: d.Column, Message: d.Message, Hint: d.Hint,
			})
		}
		if xlsform.HasErrors(diags) {
			return l
		}
		l.xml = res.XForm
	}
	f, err := xform.Parse(l.xml, o)
	var list xform.Errors
	if errors.As(err, &list) {
		l.add("error", list)
		return l
	}
	l.form = f
	l.add("warning", f.Warnings())
	return l
}

func (l *loadedForm) add(severity string, list []*xform.Error) {
	for _, e := range list {
		l.mistakes = append(l.mistakes, formMistake{
			Severity: severity, Code: e.Code, Path: e.Path, Detail: e.Detail, Message: xlsform.Text{ZH: e.Msg, EN: e.MsgEN},
		})
	}
}
