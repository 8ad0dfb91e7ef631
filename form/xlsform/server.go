package xlsform

import (
	"regexp"
	"strconv"
	"strings"
)

// readServerSheets reads indicators and problems.
func (c *conv) readServerSheets(res *Result) {
	if s := c.wb.Sheet("indicators"); s != nil {
		g := c.rep.gridOf(s, indicatorAliases, false)
		seen := map[string]int{}
		for _, r := range g.rows {
			c.need(g, r, seen, "name", "calculation", "unit")
			if u := r.text("unit"); u != "" && u != "household" && u != "person" {
				c.rep.error(r.at("unit"), "xlsform.bad_unit", "unit", u)
			}
			res.Indicators = append(res.Indicators, Indicator{
				Name: r.text("name"), Label: labels(r.cells["label"]), Calculation: c.serverExpr(r, "calculation"),
				Unit: r.text("unit"), Row: r.num,
			})
		}
	}
	if s := c.wb.Sheet("problems"); s != nil {
		g := c.rep.gridOf(s, problemAliases, false)
		seen := map[string]int{}
		for _, r := range g.rows {
			c.need(g, r, seen, "code", "label", "condition", "severity")
			p := Problem{
				Code: r.text("code"), Label: labels(r.cells["label"]), Category: r.text("category"), Sector: r.text("sector"),
				Condition: c.serverExpr(r, "condition"), Severity: r.text("severity"), Responsible: r.text("responsible"), Row: r.num,
			}
			if d := r.text("due_days"); d != "" {
				n, err := strconv.Atoi(d)
				if err != nil || n < 0 || n > 1000 {
					c.rep.error(r.at("due_days"), "xlsform.bad_days", "value", d)
				}
				p.DueDays = n
			}
			res.Problems = append(res.Problems, p)
		}
	}
}

// need reports empty cells that must not be, and a key (the first of the columns) used twice.
func (c *conv) need(g *grid, r *record, seen map[string]int, cols ...string) {
	for _, col := range cols {
		if r.cells[col].empty() {
			c.rep.error(place{g.sheet, r.num, or(g.columns[col], col)}, "xlsform.empty_cell", "column", col)
		}
	}
	key := r.text(cols[0])
	if key == "" {
		return
	}
	if row, dup := seen[key]; dup {
		c.rep.error(r.at(cols[0]), "xlsform.same_name", "name", key, "row", itoa(row))
		return
	}
	seen[key] = r.num
}

// varRE finds $name, a threshold of the playbook.
var varRE = regexp.MustCompile(`\$([A-Za-z_]\w*)`)

// serverExpr is an expression over the whole instance; thresholds stay as they are written.
func (c *conv) serverExpr(r *record, col string) string {
	cl := r.cells[col]
	if cl.empty() {
		return ""
	}
	out := strings.TrimSpace(c.sub(straight.Replace(cl.any()), nil, cl.at, false))
	c.compile(varRE.ReplaceAllString(out, "1"), cl.at)
	return out
}

// Thresholds returns the names that an expression takes from the playbook: income_line for $income_line.
func Thresholds(expr string) []string {
	var out []string
	for _, m := range varRE.FindAllStringSubmatch(expr, -1) {
		if !contains(out, m[1]) {
			out = append(out, m[1])
		}
	}
	return out
}

// FillThresholds puts values for the thresholds of an expression. A name that values lacks stays, and is then not XPath
// that can be evaluated.
func FillThresholds(expr string, values map[string]string) string {
	return varRE.ReplaceAllStringFunc(expr, func(m string) string {
		if v, ok := values[m[1:]]; ok {
			return v
		}
		return m
	})
}

var tagRE = regexp.MustCompile(`\(([A-Za-z]{2,3}(?:-[A-Za-z0-9]+)*)\)\s*$`)

// langTag is the tag in brackets at the end of a language's name, or the name: "中文 (zh)" → "zh".
func langTag(lang string) string {
	if m := tagRE.FindStringSubmatch(lang); m != nil {
		return strings.ToLower(m[1])
	}
	return lang
}

func labels(c *cell) map[string]string {
	if c == nil {
		return nil
	}
	m := map[string]string{}
	if c.plain != "" {
		m[""] = c.plain
	}
	for lang, s := range c.langs {
		m[langTag(lang)] = s
	}
	return m
}
