package xform

import "ruhu/form/xpath"

// CapturePaper says that a record was filled in on paper and keyed from it.
const CapturePaper = "paper"

// SetCapture says how the answers came into the session: CapturePaper, or "" for an interview with the form at hand. It is part of the
// record, <ruhu:capture> in meta, and of a draft; no rule reads it. The error is an *Error for any other mode.
func (s *Session) SetCapture(mode string) error {
	if mode != "" && mode != CapturePaper {
		return fail("xform.capture", "", mode)
	}
	s.capture = mode
	return nil
}

// Capture tells what SetCapture was told, also of the record that the session goes on with.
func (s *Session) Capture() string { return s.capture }

// captureNode is the element for meta; nil when there is nothing to say.
func (s *Session) captureNode() []*xpath.Node {
	if s.capture == "" {
		return nil
	}
	return []*xpath.Node{{Kind: xpath.KindElement, Prefix: "ruhu", Name: xpath.Name{Space: NSRuhu, Local: "capture"}, Text: s.capture}}
}
