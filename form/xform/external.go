package xform

import (
	"bytes"
	"encoding/csv"
	"io"
	"strings"

	"ruhu/form/xpath"
)

// external loads a secondary instance from an attachment: XML as it is, CSV and
// GeoJSON as /root/item/column. What is missing is an empty instance: a form
// stays usable when a list has not arrived yet.
func (p *parser) external(uri, id string) *xpath.Node {
	empty := &xpath.Node{Kind: xpath.KindDocument}
	if p.o.Attachments == nil {
		return empty
	}
	data, err := p.o.Attachments(uri)
	if err != nil || len(data) == 0 {
		if err != nil {
			p.warn("xform.attachment", id, err.Error())
		}
		return empty
	}
	doc, err := ReadItems(uri, data)
	if err != nil {
		p.err("xform.attachment", id, err.Error())
		return empty
	}
	return doc
}

// ReadItems reads a file that a form takes choices or data from, as the secondary
// instance that it becomes.
func ReadItems(name string, data []byte) (doc *xpath.Node, err error) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	switch trimmed := bytes.TrimSpace(data); {
	case strings.HasSuffix(strings.ToLower(name), ".geojson") || (len(trimmed) > 0 && trimmed[0] == '{'):
		doc, err = readGeoJSON(trimmed)
	case len(trimmed) > 0 && trimmed[0] == '<':
		if doc, err = xpath.ParseXML(trimmed, xpath.Limits{Bytes: 64 << 20, Nodes: 4_000_000}); err == nil {
			stripSpace(doc)
		}
	default:
		doc, err = readCSV(data)
	}
	return doc, err
}

func leaf(parent *xpath.Node, name, text string) {
	parent.Children = append(parent.Children,
		&xpath.Node{Kind: xpath.KindElement, Name: xpath.Name{Local: name}, Text: text, Parent: parent})
}

func itemList() (doc, root *xpath.Node) {
	doc = &xpath.Node{Kind: xpath.KindDocument}
	root = &xpath.Node{Kind: xpath.KindElement, Name: xpath.Name{Local: "root"}, Parent: doc}
	doc.Children = []*xpath.Node{root}
	return doc, root
}

func addItem(root *xpath.Node) *xpath.Node {
	it := &xpath.Node{Kind: xpath.KindElement, Name: xpath.Name{Local: "item"}, Parent: root}
	root.Children = append(root.Children, it)
	return it
}

// readCSV reads a table with a header row. The delimiter is the one of comma,
// semicolon, tab and pipe that the header uses.
func readCSV(data []byte) (*xpath.Node, error) {
	line, _, _ := bytes.Cut(data, []byte("\n"))
	r := csv.NewReader(bytes.NewReader(data))
	r.LazyQuotes = true
	r.FieldsPerRecord = -1
	r.ReuseRecord = true
	best := 0
	for _, d := range ",;\t|" {
		if n := bytes.Count(line, []byte(string(d))); n > best {
			best, r.Comma = n, d
		}
	}
	head, err := r.Read()
	if err != nil {
		return nil, err
	}
	cols := make([]string, len(head))
	for i, h := range head {
		cols[i] = strings.TrimSpace(h)
		if cols[i] != "" && !columnName(cols[i]) {
			return nil, &xpath.XMLError{Line: 1, Msg: "not a column name: " + cols[i]}
		}
	}
	doc, root := itemList()
	for {
		row, err := r.Read()
		if err == io.EOF {
			return doc, nil
		}
		if err != nil {
			return nil, err
		}
		it := addItem(root)
		for i, c := range cols {
			if c == "" {
				continue
			}
			v := ""
			if i < len(row) {
				v = row[i]
			}
			leaf(it, c, v)
		}
	}
}

// columnName says whether a header can be an element name; a table in one
// column whose header holds some other delimiter shows itself here.
func columnName(s string) bool {
	for i, r := range s {
		letter := r == '_' || r >= 0x80 || (r|0x20 >= 'a' && r|0x20 <= 'z')
		if !letter && (i == 0 || (r != '-' && r != '.' && r != ':' && (r < '0' || r > '9'))) {
			return false
		}
	}
	return true
}
