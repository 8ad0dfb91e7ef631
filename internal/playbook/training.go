package playbook

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"ruhu/form/xform"
)

// Quiz is what people answer before they are sent out (S1.1). Without the section a campaign has none.
type Quiz struct {
	Ask       int            `yaml:"ask" check:"required,min=1,max=50"`  // questions of one attempt, drawn when there are more
	Pass      int            `yaml:"pass" check:"required,min=1,max=50"` // right answers that are enough
	Questions []QuizQuestion `yaml:"questions" check:"required"`
}

// QuizQuestion is a question with its answers, and why.
type QuizQuestion struct {
	Code    string       `yaml:"code" check:"required,code"`
	Text    Text         `yaml:"text" check:"required"`
	Several bool         `yaml:"several"` // more than one option may be right, and all of them must be chosen
	Options []QuizOption `yaml:"options" check:"required"`
	Why     Text         `yaml:"why" check:"required"`
	Source  string       `yaml:"source"` // the rule it comes from: S1.13
	Item    string       `yaml:"item"`   // or the item of a form: registered.q11
}

// QuizOption is an answer to choose.
type QuizOption struct {
	ZH    string `yaml:"zh" check:"required"`
	EN    string `yaml:"en" check:"required"`
	Right bool   `yaml:"right"`
}

// Training is what people practise on: made-up households, one at least for each form (S1.1). Without the section a campaign has none.
type Training struct {
	County     string              `yaml:"county" check:"required"` // names of places that do not exist
	Township   string              `yaml:"township" check:"required"`
	Village    string              `yaml:"village" check:"required"`
	Households []TrainingHousehold `yaml:"households" check:"required"`
}

// TrainingHousehold is nobody's household: what the base list would have of it, what it tells, and how that is filled in.
type TrainingHousehold struct {
	Code     string           `yaml:"code" check:"required,code"`
	Form     string           `yaml:"form" check:"required"`
	HeadName string           `yaml:"head_name" check:"required"`
	Group    string           `yaml:"group" check:"required"`
	Class    string           `yaml:"class" check:"required"`
	Size     int              `yaml:"size" check:"required,min=1,max=30"`
	ExitYear int              `yaml:"exit_year" check:"min=2014,max=2099"`
	Told     Text             `yaml:"told" check:"required"` // what whoever practises finds out there
	Answers  []TrainingAnswer `yaml:"answers" check:"required"`
}

// TrainingAnswer is what an item should have been filled in with, and why.
type TrainingAnswer struct {
	Item  string `yaml:"item" check:"required"`
	Value string `yaml:"value" check:"required"`
	Why   Text   `yaml:"why" check:"required"`
}

var sourceRE = regexp.MustCompile(`^S[0-9]+\.[0-9]+$`)

// items gives the questions of each form by name, with the values of their options; false when a form does not compile, which is reported with it.
func (pb *Playbook) items() (map[string]map[string][]string, bool) {
	out := map[string]map[string][]string{}
	for _, f := range pb.Forms {
		form, err := xform.Parse(f.XForm, xform.Options{})
		if err != nil {
			return nil, false
		}
		s, err := form.NewSession(xform.Env{})
		if err != nil {
			return nil, false
		}
		of := map[string][]string{}
		for _, n := range form.Nodes() {
			of[nameOf(n.Path)] = nil
		}
		for _, n := range s.State() {
			for _, c := range n.Choices {
				of[nameOf(n.Ref)] = append(of[nameOf(n.Ref)], c.Value)
			}
		}
		out[f.Code] = of
	}
	return out, true
}

func nameOf(ref string) string { return ref[strings.LastIndexByte(ref, '/')+1:] }

// quiz checks the questions; forms have been read.
func (d *decoder) quiz(pb *Playbook) {
	q := pb.Quiz
	if _, written := d.lines["quiz"]; !written {
		return
	}
	if q.Ask > len(q.Questions) && len(q.Questions) > 0 {
		d.mistake(d.lines["quiz.ask"], "quiz.ask", "playbook.quiz_few", "count", strconv.Itoa(len(q.Questions)))
	}
	if q.Pass > q.Ask && q.Ask > 0 {
		d.mistake(d.lines["quiz.pass"], "quiz.pass", "playbook.quiz_pass", "ask", strconv.Itoa(q.Ask))
	}
	d.once("quiz.questions", len(q.Questions), func(i int) string { return q.Questions[i].Code })
	items, ok := pb.items()
	var known []string
	for form, of := range items {
		for name := range of {
			known = append(known, form+"."+name)
		}
	}
	slices.Sort(known)
	for i, x := range q.Questions {
		at := fmt.Sprintf("quiz.questions[%d]", i)
		d.quizOptions(x, at)
		switch {
		case x.Source == "" && x.Item == "":
			d.mistake(d.lines[at], at, "playbook.quiz_source")
		case x.Source != "" && !sourceRE.MatchString(x.Source):
			d.mistake(d.lines[at+".source"], at+".source", "playbook.quiz_rule", "got", x.Source)
		}
		if ok {
			d.known(at+".item", x.Item, known, "playbook.unknown_question")
		}
	}
}

func (d *decoder) quizOptions(x QuizQuestion, at string) {
	key := at + ".options"
	if n := len(x.Options); n == 1 || n > 8 {
		d.mistake(d.lines[key], key, "playbook.quiz_options")
	}
	right := 0
	for _, o := range x.Options {
		if o.Right {
			right++
		}
	}
	switch {
	case right == 0 && len(x.Options) > 0:
		d.mistake(d.lines[key], key, "playbook.quiz_no_right")
	case right > 1 && !x.Several:
		d.mistake(d.lines[key], key, "playbook.quiz_two_right")
	}
}

// training checks the households; forms have been read.
func (d *decoder) training(pb *Playbook) {
	line, written := d.lines["training"]
	if !written {
		return
	}
	hs := pb.Training.Households
	d.once("training.households", len(hs), func(i int) string { return hs[i].Code })
	var forms []string
	for _, f := range pb.Forms {
		forms = append(forms, f.Code)
		if len(hs) > 0 && !slices.ContainsFunc(hs, func(h TrainingHousehold) bool { return h.Form == f.Code }) {
			d.mistake(line, "training.households", "playbook.training_form", "form", f.Code)
		}
	}
	items, ok := pb.items()
	for i, h := range hs {
		at := fmt.Sprintf("training.households[%d]", i)
		d.known(at+".form", h.Form, forms, "playbook.unknown_form")
		if f, known := pb.Form(h.Form); known {
			d.known(at+".class", h.Class, f.For, "playbook.training_class")
			if ok {
				d.trainingAnswers(h, items[h.Form], at)
			}
		}
	}
}

// trainingAnswers checks that the items are questions of the form, and the values among their options.
func (d *decoder) trainingAnswers(h TrainingHousehold, items map[string][]string, at string) {
	names := slices.Sorted(maps.Keys(items))
	for j, a := range h.Answers {
		key := fmt.Sprintf("%s.answers[%d]", at, j)
		d.known(key+".item", a.Item, names, "playbook.unknown_question")
		if values := items[a.Item]; len(values) > 0 {
			for v := range strings.FieldsSeq(a.Value) {
				d.known(key+".value", v, values, "playbook.training_value")
			}
		}
	}
}
