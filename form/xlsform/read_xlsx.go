//go:build !js

package xlsform

import (
	"bytes"
	"strings"

	"github.com/xuri/excelize/v2"
)

// readXLSX reads the first rows of every sheet as header and the rest as rows, row by row, so that an emptied sheet of a
// million rows costs time but no memory. Formulas give the value that was stored with them.
func readXLSX(wb *Workbook, src []byte) (err error) {
	defer func() { // the library panics on some damaged files
		if p := recover(); p != nil {
			err = readError("xlsform.damaged", nil)
		}
	}()
	f, err := excelize.OpenReader(bytes.NewReader(src), excelize.Options{
		UnzipSizeLimit:    maxUnzip,
		UnzipXMLSizeLimit: 8 << 20,
		RawCellValue:      true,
	})
	if err != nil {
		if strings.Contains(err.Error(), "unzip size") {
			return readError("xlsform.too_large", err, "what", "128 MB")
		}
		return readError("xlsform.damaged", err)
	}
	defer func() { _ = f.Close() }()
	var q quota
	for _, name := range f.GetSheetList() {
		if err := readXLSXSheet(wb, f, name, &q); err != nil {
			return err
		}
	}
	return nil
}

func readXLSXSheet(wb *Workbook, f *excelize.File, name string, q *quota) error {
	rows, err := f.Rows(name)
	if err != nil {
		return readError("xlsform.damaged", err)
	}
	defer func() { _ = rows.Close() }()
	var (
		sheet = wb.sheet(name)
		at    []int
	)
	for num := 1; rows.Next(); num++ {
		cells, err := rows.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			return readError("xlsform.damaged", err)
		}
		if err := q.take(cells); err != nil {
			return err
		}
		switch {
		case at != nil:
			sheet.add(num, at, cells)
		case strings.TrimSpace(strings.Join(cells, "")) != "":
			at = sheet.table(num, cells)
		}
	}
	if err := rows.Error(); err != nil {
		return readError("xlsform.damaged", err)
	}
	return nil
}
