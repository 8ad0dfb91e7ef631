package merge

import (
	"regexp"
	"slices"
	"strings"

	"ruhu/form/xform"
)

// Compare lists the questions that two instances of a form answer differently, in the order of the second; Base is empty. A repeat whose
// instances are not as many is one difference, and those within are not listed. What belongs to the person at the phone and not to the household
// is left out: pictures and signatures, positions, who confirmed, and the reasons given for warnings. An error means that one of the two is no instance of the form.
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
	own := personal(f.Body(), map[string]bool{})
	none := &page{nodes: map[string]xform.NodeState{}}
	for _, key := range union(o.order, c.order) {
		if within(key, out) || own[instances.ReplaceAllString(key, "")] || !saysOther(c, o, key) {
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

var instances = regexp.MustCompile(`\[\d+\]`)

// personal notes the refs of questions that two people who key the same paper answer each for themselves.
func personal(body []*xform.Control, to map[string]bool) map[string]bool {
	for _, c := range body {
		switch {
		case c.Type == "upload", strings.HasPrefix(c.Datatype, "geo"), slices.Contains(strings.Fields(c.Appearance), "enumerator"):
			to[c.Ref] = true
		}
		personal(c.Children, to)
	}
	return to
}

// saysOther compares as differs does, without the reasons.
func saysOther(x, y *page, key string) bool {
	a, b := x.nodes[key], y.nodes[key]
	return differs(x, y, key) && (a.Type == "repeat" || b.Type == "repeat" || value(a) != value(b))
}
