package xform_test

import (
	"fmt"
	"strings"
	"testing"

	"ruhu/form/xform"
)

// questions makes a form of n questions in one long list, as long forms are:
// constraints, jumps that read the question before, every fifth calculated,
// every third label with an output.
func questions(n int) string {
	var inst, binds, body strings.Builder
	for i := range n {
		fmt.Fprintf(&inst, "<q%d/>", i)
		prev := max(0, i-1)
		switch {
		case i%5 == 4:
			fmt.Fprintf(&binds, `<bind nodeset="/data/q%d" type="decimal" calculate="coalesce(/data/q%d, 0) * 2"/>`, i, prev)
		case i%5 == 3:
			fmt.Fprintf(&binds, `<bind nodeset="/data/q%d" type="int" relevant="/data/q%d != 7" constraint=". &lt; 100"/>`, i, prev)
		default:
			fmt.Fprintf(&binds, `<bind nodeset="/data/q%d" type="int" required="/data/q%d &gt; 5" constraint=". &gt; -1"/>`, i, prev)
		}
		out := ""
		if i%3 == 0 {
			out = fmt.Sprintf(`<output value="/data/q%d"/>`, prev)
		}
		fmt.Fprintf(&body, `<input ref="/data/q%d"><label>Q%d %s</label></input>`, i, i, out)
	}
	return hostile(`<instance><data id="n">`+inst.String()+`</data></instance>`+binds.String(), body.String())
}

// members makes a form with one repeat: a number in the label and a calculation
// per instance, a total outside.
const members = `<instance><data id="m"><total/><rep jr:template=""><nr/><age/><next/></rep></data></instance>
<bind nodeset="/data/total" calculate="sum(/data/rep/age)"/><bind nodeset="/data/rep/nr" calculate="position(..)"/>
<bind nodeset="/data/rep/age" type="int" constraint=". &lt; 120"/><bind nodeset="/data/rep/next" calculate="../age + 1" relevant="../age &gt; 5"/>`

func membersForm() string {
	return hostile(members, `<group ref="/data/rep"><label>Member <output value="position(.)"/></label><repeat nodeset="/data/rep"><input ref="/data/rep/age"><label>Age of <output value="position(..)"/></label></input><input ref="/data/rep/next"/></repeat></group>`)
}

// linear fails when the work grows faster than the size. The sizes are ten times
// one another.
func linear(t *testing.T, what string, work []int) {
	t.Helper()
	t.Logf("%s: %v", what, work)
	for i := 1; i < len(work); i++ {
		if work[i] > 11*work[i-1]+200 {
			t.Errorf("%s: %v grows faster than the form", what, work)
		}
	}
}

func constant(t *testing.T, what string, work []int) {
	t.Helper()
	t.Logf("%s: %v", what, work)
	for _, w := range work {
		if w > work[0]+20 {
			t.Errorf("%s: %v depends on the size of the form", what, work)
		}
	}
}

func cost(s *xform.Session, fn func()) int {
	before := s.Work()
	fn()
	return s.Work() - before
}

func TestWorkGrowsWithTheQuestions(t *testing.T) {
	t.Parallel()
	var load, answer, state, check []int
	for _, n := range []int{50, 500, 5000} {
		s, err := parse(t, questions(n)).NewSession(env())
		if err != nil {
			t.Fatal(err)
		}
		load = append(load, s.Work())
		answer = append(answer, cost(s, func() { set(t, s, fmt.Sprintf("/data/q%d", n/2), "8") }))
		state = append(state, cost(s, func() { s.State() }))
		check = append(check, cost(s, func() { s.Check() }))
	}
	linear(t, "load", load)
	constant(t, "one answer", answer)
	linear(t, "whole state", state)
	linear(t, "check", check)
}

func TestWorkGrowsWithTheInstances(t *testing.T) {
	t.Parallel()
	f := parse(t, membersForm())
	var add, answer, state, remove, reload, judge []int
	for _, n := range []int{5, 50, 500} {
		s, err := f.NewSession(env())
		if err != nil {
			t.Fatal(err)
		}
		for range n {
			if _, err := s.AddRepeat("/data/rep"); err != nil {
				t.Fatal(err)
			}
		}
		for i := range n {
			set(t, s, fmt.Sprintf("/data/rep[%d]/age", i+1), "40")
		}
		add = append(add, cost(s, func() { _, err = s.AddRepeat("/data/rep") }))
		answer = append(answer, cost(s, func() { set(t, s, fmt.Sprintf("/data/rep[%d]/age", n/2), "41") }))
		state = append(state, cost(s, func() { s.State() }))
		x, err := s.XML()
		if err != nil {
			t.Fatal(err)
		}
		e := env()
		e.Instance = x
		again, err := f.NewSession(e)
		if err != nil {
			t.Fatal(err)
		}
		reload = append(reload, again.Work())
		r, err := f.Validate(x, env())
		if err != nil || len(r.Findings) > 0 {
			t.Fatalf("%v %+v", err, r)
		}
		judge = append(judge, r.Session.Work())
		remove = append(remove, cost(s, func() { _, err = s.RemoveRepeat("/data/rep[1]") }))
		if err != nil {
			t.Fatal(err)
		}
	}
	linear(t, "add", add) // the total reads all instances
	linear(t, "one answer", answer)
	linear(t, "whole state", state)
	linear(t, "reload", reload)
	linear(t, "validate", judge)
	linear(t, "remove the first", remove)
}

// TestOneAnswerInALongRepeatCostsLittle: without a total outside, instances do
// not see each other, and their number must not matter.
func TestOneAnswerInALongRepeatCostsLittle(t *testing.T) {
	t.Parallel()
	f := parse(t, strings.Replace(membersForm(), `calculate="sum(/data/rep/age)"`, "", 1))
	var answer []int
	for _, n := range []int{5, 50, 500, 3000} {
		s, err := f.NewSession(env())
		if err != nil {
			t.Fatal(err)
		}
		for range n {
			if _, err := s.AddRepeat("/data/rep"); err != nil {
				t.Fatal(err)
			}
		}
		answer = append(answer, cost(s, func() { set(t, s, fmt.Sprintf("/data/rep[%d]/age", n-1), "41") }))
		if n == 3000 {
			if w := cost(s, func() { s.State() }); w > 50*n {
				t.Errorf("labels with numbers cost %d for %d instances", w, n)
			}
		}
	}
	constant(t, "one answer", answer)
}
