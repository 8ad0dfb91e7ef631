package xlsform

import (
	"sort"
	"strings"
)

// colKey is what a header cell means: the canonical name of a column ("label", "bind::relevant", "media::image") and the
// language of the text in it, "" where the header names none.
type colKey struct{ name, lang string }

// A cell of one row and one canonical column: plain text, texts by language, and where it stands.
type cell struct {
	plain string
	langs map[string]string
	order []string // languages as met
	at    place
}

func (c *cell) empty() bool { return c == nil || (c.plain == "" && len(c.langs) == 0) }

// any returns the plain text, else the first translation.
func (c *cell) any() string {
	if c == nil {
		return ""
	}
	if c.plain != "" || len(c.order) == 0 {
		return c.plain
	}
	return c.langs[c.order[0]]
}

// record is one row by canonical column.
type record struct {
	num   int
	sheet string
	cells map[string]*cell
	extra []string // canonical names in column order
}

func (r *record) text(name string) string { return r.cells[name].any() }

func (r *record) at(name string) place {
	if c := r.cells[name]; c != nil {
		return c.at
	}
	return place{sheet: r.sheet, row: r.num, column: name}
}

// grid is a sheet by canonical column.
type grid struct {
	sheet   string
	columns map[string]string // canonical name → header as written (the first)
	langs   []string          // languages of the headers, as met
	rows    []*record
}

func (g *grid) has(name string) bool { _, ok := g.columns[name]; return ok }

// canonical splits and cleans a header. aliases maps cleaned names to canonical ones.
func canonical(header string, aliases map[string]string) colKey {
	sep := "::"
	if !strings.Contains(header, sep) {
		sep = ":"
	}
	parts := strings.Split(header, sep)
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	if sep == ":" && len(parts) > 2 && parts[1] == "jr" { // bind:jr:constraintMsg
		parts = append([]string{parts[0], "jr:" + parts[2]}, parts[3:]...)
	}
	if sep == ":" && len(parts) == 2 && parts[0] == "jr" {
		parts = []string{"jr:" + parts[1]}
	}
	first := strings.ToLower(strings.Join(strings.Fields(parts[0]), "_"))
	rest := parts[1:]
	switch first {
	case "control":
		first = "body"
	case "bind", "body", "media", "instance", "attribute":
	default:
		if c, ok := aliases[first]; ok {
			first = c
		}
		return colKey{name: first, lang: strings.Join(rest, sep)}
	}
	if len(rest) == 0 {
		return colKey{name: first}
	}
	name := first + "::" + rest[0]
	if c, ok := aliases[strings.ToLower(name)]; ok {
		name = c
	}
	return colKey{name: name, lang: strings.Join(rest[1:], sep)}
}

var surveyAliases = map[string]string{
	"type": "type", "command": "type", "name": "name", "tag": "name", "caption": "label", "label": "label", "hint": "hint",
	"guidance_hint": "guidance_hint", "default": "default", "trigger": "trigger", "choice_filter": "choice_filter",
	"parameters": "parameters", "parameter": "parameters", "save_to": "save_to", "bind::entities:saveto": "save_to",
	"relevant": "bind::relevant", "relevance": "bind::relevant",
	"constraint": "bind::constraint", "required": "bind::required",
	"readonly": "bind::readonly", "read_only": "bind::readonly",
	"calculation": "bind::calculate", "calculate": "bind::calculate", "bind::calculation": "bind::calculate",
	"bind::relevance": "bind::relevant", "bind::read_only": "bind::readonly",
	"constraint_message": "bind::jr:constraintMsg", "constraint_msg": "bind::jr:constraintMsg",
	"bind::constraintmsg": "bind::jr:constraintMsg", "bind::jr:constraintmsg": "bind::jr:constraintMsg",
	"required_message": "bind::jr:requiredMsg", "requiredmsg": "bind::jr:requiredMsg",
	"bind::requiredmsg": "bind::jr:requiredMsg", "bind::jr:requiredmsg": "bind::jr:requiredMsg",
	"noapperrorstring": "bind::jr:noAppErrorString", "no_app_error_string": "bind::jr:noAppErrorString",
	"appearance": "body::appearance", "repeat_count": "body::jr:count", "count": "body::jr:count", "jr:count": "body::jr:count",
	"rows": "body::rows", "autoplay": "body::autoplay", "intent": "body::intent",
	"image": "media::image", "audio": "media::audio", "video": "media::video", "big-image": "media::big-image", "big_image": "media::big-image",
	"sms_field": "sms_field", "sms_option": "sms_option", "sms_separator": "sms_separator", "sms_allow_media": "sms_allow_media",
	"sms_date_format": "sms_date_format", "sms_datetime_format": "sms_datetime_format", "sms_response": "sms_response",
	"compact_tag": "instance::odk:tag", "query": "query", "disabled": "disabled",
}

var choicesAliases = map[string]string{
	"list_name": "list_name", "list": "list_name", "name": "name", "value": "name", "caption": "label", "label": "label",
	"image": "media::image", "audio": "media::audio", "video": "media::video", "big-image": "media::big-image",
}

var settingsAliases = map[string]string{
	"form_title": "form_title", "title": "form_title", "set_form_title": "form_title",
	"form_id": "form_id", "id_string": "form_id", "set_form_id": "form_id",
	"version": "version", "default_language": "default_language", "style": "style", "public_key": "public_key",
	"submission_url": "submission_url", "auto_send": "auto_send", "auto_delete": "auto_delete", "instance_name": "instance_name",
	"instance_xmlns": "instance_xmlns", "namespaces": "namespaces", "name": "name", "prefix": "prefix", "delimiter": "delimiter",
	"allow_choice_duplicates": "allow_choice_duplicates", "clean_text_values": "clean_text_values",
	"omit_instanceid": "omit_instanceID", "add_none_option": "add_none_option", "client_editable": "client_editable",
	"sms_keyword": "sms_keyword", "sms_separator": "sms_separator", "sms_allow_media": "sms_allow_media",
	"sms_date_format": "sms_date_format", "sms_datetime_format": "sms_datetime_format", "sms_response": "sms_response",
}

var problemAliases = aliasesOf("code", "label", "category", "sector", "condition", "severity", "due_days", "responsible")

var indicatorAliases = aliasesOf("name", "label", "calculation", "unit")

func aliasesOf(names ...string) map[string]string {
	m := map[string]string{}
	for _, n := range names {
		m[n] = n
	}
	return m
}

// names lists the canonical and the other spellings of a table, for 'did you mean'.
func names(aliases map[string]string) []string {
	out := make([]string, 0, len(aliases))
	for k := range aliases {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}

// gridOf reads a sheet by canonical column. Two headers with one meaning are an error; headers that nobody knows are a
// warning unless extraOK (choices may have columns of their own, for filters).
func (r *report) gridOf(s *Sheet, aliases map[string]string, extraOK bool) *grid {
	g := &grid{sheet: s.Name, columns: map[string]string{}}
	keys := make([]colKey, len(s.Columns))
	seen := map[colKey]string{}
	for i, c := range s.Columns {
		k := canonical(c.Header, aliases)
		at := place{s.Name, c.Row, c.Header}
		_, known := aliases[strings.ToLower(k.name)]
		group, _, isGroup := strings.Cut(k.name, "::")
		if !known && isGroup {
			known = group != "media" || validMedia[k.name]
		}
		if !known && !isCanonical(aliases, k.name) {
			if extraOK { // a column of the author's own
				k = colKey{name: c.Header}
			} else {
				r.warn(at, "xlsform.unknown_column", "column", c.Header).meant(first(k.name), names(aliases))
			}
		}
		if other, dup := seen[k]; dup {
			sev := SeverityError
			if _, settings := aliases["form_id"]; settings {
				sev = SeverityWarning
			}
			r.add(sev, at, "xlsform.same_column", "column", c.Header, "other", other)
			if c.Header != k.name {
				continue
			}
			for j := range i { // the proper name wins over its other spellings
				if keys[j] == k {
					keys[j] = colKey{}
				}
			}
		}
		seen[k] = c.Header
		if _, ok := g.columns[k.name]; !ok {
			g.columns[k.name] = c.Header
		}
		if k.lang != "" && !contains(g.langs, k.lang) {
			g.langs = append(g.langs, k.lang)
		}
		keys[i] = k
	}
	for _, row := range s.Rows {
		rec := &record{num: row.Num, sheet: s.Name, cells: map[string]*cell{}}
		for i, v := range row.Cells {
			if v == "" || keys[i].name == "" {
				continue
			}
			c := rec.cells[keys[i].name]
			if c == nil {
				c = &cell{at: place{s.Name, row.Num, s.Columns[i].Header}}
				rec.cells[keys[i].name] = c
				rec.extra = append(rec.extra, keys[i].name)
			}
			if keys[i].lang == "" {
				c.plain = v
				continue
			}
			if c.langs == nil {
				c.langs = map[string]string{}
			}
			c.langs[keys[i].lang] = v
			c.order = append(c.order, keys[i].lang)
		}
		g.rows = append(g.rows, rec)
	}
	return g
}

var validMedia = map[string]bool{"media::image": true, "media::audio": true, "media::video": true, "media::big-image": true}

func isCanonical(aliases map[string]string, name string) bool {
	for _, v := range aliases {
		if v == name {
			return true
		}
	}
	return false
}

func first(s string) string { f, _, _ := strings.Cut(s, "::"); return f }

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}
