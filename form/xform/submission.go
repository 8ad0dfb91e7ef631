package xform

import (
	"strings"

	"ruhu/form/xpath"
)

// lastSavedURI is the source of an instance that is the record saved last.
const lastSavedURI = "jr://instance/last-saved"

// Submission says how the form wants its records sent. The engine sends nothing
// and encrypts nothing: these are for the client.
type Submission struct {
	Action     string // URL; "": that of the server the form came from
	Method     string // post, form-data-post; "" where the form has no submission element
	PublicKey  string // base64RsaPublicKey: records are to be encrypted for it
	AutoSend   string // as written: true, false or ""
	AutoDelete string
}

func submissionOf(n *xpath.Node) Submission {
	return Submission{
		Action: strings.TrimSpace(attr(n, "action")), Method: attr(n, "method"),
		PublicKey: strings.Join(strings.Fields(attr(n, "base64RsaPublicKey")), ""),
		AutoSend:  attr(n, "auto-send"), AutoDelete: attr(n, "auto-delete"),
	}
}

// Submission returns how the form wants its records sent.
func (f *Form) Submission() Submission { return f.submission }

// Task is an action that only a client can do.
type Task struct {
	Name   string   // recordaudio
	Ref    string   // the node that gets the result, without repeat numbers
	Events []string // odk-instance-load, …
	Attrs  map[string]string
}

// Tasks returns the actions that a client has to do itself, in the order of the
// form: odk:recordaudio.
func (f *Form) Tasks() []Task { return f.tasks }

func (p *parser) task(n *xpath.Node, source *def) {
	base := ""
	if source != nil {
		base = source.path
	}
	ref := controlRef(n)
	t := Task{Name: n.Name.Local, Ref: p.absolute(ref, base), Events: strings.Fields(attr(n, "event"))}
	if p.lookup(t.Ref) == nil {
		p.warn("xform.unknown_node", n.Name.Local, ref)
		return
	}
	for _, a := range n.Attrs {
		switch a.Name.Local {
		case "ref", "event":
		default:
			if t.Attrs == nil {
				t.Attrs = map[string]string{}
			}
			t.Attrs[a.QName()] = a.Text
		}
	}
	p.f.tasks = append(p.f.tasks, t)
}
