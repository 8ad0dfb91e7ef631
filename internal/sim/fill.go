package sim

import (
	"fmt"
	"math"
	"math/rand/v2"
	"path"
	"strconv"
	"strings"
	"time"

	"ruhu/form/xform"
	"ruhu/internal/blob"
)

// file is a picture that goes with a form.
type file struct {
	digest blob.Digest
	bytes  []byte
	kind   string
}

// filler answers one form as a household would.
type filler struct {
	form  *xform.Form
	hints map[string]hint
	fixed map[string]string // question name → answer: planted faults and what the phone fills in
	rng   *rand.Rand
	look  map[string]string // ref → appearance
	kinds map[string]string // ref → control type
	visit visit
	now   time.Time // of the phone

	files   []file
	answers map[string]string // to choices, by question; when the form is finished
}

func newFiller(f *xform.Form, h map[string]hint, fixed map[string]string, r *rand.Rand) *filler {
	fl := &filler{form: f, hints: h, fixed: fixed, rng: r, look: map[string]string{}, kinds: map[string]string{}}
	var walk func([]*xform.Control)
	walk = func(cs []*xform.Control) {
		for _, c := range cs {
			fl.look[c.Ref], fl.kinds[c.Ref] = c.Appearance, c.Type
			walk(c.Children)
		}
	}
	walk(f.Body())
	return fl
}

// fill answers what is asked until nothing new is asked, confirms warnings with a reason, and gives the instance.
func (fl *filler) fill(e xform.Env) ([]byte, error) {
	s, err := fl.form.NewSession(e)
	if err != nil {
		return nil, fmt.Errorf("open form: %w", err)
	}
	done := map[string]bool{}
	for changed := true; changed; {
		changed = false
		for _, n := range s.State() {
			if done[n.Ref] || !n.Relevant || n.Readonly || fl.kinds[n.Ref] == "" || n.Value != "" && !fl.has(n.Ref) {
				continue
			}
			done[n.Ref] = true
			v, err := fl.answer(s, n)
			if err != nil {
				return nil, err
			}
			if v == "" {
				continue
			}
			if _, err := s.Set(n.Ref, v); err != nil {
				return nil, fmt.Errorf("answer %s = %q: %w", n.Ref, v, err)
			}
			changed = true
			break // what is asked may have changed
		}
	}
	return fl.finish(s)
}

// mend changes one amount of a returned form, as a household that was asked again would.
func (fl *filler) mend(e xform.Env) ([]byte, error) {
	s, err := fl.form.NewSession(e)
	if err != nil {
		return nil, fmt.Errorf("open returned form: %w", err)
	}
	for _, n := range s.State() {
		h := fl.hints[path.Base(n.Ref)]
		if !n.Relevant || n.Readonly || len(h.Range) != 2 || h.Range[1] <= h.Range[0] {
			continue
		}
		old, err := strconv.ParseFloat(n.Value, 64)
		if err != nil {
			continue
		}
		if _, err := s.Set(n.Ref, number(old+h.Step)); err != nil {
			return nil, fmt.Errorf("mend %s: %w", n.Ref, err)
		}
		break
	}
	return fl.finish(s)
}

// finish brings the sums up to date, confirms warnings and gives the instance.
func (fl *filler) finish(s *xform.Session) ([]byte, error) {
	for _, n := range s.State() {
		if h := fl.hints[path.Base(n.Ref)]; n.Relevant && len(h.Sum) > 0 {
			if _, err := s.Set(n.Ref, fl.sum(s, n.Ref, h)); err != nil {
				return nil, fmt.Errorf("sum %s: %w", n.Ref, err)
			}
		}
	}
	for _, f := range s.Check() {
		switch {
		case f.Severity == "warning" && f.Reason == "":
			if _, err := s.Confirm(f.Ref, "已当面核实，情况属实"); err != nil {
				return nil, fmt.Errorf("confirm %s: %w", f.Ref, err)
			}
		case f.Severity == "error":
			return nil, fmt.Errorf("simulated household can't complete the form: %s %s %v", f.Ref, f.Rule, f.Message)
		}
	}
	if err := fl.note(s); err != nil {
		return nil, fmt.Errorf("paradata: %w", err)
	}
	fl.now = fl.visit.to()
	return s.XML()
}

// note keeps the choices, and what the phone notes beside the answers: when the form was on the screen, and each question.
func (fl *filler) note(s *xform.Session) error {
	ms := fl.visit.minutes * 60_000
	if err := s.SetOpening(xform.Opening{From: fl.visit.from.Format(time.RFC3339), To: fl.visit.to().Format(time.RFC3339), MS: int64(ms)}); err != nil {
		return err
	}
	fl.answers = map[string]string{}
	var asked []string
	for _, n := range s.State() {
		kind := fl.kinds[n.Ref]
		if !n.Relevant || n.Readonly || n.Value == "" || n.Prefilled || kind == "" {
			continue
		}
		asked = append(asked, n.Ref)
		if kind == "select" || kind == "select1" {
			fl.answers[path.Base(n.Ref)] = n.Value
		}
	}
	for _, ref := range asked {
		took := xform.Timing{Ref: ref, MS: int64(ms / float64(len(asked)) * (0.5 + fl.rng.Float64())), Edits: 1}
		if err := s.SetTiming(took); err != nil {
			return err
		}
	}
	return s.SetMoves(len(asked) / 3)
}

// has tells whether the question has an answer that must stand although the form has one already.
func (fl *filler) has(ref string) bool { _, ok := fl.fixed[path.Base(ref)]; return ok }

func (fl *filler) answer(s *xform.Session, n xform.NodeState) (string, error) {
	name := path.Base(n.Ref)
	if v, ok := fl.fixed[name]; ok {
		return v, nil
	}
	h, hinted := fl.hints[name]
	if v := fl.taken(name, n); v != "" {
		return v, nil
	}
	switch kind := fl.kinds[n.Ref]; {
	case kind == "upload":
		return fl.upload(n, h)
	case n.Datatype == "geopoint":
		return fl.visit.place, nil
	case !hinted && !n.Required && kind != "select":
		return "", nil
	case len(h.Sum) > 0:
		return fl.sum(s, n.Ref, h), nil
	case len(h.Range) == 2:
		return number(fl.amount(h)), nil
	case h.Text != "":
		return h.Text, nil
	case len(h.Options) > 0:
		return h.option(fl.rng), nil
	case kind == "select" && len(n.Choices) > 0:
		a, b := fl.rng.IntN(len(n.Choices)), fl.rng.IntN(len(n.Choices))
		if a == b {
			return n.Choices[a].Value, nil
		}
		return n.Choices[min(a, b)].Value + " " + n.Choices[max(a, b)].Value, nil
	case len(n.Choices) > 0:
		return n.Choices[0].Value, nil
	}
	switch n.Datatype {
	case "int", "decimal":
		return "0", nil
	case "date", "dateTime", "time", "geopoint":
		return "", nil
	}
	return "无", nil
}

// taken is the answer to a choice that nobody was asked for; "" for one that is thought up as a household would answer.
func (fl *filler) taken(name string, n xform.NodeState) string {
	switch {
	case len(n.Choices) == 0:
		return ""
	case fl.visit.first:
		return n.Choices[0].Value
	case fl.visit.copied[name] != "" && chance(fl.rng, fl.visit.copy):
		return fl.visit.copied[name]
	}
	return ""
}

func (fl *filler) amount(h hint) float64 {
	v := h.amount(fl.rng)
	if to := fl.visit.round; to > 0 && h.Range[1] > to {
		v = min(max(math.Round(v/to)*to, h.Range[0]), h.Range[1])
	}
	return v
}

func (fl *filler) sum(s *xform.Session, ref string, h hint) string {
	total := 0.0
	for _, name := range h.Sum {
		n, ok := s.Node(path.Join(path.Dir(ref), name))
		if !ok {
			continue
		}
		v, err := strconv.ParseFloat(n.Value, 64)
		if err == nil {
			total += v
		}
	}
	return number(total)
}

func (fl *filler) upload(n xform.NodeState, h hint) (string, error) {
	var f file
	var err error
	switch {
	case strings.Contains(fl.look[n.Ref], "enumerator"): // may be left out, and is
		return "", nil
	case strings.Contains(fl.look[n.Ref], "signature"):
		f.kind = "png"
		own := newHand(fl.rng)
		if fl.visit.hand != nil {
			own = *fl.visit.hand
		}
		f.bytes, err = own.signature()
	case fl.visit.photo != nil:
		f.kind, f.bytes = "jpg", fl.visit.photo
	case h.Picture > 0 && fl.rng.IntN(100) < h.Picture:
		f.kind = "jpg"
		f.bytes, err = housePicture(fl.rng)
	default:
		return "", nil
	}
	if err != nil {
		return "", err
	}
	f.digest = blob.Of(f.bytes)
	fl.files = append(fl.files, f)
	return string(f.digest) + "." + f.kind, nil
}

func number(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// phone is the outside world of a simulated phone, on which the interview of the visit begins.
func (fl *filler) phone(zone *time.Location, account string) xform.Env {
	fl.now = fl.visit.from
	return xform.Env{Now: func() time.Time { return fl.now }, Zone: zone, Rand: fl.rng.Float64, DeviceID: "sim:" + account, Username: account}
}
