package roster

import (
	"strings"

	"ruhu/internal/sheet"
)

// field is what a column of a file means to us.
type field uint8

const (
	noField field = iota
	fCode
	fVillage
	fVillageCode
	fTownship
	fGroup
	fHeadName
	fHeadID
	fPhone
	fClass
	fExitState
	fExitYear
	fSize
	fTags
	fLat
	fLon
	fName
	fID
	fRelation
	fSex
	fBirth
	fHealth
	fSchooling
	fieldCount
)

// headers lists the names under which a column is known; the first is what the template and messages use. Exports of the
// national system, of provincial apps and of village ledgers name the same column differently.
var headers = [fieldCount][]string{
	fCode:        {"户编号", "户编码", "农户编号", "家庭编号", "户号", "户编号(唯一)"},
	fVillage:     {"行政村", "村", "村名", "所在村", "行政村名称", "村(社区)", "村社区", "村(居)", "行政村(社区)", "所属村"},
	fVillageCode: {"行政村代码", "村代码", "行政区划代码", "区划代码", "村级代码", "行政村编码"},
	fTownship:    {"乡镇", "乡(镇)", "镇", "乡", "乡镇名称", "乡镇(街道)", "所属乡镇"},
	fGroup:       {"村民组", "自然村", "组", "村民小组", "小组", "组别", "自然村(组)", "村组", "自然村名称", "村民组名称"},
	fHeadName:    {"户主姓名", "户主", "户主名", "户主名字"},
	fHeadID:      {"户主证件号码", "户主身份证号码", "户主身份证号", "户主身份证", "户主公民身份号码", "户主证件号"},
	fPhone:       {"联系电话", "电话", "手机号", "手机号码", "户主电话", "户主联系电话", "电话号码", "联系方式"},
	fClass:       {"户属性", "贫困户属性", "户类型", "农户类型", "户类别", "农户属性", "户别", "对象类别", "监测对象类别"},
	fExitState:   {"脱贫属性", "脱贫状态", "是否脱贫"},
	fExitYear:    {"脱贫年度", "脱贫年份", "脱贫时间", "脱贫年"},
	fSize:        {"家庭人口", "家庭人口数", "家庭人数", "人口数", "人口", "家庭成员数", "家庭成员人数", "户人口数", "家庭总人口"},
	fTags:        {"标签", "户标签", "特殊类型", "特殊群体"},
	fLat:         {"纬度", "北纬", "住址纬度", "住房纬度"},
	fLon:         {"经度", "东经", "住址经度", "住房经度"},
	fName:        {"姓名", "成员姓名", "家庭成员姓名", "人员姓名", "家庭成员"},
	fID:          {"证件号码", "身份证号码", "身份证号", "身份证", "公民身份号码", "证件号", "成员证件号码", "成员身份证号码"},
	fRelation:    {"与户主关系", "与户主的关系", "户主关系", "家庭关系", "关系"},
	fSex:         {"性别"},
	fBirth:       {"出生日期", "出生年月", "出生年月日"},
	fHealth:      {"健康状况", "身体状况", "健康情况", "身体健康状况"},
	fSchooling:   {"在校生状况", "在校生情况", "在校状况", "就学状况", "就读情况"},
}

var fieldByHeader = func() map[string]field {
	m := map[string]field{}
	for f, names := range headers {
		for _, n := range names {
			m[n] = field(f)
		}
	}
	return m
}()

// HeaderNames gives the names under which the columns that say who somebody is are known, by the codes of playbook.Identity.
func HeaderNames() map[string][]string {
	return map[string][]string{
		"name": headers[fName], "id_number": headers[fID], "birth": headers[fBirth], "sex": headers[fSex], "relation": headers[fRelation],
		"phone": headers[fPhone], "village": append(headers[fVillage][:len(headers[fVillage]):len(headers[fVillage])], headers[fVillageCode]...),
		"township": headers[fTownship], "group": headers[fGroup], "household_key": headers[fCode], "head_name": headers[fHeadName], "head_id_number": headers[fHeadID],
	}
}

// headerField reads one header cell: spaces and line breaks inside, marks of duty (*) and remarks in brackets do not matter.
func headerField(text string) field {
	s := strings.Trim(sheet.Squeeze(text), "*:;")
	if f, ok := fieldByHeader[s]; ok {
		return f
	}
	if i := strings.IndexByte(s, '('); i > 0 {
		return fieldByHeader[strings.Trim(s[:i], "*")]
	}
	return noField
}

// head is the header row of a sheet.
type head struct {
	row     int
	column  [fieldCount]int // 0 is none
	text    [fieldCount]string
	doubles []sheet.Cell // columns that repeat an earlier one
	found   int
}

func (h *head) has(f field) bool { return h.column[f] > 0 }

// readHead looks at one row.
func readHead(r sheet.Row) head {
	h := head{row: r.Number}
	for _, c := range r.Cells {
		f := headerField(c.Text)
		switch {
		case f == noField:
		case h.has(f):
			if h.text[f] == c.Text && h.column[f] != c.Column-1 { // a merged header repeats itself in the next column
				h.doubles = append(h.doubles, c)
			}
		default:
			h.column[f], h.text[f] = c.Column, c.Text
			h.found++
		}
	}
	return h
}

// The kinds of sheets.
const (
	kindHousehold = "household"
	kindMember    = "member"
	kindPerson    = "person" // members with the columns of the household repeated
	kindIgnored   = "ignored"
)

// kind says what a sheet with this header holds.
func (h *head) kind() string {
	person := h.has(fRelation) && h.has(fName)
	household := h.has(fClass) || h.has(fExitState) || h.has(fVillage) || h.has(fVillageCode)
	switch {
	case !h.has(fCode) || h.found < 3:
		return kindIgnored
	case person && (h.has(fClass) || h.has(fExitState)):
		return kindPerson
	case person:
		return kindMember
	case household && (h.has(fHeadName) || h.has(fName)):
		return kindHousehold
	}
	return kindIgnored
}
