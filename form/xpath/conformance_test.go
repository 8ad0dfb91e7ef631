package xpath_test

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"testing"
	"time"

	"ruhu/form/internal/conform"
	"ruhu/form/xpath"
)

type conformanceCase struct {
	ID            string            `json:"id"`
	Dialect       string            `json:"dialect"`
	Tier          string            `json:"tier"`
	Context       string            `json:"context"`
	ContextNode   string            `json:"context_node"`
	RootNode      string            `json:"root_node"`
	Namespaces    map[string]string `json:"namespaces"`
	DefaultSpace  string            `json:"default_namespace"`
	Language      string            `json:"language"`
	Expr          string            `json:"expr"`
	Type          string            `json:"expected_type"`
	Expected      any               `json:"expected"`
	Nodes         []string          `json:"expected_nodes"`
	Strings       []string          `json:"expected_strings"`
	Unordered     bool              `json:"unordered"`
	Timezone      string            `json:"timezone"`
	RoundFactor   float64           `json:"round_factor"`
	Peer          string            `json:"peer"`
	Nondetermined bool              `json:"nondeterministic"`
	Disputed      []string          `json:"disputed_by"`
	Peers         map[string]struct {
		Actual any `json:"actual"`
		Threw  any `json:"threw"`
	} `json:"peers"`
}

type conformanceFile struct {
	Contexts map[string]string `json:"contexts"`
	Cases    []conformanceCase `json:"cases"`
}

// root is the way to the project.
const root = "../.."

// TestConformanceXPath runs the cases that the field's own engines agree on.
// A case that fails must be in testdata/known-open.txt with a reason; one that
// is listed there and passes is an error too, so that the list stays true.
func TestConformanceXPath(t *testing.T) {
	t.Parallel()
	file := readConformance(t)
	sum := conform.New("xpath", conform.Known(t, "testdata/known-open.txt"))
	ofA, passedA := 0, 0
	for i := range file.Cases {
		c := &file.Cases[i]
		family := "tier " + c.Tier + ", " + c.Dialect
		switch {
		case c.Tier == "C":
			sum.Skip(c.ID, family, "tier C: depends on chance, on the clock or on the harness of one engine")
			continue
		case c.Tier == "D":
			sum.Skip(c.ID, family, "tier D: the engine that asserts it fails it itself")
			continue
		}
		diff := ""
		if err := c.run(file.Contexts[c.Context]); err != nil {
			diff = fmt.Sprintf("%s: %v", c.Expr, err)
		}
		if c.Tier == "A" {
			ofA++
			if diff == "" {
				passedA++
			}
		}
		if why := c.byRule(file.Contexts[c.Context]); diff != "" && c.Tier == "B" && conform.Foreign() && why != "" {
			sum.Design(c.ID, family, why)
			continue
		}
		sum.Judge(t, c.ID, family, diff)
	}
	sum.Notes = append(sum.Notes, fmt.Sprintf("Of tier A, %d of %d pass.", passedA, ofA))
	if passedA < ofA {
		t.Errorf("tier A: %d of %d pass", passedA, ofA)
	}
	fmt.Printf("conformance xpath tier A: %d of %d\n", passedA, ofA)
	sum.Done(t, root)
}

func readConformance(t *testing.T) *conformanceFile {
	t.Helper()
	f, err := os.Open(filepath.Join(conform.Dir(t, root), "xpath-cases.json.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var file conformanceFile
	if err := json.NewDecoder(z).Decode(&file); err != nil {
		t.Fatal(err)
	}
	if len(file.Cases) == 0 {
		t.Fatal("the file has no cases")
	}
	return &file
}

var (
	doctype  = regexp.MustCompile(`(?s)<!DOCTYPE[^>]*>`)
	prefixes = regexp.MustCompile(`([A-Za-z_][\w.-]*):[A-Za-z_*]`)
)

// run returns what is wrong with our answer, nil if nothing is.
func (c *conformanceCase) run(contextXML string) error {
	if c.Dialect == "syntax" {
		ns := map[string]string{}
		for _, m := range prefixes.FindAllStringSubmatch(c.Expr, -1) {
			ns[m[1]] = "urn:" + m[1]
		}
		_, err := xpath.Compile(c.Expr, &xpath.Options{Namespaces: ns})
		if (err == nil) != (c.Type == "syntax-ok") {
			return fmt.Errorf("got %v, want %s", err, c.Type)
		}
		return nil
	}
	src := doctype.ReplaceAllString(strings.TrimSpace(contextXML), "")
	doc, err := &xpath.Node{Kind: xpath.KindDocument}, error(nil)
	if src != "" {
		// The cases see the tree as a browser's DOM has it.
		doc, err = xpath.ParseXML([]byte(src), xpath.Limits{SplitCDATA: true})
	}
	if err != nil {
		return fmt.Errorf("context: %w", err)
	}
	ctx, err := c.context(doc)
	if err != nil {
		return err
	}
	e, err := xpath.Compile(c.Expr, &xpath.Options{
		Namespaces: c.Namespaces, DefaultSpace: c.DefaultSpace, StrictNames: c.Peer != "javarosa",
	})
	if err == nil {
		err = c.check(e, ctx, doc)
	}
	if c.Type == "error" {
		if err == nil {
			return errors.New("no error")
		}
		return nil
	}
	return err
}

// byRule gives the choice that explains a difference, "" if there is none, for
// collections that the list of known differences does not speak of: where the
// engines disagree, to answer as another of them is a choice.
func (c *conformanceCase) byRule(contextXML string) string {
	if want, err := strconv.ParseFloat(fmt.Sprint(c.Expected), 64); err == nil {
		whole := *c
		whole.Type, whole.Expected, whole.RoundFactor = "number", math.Floor(want), 0
		if frac := want - math.Floor(want); math.Abs(frac-7.0/24) < 0.01 && c.Timezone == "America/Phoenix" && whole.run(contextXML) == nil {
			return "a plain date is a whole number of days in every zone"
		}
	}
	if c.Type == "error" && c.Peer == "javarosa" && len(c.Disputed) > 0 {
		return "JavaRosa alone stops here"
	}
	for _, peer := range c.Disputed {
		other := *c
		switch p := c.Peers[peer]; {
		case p.Threw != nil:
			other.Type = "error"
		case p.Actual != nil:
			other.Type, other.Expected = "string", fmt.Sprint(p.Actual)
			if f, err := strconv.ParseFloat(fmt.Sprint(p.Actual), 64); err == nil {
				other.Type, other.Expected, other.RoundFactor = "number", f, 0
				if math.IsNaN(f) {
					other.Expected = "NaN"
				}
			}
		default:
			continue
		}
		if other.run(contextXML) == nil {
			return "the engines disagree; answered as " + peer
		}
	}
	return ""
}

func (c *conformanceCase) context(doc *xpath.Node) (*xpath.Context, error) {
	zone, err := time.LoadLocation(c.Timezone)
	if err != nil {
		return nil, err
	}
	env := &xpath.Env{
		Zone: zone, Root: doc,
		Now:  func() time.Time { return time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC) },
		Rand: func() float64 { return 0.5 },
		Instance: func(id string) *xpath.Node {
			return find(doc, func(n *xpath.Node) bool {
				v, _ := n.Attr("", "id")
				return n.Name.Local == "instance" && v == id
			})
		},
		IText: func(id string) (string, bool) {
			for _, v := range c.translations(doc, id) {
				if _, special := v.Attr("", "form"); !special {
					return v.StringValue(), true
				}
			}
			return "", false
		},
		ITextNodes: func(id string) []*xpath.Node { return c.translations(doc, id) },
	}
	ctx := &xpath.Context{Env: env}
	if ctx.Node, err = locate(doc, c.ContextNode); err != nil {
		return nil, err
	}
	if c.RootNode != "" {
		env.Root, err = locate(doc, c.RootNode)
	}
	return ctx, err
}

func (c *conformanceCase) check(e *xpath.Expr, ctx *xpath.Context, doc *xpath.Node) error {
	switch c.Type {
	case "number":
		got, err := e.EvalNumber(ctx)
		return wrong(err, c.sameNumber(got), got, c.Expected)
	case "boolean":
		got, err := e.EvalBool(ctx)
		return wrong(err, got == c.Expected, got, c.Expected)
	case "nodeset-count", "first-node":
		return c.checkNodes(e, ctx)
	}
	got, err := e.EvalString(ctx)
	ok := false
	switch c.Type {
	case "string":
		ok = got == c.Expected
	case "string-matches":
		ok = err == nil && regexp.MustCompile(c.Expected.(string)).MatchString(got)
	case "string-length":
		v, err := xpath.Compile("string-length(.)", nil)
		if err != nil {
			return err
		}
		n, err := v.EvalNumber(&xpath.Context{Node: &xpath.Node{Kind: xpath.KindText, Text: got}})
		return wrong(err, n == c.Expected, n, c.Expected)
	case "date":
		ok = strings.HasPrefix(got, c.Expected.(string))
	case "datetime":
		ok = strings.HasPrefix(got, c.Expected.(string))
	case "error":
		return err
	}
	return wrong(err, ok, got, c.Expected)
}

func wrong(err error, ok bool, got, want any) error {
	if err != nil {
		return err
	}
	if !ok {
		return fmt.Errorf("got %#v, want %#v", got, want)
	}
	return nil
}

func (c *conformanceCase) sameNumber(got float64) bool {
	want := math.NaN()
	switch x := c.Expected.(type) {
	case float64:
		want = x
	case string:
		if x == "-0" {
			return got == 0
		}
		want, _ = strconv.ParseFloat(x, 64)
	}
	if math.IsNaN(want) {
		return math.IsNaN(got)
	}
	if f := c.RoundFactor; f != 0 {
		return math.Round(got*f) == math.Round(want*f)
	}
	return got == want || math.Abs(got-want) <= 1e-15+1e-14*math.Abs(want)
}

func (c *conformanceCase) checkNodes(e *xpath.Expr, ctx *xpath.Context) error {
	got, err := e.EvalNodes(ctx)
	if err != nil {
		return err
	}
	if c.Type == "first-node" {
		if len(got) == 0 {
			return wrong(nil, c.Expected == nil, nil, c.Expected)
		}
		return wrong(nil, place(got[0]) == c.Expected, place(got[0]), c.Expected)
	}
	if float64(len(got)) != c.Expected {
		return fmt.Errorf("got %d nodes, want %v", len(got), c.Expected)
	}
	var places, texts []string
	for _, n := range got {
		places, texts = append(places, place(n)), append(texts, wholeText(n))
	}
	for _, pair := range [][2][]string{{places, c.Nodes}, {texts, c.Strings}} {
		have, want := pair[0], append([]string(nil), pair[1]...)
		if want == nil {
			continue
		}
		if c.Unordered {
			sort.Strings(have)
			sort.Strings(want)
		}
		if strings.Join(have, "\x00") != strings.Join(want, "\x00") {
			return fmt.Errorf("got %q, want %q", have, want)
		}
	}
	return nil
}
