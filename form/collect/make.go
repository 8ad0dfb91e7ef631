package collect

import (
	"bytes"
	"errors"
	"fmt"

	"ruhu/form/xform"
	"ruhu/form/xpath"
)

// Names of what Make adds. They begin with ruhu_ so that they meet no question of the form.
const (
	EntityList   = "ruhu_households" // secondary instance, and with ".csv" the file of the manifest
	visit        = "ruhu_visit"      // first page
	household    = "household"       // the choice: name of an entity, which is the id of an assignment
	returned     = "returned"        // the note of a reviewer
	reasonSuffix = "_ruhu_reason"    // beside a question with a warning: the explanation
	noteSuffix   = "_ruhu_warning"   // and what it is about
	textReason   = "ruhu:reason"     // ids of added texts
	textHouse    = "ruhu:household"  //
	textReturned = "ruhu:returned"   //
	textWarning  = "ruhu:warning"    //
	nsODK        = "http://www.opendatakit.org/xforms"
)

// Visit is the path below the root element of the chosen assignment.
const Visit = "/" + visit + "/" + household

// Columns of the entity list that are not prefills.
const (
	ColumnName    = "name"      // id of the assignment
	ColumnLabel   = "label"     // what the enumerator sees
	ColumnVersion = "__version" // clients that keep entities want one
	ColumnForm    = "form"      // id of the form that the household needs
	ColumnNote    = "note"      // of the reviewer who returned the form; "" otherwise
)

// Column is the column for a prefill key: "household.head_name" is household_head_name.
func Column(key string) string {
	return string(bytes.ReplaceAll([]byte(key), []byte("."), []byte("_")))
}

// Version is the version of what is made of a form with this version and SHA-256 of its XML.
func Version(version, hash string) string { return version + "-" + hash[:min(12, len(hash))] }

// ReasonOf is the ref of the explanation of a warning at a question.
func ReasonOf(ref string) string { return ref + reasonSuffix }

// Form is what Make gives.
type Form struct {
	Client []byte // for the client
	Judge  []byte // for the server
}

var errShape = errors.New("not an XForm with a model, an instance and a body")

// Make makes both texts of an XForm that xform.Parse takes. hash is its digest, for the version.
func Make(xml []byte, hash string) (Form, error) {
	var out Form
	for _, client := range []bool{true, false} {
		m, err := open(xml, hash)
		if err != nil {
			return out, err
		}
		m.client = client
		m.visitPage()
		m.warnings()
		if client {
			m.prefills()
			m.strip(m.doc)
			m.editable()
		}
		var b bytes.Buffer
		if err := xpath.WriteXML(&b, m.doc); err != nil {
			return out, fmt.Errorf("write form: %w", err)
		}
		if client {
			out.Client = b.Bytes()
		} else {
			out.Judge = b.Bytes()
		}
	}
	return out, nil
}

// maker holds the parts of the form that is being changed.
type maker struct {
	doc, model, body *xpath.Node
	top              *xpath.Node // root element of the primary instance
	binds            map[string]*xpath.Node
	repeats          map[string]bool
	client           bool
	formID           string
	chooser          *xpath.Node // the control of the household
}

func open(xml []byte, hash string) (*maker, error) {
	doc, err := xpath.ParseXML(xml, xpath.Limits{})
	if err != nil {
		return nil, fmt.Errorf("read form: %w", err)
	}
	m := &maker{doc: doc, binds: map[string]*xpath.Node{}, repeats: map[string]bool{}}
	html := doc.Element()
	if html == nil {
		return nil, errShape
	}
	if head := child(html, "head"); head != nil {
		m.model = child(head, "model")
	}
	m.body = child(html, "body")
	if m.model == nil || m.body == nil || child(m.model, "instance") == nil {
		return nil, errShape
	}
	if m.top = child(m.model, "instance").Element(); m.top == nil {
		return nil, errShape
	}
	m.formID = attr(m.top, "id")
	setAttr(m.top, "version", Version(attr(m.top, "version"), hash))
	for _, n := range m.model.Children {
		if n.Kind == xpath.KindElement && n.Name.Local == "bind" {
			m.binds[attr(n, "nodeset")] = n
		}
	}
	m.findRepeats(m.body)
	return m, nil
}

func (m *maker) findRepeats(n *xpath.Node) {
	if n.Name.Local == "repeat" {
		m.repeats[attr(n, "nodeset")] = true
	}
	for _, c := range n.Children {
		m.findRepeats(c)
	}
}

// path is the path of a child of the root element.
func (m *maker) path(rest string) string { return "/" + m.top.QName() + "/" + rest }

// bindOf gives the bind of a path and makes it when there is none.
func (m *maker) bindOf(path string) *xpath.Node {
	if b := m.binds[path]; b != nil {
		return b
	}
	b := m.el("bind", "nodeset", path, "type", "string")
	m.model.Children = append(m.model.Children, b)
	b.Parent, m.binds[path] = m.model, b
	return b
}

// strip removes the attributes of our namespace and its declaration.
func (m *maker) strip(n *xpath.Node) {
	kept := n.Attrs[:0:0]
	for _, a := range n.Attrs {
		if a.Name.Space != xform.NSRuhu {
			kept = append(kept, a)
		}
	}
	n.Attrs = kept
	for prefix, uri := range n.NS {
		if uri == xform.NSRuhu {
			delete(n.NS, prefix)
		}
	}
	for _, c := range n.Children {
		if c.Kind == xpath.KindElement {
			m.strip(c)
		}
	}
}

// editable allows that a form that was sent is opened again and sent with a deprecatedID, and drops an address or key for sending: what is
// filled in comes back to the server that gave the form.
func (m *maker) editable() {
	kept := m.model.Children[:0:0]
	for _, c := range m.model.Children {
		if c.Kind != xpath.KindElement || c.Name.Local != "submission" {
			kept = append(kept, c)
		}
	}
	s := m.el("submission")
	s.Attrs = append(s.Attrs, &xpath.Node{Kind: xpath.KindAttr, Prefix: "odk", Name: xpath.Name{Space: nsODK, Local: "client-editable"}, Text: "true"})
	if m.doc.Element().NS["odk"] == "" {
		s.NS = map[string]string{"odk": nsODK}
	}
	s.Parent, m.model.Children = m.model, append(kept, s)
}
