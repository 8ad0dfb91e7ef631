package xform

import "strings"

// Error is one thing that is wrong with a form or with a call. Code is stable
// ("xform.unknown_ref"); Path says where (a ref, or a place in the form).
type Error struct {
	Code   string // "xform.what"
	Path   string // ref, or element of the form; "" when it is the whole
	Msg    string // Chinese, for people
	MsgEN  string // English
	Detail string // the expression, name or text that is meant; may be ""
}

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Code)
	if e.Path != "" {
		b.WriteString(" at " + e.Path)
	}
	b.WriteString(": " + e.MsgEN)
	if e.Detail != "" {
		b.WriteString(": " + e.Detail)
	}
	return b.String()
}

// Errors is what Parse returns for a form that cannot be used: everything that
// was found in one run, at least one.
type Errors []*Error

func (l Errors) Error() string {
	s := make([]string, len(l))
	for i, e := range l {
		s[i] = e.Error()
	}
	return strings.Join(s, "\n")
}

// Unwrap lets errors.As find the single errors.
func (l Errors) Unwrap() []error {
	out := make([]error, len(l))
	for i, e := range l {
		out[i] = e
	}
	return out
}

// message is a sentence in both languages.
type message struct{ zh, en string }

var messages = map[string]message{
	"xform.too_large":      {"表单过大", "the form is too large"},
	"xform.syntax":         {"不是有效的 XML", "not well-formed XML"},
	"xform.no_model":       {"找不到 model 元素", "there is no model element"},
	"xform.no_instance":    {"找不到主实例", "there is no primary instance"},
	"xform.expression":     {"表达式有误", "the expression cannot be compiled"},
	"xform.call":           {"函数调用有误，执行时会失败", "a function call that fails whenever it is evaluated"},
	"xform.unknown_node":   {"引用了实例中没有的题目", "refers to a node that is not in the instance"},
	"xform.cycle":          {"计算互相依赖，形成循环", "calculations depend on each other in a cycle"},
	"xform.self_reference": {"表达式引用了自己", "the expression refers to its own node"},
	"xform.unknown_text":   {"引用了没有的文本", "refers to a text that is not in itext"},
	"xform.unknown_event":  {"不认识的事件", "unknown event"},
	"xform.attachment":     {"附件无法读取", "the attachment cannot be read"},
	"xform.no_instance_id": {"没有这个外部数据表", "there is no secondary instance with this id"},
	"xform.two_controls":   {"同一题目有两个控件", "two controls are bound to one node"},
	"xform.submission":     {"不支持的提交方式", "unsupported submission method"},
	"xform.mediatype":      {"附件类型有误", "the mediatype is not a media type"},
	"xform.bind_twice":     {"同一题目有两个 bind", "two binds for one node"},

	"xform.unknown_ref":      {"没有这个题目", "there is no such node"},
	"xform.readonly":         {"该题目只读", "the node is read-only"},
	"xform.not_value":        {"该处不能填写", "the node does not take a value"},
	"xform.not_repeat":       {"该处不是可重复的组", "the node is not a repeat"},
	"xform.fixed_repeat":     {"重复次数由表单决定，不能增减", "the number of instances is set by the form"},
	"xform.too_many_repeats": {"重复次数过多", "too many repeat instances"},
	"xform.member":           {"底册上的成员不能删除，请标记去向并写明原因", "a member of the base list cannot be removed: mark what became of them"},
	"xform.not_prefilled":    {"该题目没有底册数据", "no register has an answer for the node"},
	"xform.no_warning":       {"该题目没有需要核实的提示", "the node has no warning to confirm"},
	"xform.no_reason":        {"请填写核实说明", "a reason is needed"},
	"xform.rank":             {"排序须包括所有选项", "an order must include all choices"},
	"xform.many_targets":     {"赋值动作指向可重复组中的多个题目", "an action sets a node of several repeat instances"},
	"xform.reply":            {"答复太长或太多", "a reply is too long, or there are too many"},
	"xform.paradata":         {"填写过程记录不对", "paradata is not what it should be"},
	"xform.visit":            {"没有这种被访情况", "a visit has no such field or value"},
	"xform.vouch":            {"这里不能这样确认", "the answer cannot be confirmed like this"},
	"xform.capture":          {"没有这种填写方式", "there is no such way of capture"},
	"xform.language":         {"没有这种语言", "there is no such language"},
	"xform.instance":         {"提交内容不是有效的 XML", "the instance is not well-formed XML"},
	"xform.wrong_form":       {"提交内容不属于本表", "the instance belongs to another form"},
	"xform.runaway":          {"计算没有终止", "the calculations do not settle"},
}

// fail makes an Error with the sentence of its code.
func fail(code, path, detail string) *Error {
	m := messages[code]
	return &Error{Code: code, Path: path, Msg: m.zh, MsgEN: m.en, Detail: detail}
}
