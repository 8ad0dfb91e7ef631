package sheet_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"ruhu/internal/errs"
	"ruhu/internal/sheet"
)

// texts reads a whole sheet as "row: a|b|c", empty cells as nothing.
func texts(t testing.TB, b *sheet.Book, i int) []string {
	t.Helper()
	var out []string
	if err := b.Rows(i, 0, func(r sheet.Row) error {
		out = append(out, line(r))
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

func line(r sheet.Row) string {
	last := r.Cells[len(r.Cells)-1].Column
	parts := make([]string, last)
	for _, c := range r.Cells {
		parts[c.Column-1] = c.Text
	}
	return fmt.Sprintf("%d: %s", r.Number, strings.Join(parts, "|"))
}

func open(t testing.TB, data []byte) *sheet.Book {
	t.Helper()
	b, err := sheet.OpenBytes(data, sheet.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	return b
}

func TestTextIsReadInEveryEncodingAndDelimiter(t *testing.T) {
	t.Parallel()
	const plain = "姓名,证件号码,备注\n甲某,４３０１,\"有,逗号\"\n乙某,4302\n\n丙某,4303,\"他说\"\"好\"\"\",多一列\n"
	want := []string{"1: 姓名|证件号码|备注", "2: 甲某|4301|有,逗号", "3: 乙某|4302", `5: 丙某|4303|他说"好"|多一列`}
	gbk, err := simplifiedchinese.GBK.NewEncoder().String(plain)
	if err != nil {
		t.Fatal(err)
	}
	utf16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(plain)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ name, data, encoding string }{
		{"UTF-8", plain, "utf-8"},
		{"UTF-8 with a mark", "\xEF\xBB\xBF" + plain, "utf-8"},
		{"GBK", gbk, "gb18030"},
		{"UTF-16", utf16, "utf-16"},
		{"lines of Windows", strings.ReplaceAll(plain, "\n", "\r\n"), "utf-8"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := open(t, []byte(tt.data))
			if diff := cmp.Diff(want, texts(t, b, 0)); diff != "" || b.Encoding != tt.encoding || b.Format != sheet.Text {
				t.Errorf("%s %s", b.Encoding, diff)
			}
		})
	}
	for _, comma := range []string{"\t", ";", "|"} {
		b := open(t, []byte("姓名"+comma+"住址\n甲"+comma+"一,二,三\n乙"+comma+"四,五\n"))
		if got := texts(t, b, 0); got[1] != "2: 甲|一,二,三" {
			t.Errorf("delimiter %q: %v", comma, got)
		}
	}
}

func TestALateChineseCharacterStillDecidesTheEncoding(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("id,name\n")
	for i := range 30_000 { // far beyond any sample
		fmt.Fprintf(&b, "%d,a\n", i)
	}
	for _, tail := range []string{"1,张某\n", "12,张某\n", "123,张某\n"} {
		utf8 := b.String() + tail
		gbk, err := simplifiedchinese.GBK.NewEncoder().String(utf8)
		if err != nil {
			t.Fatal(err)
		}
		for enc, data := range map[string]string{"utf-8": utf8, "gb18030": gbk} {
			book := open(t, []byte(data))
			got := texts(t, book, 0)
			if book.Encoding != enc || !strings.HasSuffix(got[len(got)-1], "张某") {
				t.Errorf("%s: %s %q", enc, book.Encoding, got[len(got)-1])
			}
		}
	}
}

func TestUTF8IsRecognisedWhereverABlockEnds(t *testing.T) {
	t.Parallel()
	for shift := range 5 {
		data := strings.Repeat("x", shift) + "a,b\n" + strings.Repeat("张,李\n", 40_000)
		if b := open(t, []byte(data)); b.Encoding != "utf-8" {
			t.Errorf("shift %d: %s", shift, b.Encoding)
		}
	}
}

func TestMarksThatKeepDigitsAreTakenOff(t *testing.T) {
	t.Parallel()
	b := open(t, []byte("证件号码,姓名\n=\"430922199001010017\",甲\n'430922199001010018,乙\n"))
	want := []string{"1: 证件号码|姓名", "2: 430922199001010017|甲", "3: 430922199001010018|乙"}
	if diff := cmp.Diff(want, texts(t, b, 0)); diff != "" {
		t.Error(diff)
	}
}

func TestWhatIsNoTableIsRefused(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, data, code string }{
		{"nothing", "", "sheet.kind"},
		{"a web page that calls itself .xls", "<html><table><tr><td>a,b</td></tr></table></html>", "sheet.kind"},
		{"bytes", "a,b\n\x00\x01,c\n", "sheet.kind"},
		{"an old workbook", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\x00", "sheet.kind"},
		{"prose", "no table at all", "sheet.kind"},
		{"half a zip", "PK\x03\x04", "sheet.broken"},
	} {
		if _, err := sheet.OpenBytes([]byte(tt.data), sheet.Limits{}); errs.CodeOf(err) != tt.code {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	quote := []byte("a,b\n\"" + strings.Repeat("x,y\n", 1<<20))
	err := open(t, quote).Rows(0, 0, func(sheet.Row) error { return nil })
	if errs.CodeOf(err) != "sheet.broken" {
		t.Errorf("a quote that is never closed: %v", err)
	}
	err = open(t, []byte("a,b\n1,2\n3,4\n")).Rows(0, 0, func(sheet.Row) error { return nil })
	if err != nil {
		t.Error(err)
	}
	b, err := sheet.OpenBytes([]byte("a,b\n1,2\n3,4\n"), sheet.Limits{Rows: 2})
	if err == nil {
		err = b.Rows(0, 0, func(sheet.Row) error { return nil })
	}
	if errs.CodeOf(err) != "sheet.rows" {
		t.Errorf("more rows than allowed: %v", err)
	}
}

func workbook(t testing.TB, rows [][]any, merges ...[2]string) []byte {
	t.Helper()
	f := excelize.NewFile()
	for i, r := range rows {
		if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &r); err != nil {
			t.Fatal(err)
		}
	}
	for _, m := range merges {
		if err := f.MergeCell("Sheet1", m[0], m[1]); err != nil {
			t.Fatal(err)
		}
	}
	b, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestAHeaderOfSeveralRowsGivesEveryColumnItsPath(t *testing.T) {
	t.Parallel()
	b := open(t, workbook(t, [][]any{
		{"某县花名册"},
		{"序号", "家庭成员", "", "", "收入", ""},
		{"", "姓名", "证件号码", "关 系", "工资性", "经营性"},
		{1, "甲", "4301", "户主", 10, 20},
		{"", "乙", "4302", "配偶", 5, ""},
	}, [2]string{"A1", "F1"}, [2]string{"A2", "A3"}, [2]string{"B2", "D2"}, [2]string{"E2", "F2"}, [2]string{"A4", "A5"}))
	top, err := b.Top(0, 10)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range sheet.Header(top[1:3]) {
		got = append(got, fmt.Sprintf("%d %s %s", c.Column, c.Name, c))
	}
	want := []string{"1 序号 序号", "2 姓名 家庭成员/姓名", "3 证件号码 家庭成员/证件号码", "4 关系 家庭成员/关系", "5 工资性 收入/工资性", "6 经营性 收入/经营性"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if rows := texts(t, b, 0); rows[4] != "5: 1|乙|4302|配偶|5" {
		t.Errorf("a merged cell counts for every row it covers: %q", rows[4])
	}
}

func TestManySharedStringsAreTheSameFromMemoryAndFromAFile(t *testing.T) {
	t.Parallel()
	const n = 150_000 // some 12 MB of text: beyond what is kept in memory
	var shared, rows bytes.Buffer
	order := rand.New(rand.NewPCG(1, 2)).Perm(n)
	for i := range n {
		fmt.Fprintf(&shared, "<si><t>%s%d</t></si>", strings.Repeat("村", 25), i)
	}
	for i, k := range order {
		fmt.Fprintf(&rows, `<row r="%d"><c t="s"><v>%d</v></c></row>`, i+1, k)
	}
	b, err := sheet.OpenBytes(parts(t, rows.String(), shared.String()), sheet.Limits{Rows: n})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = b.Close() }()
	i := 0
	err = b.Rows(0, 0, func(r sheet.Row) error {
		if want := fmt.Sprintf("%s%d", strings.Repeat("村", 25), order[i]); r.Cells[0].Text != want {
			t.Fatalf("row %d: %q, want %q", i+1, r.Cells[0].Text, want)
		}
		i++
		return nil
	})
	if err != nil || i != n {
		t.Errorf("%d rows, %v", i, err)
	}
}

// parts is a workbook of one sheet, written by hand.
func parts(t testing.TB, rows, shared string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range map[string]string{
		"_rels/.rels":                `<Relationships><Relationship Id="r1" Type="http://x/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml":            `<workbook xmlns:r="r"><sheets><sheet name="表" sheetId="1" r:id="r1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="r1" Type="http://x/worksheet" Target="/xl/worksheets/sheet1.xml"/><Relationship Id="r2" Type="http://x/sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
		"xl/sharedStrings.xml":       "<sst>" + shared + "</sst>",
		"xl/worksheets/sheet1.xml":   "<worksheet><sheetData>" + rows + "</sheetData></worksheet>",
	} {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestDaysAreReadAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"2026-03-04": "2026-03-04", "2026/3/4": "2026-03-04", "2026.3.4": "2026-03-04", "2026年3月4日": "2026-03-04", "20260304": "2026-03-04",
		"２０２６年３月４日": "2026-03-04", "2026年3月": "2026-03-01", "202603": "2026-03-01", "2026-03-04 08:30:00": "2026-03-04", "2026-3-4T08:30": "2026-03-04",
		"2026-02-30": "", "三月": "", "": "", "46085": "", "1822-01-01": "",
	} {
		if got, ok := sheet.Day(text, false, false); got != want || ok != (want != "") {
			t.Errorf("Day(%q) = %q, %v; want %q", text, got, ok, want)
		}
	}
	for number, want := range map[string]string{"46085": "2026-03-04", "1": "1900-01-01", "61": "1900-03-01", "46085.5": "2026-03-04", "0": "", "99999": ""} {
		if got, _ := sheet.Day(number, true, false); got != want {
			t.Errorf("Day(%s as a number) = %q, want %q", number, got, want)
		}
	}
	if got, _ := sheet.Day("44623", true, true); got != "2026-03-04" {
		t.Errorf("counted from 1904: %q", got)
	}
}

func FuzzSheet(f *testing.F) {
	f.Add([]byte("姓名,证件号码\n甲,\"1\n2\"\n"))
	f.Add([]byte("\xFF\xFEa\x00,\x00b\x00"))
	f.Add([]byte("\xD0\xD5\xC3\xFB\t\xD6\xA4\n1\t2"))
	f.Add(workbook(f, [][]any{{"题"}, {"姓名", "证件号码"}, {"甲", 1}}, [2]string{"A1", "B1"}))
	f.Fuzz(func(t *testing.T, data []byte) { read(t, data) })
}

// FuzzSheetRows reaches further: the container is always sound, the rows and strings are not.
func FuzzSheetRows(f *testing.F) {
	f.Add(`<row r="1"><c t="s"><v>0</v></c><c t="b"><v>1</v></c><c t="e"><v>#REF!</v></c><c><f>A1</f></c></row>`, `<si><t>甲</t></si>`)
	f.Add(`<row><c r="B1" t="inlineStr"><is><t>x</t><rPh><t>y</t></rPh></is></c></row></sheetData><mergeCells><mergeCell ref="A1:B2"/></mergeCells><sheetData>`, ``)
	f.Fuzz(func(t *testing.T, rows, shared string) { read(t, parts(t, rows, shared)) })
}

func read(t *testing.T, data []byte) {
	b, err := sheet.OpenBytes(data, sheet.Limits{Unzipped: 1 << 22})
	if err == nil {
		defer func() { _ = b.Close() }()
		for i := range b.Names {
			if _, err := b.Top(i, 20); err != nil {
				continue
			}
			last := 0
			err = b.Rows(i, 0, func(r sheet.Row) error {
				if r.Number <= last && b.Format == sheet.XLSX || len(r.Cells) == 0 {
					t.Fatalf("row %d with %d cells after row %d", r.Number, len(r.Cells), last)
				}
				last = r.Number
				return nil
			})
		}
	}
	if err != nil && !errs.Is(err, errs.Invalid) && !errs.Is(err, errs.TooLarge) {
		t.Fatalf("an error that nobody explains: %v", err)
	}
}
