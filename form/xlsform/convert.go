package xlsform

import (
	"bytes"
	"strings"
)

// Result is a converted form. XForm is nil when there were errors.
type Result struct {
	XForm      []byte
	FormID     string
	Version    string
	Title      string
	Problems   []Problem   // sheet problems; for the server only
	Indicators []Indicator // sheet indicators; for the server only
}

// Problem is a rule: when Condition holds for a household's answers, its ledger gets an item.
type Problem struct {
	Code        string
	Label       map[string]string // by language tag ("zh"); "" where the header names no language
	Category    string            // 住房安全 …
	Sector      string            // 住建 … : the department that answers for it
	Condition   string            // XPath over the instance, absolute paths; may hold $threshold names
	Severity    string
	DueDays     int // working days, 0: the playbook's default
	Responsible string
	Row         int // where it is written
}

// Indicator is a figure per household that is added up by area.
type Indicator struct {
	Name        string
	Label       map[string]string
	Calculation string // XPath over the instance, absolute paths; may hold $threshold names
	Unit        string // household or person
	Row         int
}

// Convert turns a workbook into an XForm. All mistakes are reported in one run, in the order of the sheets; with an
// error among them (HasErrors) Result.XForm is nil, the rest of Result holds what could be read.
func Convert(wb *Workbook) (*Result, []Diagnostic) {
	c := &conv{wb: wb, byName: map[string][]*node{}, lists: map[string]*list{}, itext: newItext()}
	res := &Result{}
	c.sheetNames()
	s := wb.Sheet("survey")
	if s == nil {
		d := c.rep.error(place{}, "xlsform.no_survey")
		d.meant("survey", c.strays())
		return res, c.rep.sorted(wb)
	}
	c.readSettings()
	res.FormID, res.Version, res.Title = c.formID, c.setting("version"), c.title
	c.survey = c.rep.gridOf(s, surveyAliases, false)
	if !c.survey.has("type") {
		c.rep.error(place{s.Name, headRow(s), ""}, "xlsform.no_column", "column", "type")
		return res, c.rep.sorted(wb)
	}
	c.readChoices()
	c.readTree()
	if c.nodes > maxNodes {
		return res, c.rep.sorted(wb)
	}
	c.checkTree()
	c.readEntities()
	x := c.xform()
	c.readServerSheets(res)
	ds := c.rep.sorted(wb)
	if !HasErrors(ds) {
		var b bytes.Buffer
		b.WriteString("<?xml version=\"1.0\"?>\n")
		x.write(&b, 0, false)
		res.XForm = b.Bytes()
	}
	return res, ds
}

func headRow(s *Sheet) int {
	if len(s.Columns) == 0 {
		return 0
	}
	return s.Columns[0].Row
}

// conv is one conversion.
type conv struct {
	wb       *Workbook
	rep      report
	survey   *grid
	settings *record
	formID   string
	title    string
	rootName string
	defLang  string // language of texts whose header names none, once anything is translated
	root     *node
	byName   map[string][]*node
	lists    map[string]*list
	order    []string // lists as met
	itext    *itext
	external []*elem           // secondary instances from files
	extSeen  map[string]string // id → src
	extRows  map[string]bool   // ids that rows xml-external and csv-external have brought in
	nodes    int               // copied by loops
	files    map[string]bool   // ids of instances from files, see fileInstance
	lastSave bool
	audit    *node
	entities []*entity
	entityAt map[*node]*entity
	usedNS   map[string]bool
}

var sheetAll = []string{"survey", "choices", "settings", "external_choices", "entities", "osm", "indicators", "problems"}

func knownSheet(name string) bool { return contains(sheetAll, name) }

// strays lists the sheets that nobody knows.
func (c *conv) strays() []string {
	var out []string
	for _, s := range c.wb.Sheets {
		if !knownSheet(strings.ToLower(strings.TrimSpace(s.Name))) && !strings.HasPrefix(s.Name, "_") {
			out = append(out, s.Name)
		}
	}
	return out
}

// sheetNames warns of a sheet that looks like a known one that is missing; other sheets are the author's own.
func (c *conv) sheetNames() {
	for _, name := range c.strays() {
		var missing []string
		for _, k := range sheetAll {
			if c.wb.Sheet(k) == nil {
				missing = append(missing, k)
			}
		}
		if best := nearest(strings.ToLower(name), missing); best != "" {
			c.rep.warn(place{sheet: name}, "xlsform.unknown_sheet", "sheet", name).meant(name, missing)
		}
	}
}

func (c *conv) setting(name string) string {
	if c.settings == nil {
		return ""
	}
	return c.settings.text(name)
}

func (c *conv) settingYes(name string) bool {
	switch strings.ToLower(c.setting(name)) {
	case "yes", "true", "true()", "1":
		return true
	}
	return false
}

func (c *conv) readSettings() {
	if s := c.wb.Sheet("settings"); s != nil {
		g := c.rep.gridOf(s, settingsAliases, false)
		if len(g.rows) > 0 {
			c.settings = g.rows[0]
		}
		for _, extra := range g.rows[min(1, len(g.rows)):] {
			c.rep.warn(place{s.Name, extra.num, ""}, "xlsform.extra_settings")
		}
	}
	fallback := c.wb.Name
	if fallback == "" {
		fallback = "data"
	}
	c.formID = or(c.setting("form_id"), fallback)
	c.title = or(c.setting("form_title"), c.formID)
	c.rootName = or(c.setting("name"), or(c.wb.Root, "data"))
	c.defLang = or(c.setting("default_language"), "default")
	c.usedNS, c.extSeen, c.extRows = map[string]bool{}, map[string]string{}, map[string]bool{}
	if !validName(c.rootName) {
		at := place{}
		if c.settings != nil {
			at = c.settings.at("name")
		}
		c.rep.error(at, "xlsform.bad_name", "name", c.rootName)
	}
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// validName: an XML name, without colon unless it is one prefix.
func validName(s string) bool {
	parts := strings.Split(s, ":")
	if len(parts) > 2 {
		return false
	}
	for _, p := range parts {
		if !validNCName(p) {
			return false
		}
	}
	return true
}

func validNCName(s string) bool {
	for i, r := range s {
		letter := r == '_' || (r >= 'a' && r <= 'z') || (r >= 'A' && r <= 'Z') || (r >= 0xC0 && r != 0xD7 && r != 0xF7 && r < 0x2000) ||
			(r >= 0x2070 && r <= 0x218F) || (r >= 0x2C00 && r <= 0x2FEF) || (r >= 0x3001 && r <= 0xD7FF) ||
			(r >= 0xF900 && r <= 0xFDCF) || (r >= 0xFDF0 && r <= 0xFFFD) || (r >= 0x10000 && r <= 0xEFFFF)
		if letter {
			continue
		}
		if i > 0 && (r == '-' || r == '.' || (r >= '0' && r <= '9') || r == 0xB7) {
			continue
		}
		return false
	}
	return s != ""
}

// straight makes typographic quotes plain; for expressions only.
var straight = strings.NewReplacer("‘", "'", "’", "'", "“", `"`, "”", `"`)
