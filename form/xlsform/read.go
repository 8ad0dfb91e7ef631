package xlsform

import (
	"fmt"
	"path"
	"strings"
	"unicode/utf8"
)

// Limits of one workbook. A questionnaire of a thousand questions is far below them; what is above is a mistake or an
// attack (a million empty rows, a zip bomb).
const (
	maxBytes = 16 << 20  // of the file
	maxUnzip = 128 << 20 // of an .xlsx when unpacked
	maxRows  = 50_000    // with something in them, per workbook
	maxCols  = 1_000     // per sheet
	maxCells = 2_000_000 // per workbook
	maxBlank = 1_100_000 // empty rows skipped, per workbook (a full .xlsx sheet has 1,048,576)
)

// ReadError says why a file can't be read as a workbook. Code is one of xlsform.format, xlsform.too_large,
// xlsform.damaged, xlsform.encoding, xlsform.no_sheet.
type ReadError struct {
	Code    string
	Message Text
	Err     error
}

func (e *ReadError) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("%s: %v", e.Message.EN, e.Err)
	}
	return e.Message.EN
}

func (e *ReadError) Unwrap() error { return e.Err }

func readError(code string, cause error, kv ...string) *ReadError {
	return &ReadError{Code: code, Message: message(code, kv...), Err: cause}
}

// Read reads a workbook; the ending of name decides how: .xlsx, .csv, or .md (Markdown tables). Errors are *ReadError.
func Read(name string, src []byte) (*Workbook, error) {
	if len(src) > maxBytes {
		return nil, readError("xlsform.too_large", nil, "what", fmt.Sprintf("%d MB", maxBytes>>20))
	}
	wb := &Workbook{Name: stem(name)}
	var err error
	switch ext := strings.ToLower(path.Ext(name)); ext {
	case ".xlsx", ".xlsm":
		err = readXLSX(wb, src)
	case ".csv":
		err = readText(wb, src, readCSV)
	case ".md", ".txt":
		err = readText(wb, src, readMarkdown)
	default:
		err = readError("xlsform.format", nil, "ext", ext)
	}
	if err != nil {
		return nil, err
	}
	if len(wb.Sheets) == 0 {
		return nil, readError("xlsform.no_sheet", nil)
	}
	return wb, nil
}

func readText(wb *Workbook, src []byte, f func(*Workbook, string) error) error {
	if !utf8.Valid(src) {
		return readError("xlsform.encoding", nil)
	}
	return f(wb, strings.TrimPrefix(string(src), "\ufeff"))
}

// sheet returns the workbook's sheet of that name, making it if it is new.
func (wb *Workbook) sheet(name string) *Sheet {
	if s := wb.Sheet(name); s != nil {
		return s
	}
	s := &Sheet{Name: name}
	wb.Sheets = append(wb.Sheets, s)
	return s
}

// quota counts what a reader has taken in, so that no file can make it take in more.
type quota struct{ rows, cells, blank int }

func (q *quota) take(cells []string) error {
	q.cells += len(cells)
	empty := true
	for _, c := range cells {
		if c != "" {
			empty = false
			break
		}
	}
	if empty {
		q.blank++
	} else {
		q.rows++
	}
	switch {
	case q.rows > maxRows:
		return readError("xlsform.too_large", nil, "what", fmt.Sprintf("%d rows", maxRows))
	case len(cells) > maxCols:
		return readError("xlsform.too_large", nil, "what", fmt.Sprintf("%d columns", maxCols))
	case q.cells > maxCells:
		return readError("xlsform.too_large", nil, "what", fmt.Sprintf("%d cells", maxCells))
	case q.blank > maxBlank:
		return readError("xlsform.too_large", nil, "what", fmt.Sprintf("%d empty rows", maxBlank))
	}
	return nil
}
