package submission

import (
	"bytes"
	"errors"
	"unicode/utf8"

	"ruhu/form/collect"
)

// Header is what intake must know of an instance before the form engine reads it.
type Header struct {
	InstanceID   string   // text of meta/instanceID, trimmed; "" when there is none
	DeprecatedID string   // text of meta/deprecatedID: the instance that another app edited
	FormID       string   // attribute id of the root element
	Version      string   // attribute version of the root element
	Capture      string   // text of meta/capture as far as it is known: "paper"; "" otherwise
	Visit        string   // text of ruhu_visit/household: the assignment that was chosen in another app
	Files        []string // upload answers: "<sha256>.<ext>", each once, in document order
}

// Limits of the scanner. They bound its work, not what is stored: an instance beyond them is quarantined.
const (
	maxDepth     = 64
	maxFiles     = 100
	maxTextInID  = 200
	digestLength = 64
)

var (
	errNotXML  = errors.New("not well-formed XML")
	errDoctype = errors.New("document type declarations and entities are refused")
	errDeep    = errors.New("nested too deeply")
)

// Scan reads the header of an instance in one pass without building a tree. It checks nesting, not every rule of XML: the form
// engine does that later. Document types are refused, so there are no entities to expand.
func Scan(src []byte) (Header, error) {
	var h Header
	var stack [maxDepth][]byte
	depth, roots := 0, 0
	for {
		lt := bytes.IndexByte(src, '<')
		if lt < 0 {
			break
		}
		text := src[:lt]
		src = src[lt:]
		switch {
		case bytes.HasPrefix(src, []byte("<?")):
			if !skip(&src, "?>") {
				return h, errNotXML
			}
		case bytes.HasPrefix(src, []byte("<!--")):
			if !skip(&src, "-->") {
				return h, errNotXML
			}
		case bytes.HasPrefix(src, []byte("<![CDATA[")):
			if !skip(&src, "]]>") {
				return h, errNotXML
			}
		case bytes.HasPrefix(src, []byte("<!")):
			return h, errDoctype
		case bytes.HasPrefix(src, []byte("</")):
			gt := bytes.IndexByte(src, '>')
			if gt < 0 || depth == 0 || !bytes.Equal(bytes.TrimRight(src[2:gt], " \t\r\n"), stack[depth-1]) {
				return h, errNotXML
			}
			h.leaf(stack[:depth], text)
			depth--
			src = src[gt+1:]
		default:
			tag, rest, ok := cutTag(src)
			if !ok {
				return h, errNotXML
			}
			src = rest
			empty := tag[len(tag)-1] == '/'
			name := tagName(tag)
			if len(name) == 0 {
				return h, errNotXML
			}
			if depth == 0 {
				roots++
				h.FormID, h.Version = attr(tag, "id"), attr(tag, "version")
			}
			if empty {
				continue
			}
			if depth == maxDepth {
				return h, errDeep
			}
			stack[depth] = name
			depth++
		}
	}
	if depth != 0 || roots != 1 {
		return h, errNotXML
	}
	return h, nil
}

// leaf looks at the text before an end tag.
func (h *Header) leaf(path [][]byte, text []byte) {
	text = bytes.TrimSpace(text)
	if len(text) == 0 {
		return
	}
	if h.InstanceID == "" && len(path) == 3 && string(local(path[2])) == "instanceID" && string(local(path[1])) == "meta" {
		if len(text) <= maxTextInID && printable(text) {
			h.InstanceID = string(text)
		}
		return
	}
	if len(path) == 3 && string(local(path[2])) == "deprecatedID" && string(local(path[1])) == "meta" {
		if len(text) <= maxTextInID && printable(text) {
			h.DeprecatedID = string(text)
		}
		return
	}
	if len(path) == 3 && "/"+string(path[1])+"/"+string(path[2]) == collect.Visit {
		if len(text) <= maxTextInID && printable(text) {
			h.Visit = string(text)
		}
		return
	}
	if len(path) == 3 && string(local(path[2])) == "capture" && string(local(path[1])) == "meta" {
		if string(text) == CapturePaper {
			h.Capture = CapturePaper
		}
		return
	}
	if fileName(text) && len(h.Files) < maxFiles {
		for _, f := range h.Files {
			if f == string(text) {
				return
			}
		}
		h.Files = append(h.Files, string(text))
	}
}

// fileName reports whether an answer names a file by its digest: 64 hex digits, a dot, a short extension.
func fileName(b []byte) bool {
	if len(b) < digestLength+2 || len(b) > digestLength+9 || b[digestLength] != '.' {
		return false
	}
	for _, c := range b[:digestLength] {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	for _, c := range b[digestLength+1:] {
		if (c < '0' || c > '9') && (c < 'a' || c > 'z') {
			return false
		}
	}
	return true
}

func skip(src *[]byte, end string) bool {
	i := bytes.Index(*src, []byte(end))
	if i < 0 {
		return false
	}
	*src = (*src)[i+len(end):]
	return true
}

// cutTag gives what stands between < and >, where > may also stand inside quotes.
func cutTag(src []byte) (tag, rest []byte, ok bool) {
	var quote byte
	for i := 1; i < len(src); i++ {
		switch c := src[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '<':
			return nil, nil, false
		case c == '>':
			if i == 1 {
				return nil, nil, false
			}
			return src[1:i], src[i+1:], true
		}
	}
	return nil, nil, false
}

func tagName(tag []byte) []byte {
	i := bytes.IndexAny(tag, " \t\r\n/")
	if i < 0 {
		return tag
	}
	return tag[:i]
}

func local(name []byte) []byte {
	if i := bytes.IndexByte(name, ':'); i >= 0 {
		return name[i+1:]
	}
	return name
}

// attr gives an attribute's value as written, "" when absent or not printable.
func attr(tag []byte, name string) string {
	for i := len(tagName(tag)); i < len(tag); {
		eq := bytes.IndexByte(tag[i:], '=')
		if eq < 0 {
			return ""
		}
		key := bytes.TrimSpace(tag[i : i+eq])
		i += eq + 1
		for i < len(tag) && (tag[i] == ' ' || tag[i] == '\t' || tag[i] == '\r' || tag[i] == '\n') {
			i++
		}
		if i >= len(tag) || (tag[i] != '"' && tag[i] != '\'') {
			return ""
		}
		end := bytes.IndexByte(tag[i+1:], tag[i])
		if end < 0 {
			return ""
		}
		value := tag[i+1 : i+1+end]
		i += end + 2
		if string(key) == name {
			if len(value) > maxTextInID || !printable(value) {
				return ""
			}
			return string(value)
		}
	}
	return ""
}

// printable reports whether b may be stored as text in both databases.
func printable(b []byte) bool {
	for _, c := range b {
		if c < 0x20 || c == 0x7f {
			return false
		}
	}
	return utf8.Valid(b)
}
