package layout

import (
	"slices"
	"strings"

	"ruhu/form/xform"
)

// Input is what a sheet is made from.
type Input struct {
	Form    *xform.Form
	Lang    string            // "zh" or "en"
	Prefill map[string]string // by the keys of bind::ruhu:prefill; nil for an empty form
	Members []Member          // of the household
	Mask    func(pii, value string) string
	Spare   int // empty rows below the known ones of a table
}

// builder walks a form.
type builder struct {
	in    Input
	n     namer
	nodes map[string]xform.Node      // by path
	state map[string]xform.NodeState // by ref
	known map[string]string          // answers that cannot change: locked ones
	order []*asked                   // questions that are printed, in order
	unsay []string
	refs  []string // of state, in document order

	household, team []string // labels of signatures
}

// asked is a question with its conditions, its own and those of the groups around it.
type asked struct {
	q     *Question
	conds []*cond
	path  string
}

// Build lays a form out. The error is that of the form engine when it cannot begin a session.
func Build(in Input) (Sheet, error) {
	s, err := in.Form.NewSession(xform.Env{Prefill: in.Prefill})
	if err != nil {
		return Sheet{}, err
	}
	lang := ""
	for _, l := range in.Form.Languages() {
		if l == in.Lang || strings.Contains(l, "("+in.Lang+")") {
			lang = l
			if _, err := s.SetLanguage(l); err != nil {
				return Sheet{}, err
			}
		}
	}
	b := &builder{
		in: in, nodes: map[string]xform.Node{}, state: map[string]xform.NodeState{}, known: map[string]string{},
		n: namer{lang: in.Lang, names: map[string]string{}, marks: map[string]map[string]string{}},
	}
	for _, n := range in.Form.NodesIn(lang) {
		if old, twice := b.nodes[n.Path]; twice && old.Control != nil {
			continue // a repeat and the group in it share a path
		}
		b.nodes[n.Path] = n
	}
	for _, n := range s.State() {
		if _, twice := b.state[n.Ref]; !twice {
			b.state[n.Ref] = n
			b.refs = append(b.refs, n.Ref)
		}
	}
	b.learn()
	out := Sheet{Lang: in.Lang, Title: in.Form.Title(), Version: in.Form.Version()}
	out.Blocks = b.blocks(in.Form.Body(), "", nil)
	b.jumps()
	out.Unsaid = b.unsay
	out.SignsHousehold, out.SignsTeam = len(b.household), len(b.team)
	out.Signers = append(b.household, b.team...)
	out.AsksRespondent = slices.ContainsFunc(b.order, func(a *asked) bool { return a.path[strings.LastIndexByte(a.path, '/')+1:] == "respondent" })
	if !slices.ContainsFunc(out.Blocks, hasMemberTable) {
		out.Members = in.Members
	}
	return out, nil
}

func hasMemberTable(bl Block) bool {
	return slices.ContainsFunc(bl.Items, func(it Item) bool { return it.Table != nil && len(it.Table.Rows) > 0 })
}

// learn collects names and options of all questions, and the answers that are settled before the visit.
func (b *builder) learn() {
	for _, ref := range b.refs {
		st := b.state[ref]
		node := b.nodes[ref]
		if node.Control == nil && node.Prefill != "" && st.Value != "" || node.Control != nil && st.Prefilled && st.Readonly {
			b.known[ref] = st.Value
		}
		if node.Control == nil || st.Label == "" {
			continue
		}
		number, label := split(st.Label)
		if number != "" {
			b.n.names[ref] = b.n.word("form.numbered", "n", number)
		} else {
			b.n.names[ref] = b.n.word("form.named", "label", short(label))
		}
		if st.Choices != nil {
			b.n.marks[ref] = map[string]string{}
			for i, c := range st.Choices {
				b.n.marks[ref][c.Value] = mark(c.Value, i)
			}
		}
	}
}

// blocks lays out the controls of one level. A group with a label becomes a block of its own.
func (b *builder) blocks(cs []*xform.Control, heading string, around []*cond) []Block {
	var out []Block
	cur := Block{Heading: heading}
	flush := func() {
		if len(cur.Items) > 0 {
			if len(cur.Items) == 1 && cur.Items[0].Question != nil && cur.Items[0].Question.Kind != KindNote {
				cur.Heading = "" // the question says it
			}
			out = append(out, cur)
		}
		cur = Block{}
	}
	for _, c := range cs {
		conds, hidden := b.conds(c, around)
		if hidden {
			continue
		}
		switch c.Type {
		case "group":
			label := ""
			if st, ok := b.state[c.Ref]; ok && c.Ref != "" {
				label = st.Label
			}
			flush()
			out = append(out, b.blocks(c.Children, label, conds)...)
		case "repeat":
			if t := b.table(c, conds); t != nil {
				cur.Items = append(cur.Items, Item{Table: t})
			}
		default:
			if q := b.question(c, conds); q != nil {
				cur.Items = append(cur.Items, Item{Question: q})
			}
		}
	}
	flush()
	return out
}

// conds adds the condition of c to those around it; hidden when what is settled rules it out for this household.
func (b *builder) conds(c *xform.Control, around []*cond) (_ []*cond, hidden bool) {
	src := b.nodes[c.Ref].Rules.Relevant
	if c.Ref == "" || src == "" {
		return around, false
	}
	own := parse(src, c.Ref)
	if own == nil {
		own = &cond{op: "?"} // of another kind: unknown
	}
	switch own.holds(b.known) {
	case no:
		return nil, true
	case yes:
		return around, false
	}
	return append(slices.Clone(around), own), false
}

// when says conditions; "" when there is none, or one that cannot be said.
func (b *builder) when(ref string, conds []*cond) string {
	if len(conds) == 0 {
		return ""
	}
	all := conds[0]
	if len(conds) > 1 {
		all = &cond{op: "and", kids: conds}
	}
	if s := b.n.say(all); s != "" {
		return b.n.word("form.when", "c", s)
	}
	b.unsay = append(b.unsay, ref)
	return ""
}

// question lays out one control; nil when there is nothing to write or read.
func (b *builder) question(c *xform.Control, conds []*cond) *Question {
	st, ok := b.state[c.Ref]
	if !ok || c.Ref == "" {
		return nil
	}
	node := b.nodes[c.Ref]
	q := &Question{Ref: c.Ref, Hint: strings.TrimSpace(st.Hint), Required: st.Required || node.Rules.Required == "true()"}
	q.Number, q.Label = split(st.Label)
	q.Kind = b.kind(c, st, node)
	if q.Kind == KindSign {
		switch {
		case c.Type == "upload" && strings.Contains(c.Appearance, "enumerator"): // the line of the question before it is signed by hand
		case c.Type == "upload":
			b.household = append(b.household, q.Label)
		default:
			b.team = append(b.team, q.Label)
		}
		return nil
	}
	q.When = b.when(c.Ref, conds)
	if q.Label == "" && q.Kind == KindNote {
		return nil
	}
	if q.Kind == KindNumber {
		decimal := st.Datatype == "decimal"
		q.Digits = digits(node.Rules.Constraint, decimal)
		if decimal {
			q.Decimals = 2
		}
	}
	b.fill(q, st, node)
	if msg := strings.TrimSpace(node.Rules.WarningMsg); node.Rules.Warning != "" && msg != "" {
		q.Checks = append(q.Checks, b.n.word("form.check", "text", msg))
	}
	q.Wide = wide(q)
	b.order = append(b.order, &asked{q, conds, c.Ref})
	return q
}

// fill enters what is known: a value in words, or the option ticked.
func (b *builder) fill(q *Question, st xform.NodeState, node xform.Node) {
	v := st.Value
	if q.Kind == KindDate && node.Prefill == "" {
		v = "" // the day of the visit is not known yet
	}
	if st.Choices != nil {
		picked := strings.Fields(v)
		for i, c := range st.Choices {
			q.Choices = append(q.Choices, Choice{Mark: mark(c.Value, i), Label: c.Label, Ticked: slices.Contains(picked, c.Value)})
		}
	} else if v != "" {
		if b.in.Mask != nil && st.PII != "" {
			v = b.in.Mask(st.PII, v)
		}
		q.Value = v
	}
	if v == "" || q.Kind == KindNote {
		return
	}
	q.Locked = st.Readonly
	switch {
	case st.Prefilled:
		q.Source = b.n.word("form.source")
	case q.Kind != KindAuto:
		q.Source = b.n.word("form.default")
	}
}

func (b *builder) kind(c *xform.Control, st xform.NodeState, node xform.Node) Kind {
	appearance := c.Appearance
	switch {
	case c.Type == "note":
		return KindNote
	case c.Type == "trigger":
		return KindConfirm
	case node.Rules.Calculate != "" && node.Prefill == "" && (st.Readonly || node.Rules.Readonly != ""):
		return KindAuto
	case c.Type == "upload" && strings.Contains(appearance, "signature"), strings.Contains(appearance, "enumerator"):
		return KindSign
	case c.Type == "upload" && strings.HasPrefix(c.Mediatype, "image"):
		return KindPhoto
	case c.Type == "upload":
		return KindFile
	case st.Choices != nil && (len(st.Choices) == 0 || len(st.Choices) > 40):
		return KindList
	case c.Type == "select":
		return KindMany
	case c.Type == "select1":
		return KindOne
	case c.Type == "rank":
		return KindRank
	}
	switch st.Datatype {
	case "int", "integer", "decimal":
		return KindNumber
	case "date", "dateTime":
		return KindDate
	case "time":
		return KindTime
	case "geopoint", "geotrace", "geoshape":
		return KindPlace
	}
	if strings.Contains(appearance, "multiline") {
		return KindLong
	}
	return KindText
}

// wide tells whether the answer goes below its question instead of beside it.
func wide(q *Question) bool {
	switch q.Kind {
	case KindLong, KindPlace:
		return true
	case KindOne, KindMany, KindRank:
		n := 0
		for _, c := range q.Choices {
			n += len([]rune(c.Label)) + 3 + len([]rune(c.Jump))
		}
		return n+len([]rune(q.Label)) > 34
	}
	return false
}
