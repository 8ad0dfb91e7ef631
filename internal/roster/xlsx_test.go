package roster_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"ruhu/internal/errs"
	"ruhu/internal/roster"
	rt "ruhu/internal/roster/rostertest"
)

// parts makes an .xlsx of one sheet from hand-written XML.
func parts(t testing.TB, sheet string, more map[string]string) []byte {
	t.Helper()
	files := map[string]string{
		"_rels/.rels":                `<Relationships><Relationship Id="r1" Type="http://x/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml":            `<workbook xmlns:r="r"><sheets><sheet name="表" sheetId="1" r:id="r1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="r1" Type="http://x/worksheet" Target="/xl/worksheets/sheet1.xml"/><Relationship Id="r2" Type="http://x/sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
		"xl/sharedStrings.xml":       `<sst><si><t>户编号</t></si></sst>`,
		"xl/worksheets/sheet1.xml":   sheet,
	}
	for name, text := range more {
		files[name] = text
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range files {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func inline(cells ...string) string {
	var b strings.Builder
	for _, c := range cells {
		fmt.Fprintf(&b, `<c t="inlineStr"><is><t>%s</t></is></c>`, c)
	}
	return b.String()
}

const table = `<worksheet><sheetData><row r="1">%s</row><row r="2">%s</row>%s</sheetData>%s</worksheet>`

func TestForeignFilesGiveClearErrors(t *testing.T) {
	t.Parallel()
	good := rt.XLSX(t, two([][]any{rt.Household(1, "第2村", "脱贫户")}, [][]any{rt.Member(1, 0)})...)
	header := inline("户编号", "行政村", "户主姓名", "户主证件号码", "户属性", "脱贫年度")
	data := inline("H1", "第2村", "甲", rt.ID(1), "脱贫户", "2018")
	for _, tt := range []struct {
		name string
		data []byte
		code string
	}{
		{"nothing", nil, "roster.xlsx_kind"},
		{"text", []byte("户编号,户主"), "roster.xlsx_kind"},
		{"an old or locked workbook", []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1rest"), "roster.xlsx_kind"},
		{"half a file", good[:len(good)/2], "sheet.broken"},
		{"a zip of something else", parts(t, "", map[string]string{"_rels/.rels": "<x/>"}), "sheet.broken"},
		{"broken XML", parts(t, `<worksheet><sheetData><row r="1"><c></d`, nil), "sheet.broken"},
		{"entities", parts(t, `<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet><sheetData><row r="1"><c t="str"><v>&a;</v></c></row></sheetData></worksheet>`, nil), "sheet.broken"},
		{"a string that is not there", parts(t, `<worksheet><sheetData><row r="1"><c t="s"><v>99</v></c></row></sheetData></worksheet>`, nil), "sheet.broken"},
		{"rows backwards", parts(t, `<worksheet><sheetData><row r="5"><c><v>1</v></c></row><row r="2"><c><v>1</v></c></row></sheetData></worksheet>`, nil), "sheet.broken"},
		{"a cell far to the right", parts(t, fmt.Sprintf(table, header, data, `<row r="3"><c r="XFD3"><v>1</v></c></row>`, ""), nil), "sheet.columns"},
		{"a file of 50 MB", make([]byte, 50<<20), "sheet.size"},
		{"a bomb", parts(t, fmt.Sprintf(table, header, data, "", strings.Repeat(" ", 170<<20)), nil), "sheet.unzipped"},
		{"a bomb that lies about its size", lyingBomb(t), "sheet.broken"},
		{"a million empty rows", parts(t, fmt.Sprintf(table, header, data, manyRows(1_000_000), ""), nil), ""},
		{"formatted empty cells", parts(t, fmt.Sprintf(table, header, data, manyRows(30_000, `<c s="1"/><c s="1"/>`), ""), nil), ""},
		{"too many rows", parts(t, fmt.Sprintf(table, header, data, manyRows(120_001, `<c><v>1</v></c>`), ""), nil), "sheet.rows"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			rep, err := roster.Check(roster.File{Data: tt.data}, villages())
			if got := errs.CodeOf(err); got != tt.code {
				t.Fatalf("got %v, want %q", err, tt.code)
			}
			if err == nil && (rep.ErrorsTotal != 0 || rep.Counts.HouseholdsNew != 1) {
				t.Errorf("got %+v %+v", rep.Counts, rep.Errors)
			}
		})
	}
}

// lyingBomb is a workbook whose sheet unpacks to 170 MB while the directory says 100 bytes.
func lyingBomb(t testing.TB) []byte {
	t.Helper()
	var packed bytes.Buffer
	fl, err := flate.NewWriter(&packed, flate.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	for range 170 {
		if _, err := fl.Write(bytes.Repeat([]byte(" "), 1<<20)); err != nil {
			t.Fatal(err)
		}
	}
	if err := fl.Close(); err != nil {
		t.Fatal(err)
	}
	base := parts(t, "", nil)
	honest, err := zip.NewReader(bytes.NewReader(base), int64(len(base)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range honest.File {
		if f.Name != "xl/worksheets/sheet1.xml" {
			if err := z.Copy(f); err != nil {
				t.Fatal(err)
			}
		}
	}
	w, err := z.CreateRaw(&zip.FileHeader{Name: "xl/worksheets/sheet1.xml", Method: zip.Deflate, CompressedSize64: uint64(packed.Len()), UncompressedSize64: 100})
	if err == nil {
		_, err = w.Write(packed.Bytes())
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func manyRows(n int, cells ...string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `<row r="%d">%s</row>`, i+3, strings.Join(cells, ""))
	}
	return b.String()
}

func TestMergedCellsCountForEveryRowTheyCover(t *testing.T) {
	t.Parallel()
	f := excelize.NewFile()
	rows := [][]any{
		{"东镇花名册"},
		{"户编号", "行政村", "户属性", "成员信息", "", ""},
		{"", "", "", "姓名", "证件号码", "与户主关系"},
		{"H1", "第2村", "脱贫户", "甲", rt.ID(1), "户主"},
		{"", "", "", "乙", rt.ID(2), "配偶"},
		{"H2", "第3村", "边缘户", "丙", rt.ID(3), "户主"},
	}
	for i, r := range rows {
		if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &r); err != nil {
			t.Fatal(err)
		}
	}
	for _, m := range [][2]string{{"A1", "F1"}, {"A2", "A3"}, {"B2", "B3"}, {"C2", "C3"}, {"D2", "F2"}, {"A4", "A5"}, {"B4", "B5"}, {"C4", "C5"}} {
		if err := f.MergeCell("Sheet1", m[0], m[1]); err != nil {
			t.Fatal(err)
		}
	}
	b, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	rep, err := roster.Check(roster.File{Data: b.Bytes()}, villages())
	if err != nil {
		t.Fatal(err)
	}
	if rep.ErrorsTotal != 0 || rep.Counts.HouseholdsNew != 2 || rep.Counts.MembersNew != 3 || rep.Sheets[0].HeaderRow != 3 {
		t.Errorf("%+v %+v %+v", rep.Sheets, rep.Counts, rep.Errors)
	}
}

func TestStoredFormulaResultsAreUsedWithAWarning(t *testing.T) {
	t.Parallel()
	header := inline("户编号", "行政村", "户主姓名", "户主证件号码", "户属性", "脱贫年度")
	data := `<c t="str"><f>"H"&amp;1</f><v>H1</v></c>` + inline("第2村", "甲", rt.ID(1), "脱贫户") + `<c><f>2017+1</f><v>2018</v></c>`
	rep, err := roster.Check(roster.File{Data: parts(t, fmt.Sprintf(table, header, data, "", ""), nil)}, villages())
	if err != nil {
		t.Fatal(err)
	}
	if got := short(rep.Warnings); len(got) != 2 || got[0] != "表!A2 roster.formula " || rep.ErrorsTotal != 0 {
		t.Errorf("warnings %v, errors %v", got, short(rep.Errors))
	}
}

func TestIDNumbersFollowGB11643(t *testing.T) {
	t.Parallel()
	// The first two are the examples of the standard itself (GB 11643-1999, annex A).
	for s, code := range map[string]string{
		"11010519491231002X": "", "440524188001010014": "", "11010519491231002x": "", "110105194912310021": "roster.id_check",
		"110105194913310020": "roster.id_date", "11010519491231": "roster.id_length", "110105491231002": "roster.id_old", "1101051949123100AX": "roster.id_chars",
		"1.10105E+17": "roster.id_scientific", "": "roster.id_length",
	} {
		n, got := roster.ParseIDNumber(s)
		if got != code {
			t.Errorf("ParseIDNumber(%q): %q, want %q", s, got, code)
		}
		if code == "" && n.BirthDate()[:4] != s[6:10] {
			t.Errorf("%q was born on %s", s, n.BirthDate())
		}
	}
	if roster.IDNumber("11010519491231002X").Sex() != roster.Female || roster.IDNumber("440524188001010014").Sex() != roster.Male {
		t.Error("the 17th digit is odd for men")
	}
}

func FuzzRoster(f *testing.F) {
	f.Add(rt.XLSX(f, two([][]any{rt.Household(1, "第2村", "脱贫户")}, [][]any{rt.Member(1, 0), rt.Member(1, 1)})...))
	f.Add(parts(f, fmt.Sprintf(table, inline("户编号", "姓名", "证件号码", "与户主关系", "户属性", "村"), inline("1", "a", "b", "户主"), "", `<mergeCells><mergeCell ref="A1:B2"/></mergeCells>`), nil))
	rs := villages()
	f.Fuzz(func(t *testing.T, data []byte) {
		rep, err := roster.Check(roster.File{Data: data}, rs)
		if err != nil && !errs.Is(err, errs.Invalid) && !errs.Is(err, errs.TooLarge) {
			t.Fatalf("an error that nobody explains: %v", err)
		}
		if err == nil && rep.ErrorsTotal < len(rep.Errors) {
			t.Fatal("more mistakes than counted")
		}
	})
}

// FuzzRosterSheet reaches further: the container is always sound, the sheet is not.
func FuzzRosterSheet(f *testing.F) {
	f.Add(fmt.Sprintf(table, inline("户编号", "姓名", "证件号码", "与户主关系", "户属性", "村"), inline("1", "a", rt.ID(1), "户主", "脱贫户", "第2村"), "", `<mergeCells><mergeCell ref="A1:B2"/></mergeCells>`))
	f.Add(`<worksheet><sheetData><row r="1"><c t="s"><v>0</v></c><c t="b"><v>1</v></c><c t="e"><v>#REF!</v></c><c><f>A1</f></c></row></sheetData></worksheet>`)
	rs := villages()
	f.Fuzz(func(t *testing.T, sheet string) {
		_, err := roster.Check(roster.File{Data: parts(t, sheet, nil)}, rs)
		if err != nil && !errs.Is(err, errs.Invalid) && !errs.Is(err, errs.TooLarge) {
			t.Fatalf("an error that nobody explains: %v", err)
		}
	})
}
