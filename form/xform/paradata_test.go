package xform

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"
)

var filled = Paradata{
	Openings: []Opening{{"2026-03-02T09:00:00+08:00", "2026-03-02T09:20:00+08:00", 900_000, 0}, {"2026-03-02T10:00:00+08:00", "2026-03-02T10:01:00+08:00", 60_000, -420_000}},
	Moves:    7,
	Timings:  []Timing{{"/data/m/name", 30_000, 4}, {"/data/size", 12_500, 2}},
	Oddities: []Oddity{{"leap", 1}, {"same", 3}},
}

func told(t *testing.T, s *Session, p Paradata) {
	t.Helper()
	errs := []error{s.SetMoves(p.Moves)}
	for _, o := range p.Openings {
		errs = append(errs, s.SetOpening(o))
	}
	for _, x := range p.Timings {
		errs = append(errs, s.SetTiming(x))
	}
	for _, d := range p.Oddities {
		errs = append(errs, s.SetOddity(d.Code, d.Times))
	}
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestParadataIsPartOfTheRecordAndTheServerTakesIt(t *testing.T) {
	t.Parallel()
	s := memberSession(t, Env{Prefill: register})
	told(t, s, filled)
	for _, write := range []func() ([]byte, error){s.Draft, s.XML} {
		b, err := write()
		if err != nil {
			t.Fatal(err)
		}
		if got := memberSession(t, Env{Instance: b}).Paradata(); !reflect.DeepEqual(got, filled) {
			t.Errorf("got %+v, want %+v from\n%s", got, filled, b)
		}
		r, err := s.f.Validate(b, Env{})
		if err != nil {
			t.Fatal(err)
		}
		if got := r.Session.Paradata(); !reflect.DeepEqual(got, filled) {
			t.Errorf("the server reads %+v", got)
		}
	}
	b, _ := s.XML()
	if r, _ := s.f.Validate(b, Env{}); len(r.Findings) != 0 {
		t.Errorf("got %+v from\n%s", r.Findings, b)
	}
	if got := filled.MS(); got != 960_000 {
		t.Errorf("on the screen for %d ms", got)
	}
	if b, _ := memberSession(t, Env{}).XML(); strings.Contains(string(b), "paradata") {
		t.Error("a record says nothing in many words")
	}
}

func TestParadataThatCannotBeIsNotTaken(t *testing.T) {
	t.Parallel()
	s := memberSession(t, Env{})
	at := "2026-03-02T09:00:00Z"
	for i, err := range []error{
		s.SetMoves(-1), s.SetOpening(Opening{"yesterday", at, 1, 0}), s.SetOpening(Opening{at, "", 1, 0}), s.SetOpening(Opening{at, at, -1, 0}), s.SetOpening(Opening{at, at, 1, maxMS + 1}),
		s.SetTiming(Timing{"", 1, 1}), s.SetTiming(Timing{"/data/size", -1, 1}), s.SetTiming(Timing{"/data/size", 1, -1}),
		s.SetTiming(Timing{"/data/" + strings.Repeat("a", maxTimedRef), 1, 1}),
	} {
		if code(err) != "xform.paradata" {
			t.Errorf("%d: got %v, want xform.paradata", i, err)
		}
	}
	bad := strings.NewReplacer(`moves="7"`, `moves="x"`, `ms="60000"`, `ms="-1"`, `edits="2"`, `edits=""`, `code="leap"`, `code="fly"`, `times="3"`, `times="0"`)
	told(t, s, filled)
	b, err := s.XML()
	if err != nil {
		t.Fatal(err)
	}
	want := Paradata{Openings: filled.Openings[:1], Timings: filled.Timings[:1]}
	if got := memberSession(t, Env{Instance: []byte(bad.Replace(string(b)))}).Paradata(); !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestAFormOpenedVeryOftenKeepsItsSum(t *testing.T) {
	t.Parallel()
	s := memberSession(t, Env{})
	begin := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	for i := range maxOpenings + 20 {
		at := begin.Add(time.Duration(i) * time.Minute).Format(time.RFC3339)
		told(t, s, Paradata{Openings: []Opening{{at, at, 500, 0}, {at, at, 1000, int64(i)}}}) // the second goes on with the first
	}
	p := s.Paradata()
	if got, want := fmt.Sprint(len(p.Openings), p.MS(), p.Openings[0].From), fmt.Sprint(maxOpenings, (maxOpenings+20)*1000, begin.Format(time.RFC3339)); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := p.Ahead(); got != maxOpenings+19 {
		t.Errorf("furthest ahead %d ms", got)
	}
}
