package xform

import "strings"

// Finding is one thing that is wrong, or doubtful, in a record.
type Finding struct {
	Ref      string            `json:"ref"`
	Rule     string            `json:"rule"`     // required constraint type warning structure choice irrelevant calculate
	Severity string            `json:"severity"` // error, warning
	Message  map[string]string `json:"message"`  // by language code; always has zh and en
	Reason   string            `json:"reason"`   // of a warning: the confirmation, "" while there is none
	Detail   string            `json:"detail,omitempty"`
}

// ruleTexts are the sentences used where the form has none of its own.
var ruleTexts = map[string]message{
	"required":   {"此题必答", "an answer is required"},
	"constraint": {"答案不符合要求", "the answer is not allowed"},
	"type":       {"答案的格式不对", "the answer does not fit the type of the question"},
	"choice":     {"答案不在选项中", "the answer is not one of the choices"},
	"warning":    {"答案可疑，请核实并填写说明", "please verify the answer and write a reason"},
	"irrelevant": {"不应回答的题目有答案", "a question that is not asked has an answer"},
	"calculate":  {"计算结果与答案不一致", "the calculated value differs from the recorded one"},
	"unknown":    {"提交内容中有表单没有的项", "the record has an element that the form does not have"},
	"repeated":   {"不可重复的项出现多次", "an element that is not a repeat occurs more than once"},
	"missing":    {"提交内容缺少此项", "the record lacks this element"},
	"too_many":   {"重复次数过多", "too many repeat instances"},
	"version":    {"表单版本不一致", "the record was made with another version of the form"},
	"text":       {"组内有多余的文字", "there is text where only elements are expected"},
	"note":       {"核实说明没有对应的题目", "a written reason refers to nothing"},
}

// Check returns everything that is wrong with the answers now, in document
// order. Warnings are listed whether confirmed or not: Reason tells.
func (s *Session) Check() []Finding {
	out := append([]Finding(nil), s.findings...)
	s.walk(func(in *inst, ref string) {
		if in.isRange || !in.def.leaf() || !in.relevant() {
			return
		}
		if s.silent && in.hidden && in.raw != "" {
			f := s.findingAt(in, ref, "choice", "choice")
			f.Detail = in.raw
			out = append(out, f)
		}
		if rule := in.violation(); rule != "" && (rule != "choice" || !s.silent) {
			out = append(out, s.findingAt(in, ref, rule, rule))
		}
		if in.warn {
			f := s.findingAt(in, ref, "warning", "warning")
			f.Severity, f.Reason = "warning", in.note
			out = append(out, f)
		}
	})
	return out
}

func (s *Session) finding(in *inst, rule, text string) Finding {
	return s.findingAt(in, in.node.Path(), rule, text)
}

func (s *Session) findingAt(in *inst, ref, rule, text string) Finding {
	f := Finding{Ref: ref, Rule: rule, Severity: "error"}
	f.Message = map[string]string{"zh": ruleTexts[text].zh, "en": ruleTexts[text].en}
	t := in.def.ruleMessage(text)
	if t == nil {
		return f
	}
	if t.id == "" && t.expr == nil {
		m := s.text(t, in)
		f.Message["zh"], f.Message["en"] = m, m
		return f
	}
	was, saved := s.lang, s.ctx
	for i, name := range s.f.languages {
		s.lang = i
		if m := s.textIn(t, in, i, 0); m != "" {
			f.Message[langCode(name)] = m
		}
	}
	s.lang, s.ctx = was, saved
	return f
}

// ruleMessage is the form's own sentence for a rule, or nil.
func (d *def) ruleMessage(rule string) *text {
	switch rule {
	case "required":
		return d.bind.requiredMsg
	case "constraint":
		return d.bind.constraintMsg
	case "warning":
		return d.bind.warnMsg
	}
	return nil
}

// ruleText is the sentence for a rule in the active language. Without one of the
// form's own it is Chinese, or English where the active language is English.
func (s *Session) ruleText(in *inst, rule string) string {
	if t := in.def.ruleMessage(rule); t != nil {
		if m := s.text(t, in); m != "" {
			return m
		}
	}
	if c := langCode(s.Language()); c == "en" || strings.HasPrefix(c, "en-") {
		return ruleTexts[rule].en
	}
	return ruleTexts[rule].zh
}

// langCode takes the code out of "English (en)"; a name without parentheses is
// its own code.
func langCode(name string) string {
	i := strings.LastIndexByte(name, '(')
	if i < 0 || !strings.HasSuffix(name, ")") {
		return name
	}
	return strings.TrimSpace(name[i+1 : len(name)-1])
}
