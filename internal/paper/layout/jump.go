package layout

// jumps finds, for each option of each question that takes one, the questions right behind it which that answer rules out, and
// names the first that may still be asked: on paper people follow arrows.
func (b *builder) jumps() {
	for i, a := range b.order {
		if a.q.Kind != KindOne {
			continue
		}
		marks := b.n.marks[a.path]
		for k := range a.q.Choices {
			c := &a.q.Choices[k]
			value := ""
			for v, m := range marks {
				if m == c.Mark {
					value = v
				}
			}
			if value == "" {
				continue
			}
			next := i + 1
			for next < len(b.order) && b.order[next].ruledOut(a.path, value) {
				next++
			}
			switch {
			case next == i+1:
			case next == len(b.order):
				c.Jump = b.n.word("form.jump_end")
			default:
				if name := b.n.names[b.order[next].path]; name != "" {
					c.Jump = b.n.word("form.jump", "q", name)
				}
			}
		}
		a.q.Wide = wide(a.q)
	}
}

func (a *asked) ruledOut(path, value string) bool {
	known := map[string]string{path: value}
	for _, c := range a.conds {
		if c.holds(known) == no {
			return true
		}
	}
	return false
}
