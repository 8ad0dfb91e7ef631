package xform

// NodeState is what a screen needs to know of one node. It is the JSON of the
// phone too. Value is the answer as it counts now: an answer whose choice is
// not offered is blank.
type NodeState struct {
	Ref      string   `json:"ref"`
	Type     string   `json:"type"` // root group repeat instance input select select1 rank range trigger upload note model-value
	Datatype string   `json:"datatype"`
	Value    string   `json:"value"`
	Relevant bool     `json:"relevant"`
	Required bool     `json:"required"`
	Readonly bool     `json:"readonly"`
	Label    string   `json:"label"`
	Hint     string   `json:"hint"`
	Choices  []Choice `json:"choices"` // nil (null): not a question with choices
	Count    int      `json:"count"`   // of a repeat: its instances
	Fixed    bool     `json:"fixed"`   // of a repeat: the form sets their number

	Error     *Violation `json:"error"`
	Warning   *Doubt     `json:"warning"`
	Prefilled bool       `json:"prefilled"`
	PII       string     `json:"pii"`

	Transcribed *Transcribed `json:"transcribed,omitempty"` // nil: no register has an answer

	Guidance string `json:"guidance,omitempty"` // explains the question at length: XLSForm's guidance_hint

	Media map[string]string `json:"media,omitempty"` // of the label: image, audio, video, big-image

	Tags  []Tag    `json:"tags,omitempty"`  // of an osm question: what it asks for
	Ticks []Choice `json:"ticks,omitempty"` // of a range: what some of its numbers are called
}

// Choice is one entry of a list, labelled in the active language.
type Choice struct {
	Value string `json:"value"`
	Label string `json:"label"`

	Media map[string]string `json:"media,omitempty"` // as NodeState.Media
}

// Violation is the first condition that the answer breaks.
type Violation struct {
	Rule    string `json:"rule"` // required, type, choice, constraint
	Message string `json:"message"`
}

// Doubt is a soft check that does not hold. Reason is the confirmation, "" when
// it is still to be written.
type Doubt struct {
	Message string `json:"message"`
	Reason  string `json:"reason"`
}

// Change is what an operation has changed: the full state of each node that is
// different, in document order, and the refs that exist no longer. When an
// instance in the middle of a repeat is removed, the later ones are in Changed
// under their new refs and the last refs are in Removed.
type Change struct {
	Changed []NodeState `json:"changed"`
	Removed []string    `json:"removed"`
}

// State returns all nodes in document order; a repeat comes before its
// instances.
func (s *Session) State() []NodeState {
	out := make([]NodeState, 0, len(s.f.defs))
	s.walk(func(in *inst, ref string) { out = append(out, s.state(in, ref)) })
	return out
}

// Node returns the state of one node and whether there is one with that ref.
func (s *Session) Node(ref string) (NodeState, bool) {
	in := s.find(ref)
	if in == nil {
		return NodeState{}, false
	}
	return s.state(in, in.node.Path()), true
}

// Value returns the answer at ref as it counts: "" when it is not relevant or
// there is no such node.
func (s *Session) Value(ref string) string {
	if in := s.find(ref); in != nil && !in.isRange {
		return in.node.StringValue()
	}
	return ""
}

func (s *Session) state(in *inst, ref string) NodeState {
	d := in.def
	n := NodeState{Ref: ref, Type: d.nodeType(), Relevant: in.relevant(), Readonly: in.readonly, PII: d.bind.pii}
	c := d.control
	if c != nil {
		n.Label, n.Hint = s.text(c.label, in), s.text(c.hint, in)
		n.Guidance, n.Media = s.guidance(c.hint, in), s.media(c.label)
	}
	if in.isRange {
		n.Count = len(in.kids)
		n.Fixed = c != nil && c.Fixed
		return n
	}
	if d.repeat {
		n.Type, n.Prefilled = "instance", in.member
		return n
	}
	if !d.leaf() {
		return n
	}
	n.Datatype, n.Value, n.Required, n.Prefilled = d.bind.typ, in.node.Text, in.required, in.prefilled
	n.Transcribed = in.transcribed()
	if c != nil && (c.items != nil || c.itemset != nil) {
		n.Choices = []Choice{}
		for _, ch := range s.choiceList(in) {
			n.Choices = append(n.Choices, Choice{ch.value, s.choiceText(in, ch), s.choiceMedia(in, ch)})
		}
	}
	n.Tags, n.Ticks = s.tags(in), s.ticks(in)
	if rule := in.violation(); rule != "" {
		n.Error = &Violation{rule, s.ruleText(in, rule)}
	}
	if in.relevant() && in.warn {
		n.Warning = &Doubt{s.ruleText(in, "warning"), in.note}
	}
	return n
}

func (s *Session) media(t *text) map[string]string {
	if x := s.entry(t); x != nil {
		return x.media
	}
	return nil
}

// guidance gives the explanation that comes with a hint.
func (s *Session) guidance(hint *text, in *inst) string {
	if x := s.entry(hint); x != nil {
		return s.text(x.guidance, in)
	}
	return ""
}

// entry gives what a text says in the active language; nil when it takes nothing from itext.
func (s *Session) entry(t *text) *text {
	if t == nil || t.id == "" || s.lang >= len(s.f.itext) {
		return nil
	}
	return s.f.itext[s.lang][t.id]
}

// violation names the first rule that the answer breaks. Rules apply to
// relevant nodes only; "required" to a blank one, the others to an answer.
func (in *inst) violation() string {
	if !in.relevant() {
		return ""
	}
	v := in.node.Text
	switch {
	case in.hidden && in.raw != "" && in.def.control.itemset == nil:
		return "choice"
	case v == "":
		if in.required {
			return "required"
		}
		return ""
	case in.def.bind.typ != "string" && !valid(in.def.bind.typ, v):
		return "type"
	case in.badConstraint:
		return "constraint"
	}
	return ""
}

// Progress counts the relevant questions that a person can answer, and how many
// have an answer.
func (s *Session) Progress() (answered, total int) {
	for _, d := range s.f.defs {
		if !d.leaf() || !d.editable() || d.bind.calculate != nil {
			continue
		}
		for _, in := range s.byDef[d.id] {
			if !in.relevant() || (in.readonly && !in.prefilled) {
				continue
			}
			total++
			if in.node.Text != "" {
				answered++
			}
		}
	}
	return answered, total
}
