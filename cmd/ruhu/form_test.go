package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func write(t *testing.T, name, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

const goodForm = `<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"><h:head><h:title>t</h:title><model>
<instance><data id="t"><a/></data></instance><bind nodeset="/data/a" constraint=". &gt; 1"/></model></h:head>
<h:body><input ref="/data/a"/></h:body></h:html>`

func TestFormsAreLoadedWithTheirMistakes(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		file, text string
		errors     int
		want       string // in one of the lines
	}{
		"an XForm":               {"a.xml", goodForm, 0, ""},
		"a broken expression":    {"a.xml", strings.Replace(goodForm, ". &gt; 1", ". &gt;", 1), 1, "/data/a/@constraint: error"},
		"a doubtful bind":        {"a.xml", strings.Replace(goodForm, `"/data/a" c`, `"/data/b" c`, 1), 0, "warning"},
		"no XML":                 {"a.xml", "no", 1, "xform.syntax"},
		"a workbook":             {"a.md", "## survey\n\n| type | name | label |\n|---|---|---|\n| text | a | A |\n", 0, ""},
		"a workbook with a typo": {"a.md", "## survey\n\n| type | name | label |\n|---|---|---|\n| tekst | a | A |\n", 1, "survey:5"},
		"an unknown ending":      {"a.doc", "x", 1, "form.workbook"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := write(t, c.file, c.text)
			l := loadForm(file)
			var lines []string
			for _, m := range l.mistakes {
				lines = append(lines, m.in(c.file, "zh"))
			}
			all := strings.Join(lines, "\n")
			if l.errors() != c.errors || !strings.Contains(all, c.want) || (c.errors == 0) != (l.form != nil) {
				t.Errorf("%d errors, form %v:\n%s", l.errors(), l.form != nil, all)
			}
			if err := (&FormCheckCmd{File: file, Lang: "en", JSON: true}).Run(); (err != nil) != (c.errors > 0) {
				t.Errorf("check: %v", err)
			}
		})
	}
}
