// Package xlsform turns an XLSForm workbook, the table that a form's author writes, into the XForm XML that package
// xform runs.
//
//	wb, err := xlsform.Read("registered.md", src)   // .xlsx, .csv or Markdown tables
//	res, diags := xlsform.Convert(wb)               // res.XForm is the form; diags are the author's mistakes
//
// A workbook has the sheets survey (one row per question), choices, settings and, beyond the standard, indicators and
// problems. The last two are for the server alone: they come back as typed values and never enter the XForm, because
// what makes a household's problem is not to be seen on the phone.
//
// All mistakes are found in one run. A Diagnostic names sheet, row and column, says in Chinese and English what is wrong
// and, where a name is close to a known one, what was probably meant. Rows are numbered as the author sees them: the row
// of the spreadsheet, the line of the text file.
//
// The conventions (type names, column aliases, the XML produced) are those of the XLSForm reference converter, so that a
// form written elsewhere loads here and ours load elsewhere. A deliberate difference: typographic quotes are made
// straight in expressions only, because in Chinese labels they are the right ones.
//
// Nothing here reads a clock, a file or the network.
package xlsform
