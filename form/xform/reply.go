package xform

import (
	"maps"
	"slices"
	"strings"

	"ruhu/form/xpath"
)

const (
	maxReplies   = 500
	maxReplyText = 1000
	maxReplyTo   = 100
)

// SetReply answers a reviewer's comment, named by its id; "" takes the answer back. It is part of the record, <ruhu:reply> in meta. The error is an
// *Error for a text or name that is too long, or too many.
func (s *Session) SetReply(to, text string) error {
	text = strings.TrimSpace(text)
	if text == "" {
		delete(s.replies, to)
		return nil
	}
	_, known := s.replies[to]
	if to == "" || len(to) > maxReplyTo || len([]rune(text)) > maxReplyText || !known && len(s.replies) >= maxReplies {
		return fail("xform.reply", "", to)
	}
	if s.replies == nil {
		s.replies = map[string]string{}
	}
	s.replies[to] = text
	return nil
}

// Replies are the answers by the id of the comment, also of the record that the session goes on with.
func (s *Session) Replies() map[string]string { return maps.Clone(s.replies) }

// replyNodes are the elements for meta.
func (s *Session) replyNodes() []*xpath.Node {
	var out []*xpath.Node
	for _, to := range slices.Sorted(maps.Keys(s.replies)) {
		out = append(out, &xpath.Node{
			Kind: xpath.KindElement, Prefix: "ruhu", Name: xpath.Name{Space: NSRuhu, Local: "reply"}, Text: s.replies[to],
			Attrs: []*xpath.Node{{Kind: xpath.KindAttr, Name: xpath.Name{Local: "to"}, Text: to}},
		})
	}
	return out
}
