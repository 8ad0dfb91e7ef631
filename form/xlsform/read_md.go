package xlsform

import "strings"

// readMarkdown reads pipe tables. A heading of level one or two whose text is one word names a sheet until the next such
// heading; the tables under it, each with its own header row, make that sheet together.
// Prose is ignored. The older spelling, where a row `| survey | | |` names the sheet and the rows under it have an
// empty first cell, is read too.
func readMarkdown(wb *Workbook, src string) error {
	var (
		q     quota
		sheet *Sheet
		named string // by the heading; the sheet is made when a table follows
		at    []int  // columns of the running table, nil between tables
		inner bool   // older spelling: the first cell of each row is the sheet's column
	)
	for i, line := range strings.Split(src, "\n") {
		line = strings.TrimSpace(line)
		num := i + 1
		if lv := headingLevel(line); lv > 0 {
			title := strings.ToLower(strings.Trim(line, "# \t"))
			if lv <= 2 || knownSheet(title) {
				sheet, named, inner = nil, "", false
				if title != "" && !strings.ContainsAny(title, " \t|") {
					named = title
				}
			}
			at = nil
			continue
		}
		if !strings.HasPrefix(line, "|") {
			if line != "" || !inner {
				at = nil
			}
			continue
		}
		cells := splitPipes(line)
		if err := q.take(cells); err != nil {
			return err
		}
		if ruler(cells) {
			continue
		}
		if name, ok := sheetRow(cells); ok && named == "" && (sheet == nil || inner) {
			sheet, at, inner = wb.sheet(name), nil, true
			continue
		}
		if sheet == nil {
			if named == "" {
				continue
			}
			sheet = wb.sheet(named)
		}
		if inner {
			cells = cells[1:]
		}
		if at == nil {
			at = sheet.table(num, cells)
			continue
		}
		sheet.add(num, at, cells)
	}
	return nil
}

func headingLevel(line string) int {
	n := 0
	for n < len(line) && line[n] == '#' {
		n++
	}
	if n == 0 || n > 6 || n == len(line) || line[n] != ' ' {
		return 0
	}
	return n
}

// sheetRow recognises `| survey | | |`: one word in the first cell and nothing else.
func sheetRow(cells []string) (string, bool) {
	if cells[0] == "" {
		return "", false
	}
	for _, c := range cells[1:] {
		if c != "" {
			return "", false
		}
	}
	return cells[0], true
}

// ruler recognises the line under a header row: |---|:---:|.
func ruler(cells []string) bool {
	some := false
	for _, c := range cells {
		if strings.Trim(c, "-: ") != "" {
			return false
		}
		some = some || strings.Contains(c, "---")
	}
	return some
}

// splitPipes cuts `| a | b \| c |` into its trimmed cells.
func splitPipes(line string) []string {
	line = strings.TrimPrefix(line, "|")
	var (
		cells []string
		b     strings.Builder
	)
	for i := 0; i < len(line); i++ {
		switch {
		case line[i] == '\\' && i+1 < len(line) && line[i+1] == '|':
			b.WriteByte('|')
			i++
		case line[i] == '|':
			cells = append(cells, strings.TrimSpace(b.String()))
			b.Reset()
		default:
			b.WriteByte(line[i])
		}
	}
	if rest := strings.TrimSpace(b.String()); rest != "" || len(cells) == 0 {
		cells = append(cells, rest)
	}
	return cells
}
