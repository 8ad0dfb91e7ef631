package merge

import "ruhu/form/xform"

// Compare lists the questions that two instances of a form answer differently, in the order of the second; Base is empty. A repeat whose
// instances are not as many is one difference, and those within are not listed. An error means that one of the two is no instance of the form.
func Compare(f *xform.Form, current, other []byte, e xform.Env) ([]Answer, error) {
	c, err := read(f, current, e)
	if err != nil {
		return nil, err
	}
	o, err := read(f, other, e)
	if err != nil {
		return nil, err
	}
	var out []Answer
	none := &page{nodes: map[string]xform.NodeState{}}
	for _, key := range union(o.order, c.order) {
		if within(key, out) || !differs(c, o, key) {
			continue
		}
		a := answer(none, c, o, key)
		if a.Ref == "" { // only the first has it
			n := c.nodes[key]
			a.Ref, a.Label, a.PII = n.Ref, n.Label, n.PII
		}
		out = append(out, a)
	}
	return out, nil
}
