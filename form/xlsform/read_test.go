package xlsform_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"ruhu/form/xlsform"
)

func workbookFile(t *testing.T, sheets map[string][][]any) []byte {
	t.Helper()
	f := excelize.NewFile()
	for name, rows := range sheets {
		if _, err := f.NewSheet(name); err != nil {
			t.Fatal(err)
		}
		for i, row := range rows {
			if err := f.SetSheetRow(name, fmt.Sprintf("A%d", i+1), &row); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := f.DeleteSheet("Sheet1"); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestTheSameFormReadsAlikeFromAllThreeFormats(t *testing.T) {
	t.Parallel()
	xlsx := workbookFile(t, map[string][][]any{
		"survey":   {{"type", "name", "label"}, {"select_one yn", "q", "Question"}, {}, {"integer", "n", "Number"}},
		"choices":  {{"list_name", "name", "label"}, {"yn", 1, "Yes"}, {"yn", 2, "No"}},
		"settings": {{"form_id", "version"}, {"f", "1"}},
	})
	forms := map[string]string{
		"f.xlsx": string(xlsx),
		"f.csv": "survey,,,\n,type,name,label\n,select_one yn,q,Question\n,integer,n,Number\n" +
			"choices,,,\n,list_name,name,label\n,yn,1,Yes\n,yn,2,No\nsettings,,\n,form_id,version\n,f,1\n",
		"f.md": "## survey\n|type|name|label|\n|---|---|---|\n|select_one yn|q|Question|\n|integer|n|Number|\n" +
			"## choices\n|list_name|name|label|\n|---|---|---|\n|yn|1|Yes|\n|yn|2|No|\n## settings\n|form_id|version|\n|---|---|\n|f|1|\n",
	}
	want := ""
	for _, name := range []string{"f.xlsx", "f.csv", "f.md"} {
		res, ds := convert(t, name, forms[name])
		if len(ds) > 0 {
			t.Errorf("%s: %v", name, ds)
		}
		if want == "" {
			want = string(res.XForm)
		}
		if string(res.XForm) != want || want == "" {
			t.Errorf("%s differs:\n%s\nwant\n%s", name, res.XForm, want)
		}
	}
}

func TestDiagnosticsOfASpreadsheetCountRowsAsTheSpreadsheetDoes(t *testing.T) {
	t.Parallel()
	src := workbookFile(t, map[string][][]any{"survey": {{}, {"type", "name", "label"}, {}, {"txt", "q", "Q"}}})
	_, ds := convert(t, "f.xlsx", string(src))
	if len(ds) != 1 || ds[0].Row != 4 || ds[0].Code != "xlsform.unknown_type" {
		t.Errorf("%v", ds)
	}
}

// sheetXML makes an .xlsx of one survey sheet with this XML for its rows.
func sheetXML(t *testing.T, rows string) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	src := workbookFile(t, map[string][][]any{"survey": {{"type"}}})
	in, err := zip.NewReader(bytes.NewReader(src), int64(len(src)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range in.File {
		w, err := z.Create(f.Name)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(f.Name, "xl/worksheets/") {
			fmt.Fprintf(w, `<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>`, rows)
			continue
		}
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if _, err := b.ReadFrom(r); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(b.Bytes()); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestAMillionEmptyRowsAreSkipped(t *testing.T) {
	if testing.Short() {
		t.Skip("it writes and reads a sheet of a million rows; left out with -short")
	}
	t.Parallel()
	var b strings.Builder
	b.WriteString(`<row r="1"><c r="A1" t="inlineStr"><is><t>type</t></is></c><c r="B1" t="inlineStr"><is><t>name</t></is></c></row>`)
	for i := 2; i < 1_000_000; i++ {
		fmt.Fprintf(&b, `<row r="%d"/>`, i)
	}
	b.WriteString(`<row r="1000000"><c r="A1000000" t="inlineStr"><is><t>start</t></is></c><c r="B1000000" t="inlineStr"><is><t>s</t></is></c></row>`)
	res, ds := convert(t, "f.xlsx", string(sheetXML(t, b.String())))
	if xlsform.HasErrors(ds) || !bytes.Contains(res.XForm, []byte(`nodeset="/data/s"`)) {
		t.Errorf("%v", ds)
	}
}

func TestFormulasGiveTheirStoredValue(t *testing.T) {
	t.Parallel()
	rows := `<row r="1"><c r="A1" t="inlineStr"><is><t>type</t></is></c><c r="B1" t="inlineStr"><is><t>name</t></is></c></row>` +
		`<row r="2"><c r="A2" t="str"><f>CONCAT("sta","rt")</f><v>start</v></c><c r="B2" t="inlineStr"><is><t>s</t></is></c></row>`
	res, ds := convert(t, "f.xlsx", string(sheetXML(t, rows)))
	if len(ds) > 0 || !bytes.Contains(res.XForm, []byte(`nodeset="/data/s"`)) {
		t.Errorf("%v", ds)
	}
}

func TestFilesThatAreNoWorkbookAreRefusedWithACode(t *testing.T) {
	t.Parallel()
	bomb := func() []byte {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		w, _ := z.Create("xl/worksheets/sheet1.xml")
		chunk := bytes.Repeat([]byte("<row/>"), 1<<16)
		for range 400 {
			_, _ = w.Write(chunk)
		}
		_ = z.Close()
		return b.Bytes()
	}()
	for name, tc := range map[string]struct {
		file, src, want string
	}{
		"other ending":     {"f.docx", "x", "xlsform.format"},
		"no zip":           {"f.xlsx", "type,name", "xlsform.damaged"},
		"zip bomb":         {"f.xlsx", string(bomb), "xlsform.too_large"},
		"too many bytes":   {"f.csv", strings.Repeat("a", 17<<20), "xlsform.too_large"},
		"not UTF-8":        {"f.csv", "type,name\n\xff\xfe,x", "xlsform.encoding"},
		"no table":         {"f.md", "# only prose", "xlsform.no_sheet"},
		"too many columns": {"f.csv", strings.Repeat("a,", 2000), "xlsform.too_large"},
		"too many rows":    {"f.csv", strings.Repeat("a,b\n", 60_000), "xlsform.too_large"},
		"empty":            {"f.xlsx", "", "xlsform.damaged"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := xlsform.Read(tc.file, []byte(tc.src))
			var re *xlsform.ReadError
			if !errors.As(err, &re) || re.Code != tc.want || re.Message.ZH == "" || re.Message.ZH == re.Code {
				t.Errorf("got %v, want %s", err, tc.want)
			}
		})
	}
}

func TestAHostileWorkbookIsRefusedQuickly(t *testing.T) {
	t.Parallel()
	rows := func(n int, row string) string { return "type,name,label,relevant\n" + strings.Repeat(row, n) }
	loops := "survey,,\n,type,name,label\n" +
		",begin loop over l,a,A\n,begin loop over l,b,B\n,begin loop over l,c,C\n,text,q,Q\n,end loop,,\n,end loop,,\n,end loop,,\n" +
		"choices,,\n,list_name,name,label\n"
	for i := range 500 {
		loops += fmt.Sprintf(",l,c%d,C\n", i)
	}
	for name, tc := range map[string]struct{ src, want string }{
		"groups in groups":        {rows(40_000, "begin group,g,G,\n"), "xlsform.too_deep"},
		"every reference unknown": {rows(10_000, "text,q,Q,${nobody} = 1\n"), "xlsform.too_many"},
		"loops in loops":          {loops, "xlsform.too_large"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, ds := convert(t, "f.csv", tc.src)
			if len(ds) > 1000 {
				t.Errorf("%d diagnostics", len(ds))
			}
			for _, d := range ds {
				if d.Code == tc.want {
					return
				}
			}
			t.Errorf("no %s in %d diagnostics", tc.want, len(ds))
		})
	}
}
