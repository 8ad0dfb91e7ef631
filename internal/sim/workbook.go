package sim

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Workbook writes the roster as an export of the national system looks: one sheet, a title above the header row, one row
// per person with the household's columns repeated, everything as text.
func (w *World) Workbook() ([]byte, error) {
	f := excelize.NewFile()
	defer func() { _ = f.Close() }()
	const sheet = "家庭成员信息"
	if err := f.SetSheetName("Sheet1", sheet); err != nil {
		return nil, fmt.Errorf("roster workbook: %w", err)
	}
	rows := [][]any{
		{"建档立卡及特殊困难群体信息表（模拟数据）"},
		{
			"县", "乡镇", "行政村", "行政村编码", "村民组", "户编号", "户主姓名", "家庭人口", "户属性", "脱贫年度", "联系电话",
			"姓名", "证件号码", "与户主关系", "性别", "健康状况", "在校生状况", "特殊类型",
		},
	}
	for _, h := range w.Households {
		if !h.Listed {
			continue
		}
		exit := ""
		if h.ExitYear > 0 {
			exit = strconv.Itoa(h.ExitYear)
		}
		for _, m := range h.Members {
			rows = append(rows, []any{
				w.Places[0].Name, w.Township(h.Village).Name, h.VillageName, h.Village, h.Group, h.Code, h.Members[0].Name,
				strconv.Itoa(len(h.Members)), h.Class, exit, h.Phone,
				m.Name, m.IDNumber, m.Relation, m.Sex, m.Health, m.Schooling, strings.Join(h.Tags, "、"),
			})
		}
	}
	for i, r := range rows {
		if err := f.SetSheetRow(sheet, "A"+strconv.Itoa(i+1), &r); err != nil {
			return nil, fmt.Errorf("roster workbook row %d: %w", i+1, err)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		return nil, fmt.Errorf("roster workbook: %w", err)
	}
	return b.Bytes(), nil
}
