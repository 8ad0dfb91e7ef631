package xform

import (
	"maps"
	"slices"
	"strconv"
	"unicode/utf8"
)

// The JSON of states, written by hand: on the phone it is made after every
// answer, and reflection would double the size of the program there.

// AppendJSON appends the JSON of n.
func (n *NodeState) AppendJSON(b []byte) []byte {
	b = appendField(b, `{"ref":`, n.Ref)
	b = appendField(b, `,"type":`, n.Type)
	b = appendField(b, `,"datatype":`, n.Datatype)
	b = appendField(b, `,"value":`, n.Value)
	b = strconv.AppendBool(append(b, `,"relevant":`...), n.Relevant)
	b = strconv.AppendBool(append(b, `,"required":`...), n.Required)
	b = strconv.AppendBool(append(b, `,"readonly":`...), n.Readonly)
	b = appendField(b, `,"label":`, n.Label)
	b = appendField(b, `,"hint":`, n.Hint)
	if n.Choices == nil {
		b = append(b, `,"choices":null`...)
	} else {
		b = appendChoices(append(b, `,"choices":`...), n.Choices)
	}
	b = strconv.AppendInt(append(b, `,"count":`...), int64(n.Count), 10)
	b = strconv.AppendBool(append(b, `,"fixed":`...), n.Fixed)
	if n.Error == nil {
		b = append(b, `,"error":null`...)
	} else {
		b = appendField(b, `,"error":{"rule":`, n.Error.Rule)
		b = append(appendField(b, `,"message":`, n.Error.Message), '}')
	}
	if n.Warning == nil {
		b = append(b, `,"warning":null`...)
	} else {
		b = appendField(b, `,"warning":{"message":`, n.Warning.Message)
		b = append(appendField(b, `,"reason":`, n.Warning.Reason), '}')
	}
	b = strconv.AppendBool(append(b, `,"prefilled":`...), n.Prefilled)
	b = appendField(b, `,"pii":`, n.PII)
	if t := n.Transcribed; t != nil {
		b = appendField(b, `,"transcribed":{"key":`, t.Key)
		b = appendField(b, `,"was":`, t.Was)
		b = strconv.AppendBool(append(b, `,"checked":`...), t.Checked)
		b = append(appendField(b, `,"reason":`, t.Reason), '}')
	}
	if n.Guidance != "" {
		b = appendField(b, `,"guidance":`, n.Guidance)
	}
	if len(n.Media) > 0 {
		b = AppendMap(append(b, `,"media":`...), n.Media)
	}
	if len(n.Tags) > 0 {
		b = append(b, `,"tags":[`...)
		for i, t := range n.Tags {
			b = appendField(comma(b, i), `{"key":`, t.Key)
			b = appendField(b, `,"label":`, t.Label)
			b = append(appendChoices(append(b, `,"choices":`...), t.Choices), '}')
		}
		b = append(b, ']')
	}
	if len(n.Ticks) > 0 {
		b = appendChoices(append(b, `,"ticks":`...), n.Ticks)
	}
	return append(b, '}')
}

func appendChoices(b []byte, list []Choice) []byte {
	b = append(b, '[')
	for i, c := range list {
		b = appendField(comma(b, i), `{"value":`, c.Value)
		b = appendField(b, `,"label":`, c.Label)
		if len(c.Media) > 0 {
			b = AppendMap(append(b, `,"media":`...), c.Media)
		}
		b = append(b, '}')
	}
	return append(b, ']')
}

// AppendStates appends a JSON list of states.
func AppendStates(b []byte, list []NodeState) []byte {
	b = append(b, '[')
	for i := range list {
		b = list[i].AppendJSON(comma(b, i))
	}
	return append(b, ']')
}

// AppendJSON appends the JSON of a reason.
func (r *Reason) AppendJSON(b []byte) []byte {
	b = appendField(b, `{"ref":`, r.Ref)
	b = appendField(b, `,"expr":`, r.Expr)
	return append(AppendStates(append(b, `,"reads":`...), r.Reads), '}')
}

// AppendJSON appends the JSON of a change.
func (c *Change) AppendJSON(b []byte) []byte {
	b = AppendStates(append(b, `{"changed":`...), c.Changed)
	b = appendStrings(append(b, `,"removed":`...), c.Removed)
	return append(b, '}')
}

// AppendFindings appends a JSON list of findings.
func AppendFindings(b []byte, list []Finding) []byte {
	b = append(b, '[')
	for i := range list {
		f := &list[i]
		b = appendField(comma(b, i), `{"ref":`, f.Ref)
		b = appendField(b, `,"rule":`, f.Rule)
		b = appendField(b, `,"severity":`, f.Severity)
		b = AppendMap(append(b, `,"message":`...), f.Message)
		b = appendField(b, `,"reason":`, f.Reason)
		if f.Detail != "" {
			b = appendField(b, `,"detail":`, f.Detail)
		}
		b = append(b, '}')
	}
	return append(b, ']')
}

// AppendJSON appends the JSON of a control and those in it.
func (c *Control) AppendJSON(b []byte) []byte {
	b = appendField(b, `{"ref":`, c.Ref)
	b = appendField(b, `,"type":`, c.Type)
	b = appendField(b, `,"datatype":`, c.Datatype)
	b = appendField(b, `,"appearance":`, c.Appearance)
	if c.Mediatype != "" {
		b = appendField(b, `,"mediatype":`, c.Mediatype)
	}
	if len(c.Attrs) > 0 {
		b = AppendMap(append(b, `,"attrs":`...), c.Attrs)
	}
	if c.Fixed {
		b = append(b, `,"fixed":true`...)
	}
	return append(AppendControls(append(b, `,"children":`...), c.Children), '}')
}

// AppendControls appends a JSON list of controls.
func AppendControls(b []byte, list []*Control) []byte {
	b = append(b, '[')
	for i, c := range list {
		b = c.AppendJSON(comma(b, i))
	}
	return append(b, ']')
}

// AppendJSON appends the JSON of the form as the phone sees it: id, version,
// title, languages and body.
func (f *Form) AppendJSON(b []byte) []byte {
	b = appendField(b, `{"id":`, f.id)
	b = appendField(b, `,"version":`, f.version)
	b = appendField(b, `,"title":`, f.title)
	b = appendStrings(append(b, `,"languages":`...), f.languages)
	return append(AppendControls(append(b, `,"body":`...), f.body), '}')
}

// AppendJSON appends the JSON of an error.
func (e *Error) AppendJSON(b []byte) []byte {
	b = appendField(b, `{"code":`, e.Code)
	b = appendField(b, `,"path":`, e.Path)
	b = appendField(b, `,"message":`, e.Msg)
	b = appendField(b, `,"message_en":`, e.MsgEN)
	return append(appendField(b, `,"detail":`, e.Detail), '}')
}

func comma(b []byte, i int) []byte {
	if i > 0 {
		return append(b, ',')
	}
	return b
}

func appendField(b []byte, name, v string) []byte { return AppendString(append(b, name...), v) }

func appendStrings(b []byte, list []string) []byte {
	b = append(b, '[')
	for i, s := range list {
		b = AppendString(comma(b, i), s)
	}
	return append(b, ']')
}

// AppendMap appends a JSON object of strings.
func AppendMap(b []byte, m map[string]string) []byte {
	b = append(b, '{')
	for i, k := range slices.Sorted(maps.Keys(m)) {
		b = append(AppendString(comma(b, i), k), ':')
		b = AppendString(b, m[k])
	}
	return append(b, '}')
}

// AppendString appends a JSON string.
func AppendString(b []byte, s string) []byte {
	const hex = "0123456789abcdef"
	b = append(b, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= 0x20 && c != '"' && c != '\\' && c < utf8.RuneSelf {
			i++
			continue
		}
		if c >= utf8.RuneSelf {
			r, n := utf8.DecodeRuneInString(s[i:])
			if r != utf8.RuneError || n > 1 {
				i += n
				continue
			}
			b = append(append(b, s[start:i]...), "\ufffd"...)
		} else {
			b = append(b, s[start:i]...)
			switch c {
			case '"', '\\':
				b = append(b, '\\', c)
			case '\n':
				b = append(b, '\\', 'n')
			default:
				b = append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
			}
		}
		i++
		start = i
	}
	return append(append(b, s[start:]...), '"')
}
