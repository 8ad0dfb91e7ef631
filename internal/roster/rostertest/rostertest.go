// Package rostertest makes roster files for tests. The people in them do not exist: their numbers begin with a division that is not given out.
package rostertest

import (
	"fmt"
	"testing"

	"github.com/xuri/excelize/v2"

	"ruhu/internal/idnumber"
)

// ID makes a valid ID number, a different one for each n from 0 to 99,999,999.
func ID(n int) string {
	first := fmt.Sprintf("990101%04d%02d%02d%03d", 1930+n/1000/28/12%80, 1+n/1000/28%12, 1+n/1000%28, n%1000)
	return first + string(idnumber.CheckChar(first))
}

// Sheet is a table: rows of cells from A1. A string that begins with "=" is a formula without a stored value.
type Sheet struct {
	Name string
	Rows [][]any
}

// XLSX writes sheets as a workbook.
func XLSX(t testing.TB, sheets ...Sheet) []byte {
	t.Helper()
	f := excelize.NewFile()
	for i, s := range sheets {
		if i == 0 {
			must(t, f.SetSheetName("Sheet1", s.Name))
		} else {
			_, err := f.NewSheet(s.Name)
			must(t, err)
		}
		w, err := f.NewStreamWriter(s.Name)
		must(t, err)
		for r, cells := range s.Rows {
			if len(cells) == 0 {
				continue
			}
			row := make([]any, len(cells))
			for c, v := range cells {
				if text, ok := v.(string); ok && len(text) > 1 && text[0] == '=' {
					v = excelize.Cell{Formula: text[1:]}
				}
				row[c] = v
			}
			must(t, w.SetRow(fmt.Sprintf("A%d", r+1), row))
		}
		must(t, w.Flush())
	}
	b, err := f.WriteToBuffer()
	must(t, err)
	must(t, f.Close())
	return b.Bytes()
}

// HouseholdHeader and MemberHeader are the columns of Households and Members.
var (
	HouseholdHeader = []any{"户编号", "行政村", "村民组", "户主姓名", "户主证件号码", "联系电话", "户属性", "脱贫年度"}
	MemberHeader    = []any{"户编号", "姓名", "证件号码", "与户主关系", "健康状况", "在校生状况"}
)

// Household is a row for HouseholdHeader: household n of a village.
func Household(n int, village, class string) []any {
	exit := ""
	if class == "脱贫户" {
		exit = "2018"
	}
	return []any{fmt.Sprintf("H%05d", n), village, fmt.Sprintf("%d组", 1+n%8), fmt.Sprintf("户主%d", n), ID(n * 10), fmt.Sprintf("138%08d", n), class, exit}
}

// Member is a row for MemberHeader: member m of household n, 0 is the head.
func Member(n, m int) []any {
	if m == 0 {
		return []any{fmt.Sprintf("H%05d", n), fmt.Sprintf("户主%d", n), ID(n * 10), "户主", "健康", ""}
	}
	return []any{fmt.Sprintf("H%05d", n), fmt.Sprintf("成员%d之%d", n, m), ID(n*10 + m), "之子", "健康", "小学"}
}

// Township makes a whole roster: per of households in each of villages, each household with members people.
func Township(t testing.TB, villages []string, per, members int, class func(n int) string) []byte {
	t.Helper()
	hs, ms := [][]any{HouseholdHeader}, [][]any{MemberHeader}
	n := 0
	for _, v := range villages {
		for range per {
			n++
			hs = append(hs, Household(n, v, class(n)))
			for m := range members {
				ms = append(ms, Member(n, m))
			}
		}
	}
	return XLSX(t, Sheet{"户信息", hs}, Sheet{"家庭成员", ms})
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
