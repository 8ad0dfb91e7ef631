package match

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"ruhu/internal/playbook"
	"ruhu/internal/region"
	"ruhu/internal/roster"
	"ruhu/internal/sheet"
)

// manyCSV and manyXLSX are tables of n people.
func manyCSV(n int) []byte {
	var b strings.Builder
	b.WriteString("姓名,证件号码,备注\n")
	for i := range n {
		fmt.Fprintf(&b, "人%d,99010119500101%04d,%s\n", i, i%10000, strings.Repeat("说", 20+i%7))
	}
	return []byte(b.String())
}

func manyXLSX(t *testing.T, n int) []byte {
	t.Helper()
	f := excelize.NewFile()
	w, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		t.Fatal(err)
	}
	for i, line := range strings.Split(strings.TrimSpace(string(manyCSV(n))), "\n") {
		var row []any
		for _, c := range strings.Split(line, ",") {
			row = append(row, c)
		}
		if err := w.SetRow(fmt.Sprintf("A%d", i+1), row); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	b, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestReadingARegisterHoldsNoRows counts what is alive while a file is read: between the 5,000th and the 30,000th row it may grow by the fingerprint
// of a number per row (to find numbers that stand there twice), but not by the rows, which take some 500 bytes each. It runs alone,
// before the parallel tests: the heap is everybody's.
func TestReadingARegisterHoldsNoRows(t *testing.T) { //nolint:paralleltest // see above
	const rows, early, late, most = 32_000, 5_000, 30_000, 80
	kind := &playbook.Register{Code: "many", Unit: "person", Fields: []playbook.RegisterField{
		{Code: "name", Required: true}, {Code: "id_number"}, {Code: "remark", Kind: playbook.KindText},
	}}
	m := Mapping{Sheets: []SheetMapping{{Use: true, HeaderFrom: 1, HeaderTo: 1, Columns: []ColumnMapping{
		{Column: 1, Field: "name"}, {Column: 2, Field: "id_number"}, {Column: 3, Field: "remark"},
	}}}}
	for name, data := range map[string][]byte{"csv": manyCSV(rows), "xlsx": manyXLSX(t, rows)} {
		for _, keep := range []bool{false, true} { // a sink that keeps the rows shows that the test can fail
			book, err := sheet.OpenBytes(data, sheet.Large)
			if err != nil {
				t.Fatal(err)
			}
			var kept []Record
			at := map[int]int64{}
			_, err = read(context.Background(), book, kind, roster.NewPlaces([]region.Region{}), m, func(r Record) error {
				if keep {
					kept = append(kept, r)
				}
				if r.N == early || r.N == late {
					at[r.N] = alive()
				}
				return nil
			}, nil)
			if err != nil || len(at) != 2 {
				t.Fatalf("%s: %v, looked %d times", name, err, len(at))
			}
			per := (at[late] - at[early]) / (late - early)
			if (per > most) != keep {
				t.Errorf("%s, rows kept %v: %d bytes a row, at most %d without them", name, keep, per, most)
			}
			runtime.KeepAlive(kept)
			if err := book.Close(); err != nil {
				t.Error(err)
			}
		}
	}
}

// alive gives the bytes that are in use after a collection.
func alive() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
