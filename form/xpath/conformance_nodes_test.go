package xpath_test

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"ruhu/form/xpath"
)

var nodeIndex = regexp.MustCompile(`^node\(\)\[(\d+)\]$`)

// translations returns the values of a text in the language of the case, else
// in the default language, which is the one marked so or the first.
func (c *conformanceCase) translations(doc *xpath.Node, id string) []*xpath.Node {
	itext := find(doc, func(n *xpath.Node) bool { return n.Name.Local == "itext" })
	lang := itext.Element()
	for _, tr := range itext.Children {
		name, _ := tr.Attr("", "lang")
		if _, def := tr.Attr("", "default"); c.Language == "" && def || c.Language != "" && name == c.Language {
			lang = tr
		}
	}
	text := find(lang, func(n *xpath.Node) bool {
		v, _ := n.Attr("", "id")
		return n.Name.Local == "text" && v == id
	})
	var values []*xpath.Node
	if text != nil {
		for _, v := range text.Children {
			if v.Name.Local == "value" {
				values = append(values, v)
			}
		}
	}
	return values
}

func find(n *xpath.Node, ok func(*xpath.Node) bool) *xpath.Node {
	for _, c := range n.Children {
		if c.Kind != xpath.KindElement {
			continue
		}
		if ok(c) {
			return c
		}
		if f := find(c, ok); f != nil {
			return f
		}
	}
	return nil
}

// locate follows a path of the form /node()[1]/node()[2]/@id.
func locate(n *xpath.Node, path string) (*xpath.Node, error) {
	for _, part := range splitPath(path) {
		if name, ok := strings.CutPrefix(part, "@"); ok {
			space, local := "", name
			if i := strings.Index(name, "}"); i >= 0 {
				space, local = name[1:i], name[i+1:]
			}
			var found *xpath.Node
			for _, a := range n.Attrs {
				if a.Name == (xpath.Name{Space: space, Local: local}) {
					found = a
				}
			}
			if found == nil {
				return nil, fmt.Errorf("no attribute %s", part)
			}
			n = found
			continue
		}
		m := nodeIndex.FindStringSubmatch(part)
		if m == nil {
			return nil, fmt.Errorf("cannot read path %s", path)
		}
		i, _ := strconv.Atoi(m[1])
		if i == 1 && len(n.Children) == 0 && n.Text != "" {
			return &xpath.Node{Kind: xpath.KindText, Text: n.Text, Parent: n}, nil
		}
		child := numbered(n, i)
		if child == nil {
			return nil, fmt.Errorf("no node %s", path)
		}
		n = child
	}
	return n, nil
}

// numbered returns the i-th child, where texts side by side (CDATA) are counted
// as one; nil if there is none.
func numbered(n *xpath.Node, i int) *xpath.Node {
	var last *xpath.Node
	for _, c := range n.Children {
		if last == nil || last.Kind != xpath.KindText || c.Kind != xpath.KindText {
			i--
		}
		if i == 0 {
			return c
		}
		last = c
	}
	return nil
}

// wholeText is the string-value of the place of n: of texts side by side, all.
func wholeText(n *xpath.Node) string {
	s := n.StringValue()
	if n.Kind != xpath.KindText || n.Parent == nil {
		return s
	}
	for i := 1; ; i++ {
		c := numbered(n.Parent, i)
		if c == nil {
			return s
		}
		if c.Kind != xpath.KindText || c != n && !beside(c, n) {
			continue
		}
		s = c.StringValue()
		for _, x := range n.Parent.Children {
			if beside(c, x) {
				s += x.StringValue()
			}
		}
		return s
	}
}

// beside tells whether n is one of the texts that follow the text c directly.
func beside(c, n *xpath.Node) bool {
	from := -1
	for i, x := range n.Parent.Children {
		switch {
		case x == c:
			from = i
		case from >= 0 && (x.Kind != xpath.KindText || c.Kind != xpath.KindText):
			return false
		case from >= 0 && x == n:
			return true
		}
	}
	return false
}

func splitPath(path string) []string {
	var parts []string
	depth, start := 0, 1
	for i := 1; i <= len(path); i++ {
		switch {
		case i == len(path) || path[i] == '/' && depth == 0:
			if i > start {
				parts = append(parts, path[start:i])
			}
			start = i + 1
		case path[i] == '{':
			depth++
		case path[i] == '}':
			depth--
		}
	}
	return parts
}

// place writes a node in the same form.
func place(n *xpath.Node) string {
	if n.Parent == nil {
		if n.Kind == xpath.KindDocument {
			return "/"
		}
		return "?"
	}
	up := place(n.Parent)
	if up == "/" {
		up = ""
	}
	switch n.Kind {
	case xpath.KindAttr:
		if n.Name.Space != "" {
			return up + "/@{" + n.Name.Space + "}" + n.Name.Local
		}
		return up + "/@" + n.Name.Local
	case xpath.KindNamespace:
		return up + "/namespace::" + n.Name.Local
	}
	for i := 1; ; i++ {
		c := numbered(n.Parent, i)
		if c == nil {
			break
		}
		if c == n || beside(c, n) {
			return fmt.Sprintf("%s/node()[%d]", up, i)
		}
	}
	return up + "/node()[1]" // the text of a leaf
}
