package roster

import (
	"fmt"

	"github.com/xuri/excelize/v2"

	"ruhu/internal/sheet"
)

// templateSheets are the two tables of the template and the fields of their columns.
var templateSheets = []struct {
	name   string
	fields []field
}{
	{"户信息", []field{fCode, fVillage, fGroup, fHeadName, fHeadID, fPhone, fClass, fExitYear, fSize, fTags, fLat, fLon}},
	{"家庭成员", []field{fCode, fName, fID, fRelation, fSex, fHealth, fSchooling, fPhone}},
}

// templateNotes explain the template in its last sheet.
var templateNotes = []string{
	"填写说明",
	"1. “户信息”每户一行，“家庭成员”每人一行，用户编号对应；户主也要写在家庭成员里。",
	"2. 行政村可以写村名，也可以写 12 位代码。",
	"3. 证件号码为 18 位，所有列都是文本格式，请勿改成数字。",
	"4. 户属性：未脱贫户、脱贫户、边缘户、监测户、低保户、特困户、重残户、重病户、一般农户。",
	"5. 再次导入时按户编号更新；没有写的户不受影响；户内没有写的人记为已离开，不会删除。",
	"6. 纬度、经度是住房的位置（WGS-84，十进制度数，如 27.1234567），可以不填；从地图上查到的 GCJ-02 坐标要先转换。",
	"7. 列的顺序可以改变，没有的列可以删去，上面可以加标题行。",
}

// Template makes an empty .xlsx with the columns that Import reads, every cell formatted as text so that no digit is lost.
func Template() ([]byte, error) {
	f := excelize.NewFile()
	defer func() { _ = f.Close() }() // nothing of it is on disk
	text, err := f.NewStyle(&excelize.Style{NumFmt: 49})
	if err != nil {
		return nil, fmt.Errorf("template: %w", err)
	}
	bold, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, NumFmt: 49})
	if err != nil {
		return nil, fmt.Errorf("template: %w", err)
	}
	for i, s := range templateSheets {
		if i == 0 {
			err = f.SetSheetName("Sheet1", s.name)
		} else {
			_, err = f.NewSheet(s.name)
		}
		if err == nil {
			err = templateSheet(f, s.name, s.fields, text, bold)
		}
		if err != nil {
			return nil, fmt.Errorf("template: %w", err)
		}
	}
	if _, err := f.NewSheet(templateNotes[0]); err != nil {
		return nil, fmt.Errorf("template: %w", err)
	}
	for i, note := range templateNotes {
		if err := f.SetCellStr(templateNotes[0], fmt.Sprintf("A%d", i+1), note); err != nil {
			return nil, fmt.Errorf("template: %w", err)
		}
	}
	b, err := f.WriteToBuffer()
	if err != nil {
		return nil, fmt.Errorf("template: %w", err)
	}
	return b.Bytes(), nil
}

func templateSheet(f *excelize.File, name string, fields []field, text, bold int) error {
	last := sheet.Letters(len(fields))
	if err := f.SetColStyle(name, "A:"+last, text); err != nil {
		return err
	}
	if err := f.SetColWidth(name, "A", last, 16); err != nil {
		return err
	}
	for i, fd := range fields {
		col := sheet.Letters(i + 1)
		if err := f.SetCellStr(name, col+"1", headers[fd][0]); err != nil {
			return err
		}
		switch fd {
		case fID, fHeadID:
			if err := f.SetColWidth(name, col, col, 24); err != nil {
				return err
			}
		case fClass:
			dv := excelize.NewDataValidation(true)
			dv.Sqref = col + "2:" + col + "20000"
			var words []string
			for _, c := range Classes() {
				words = append(words, className[c])
			}
			if err := dv.SetDropList(words); err != nil {
				return err
			}
			if err := f.AddDataValidation(name, dv); err != nil {
				return err
			}
		}
	}
	if err := f.SetCellStyle(name, "A1", last+"1", bold); err != nil {
		return err
	}
	return f.SetPanes(name, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})
}
