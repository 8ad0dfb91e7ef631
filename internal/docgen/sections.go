package docgen

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Chromium knows front pages but starts nothing on one. What it writes is plain enough (PDF 1.4, no object streams) to put empty pages in
// afterwards, as an incremental update behind the file: changed page lists, the new pages, a table of where they are.

var (
	pagesNode = regexp.MustCompile(`\n(\d+) 0 obj\s*<</Type /Pages\s[^>]*?/Kids \[([^\]]*)\][^>]*>>`)
	catalog   = regexp.MustCompile(`<</Type /Catalog\s[^>]*?/Pages (\d+) 0 R`)
	anchor    = regexp.MustCompile(`/s(\d+) \[(\d+) 0 R `)
	kid       = regexp.MustCompile(`(\d+) 0 R`)
	mediaBox  = regexp.MustCompile(`/MediaBox \[[^\]]*\]`)
	trailer   = regexp.MustCompile(`trailer\s*<<\s*/Size (\d+)\s*(/Root \d+ 0 R)\s*((?:/Info \d+ 0 R)?)\s*>>\s*startxref\s+(\d+)\s+%%EOF\s*$`)
)

var errPDF = errors.New("the PDF is not as Chromium writes them")

// pageTree is the tree of pages of a PDF.
type pageTree struct {
	root  int
	kids  map[int][]int // of the inner nodes
	up    map[int]int
	pages []int // leaves, in order
}

func readTree(pdf []byte) (pageTree, error) {
	t := pageTree{kids: map[int][]int{}, up: map[int]int{}}
	root := catalog.FindSubmatch(pdf)
	if root == nil {
		return t, errPDF
	}
	t.root = number(root[1])
	for _, m := range pagesNode.FindAllSubmatch(pdf, -1) {
		n := number(m[1])
		t.kids[n] = nil
		for _, k := range kid.FindAllSubmatch(m[2], -1) {
			t.kids[n] = append(t.kids[n], number(k[1]))
			t.up[number(k[1])] = n
		}
	}
	var walk func(n, depth int)
	walk = func(n, depth int) {
		below, inner := t.kids[n]
		if !inner {
			t.pages = append(t.pages, n)
			return
		}
		for _, k := range below {
			if depth < 20 {
				walk(k, depth+1)
			}
		}
	}
	walk(t.root, 0)
	return t, nil
}

func number(b []byte) int {
	n, _ := strconv.Atoi(string(b)) // digits, by the patterns
	return n
}

// count gives the pages below a node.
func (t pageTree) count(n int) int {
	below, inner := t.kids[n]
	if !inner {
		return 1
	}
	sum := 0
	for _, k := range below {
		sum += t.count(k)
	}
	return sum
}

// lastPages gives the last page of each section but the last one whose number of pages is odd; sections begin where their anchors lead to.
func (t pageTree) lastPages(pdf []byte, sections int) ([]int, error) {
	begins := make([]int, sections+1)
	begins[sections] = len(t.pages)
	seen := 0
	at := bytes.Index(pdf, []byte("/s0 ["))
	if at < 0 {
		return nil, errPDF
	}
	for _, m := range anchor.FindAllSubmatch(pdf[at:], -1) {
		i, p := number(m[1]), slices.Index(t.pages, number(m[2]))
		if i < sections && p >= 0 {
			begins[i] = p
			seen++
		}
	}
	if seen != sections {
		return nil, errPDF
	}
	var out []int
	for i := range sections {
		n := begins[i+1] - begins[i]
		if n < 1 {
			return nil, errPDF
		}
		if n%2 == 1 && i+1 < sections {
			out = append(out, t.pages[begins[i+1]-1])
		}
	}
	return out, nil
}

// frontPages gives what has to be written behind a PDF so that each of its sections begins on a front page; nothing when they do.
func frontPages(pdf []byte, sections int) ([]byte, error) {
	t, err := readTree(pdf)
	if err != nil {
		return nil, err
	}
	after, err := t.lastPages(pdf, sections)
	if err != nil || len(after) == 0 {
		return nil, err
	}
	tail := trailer.FindSubmatch(pdf)
	box := mediaBox.Find(pdf)
	if tail == nil || box == nil {
		return nil, errPDF
	}
	next := number(tail[1])
	objects := map[int]string{}
	for _, page := range after {
		parent := t.up[page]
		kids := t.kids[parent]
		t.kids[parent] = slices.Insert(kids, slices.Index(kids, page)+1, next)
		objects[next] = fmt.Sprintf("<</Type /Page\n/Resources <<>>\n%s\n/Parent %d 0 R>>", box, parent)
		for n := parent; n != 0; n = t.up[n] {
			objects[n] = "" // it, and the counts above it, are written anew below
		}
		next++
	}
	for n, text := range objects {
		if text == "" {
			objects[n] = t.node(n)
		}
	}
	return update(len(pdf), objects, next, string(tail[2])+string(tail[3]), number(tail[4])), nil
}

func (t pageTree) node(n int) string {
	var refs []string
	for _, k := range t.kids[n] {
		refs = append(refs, fmt.Sprintf("%d 0 R", k))
	}
	s := fmt.Sprintf("<</Type /Pages\n/Count %d\n/Kids [%s]", t.count(n), strings.Join(refs, " "))
	if up := t.up[n]; up != 0 {
		s += fmt.Sprintf("\n/Parent %d 0 R", up)
	}
	return s + ">>"
}

// update writes objects as an incremental update of a file of so many bytes.
func update(offset int, objects map[int]string, size int, root string, previous int) []byte {
	var b, table bytes.Buffer
	table.WriteString("xref\n")
	b.WriteString("\n")
	ids := make([]int, 0, len(objects))
	for n := range objects {
		ids = append(ids, n)
	}
	slices.Sort(ids)
	for _, n := range ids {
		fmt.Fprintf(&table, "%d 1\n%010d 00000 n \n", n, offset+b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", n, objects[n])
	}
	at := offset + b.Len()
	b.Write(table.Bytes())
	fmt.Fprintf(&b, "trailer\n<</Size %d\n%s\n/Prev %d>>\nstartxref\n%d\n%%%%EOF\n", size, strings.ReplaceAll(root, "R/", "R\n/"), previous, at)
	return b.Bytes()
}
