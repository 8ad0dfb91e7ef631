package xpath

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

const xmlSpace = "http://www.w3.org/XML/1998/namespace"

// Limits bounds what ParseXML accepts. A zero field means its default.
type Limits struct {
	Bytes int // size of the document; default 32 MiB
	Depth int // elements inside elements; default 200
	Nodes int // elements, attributes, texts, comments, PIs; default 2,000,000

	// DataOnly drops what carries no data: comments, processing instructions
	// and indentation (white space with a line break between tags). Without it
	// the tree is complete.
	DataOnly bool

	// SplitCDATA makes every CDATA section a text node of its own, as the DOM of
	// a browser has it. In the data model of XPath 1.0 (§5.7), which is the
	// default, text and CDATA side by side are one text node.
	SplitCDATA bool

	// KeepSource lets the texts of the tree be parts of one copy of the source
	// instead of strings of their own: less work, but that copy lives as long as
	// any text does. For records, not for forms.
	KeepSource bool
}

func (l Limits) withDefaults() Limits {
	if l.Bytes == 0 {
		l.Bytes = 32 << 20
	}
	if l.Depth == 0 {
		l.Depth = 200
	}
	if l.Nodes == 0 {
		l.Nodes = 2_000_000
	}
	return l
}

// ParseXML reads an XML 1.0 document in UTF-8 with namespaces and returns its
// document node. DOCTYPE is refused, and with it every entity but the five
// built-in ones, so that a small document cannot grow in memory. Errors are
// *XMLError. The tree does not refer to src
// (but see Limits.KeepSource).
func ParseXML(src []byte, lim Limits) (*Node, error) {
	lim = lim.withDefaults()
	p := &xmlParser{lim: lim, names: make(map[string]string, 64)}
	if len(src) > lim.Bytes {
		p.src = "" // nothing was looked at
		return nil, p.tooLarge("document of more than %d bytes", lim.Bytes)
	}
	src = bytes.TrimPrefix(src, []byte("\xef\xbb\xbf"))
	p.src = string(src)
	if !utf8.ValidString(p.src) {
		for p.pos < len(p.src) {
			r, n := utf8.DecodeRuneInString(p.src[p.pos:])
			if r == utf8.RuneError && n == 1 {
				break
			}
			p.pos += n
		}
		return nil, p.fail("not valid UTF-8")
	}
	doc := p.newNode(KindDocument)
	if err := p.document(doc); err != nil {
		return nil, err
	}
	return doc, nil
}

// xmlParser is a hand-written scanner: encoding/xml is about five times slower
// and hides prefixes, which Path and WriteXML need.
type xmlParser struct {
	src   string
	pos   int
	lim   Limits
	count int
	slab  []Node            // nodes are allocated in slabs
	names map[string]string // every name once in memory, detached from src
	frag  []string          // pieces of the current text
}

func (p *xmlParser) newNode(k Kind) *Node {
	if len(p.slab) == 0 {
		p.slab = make([]Node, 64)
	}
	n := &p.slab[0]
	p.slab = p.slab[1:]
	n.Kind = k
	p.count++
	return n
}

// document = prolog element Misc*
func (p *xmlParser) document(doc *Node) error {
	if strings.HasPrefix(p.src, "<?xml") && len(p.src) > 5 && isSpace(p.src[5]) {
		if err := p.declaration(); err != nil {
			return err
		}
	}
	cur, depth := doc, 0
	var open []string // names as written, for matching end tags
	for p.pos < len(p.src) {
		if p.count > p.lim.Nodes {
			return p.tooLarge("more than %d nodes", p.lim.Nodes)
		}
		if p.src[p.pos] != '<' {
			if err := p.text(cur); err != nil {
				return err
			}
			continue
		}
		rest := p.src[p.pos:]
		switch {
		case strings.HasPrefix(rest, "</"):
			if depth == 0 {
				return p.fail("end tag without a start tag")
			}
			if err := p.endTag(open[depth-1]); err != nil {
				return err
			}
			p.closeElement(cur)
			cur, depth, open = cur.Parent, depth-1, open[:depth-1]
		case strings.HasPrefix(rest, "<!--"):
			if err := p.delimited(cur, KindComment, "<!--", "-->"); err != nil {
				return err
			}
		case strings.HasPrefix(rest, "<![CDATA["):
			if err := p.text(cur); err != nil {
				return err
			}
		case strings.HasPrefix(rest, "<?"):
			if err := p.delimited(cur, KindPI, "<?", "?>"); err != nil {
				return err
			}
		case strings.HasPrefix(rest, "<!"):
			return p.fail("DOCTYPE and other declarations are not allowed")
		default:
			if depth == 0 && doc.Element() != nil {
				return p.fail("more than one root element")
			}
			el, name, empty, err := p.startTag(cur)
			if err != nil {
				return err
			}
			if !empty {
				if depth++; depth > p.lim.Depth {
					return p.tooLarge("elements nested more than %d deep", p.lim.Depth)
				}
				open, cur = append(open, name), el
			}
		}
	}
	if depth > 0 {
		return p.fail("element %s is not closed", open[depth-1])
	}
	if doc.Element() == nil {
		return p.fail("no root element")
	}
	return nil
}

// closeElement folds a single text child into the element and, with DataOnly,
// drops indentation.
func (p *xmlParser) closeElement(el *Node) {
	if len(el.Children) == 1 && el.Children[0].Kind == KindText {
		el.Text, el.Children = el.Children[0].Text, nil
		return
	}
	if !p.lim.DataOnly {
		return
	}
	kept := el.Children[:0]
	for _, c := range el.Children {
		if c.Kind == KindText && strings.ContainsRune(c.Text, '\n') && strings.Trim(c.Text, xmlBlanks) == "" {
			continue
		}
		kept = append(kept, c)
	}
	el.Children = kept
}

func (p *xmlParser) endTag(want string) error {
	p.pos += 2
	if !strings.HasPrefix(p.src[p.pos:], want) {
		return p.fail("end tag does not match <%s>", want)
	}
	p.pos += len(want)
	p.skipSpace()
	if p.pos >= len(p.src) || p.src[p.pos] != '>' {
		return p.fail("end tag does not match <%s>", want)
	}
	p.pos++
	return nil
}

func (p *xmlParser) startTag(parent *Node) (el *Node, name string, empty bool, err error) {
	p.pos++
	if name, err = p.name(); err != nil {
		return nil, "", false, err
	}
	el = p.newNode(KindElement)
	el.Parent = parent
	for {
		spaced := p.skipSpace()
		if p.pos >= len(p.src) {
			return nil, "", false, p.fail("tag <%s> is not complete", name)
		}
		switch p.src[p.pos] {
		case '>':
			p.pos++
			return el, name, false, p.finishStart(el, name)
		case '/':
			if !strings.HasPrefix(p.src[p.pos:], "/>") {
				return nil, "", false, p.fail("'/' must be followed by '>'")
			}
			p.pos += 2
			return el, name, true, p.finishStart(el, name)
		}
		if !spaced {
			return nil, "", false, p.fail("white space expected between attributes")
		}
		if err := p.attribute(el); err != nil {
			return nil, "", false, err
		}
	}
}

func (p *xmlParser) attribute(el *Node) error {
	name, err := p.name()
	if err != nil {
		return err
	}
	p.skipSpace()
	if p.pos >= len(p.src) || p.src[p.pos] != '=' {
		return p.fail("attribute %s has no value", name)
	}
	p.pos++
	p.skipSpace()
	value, err := p.quoted(name)
	if err != nil {
		return err
	}
	prefix, local := splitName(name)
	switch {
	case name == "xmlns":
		return p.declare(el, "", value)
	case prefix == "xmlns":
		if value == "" {
			return p.fail("prefix %s is bound to nothing", local)
		}
		return p.declare(el, local, value)
	}
	a := p.newNode(KindAttr)
	a.Parent, a.Prefix, a.Name.Local, a.Text = el, prefix, local, value
	el.Attrs = append(el.Attrs, a)
	if len(el.Attrs) > 256 {
		return p.tooLarge("more than %d attributes on an element", 256)
	}
	return nil
}

func (p *xmlParser) declare(el *Node, prefix, uri string) error {
	if _, ok := el.NS[prefix]; ok {
		return p.fail("namespace prefix %q declared twice", prefix)
	}
	if el.NS == nil {
		el.NS = map[string]string{}
	}
	if len(el.NS) > 256 {
		return p.tooLarge("more than %d namespace declarations on an element", 256)
	}
	el.NS[prefix] = p.intern(uri)
	return nil
}

// finishStart resolves prefixes, now that all declarations of the tag are known,
// and adds the element to its parent.
func (p *xmlParser) finishStart(el *Node, name string) error {
	prefix, local := splitName(name)
	space, ok := el.LookupPrefix(prefix)
	if !ok {
		return p.fail("namespace prefix %s is not declared", prefix)
	}
	el.Prefix, el.Name = prefix, Name{space, local}
	for i, a := range el.Attrs {
		if a.Prefix != "" {
			if a.Name.Space, ok = el.LookupPrefix(a.Prefix); !ok {
				return p.fail("namespace prefix %s is not declared", a.Prefix)
			}
		}
		for _, b := range el.Attrs[:i] {
			if a.Name == b.Name {
				return p.fail("attribute %s is given twice", a.QName())
			}
		}
	}
	el.Parent.Children = append(el.Parent.Children, el)
	return nil
}
