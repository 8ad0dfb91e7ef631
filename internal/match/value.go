package match

import (
	"cmp"
	"math"
	"strconv"
	"strings"
	"unicode"

	"ruhu/internal/idnumber"
	"ruhu/internal/playbook"
	"ruhu/internal/roster"
	"ruhu/internal/sheet"
)

// YesWord and NoWord are the values of yes_no.
const (
	YesWord = "yes"
	NoWord  = "no"
)

// yesNo holds the words of registers for yes and no.
var yesNo = func() map[string]string {
	m := map[string]string{}
	for _, w := range strings.Fields("是 有 对 享受 在保 在册 参保 已参保 正常参保 正常 已缴 已缴费 缴费 参加 已参加 1 y Y yes Yes YES true √ ✓ √是") {
		m[w] = YesWord
	}
	for _, w := range strings.Fields("否 无 没有 不是 未 未享受 未参保 未参加 停保 断保 未缴 未缴费 停发 不享受 0 2 n N no No NO false × ✗ x X") {
		m[w] = NoWord
	}
	return m
}()

// empties are texts that stand for nothing.
var empties = map[string]bool{"-": true, "--": true, "—": true, "/": true, "\\": true, "无数据": true, "NULL": true, "null": true, "#N/A": true, "N/A": true, "(null)": true}

// canon brings a cell's text to the form in which values of its kind are kept and compared. code is "" when that went well, else the
// error code of what is wrong with it; mended is the note's code when something was changed that a person should know of.
// Forms: number and money without separators; date 2006-01-02; year 2006; yes_no yes or no; class a code of package roster; sex male
// or female; name without blanks where it is Chinese; id_number 18 characters where valid.
func canon(kind string, c sheet.Cell, from1904 bool, words map[string]string) (value, code, mended string) {
	s := c.Text
	if s == "" || empties[s] {
		return "", "", ""
	}
	if w, ok := words[sheet.Squeeze(s)]; ok {
		return w, "", ""
	}
	switch kind {
	case playbook.KindIDNumber:
		return canonID(c)
	case playbook.KindName:
		return canonName(s), "", ""
	case playbook.KindNumber, playbook.KindMoney:
		return canonNumber(s)
	case playbook.KindDate:
		d, ok := sheet.Day(s, c.Number, from1904)
		if !ok {
			return "", "match.date", ""
		}
		if !c.Number && d != s {
			mended = "match.date_form"
		}
		return d, "", mended
	case playbook.KindYear:
		return canonYear(c, from1904)
	case playbook.KindYesNo:
		if v, ok := yesNo[sheet.Squeeze(s)]; ok {
			return v, "", ""
		}
		return "", "match.yes_no", ""
	case playbook.KindClass:
		if v, ok := roster.ParseClass(sheet.Squeeze(s)); ok {
			return string(v), "", ""
		}
		return "", "match.class", ""
	case playbook.KindSex:
		switch sheet.Squeeze(s) {
		case "男", "男性", "1", "M":
			return roster.Male, "", ""
		case "女", "女性", "2", "F":
			return roster.Female, "", ""
		}
		return "", "match.sex", ""
	case playbook.KindPhone:
		return strings.NewReplacer(" ", "", "-", "").Replace(s), "", ""
	}
	if c.Number && idnumber.Scientific(s) {
		return "", "match.scientific", ""
	}
	return s, "", ""
}

// canonID keeps a number that is wrong as it was written: that it is wrong is a fact about the register. Only what a spreadsheet
// destroyed is an error.
func canonID(c sheet.Cell) (value, code, mended string) {
	s := sheet.Squeeze(c.Text)
	switch {
	case idnumber.Scientific(s):
		return "", "match.id_scientific", ""
	case c.Number && len(s) > 15:
		return "", "match.id_rounded", ""
	}
	r := idnumber.Parse(s, "")
	switch r.Status {
	case idnumber.Valid:
		return string(r.Number), "", ""
	case idnumber.Converted15:
		return string(r.Number), "", "match.id_15"
	case idnumber.Disability20:
		return string(r.Number), "", "match.id_20"
	case idnumber.Missing:
		return "", "", ""
	case idnumber.InvalidCharacter:
		return r.Clean, "", "match.id_chars"
	case idnumber.InvalidLength:
		return r.Clean, "", "match.id_length"
	case idnumber.BadChecksum:
		return r.Clean, "", "match.id_check"
	}
	return r.Clean, "", "match.id_date"
}

func canonName(s string) string {
	for _, r := range s {
		if unicode.Is(unicode.Han, r) {
			return sheet.Squeeze(s)
		}
	}
	return s
}

var numberMarks = strings.NewReplacer(",", "", "，", "", " ", "", "元", "", "人", "", "口", "", "¥", "", "￥", "", "户", "", "年", "", "岁", "", "分", "", "平方米", "", "㎡", "")

func canonNumber(s string) (value, code, mended string) {
	scale := 1.0
	t := numberMarks.Replace(s)
	if u, ok := strings.CutSuffix(t, "万"); ok {
		t, scale = u, 10_000
	}
	f, err := strconv.ParseFloat(t, 64)
	if err != nil || math.IsNaN(f) || math.Abs(f) > 1e15 {
		return "", "match.number", ""
	}
	return strconv.FormatFloat(math.Round(f*scale*1e6)/1e6, 'f', -1, 64), "", ""
}

func canonYear(c sheet.Cell, from1904 bool) (value, code, mended string) {
	s := strings.TrimSuffix(strings.TrimSuffix(sheet.Squeeze(c.Text), "年度"), "年")
	if n, err := strconv.Atoi(s); err == nil && n >= 1900 && n < 2200 {
		return s, "", ""
	} else if err == nil && n == 0 {
		return "", "", ""
	}
	if d, ok := sheet.Day(c.Text, c.Number, from1904); ok {
		return d[:4], "", ""
	}
	return "", "match.year", ""
}

// maskAs hides a value of that kind from roles without roster.pii.
func maskAs(kind, v string) string {
	switch kind {
	case playbook.KindIDNumber:
		return idnumber.Mask(v)
	case playbook.KindPhone:
		return idnumber.MaskPhone(v)
	}
	return v
}

// Display is a value in Chinese words, for lists that go to departments.
func Display(kind, v string) string {
	switch kind {
	case playbook.KindYesNo:
		return cmp.Or(map[string]string{YesWord: "是", NoWord: "否"}[v], v)
	case playbook.KindSex:
		return cmp.Or(map[string]string{roster.Male: "男", roster.Female: "女"}[v], v)
	case playbook.KindClass:
		return cmp.Or(roster.ClassName(roster.Class(v)), v)
	}
	return v
}

func itoa(n int) string { return strconv.Itoa(n) }
