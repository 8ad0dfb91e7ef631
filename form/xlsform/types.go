package xlsform

import (
	"sort"
	"strings"
)

// kind says how a row takes part in the form.
type kind uint8

const (
	kindQuestion kind = iota
	kindGroup
	kindRepeat
	kindSelect
	kindMeta     // preloaded by the device; no control
	kindExternal // names a file as a secondary instance; no node
	kindAudit
	kindLoop
)

// qtype is a question type.
type qtype struct {
	name    string
	kind    kind
	control string   // body element, "" if the person never sees it
	bind    []string // attributes of the bind, pairs
	media   string   // mediatype of an upload
	hint    string   // shown where the author gives none
	params  []string // parameters accepted
}

func question(control, datatype string, params ...string) qtype {
	return qtype{control: control, bind: []string{"type", datatype}, params: params}
}

func upload(media string, params ...string) qtype {
	return qtype{control: "upload", bind: []string{"type", "binary"}, media: media, params: params}
}

func preload(datatype, how, what string) qtype {
	return qtype{kind: kindMeta, bind: []string{"type", datatype, "jr:preload", how, "jr:preloadParams", what}}
}

var geoParams = []string{"allow-mock-accuracy", "incremental", "reference-geometry"}

var types = map[string]qtype{
	"text":         question("input", "string", "rows"),
	"integer":      question("input", "int"),
	"decimal":      question("input", "decimal"),
	"note":         {control: "input", bind: []string{"type", "string", "readonly", "true()"}},
	"date":         question("input", "date"),
	"time":         question("input", "time"),
	"dateTime":     question("input", "dateTime"),
	"barcode":      question("input", "barcode"),
	"geopoint":     question("input", "geopoint", append([]string{"capture-accuracy", "warning-accuracy"}, geoParams...)...),
	"geotrace":     question("input", "geotrace", geoParams...),
	"geoshape":     question("input", "geoshape", geoParams...),
	"acknowledge":  question("trigger", "string"),
	"calculate":    question("", "string"),
	"hidden":       question("", "string"),
	"phone number": {control: "input", hint: "Enter numbers only.", bind: []string{"type", "string", "constraint", `regex(., '^\d*$')`}},
	"range":        question("range", "int", "start", "end", "step", "tick_interval", "placeholder", "tick_labelset"),
	"image":        upload("image/*", "max-pixels", "app"),
	"audio":        upload("audio/*", "quality"),
	"video":        upload("video/*"),
	"file":         upload("application/*"),
	"osm":          upload("osm/*"),

	"start-geopoint":      question("", "geopoint"),
	"background-geopoint": question("", "geopoint"),
	"background-audio":    {bind: []string{"type", "binary"}, params: []string{"quality"}},

	"select_one":      {kind: kindSelect, control: "select1", bind: []string{"type", "string"}, params: []string{"randomize", "seed", "value", "label"}},
	"select_multiple": {kind: kindSelect, control: "select", bind: []string{"type", "string"}, params: []string{"randomize", "seed", "value", "label"}},
	"rank":            {kind: kindSelect, control: "odk:rank", bind: []string{"type", "odk:rank"}, params: []string{"randomize", "seed", "value", "label"}},

	"start":            preload("dateTime", "timestamp", "start"),
	"end":              preload("dateTime", "timestamp", "end"),
	"today":            preload("date", "date", "today"),
	"deviceid":         preload("string", "property", "deviceid"),
	"username":         preload("string", "property", "username"),
	"email":            preload("string", "property", "email"),
	"phonenumber":      preload("string", "property", "phonenumber"),
	"simserial":        preload("string", "property", "simserial"),
	"subscriberid":     preload("string", "property", "subscriberid"),
	"uri:deviceid":     preload("string", "property", "uri:deviceid"),
	"uri:username":     preload("string", "property", "uri:username"),
	"uri:email":        preload("string", "property", "uri:email"),
	"uri:phonenumber":  preload("string", "property", "uri:phonenumber"),
	"uri:simserial":    preload("string", "property", "uri:simserial"),
	"uri:subscriberid": preload("string", "property", "uri:subscriberid"),

	"audit": {kind: kindAudit, params: []string{"location-priority", "location-min-interval", "location-max-age", "track-changes", "track-changes-reasons", "identify-user"}},

	"xml-external": {kind: kindExternal},
	"csv-external": {kind: kindExternal},
}

var typeAliases = map[string]string{
	"string": "text", "int": "integer", "int question": "integer", "decimal question": "decimal", "q string": "text", "q int": "integer",
	"q decimal": "decimal", "q date": "date", "q time": "time", "q datetime": "dateTime", "q image": "image", "q audio": "audio", "q video": "video",
	"q barcode": "barcode", "q geopoint": "geopoint", "q calculate": "calculate", "q note": "note", "q acknowledge": "acknowledge",
	"datetime": "dateTime", "photo": "image", "gps": "geopoint", "location": "geopoint", "q location": "geopoint", "gps prompt": "geopoint",
	"trigger": "acknowledge", "select1": "select_one", "select all that apply": "select_multiple", "imei": "deviceid", "device id": "deviceid",
	"deviceid": "deviceid", "get device id": "deviceid", "start time": "start", "end time": "end", "get start time": "start", "get end time": "end",
	"get today": "today", "get phone number": "phonenumber", "get sim id": "simserial", "sim id": "simserial",
	"get subscriber id": "subscriberid", "subscriber id": "subscriberid", "add note prompt": "note", "add text prompt": "text",
	"add integer prompt": "integer", "add decimal prompt": "decimal", "add date prompt": "date", "add time prompt": "time",
	"add date time prompt": "dateTime", "add dateTime prompt": "dateTime", "add datetime prompt": "dateTime", "add image prompt": "image",
	"add photo prompt": "image", "add audio prompt": "audio", "add video prompt": "video", "add barcode prompt": "barcode", "add file prompt": "file",
	"add location prompt": "geopoint", "add acknowledge prompt": "acknowledge", "add select one prompt using": "select_one",
	"add select multiple prompt using": "select_multiple", "number of days in last month": "integer", "number of days in last six months": "integer",
	"number of days in last year": "integer", "percentage": "integer", "phone number question": "text",
}

var selectWords = []struct{ word, typ string }{
	{"select_one_external", "select_one_external"},
	{"select one external", "select_one_external"},
	{"select_one_from_file", "select_one"},
	{"select one from file", "select_one"},
	{"select_multiple_from_file", "select_multiple"},
	{"select multiple from file", "select_multiple"},
	{"add select one prompt using", "select_one"},
	{"add select multiple prompt using", "select_multiple"},
	{"select all that apply from", "select_multiple"},
	{"select all that apply", "select_multiple"},
	{"select one from", "select_one"},
	{"select one using", "select_one"},
	{"select multiple from", "select_multiple"},
	{"select multiple using", "select_multiple"},
	{"select_one", "select_one"},
	{"select one", "select_one"},
	{"select1", "select_one"},
	{"select_multiple", "select_multiple"},
	{"select multiple", "select_multiple"},
	{"rank", "rank"},
	{"osm", "osm"},
}

// rowType is what the type cell of a row says.
type rowType struct {
	qtype
	list    string // choice list, file or ${repeat} of a select
	file    bool   // list is a file
	other   bool   // or_other
	extSel  bool   // select_one_external
	begin   bool
	end     bool
	unknown bool
}

var otherWords = []string{" or_other", " or other", " or specify other", " or specify_other"}

// parseType reads a type cell.
func parseType(s string) rowType {
	clean := strings.Join(strings.Fields(s), " ")
	low := strings.ToLower(clean)
	for _, p := range []struct {
		word       string
		begin, end bool
	}{{"begin", true, false}, {"end", false, true}} {
		rest, ok := strings.CutPrefix(low, p.word)
		if !ok || rest == "" || !strings.ContainsAny(rest[:1], " _") {
			continue
		}
		what, arg, _ := strings.Cut(strings.TrimLeft(rest, " _"), " ")
		t := rowType{begin: p.begin, end: p.end}
		switch strings.ToLower(what) {
		case "group", "lgroup":
			t.kind = kindGroup
		case "repeat", "looped", "loop":
			t.kind = kindRepeat
			if what == "loop" {
				t.kind = kindLoop
				arg = strings.TrimPrefix(arg, "over ")
				if i := strings.LastIndex(low, arg); arg != "" && i >= 0 {
					arg = clean[i:]
				}
				t.list = arg
			}
		default:
			t.unknown = true
		}
		t.name = map[kind]string{kindGroup: "group", kindRepeat: "repeat", kindLoop: "loop"}[t.kind]
		return t
	}
	for _, w := range selectWords {
		rest, ok := cutFold(clean, w.word)
		if !ok || (rest != "" && rest[0] != ' ') || (w.typ == "osm" && rest == "") {
			continue
		}
		t := rowType{list: strings.TrimSpace(rest), file: strings.Contains(w.word, "from_file") || strings.Contains(w.word, "from file")}
		for _, o := range otherWords {
			if cut, ok := strings.CutSuffix(strings.ToLower(" "+t.list), o); ok {
				t.list, t.other = strings.TrimSpace(t.list[:len(cut)-min(1, len(cut))]), true
				break
			}
		}
		if w.typ == "select_one_external" {
			t.qtype, t.extSel = types["select_one"], true
			t.control = "input"
		} else {
			t.qtype = types[w.typ]
		}
		t.name = w.typ
		return t
	}
	name := clean
	if _, ok := types[name]; !ok {
		if a, ok := typeAliases[low]; ok {
			name = a
		} else {
			name = low
		}
	}
	if q, ok := types[name]; ok {
		q.name = name
		return rowType{qtype: q}
	}
	return rowType{qtype: qtype{name: clean}, unknown: true}
}

func cutFold(s, prefix string) (string, bool) {
	if len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix) {
		return s[len(prefix):], true
	}
	return "", false
}

func typeNames() []string {
	m := map[string]string{"begin group": "", "end group": "", "begin repeat": "", "end repeat": "", "select_one_from_file": "", "select_multiple_from_file": ""}
	for k := range types {
		m[k] = ""
	}
	for k := range typeAliases {
		m[k] = ""
	}
	return names(m)
}

// Types names every question type that a form may have, once each and without groups.
func Types() []string {
	out := []string{"select_one_from_file", "select_multiple_from_file", "select_one_external"}
	for name := range types {
		out = append(out, name)
	}
	sort.Strings(out)
	return out
}
