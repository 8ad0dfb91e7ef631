package xlsform

import (
	"encoding/csv"
	"errors"
	"io"
	"strings"
)

// readCSV reads the layout in which a row with only its first cell filled names a sheet, and the sheet's rows follow with
// an empty first cell. A file without such rows is one survey sheet.
func readCSV(wb *Workbook, src string) error {
	r := csv.NewReader(strings.NewReader(src))
	r.FieldsPerRecord = -1
	r.LazyQuotes = true
	var (
		q     quota
		sheet *Sheet
		at    []int
		plain bool
	)
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return readError("xlsform.damaged", err)
		}
		num, _ := r.FieldPos(0)
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		if err := q.take(cells); err != nil {
			return err
		}
		name, ok := sheetRow(cells)
		switch {
		case ok && !plain:
			sheet, at = wb.sheet(name), nil
		case sheet == nil:
			sheet, plain = wb.sheet("survey"), true
			at = sheet.table(num, cells)
		case plain:
			sheet.add(num, at, cells)
		case at == nil && len(cells) > 1:
			at = sheet.table(num, cells[1:])
		case len(cells) > 1:
			sheet.add(num, at, cells[1:])
		}
	}
}
