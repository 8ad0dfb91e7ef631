package trace

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"ruhu/form/xform"
)

// Node is the record of one node.
type Node struct {
	Ref          string       `json:"ref"`
	Type         string       `json:"type"`
	Datatype     string       `json:"datatype,omitempty"`
	Value        *string      `json:"value,omitempty"`
	Relevant     bool         `json:"relevant"`
	Required     bool         `json:"required"`
	Readonly     bool         `json:"readonly"`
	ConstraintOK *bool        `json:"constraint_ok,omitempty"`
	RequiredOK   *bool        `json:"required_ok,omitempty"`
	Violation    string       `json:"violation,omitempty"`
	Message      string       `json:"message,omitempty"`
	Warning      string       `json:"warning,omitempty"` // ours: the text of a soft check that does not hold
	Reason       string       `json:"reason,omitempty"`  // ours: its confirmation
	Choices      *[][2]string `json:"choices,omitempty"`
	Count        *int         `json:"count,omitempty"`
	Label        string       `json:"label,omitempty"`
	Hint         string       `json:"hint,omitempty"`
}

type line struct {
	Step       int         `json:"step"`
	Op         *Step       `json:"op,omitempty"`
	Result     string      `json:"result,omitempty"`
	Error      string      `json:"rejected,omitempty"`
	Nodes      []Node      `json:"nodes,omitempty"`
	Changed    *[]Node     `json:"changed,omitempty"` // nil on the first line only
	Gone       *[]string   `json:"gone,omitempty"`
	NodeCount  int         `json:"node_count"`
	Violations [][2]string `json:"violations"`
}

// Run plays the plan and writes the trace. A step that the engine refuses is
// recorded as rejected and the run goes on. The error is one of loading or of
// writing.
func Run(f *xform.Form, p *Plan, w io.Writer) error {
	env, err := p.Env.session()
	if err != nil {
		return err
	}
	s, err := f.NewSession(env)
	if err != nil {
		return err
	}
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	nodes := records(s)
	if err := out.Encode(line{Nodes: nodes, NodeCount: len(nodes), Violations: violations(nodes)}); err != nil {
		return err
	}
	known := index(nodes)
	for i, st := range p.Steps {
		l := line{Step: i + 1, Op: &p.Steps[i], Result: "ok"}
		if err := apply(s, st); err != nil {
			l.Result, l.Error = "rejected", err.Error()
		}
		nodes = records(s)
		now := index(nodes)
		changed, gone := difference(known, now, nodes)
		l.Changed, l.Gone = &changed, &gone
		l.NodeCount, l.Violations, known = len(nodes), violations(nodes), now
		if err := out.Encode(l); err != nil {
			return err
		}
	}
	return finish(f, s, env, known, out)
}

// finish writes the submission and, re-opened from it, how the state differs.
func finish(f *xform.Form, s *xform.Session, env xform.Env, known map[string][]byte, out *json.Encoder) error {
	x, err := s.XML()
	if err != nil {
		return err
	}
	if err := out.Encode(map[string]any{"end": true, "instance_xml": string(x)}); err != nil {
		return err
	}
	env.Instance = x
	r, err := f.NewSession(env)
	if err != nil {
		return out.Encode(map[string]any{"error": err.Error()})
	}
	nodes := records(r)
	changed, gone := difference(known, index(nodes), nodes)
	return out.Encode(map[string]any{"restore": true, "instance_xml": string(x), "changed": changed, "gone": gone})
}

func apply(s *xform.Session, st Step) error {
	var err error
	switch st.Op {
	case "set":
		_, err = s.Set(st.Ref, st.Value)
	case "add":
		_, err = s.AddRepeat(st.Ref)
	case "remove":
		_, err = s.RemoveRepeat(st.Ref)
	case "lang":
		_, err = s.SetLanguage(st.Value)
	case "confirm":
		_, err = s.Confirm(st.Ref, st.Value)
	default:
		err = errors.New("unknown operation " + st.Op)
	}
	return err
}

func records(s *xform.Session) []Node {
	state := s.State()
	out := make([]Node, len(state))
	for i := range state {
		out[i] = record(&state[i])
	}
	return out
}

func record(n *xform.NodeState) Node {
	r := Node{Ref: n.Ref, Type: n.Type, Relevant: n.Relevant, Required: n.Required, Readonly: n.Readonly, Label: n.Label, Hint: n.Hint}
	switch n.Type {
	case "repeat":
		r.Type = "repeat-range:uncontrolled"
		if n.Fixed {
			r.Type = "repeat-range:controlled"
		}
		r.Count = &n.Count
		return r
	case "instance":
		r.Type = "repeat-instance"
		return r
	case "root", "group":
		return r
	}
	if n.Type == "select1" {
		r.Type = "select" // one word for both, as in the corpus
	}
	rule := ""
	if n.Error != nil {
		rule, r.Message = n.Error.Rule, n.Error.Message
	}
	constraintOK, requiredOK := rule != "constraint", rule != "required"
	r.Datatype, r.Value, r.Violation = n.Datatype, &n.Value, rule
	r.ConstraintOK, r.RequiredOK = &constraintOK, &requiredOK
	if n.Warning != nil {
		r.Warning, r.Reason = n.Warning.Message, n.Warning.Reason
	}
	if n.Choices != nil {
		list := make([][2]string, len(n.Choices))
		for i, c := range n.Choices {
			list[i] = [2]string{c.Value, c.Label}
		}
		r.Choices = &list
	}
	return r
}

// key names a node; a repeat and a group may share a ref.
func (n *Node) key() string {
	if n.Count != nil {
		return n.Ref + "|range"
	}
	return n.Ref
}

func index(nodes []Node) map[string][]byte {
	m := make(map[string][]byte, len(nodes))
	for i := range nodes {
		b, err := json.Marshal(&nodes[i])
		if err != nil {
			panic(fmt.Sprintf("a record of plain strings does not marshal: %v", err))
		}
		m[nodes[i].key()] = b
	}
	return m
}

func difference(before, after map[string][]byte, nodes []Node) (changed []Node, gone []string) {
	changed, gone = []Node{}, []string{}
	for i := range nodes {
		if k := nodes[i].key(); !bytes.Equal(before[k], after[k]) {
			changed = append(changed, nodes[i])
		}
	}
	for k := range before {
		if _, ok := after[k]; !ok {
			gone = append(gone, k)
		}
	}
	slices.Sort(gone)
	return changed, gone
}

func violations(nodes []Node) [][2]string {
	out := [][2]string{}
	for i := range nodes {
		if nodes[i].Violation != "" {
			out = append(out, [2]string{nodes[i].Ref, nodes[i].Violation})
		}
	}
	return out
}
