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
		if i > len(n.Children) {
			return nil, fmt.Errorf("no node %s", path)
		}
		n = n.Children[i-1]
	}
	return n, nil
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
	for i, c := range n.Parent.Children {
		if c == n {
			return fmt.Sprintf("%s/node()[%d]", up, i+1)
		}
	}
	return up + "/node()[1]" // the text of a leaf
}
