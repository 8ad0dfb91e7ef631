package layout

import (
	"strings"

	"ruhu/form/xform"
)

// table lays out a repeat as a table: a column per question, a row per known instance, and empty rows. Rows of members are known
// when questions of the repeat name member.… in bind::ruhu:prefill.
func (b *builder) table(c *xform.Control, conds []*cond) *Table {
	t := &Table{Label: b.label(c.Ref), When: b.when(c.Ref, conds), Spare: b.in.Spare}
	var paths []string
	var walk func(cs []*xform.Control)
	walk = func(cs []*xform.Control) {
		for _, k := range cs {
			if k.Type == "group" || k.Type == "repeat" {
				walk(k.Children) // a repeat in a repeat: its questions once per row
				continue
			}
			node := b.nodes[k.Ref]
			if k.Ref == "" || node.Rules.Calculate != "" && node.Prefill == "" || k.Type == "note" {
				continue
			}
			st := b.first(k.Ref)
			_, label := split(st.Label)
			col := Column{Label: label}
			for i, ch := range st.Choices {
				if len(st.Choices) > 12 {
					break
				}
				col.Hint += mark(ch.Value, i) + ch.Label + " "
			}
			col.Hint = strings.TrimSpace(col.Hint)
			if col.Hint == "" {
				col.Hint = st.Hint
			}
			col.Wide = st.Choices == nil && st.Datatype == "string"
			t.Columns = append(t.Columns, col)
			paths = append(paths, k.Ref)
		}
	}
	walk(c.Children)
	if len(t.Columns) == 0 {
		return nil
	}
	t.Rows = b.rows(paths)
	if len(t.Rows) == 0 && t.Spare < 3 {
		t.Spare = 3
	}
	return t
}

// rows fills in the members, as far as the questions ask for them.
func (b *builder) rows(paths []string) [][]string {
	asks := false
	for _, p := range paths {
		asks = asks || strings.HasPrefix(b.nodes[p].Prefill, "member.")
	}
	if !asks {
		return nil
	}
	var out [][]string
	for _, m := range b.in.Members {
		row := make([]string, len(paths))
		for i, p := range paths {
			row[i] = m.Keys[b.nodes[p].Prefill]
			for k, ch := range b.first(p).Choices {
				if ch.Value == row[i] && row[i] != "" {
					row[i] = mark(ch.Value, k)
				}
			}
		}
		out = append(out, row)
	}
	return out
}

// first is the state of a question in the first instance that there is; an empty one when there is none.
func (b *builder) first(path string) xform.NodeState {
	if st, ok := b.state[path]; ok {
		return st
	}
	for _, ref := range b.refs {
		if unnumbered(ref) == path {
			return b.state[ref]
		}
	}
	return xform.NodeState{Label: b.nodes[path].Label, Datatype: b.nodes[path].Datatype}
}

func (b *builder) label(path string) string {
	if l := b.nodes[path].Label; l != "" {
		return l
	}
	return b.state[path].Label
}

// unnumbered drops the numbers of repeat instances.
func unnumbered(ref string) string {
	var out strings.Builder
	for ref != "" {
		before, rest, ok := strings.Cut(ref, "[")
		out.WriteString(before)
		if !ok {
			break
		}
		_, ref, _ = strings.Cut(rest, "]")
	}
	return out.String()
}
