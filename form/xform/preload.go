package xform

import (
	"fmt"
	"time"
)

// preload runs jr:preload on a new record.
func (s *Session) preload() { s.preloadBelow(s.root) }

// preloadFresh runs it for what a record that is gone on with did not know.
func (s *Session) preloadFresh() {
	for i, fresh := range s.fresh {
		if !fresh || !s.f.defs[i].leaf() {
			continue
		}
		for _, in := range s.byDef[i] {
			if in.answer() == "" {
				s.preloadBelow(in)
			}
		}
	}
}

func (s *Session) preloadBelow(in *inst) {
	for _, a := range in.atts {
		s.preloadBelow(a)
	}
	if in.isRange || len(in.kids) > 0 {
		for _, k := range in.kids {
			s.preloadBelow(k)
		}
		return
	}
	b := in.def.bind
	v := ""
	switch b.preload {
	case "":
		if in.def != s.f.instID || b.calculate != nil || in.node.Text != "" || s.env.UUID == nil {
			return
		}
		v = "uuid:" + s.uuid()
	case "uid":
		if in.node.Text != "" {
			return
		}
		v = "uuid:" + s.uuid()
	case "date":
		if b.preloadParams == "today" && s.env.Now != nil {
			v = s.now().Format(time.DateOnly)
		}
	case "timestamp":
		if b.preloadParams == "start" && s.env.Now != nil {
			v = s.now().Format(dateTimeForm)
		}
	case "property":
		v, _ = s.property(b.preloadParams)
	default:
		return
	}
	if v == "" && b.preload != "property" {
		return
	}
	if s.loading {
		s.store(in, v)
		return
	}
	s.setText(in, v, nil)
}

const dateTimeForm = "2006-01-02T15:04:05.000-07:00"

func (s *Session) now() time.Time {
	t := s.env.Now()
	if s.env.Zone != nil {
		return t.In(s.env.Zone)
	}
	return t.UTC()
}

// stampEnd writes the time of completion into the questions that ask for it.
func (s *Session) stampEnd() error {
	if s.env.Now == nil {
		return nil
	}
	for _, d := range s.f.defs {
		if d.bind.preload != "timestamp" || d.bind.preloadParams != "end" {
			continue
		}
		for _, in := range s.byDef[d.id] {
			s.setText(in, s.now().Format(dateTimeForm), nil)
		}
	}
	return s.run()
}

func (s *Session) uuid() string {
	if s.env.UUID != nil {
		return s.env.UUID()
	}
	if s.env.Rand == nil {
		return ""
	}
	var b [16]byte
	for i := range b {
		b[i] = byte(s.env.Rand() * 256)
	}
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[0:4], b[4:6], b[6:8], b[8:10], b[10:])
}
