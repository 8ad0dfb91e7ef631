//go:build js

package xlsform

// readXLSX refuses: the program for the phone is kept small and gets its forms as XForms.
func readXLSX(*Workbook, []byte) error { return readError("xlsform.format", nil, "ext", ".xlsx") }
