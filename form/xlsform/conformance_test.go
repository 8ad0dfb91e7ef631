package xlsform

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"ruhu/form/internal/conform"
	"ruhu/form/xpath"
)

// A conformance case: a workbook as tables, and what the reference converter makes of it.
type confCase struct {
	ID         string                `json:"id"`
	FormName   string                `json:"form_name"`
	Sheets     map[string][][]string `json:"sheets"`
	Expects    []confExpect          `json:"expects"`
	MustFail   bool                  `json:"must_fail"`
	Judge      string                `json:"judge"`
	Golden     string                `json:"golden_xform"`
	Namespaces map[string]string     `json:"xpath_namespaces"`
}

type confExpect struct {
	Kind     string   `json:"kind"`
	XPath    string   `json:"xpath"`
	Count    int      `json:"count"`
	Expected []string `json:"expected"`
}

// root is the way to the project.
const root = "../.."

// notRun are the cases that another program would have to judge.
var notRun = map[string]string{
	"not-portable":       "about the reference converter's own Python interface",
	"needs-odk-validate": "judged by the JavaRosa validator",
}

// TestConformanceXLSForm runs the cases of the shared collection. A case that
// fails must stand in testdata/known-open.txt with a reason.
func TestConformanceXLSForm(t *testing.T) {
	f, err := os.Open(filepath.Join(conform.Dir(t, root), "xlsform-cases.json.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Cases []confCase `json:"cases"`
	}
	if err := json.NewDecoder(z).Decode(&file); err != nil {
		t.Fatal(err)
	}
	sum := conform.New("xlsform", conform.Known(t, "testdata/known-open.txt"))
	golden, equal := 0, 0
	for _, c := range file.Cases {
		if c.Golden != "" && !c.MustFail {
			golden++
			if c.equalsGolden() {
				equal++
			}
		}
		if why := notRun[c.Judge]; why != "" {
			sum.Skip(c.ID, c.Judge, why)
			continue
		}
		diff := ""
		if err := c.run(); err != nil {
			diff = err.Error()
		}
		if why := c.byRule(); diff != "" && conform.Foreign() && why != "" {
			sum.Design(c.ID, c.Judge, why)
			continue
		}
		sum.Judge(t, c.ID, c.Judge, diff)
	}
	share := 100 * float64(equal) / float64(max(golden, 1))
	sum.Notes = append(sum.Notes, fmt.Sprintf("Equal to the reference converter's XForm in canonical form: %d of %d (%.1f %%).", equal, golden, share))
	if share < 95 {
		t.Errorf("only %.1f %% are equal to the golden XForm", share)
	}
	fmt.Printf("conformance xlsform golden: %d of %d equal (%.1f %%)\n", equal, golden, share)
	sum.Done(t, root)
}

// byRule gives the choice that explains a difference, for collections that the
// list of known differences does not speak of.
func (c *confCase) byRule() string {
	res, diags := Convert(c.workbook())
	bad := 0
	for _, d := range diags {
		if d.Severity == SeverityError && d.Code != "xlsform.bad_xpath" {
			return ""
		}
		if d.Severity == SeverityError {
			bad++
		}
	}
	if c.MustFail {
		return ""
	}
	if bad > 0 {
		return "an expression that is no XPath is an error here; the reference converter passes it on"
	}
	bare := strings.NewReplacer("“", "", "”", "", "‘", "", "’", "", `"`, "", "'", "", `\`, "")
	want, err1 := xpath.ParseXML([]byte(c.Golden), xpath.Limits{})
	got, err2 := xpath.ParseXML(res.XForm, xpath.Limits{})
	if err1 == nil && err2 == nil && bare.Replace(canon(want)) == bare.Replace(canon(got)) {
		return "typographic quotes are kept outside of expressions: in Chinese text they are the right ones"
	}
	return ""
}

func (c *confCase) equalsGolden() bool {
	res, diags := Convert(c.workbook())
	if HasErrors(diags) {
		return false
	}
	want, err := xpath.ParseXML([]byte(c.Golden), xpath.Limits{})
	if err != nil {
		return false
	}
	got, err := xpath.ParseXML(res.XForm, xpath.Limits{})
	return err == nil && sameXML(want, got) == nil
}

func (c *confCase) workbook() *Workbook {
	wb := &Workbook{Name: "data", Root: c.FormName}
	if strings.HasPrefix(c.ID, "file-") {
		wb.Name = c.FormName
	}
	var sheets []string
	for s := range c.Sheets {
		sheets = append(sheets, s)
	}
	sort.Strings(sheets)
	for _, name := range sheets {
		s := &Sheet{Name: name}
		var at []int
		for i, row := range c.Sheets[name] {
			if i == 0 {
				at = s.table(1, row)
				continue
			}
			s.add(i+1, at, row)
		}
		wb.Sheets = append(wb.Sheets, s)
	}
	return wb
}

func (c *confCase) run() error {
	res, diags := Convert(c.workbook())
	if c.MustFail {
		if !HasErrors(diags) {
			return fmt.Errorf("accepted, must be rejected")
		}
		return nil
	}
	for _, d := range diags {
		if d.Severity == SeverityError {
			return fmt.Errorf("rejected: %v", d)
		}
	}
	doc, err := xpath.ParseXML(res.XForm, xpath.Limits{})
	if err != nil {
		return fmt.Errorf("the XForm is not XML: %w", err)
	}
	for _, e := range c.Expects {
		if e.Kind != "xpath_count" && e.Kind != "xpath_exact" {
			continue
		}
		if err := c.assert(doc, e); err != nil {
			return err
		}
	}
	if c.Golden == "" {
		return nil
	}
	want, err := xpath.ParseXML([]byte(c.Golden), xpath.Limits{})
	if err != nil {
		return fmt.Errorf("golden: %w", err)
	}
	return sameXML(want, doc)
}

func (c *confCase) assert(doc *xpath.Node, e confExpect) error {
	ns := map[string]string{"x": "http://www.w3.org/2002/xforms", "entities": "http://www.opendatakit.org/xforms/entities"}
	for _, a := range namespaces {
		if p, ok := strings.CutPrefix(a.name, "xmlns:"); ok {
			ns[p] = a.value
		}
	}
	for p, u := range c.Namespaces {
		ns[p] = u
	}
	x, err := xpath.Compile(strings.TrimSpace(e.XPath), &xpath.Options{Namespaces: ns})
	if err != nil {
		return fmt.Errorf("assertion %s: %w", e.XPath, err)
	}
	v, err := x.Eval(&xpath.Context{Node: doc, Env: &xpath.Env{Root: doc}})
	if err != nil {
		return fmt.Errorf("assertion %s: %w", e.XPath, err)
	}
	got := map[string]bool{}
	for _, n := range v.Nodes() {
		got[confString(n)] = true
	}
	if e.Kind == "xpath_count" {
		if len(got) != e.Count && len(v.Nodes()) != e.Count {
			return fmt.Errorf("%d results, want %d: %s", len(got), e.Count, strings.Join(strings.Fields(e.XPath), " "))
		}
		return nil
	}
	want := map[string]bool{}
	for _, s := range e.Expected {
		want[unescape.Replace(s)] = true
		if strings.HasPrefix(strings.TrimSpace(s), "<") {
			return nil // serialised elements: the comparison with the golden XForm covers them
		}
	}
	if fmt.Sprint(want) != fmt.Sprint(got) {
		return fmt.Errorf("got %q, want %q: %s", keys(got), keys(want), strings.Join(strings.Fields(e.XPath), " "))
	}
	return nil
}

// The expected strings are serialised XML.
var unescape = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&quot;", `"`, "&amp;", "&")

func keys(m map[string]bool) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}

func confString(n *xpath.Node) string {
	if n.Kind == xpath.KindAttr || n.Kind == xpath.KindText {
		return n.StringValue()
	}
	return n.Path() + canon(n)
}

// canon writes a tree with sorted attributes and without white space between elements; model parts in any order.
func canon(n *xpath.Node) string {
	var b bytes.Buffer
	writeCanon(&b, n)
	return b.String()
}

func writeCanon(b *bytes.Buffer, n *xpath.Node) {
	switch n.Kind {
	case xpath.KindText:
		b.WriteString(strings.Join(strings.Fields(n.Text), " "))
		return
	case xpath.KindDocument:
		for _, k := range n.Children {
			writeCanon(b, k)
		}
		return
	case xpath.KindElement:
	default:
		return
	}
	fmt.Fprintf(b, "<{%s}%s", n.Name.Space, n.Name.Local)
	var attrs []string
	for _, a := range n.Attrs {
		attrs = append(attrs, fmt.Sprintf(" {%s}%s=%q", a.Name.Space, a.Name.Local, strings.Join(strings.Fields(a.Text), " ")))
	}
	sort.Strings(attrs)
	b.WriteString(strings.Join(attrs, "") + ">")
	b.WriteString(strings.Join(strings.Fields(n.Text), " "))
	var kids []string
	for _, k := range n.Children {
		kids = append(kids, canon(k))
	}
	switch n.Name.Local {
	case "model", "itext", "translation", "text":
		sort.Strings(kids)
	}
	b.WriteString(strings.Join(kids, "") + "</>\n")
}

func sameXML(want, got *xpath.Node) error {
	a, b := strings.Split(canon(want), "\n"), strings.Split(canon(got), "\n")
	for i := range a {
		if i >= len(b) || a[i] != b[i] {
			other := "(end)"
			if i < len(b) {
				other = b[i]
			}
			return fmt.Errorf("XForm differs:\n\twant %s\n\tgot  %s", a[i], other)
		}
	}
	return nil
}
