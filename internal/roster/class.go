package roster

import "strings"

// Class is what a household is under the programme (户属性): it decides the questionnaire.
type Class string

// The classes. A playbook names the ones it visits.
const (
	Poor        Class = "poor"        // 贫困户，未脱贫
	Exited      Class = "exited"      // 脱贫户
	Marginal    Class = "marginal"    // 边缘户
	Monitored   Class = "monitored"   // 监测户
	Subsistence Class = "subsistence" // 低保户
	Destitute   Class = "destitute"   // 特困户、五保户
	Disabled    Class = "disabled"    // 重残户
	Ill         Class = "ill"         // 重病户
	Unsafe      Class = "unsafe"      // 危房户
	NoLabour    Class = "no_labour"   // 无劳动力户
	Alone       Class = "alone"       // 独居老人户
	OtherKey    Class = "other_key"   // 其他重点户
	Ordinary    Class = "ordinary"    // 一般农户
)

// Classes lists all classes in the order in which they are shown.
func Classes() []Class {
	return []Class{Poor, Exited, Marginal, Monitored, Subsistence, Destitute, Disabled, Ill, Unsafe, NoLabour, Alone, OtherKey, Ordinary}
}

// className is the word that reports and the template use.
var className = map[Class]string{
	Poor: "未脱贫户", Exited: "脱贫户", Marginal: "边缘户", Monitored: "监测户", Subsistence: "低保户",
	Destitute: "特困户", Disabled: "重残户", Ill: "重病户", Unsafe: "危房户", NoLabour: "无劳动力户", Alone: "独居老人户", OtherKey: "其他重点户", Ordinary: "一般农户",
}

// classWords are the words found in files, after clean and without brackets.
var classWords = map[string]Class{
	"贫困户": Poor, "未脱贫户": Poor, "未脱贫": Poor, "一般贫困户": Poor, "低保贫困户": Poor, "五保贫困户": Poor, "特困贫困户": Poor, "建档立卡贫困户": Poor,
	"脱贫户": Exited, "已脱贫户": Exited, "已脱贫": Exited, "脱贫": Exited, "稳定脱贫": Exited, "稳定脱贫户": Exited, "返贫": Poor, "返贫户": Poor,
	"边缘户": Marginal, "边缘易致贫户": Marginal, "边缘": Marginal,
	"监测户": Monitored, "脱贫监测户": Monitored, "脱贫不稳定户": Monitored, "不稳定脱贫户": Monitored, "突发严重困难户": Monitored,
	"低保户": Subsistence, "低保": Subsistence, "农村低保户": Subsistence, "低保对象": Subsistence,
	"特困户": Destitute, "特困供养户": Destitute, "分散供养特困户": Destitute, "五保户": Destitute, "分散供养五保户": Destitute, "特困供养": Destitute, "五保": Destitute, "特困人员": Destitute,
	"重残户": Disabled, "残疾人户": Disabled, "重度残疾人户": Disabled, "残疾户": Disabled, "重残": Disabled,
	"重病户": Ill, "大病户": Ill, "重病": Ill, "大病": Ill, "大病重病户": Ill, "大病、重病户": Ill,
	"危房户": Unsafe, "疑似危房户": Unsafe, "住房无保障户": Unsafe, "无劳动力户": NoLabour, "无劳力户": NoLabour,
	"独居老人户": Alone, "独居老人": Alone, "其他重点户": OtherKey, "其他重点人群": OtherKey, "重点户": OtherKey,
	"一般农户": Ordinary, "正常户": Ordinary, "普通农户": Ordinary, "一般户": Ordinary, "非贫困户": Ordinary, "普通户": Ordinary,
}

// ParseClass reads a word of the file, or a code. "脱贫户（享受政策）" counts as 脱贫户.
func ParseClass(s string) (Class, bool) {
	if i := strings.IndexAny(s, "(（"); i > 0 {
		s = strings.TrimSpace(s[:i])
	}
	if c, ok := classWords[s]; ok {
		return c, true
	}
	_, ok := className[Class(s)]
	return Class(s), ok
}

// ClassName is the Chinese word for a class; "" for none.
func ClassName(c Class) string { return className[c] }
