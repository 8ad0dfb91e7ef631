package main

import (
	"runtime"
	"slices"
	"time"

	"ruhu/form/xform"
	"ruhu/form/xform/trace"
)

// Figures are medians. Times are in milliseconds on one core.
type Figures struct {
	Load          float64 `json:"load"`           // parse, compile, first session
	Answers       float64 `json:"answers"`        // all steps on a fresh session, every change read as JSON
	Steps         int     `json:"steps"`          // steps that were accepted
	Nodes         int     `json:"nodes"`          // nodes at the end
	Validate      float64 `json:"validate"`       // one submission as a whole
	FormBytes     uint64  `json:"form_bytes"`     // heap that a compiled form keeps
	SessionBytes  uint64  `json:"session_bytes"`  // heap that an answered session keeps
	SessionAllocs uint64  `json:"session_allocs"` // allocations to open a session
	AnswerAllocs  uint64  `json:"answer_allocs"`  // allocations of all steps
	ValidAllocs   uint64  `json:"valid_allocs"`   // allocations of one validation
}

var world = xform.Env{
	Now:  func() time.Time { return time.Date(2025, 3, 15, 10, 30, 0, 0, time.UTC) },
	Zone: time.UTC, Rand: func() float64 { return 0.5 }, UUID: func() string { return "uuid:0" },
}

func measure(q *request) (*Figures, error) {
	src := []byte(q.XML)
	options := xform.Options{Attachments: func(uri string) ([]byte, error) { return []byte(q.Attachments[uri]), nil }}
	budget := time.Duration(max(q.MS, 1)) * time.Millisecond
	var f *xform.Form
	var s *xform.Session
	var err error
	open := func() {
		if f, err = xform.Parse(src, options); err == nil {
			s, err = f.NewSession(world)
		}
	}
	if open(); err != nil {
		return nil, err
	}
	out := &Figures{Load: median(budget, open)}
	out.SessionAllocs = allocations(func() { s, err = f.NewSession(world) })
	var times []float64
	for begin := time.Now(); len(times) < 3 || time.Since(begin) < budget; {
		if s, err = f.NewSession(world); err != nil {
			return nil, err
		}
		t := time.Now()
		out.Steps = steps(s, q.Steps)
		times = append(times, ms(time.Since(t)))
	}
	out.Answers = middle(times)
	if s, err = f.NewSession(world); err != nil {
		return nil, err
	}
	out.AnswerAllocs = allocations(func() { steps(s, q.Steps) })
	out.Nodes = len(s.State())
	x, err := s.XML()
	if err != nil {
		return nil, err
	}
	out.Validate = median(budget, func() { _, err = f.Validate(x, world) })
	if err != nil {
		return nil, err
	}
	out.ValidAllocs = allocations(func() { _, err = f.Validate(x, world) })
	out.SessionBytes = kept(func() any {
		t, err := f.NewSession(world)
		if err != nil {
			return nil
		}
		steps(t, q.Steps)
		return t
	})
	out.FormBytes = kept(func() any { g, _ := xform.Parse(src, options); return g })
	return out, err
}

// steps plays steps and writes each change as JSON, as the phone's host does.
func steps(s *xform.Session, list []trace.Step) (ok int) {
	var b []byte
	for _, st := range list {
		var c xform.Change
		var err error
		switch st.Op {
		case "set":
			c, err = s.Set(st.Ref, st.Value)
		case "add":
			c, err = s.AddRepeat(st.Ref)
		case "remove":
			c, err = s.RemoveRepeat(st.Ref)
		}
		if err == nil {
			ok++
			b = c.AppendJSON(b[:0])
		}
	}
	return ok
}

func median(budget time.Duration, f func()) float64 {
	var times []float64
	for begin := time.Now(); len(times) < 3 || time.Since(begin) < budget; {
		t := time.Now()
		f()
		times = append(times, ms(time.Since(t)))
	}
	return middle(times)
}

func middle(times []float64) float64 {
	slices.Sort(times)
	return times[len(times)/2]
}

func ms(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1e6 }

func allocations(f func()) uint64 {
	var a, b runtime.MemStats
	runtime.ReadMemStats(&a)
	f()
	runtime.ReadMemStats(&b)
	return b.Mallocs - a.Mallocs
}

// kept is the heap that stays when f's results are held: the mean of eight.
func kept(f func() any) uint64 {
	const n = 8
	f()
	hold := make([]any, n)
	before := heap()
	for i := range hold {
		hold[i] = f()
	}
	after := heap()
	runtime.KeepAlive(hold)
	return max(after, before)/n - before/n
}

func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
