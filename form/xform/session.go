package xform

import (
	"strings"
	"time"

	"ruhu/form/xpath"
)

// Env is everything outside of the form that a session can ask for.
type Env struct {
	Now  func() time.Time // clock of now(), today() and timestamps; nil: they are blank
	Zone *time.Location   // nil: UTC
	Rand func() float64   // [0,1); nil: random(), randomize() and uuid() are blank
	UUID func() string    // for instanceID; nil: made from Rand

	DeviceID, Username, Email, PhoneNumber, SimSerial, SubscriberID string

	Geopoint string            // "lat lon alt acc" for setgeopoint
	Prefill  map[string]string // by the key of bind ruhu:prefill
	Instance []byte            // an existing record to go on with
	Last     []byte            // the record saved last, which forms with ${last-saved#…} read
	Language string            // of labels; "": the form's default
}

// maxRepeats limits the instances of one repeat under one parent.
const maxRepeats = 10000

// inst is one element of a session's instance, or (isRange) the place where the
// instances of a repeat stand, which is no element.
type inst struct {
	node xpath.Node
	def  *def
	up   *inst
	kids []*inst // by def.children order; of a range: the instances
	atts []*inst // by def.attrs
	at   int     // place among the parent's children; of a range: of its first instance

	isRange, dead, touched, below bool // below: something inside is touched
	relSelf, roSelf, readonly     bool
	required, badConstraint, warn bool
	hidden, prefilled, userSet    bool
	dirty                         uint16
	raw                           string // the answer, when choices hide it or a part of it
	note                          string // confirmation of the warning
	trans                         *transcript
	vouch                         *Vouch
	member                        bool // an instance that the register brought
	choices                       []choice
}

func (in *inst) relevant() bool { return !in.node.Blank }

// answer is the stored answer, hidden or not.
func (in *inst) answer() string {
	if in.hidden {
		return in.raw
	}
	return in.node.Text
}

// Session is one filling-in of a form. It is used from one goroutine.
type Session struct {
	f    *Form
	env  Env
	xenv xpath.Env
	ctx  xpath.Context
	doc  xpath.Node
	root *inst
	lang int

	byDef   [][]*inst // real insts of each definition
	ranges  [][]*inst // ranges of each repeat definition
	queue   [][]*inst // dirty insts of each cell, by rank
	bits    []uint64  // which ranks have a queue
	pending []event
	changed []*inst
	removed []string
	order   bool // the numbers of repeat instances may have changed

	silent   bool // Validate: no labels, no record of changes
	keepCalc bool // Validate: volatile calculations keep what was submitted
	loading  bool
	drift    []drift
	findings []Finding // structure findings of the loaded instance
	steps    int
	slab     []inst
	depth    int   // of texts within texts
	texting  *inst // whose text is being put together
	restored bool
	capture  string // how the answers came in; see SetCapture
	visit    Visit
	replies  map[string]string // to reviewers' comments
	paradata paradata
	work     int
	last     *xpath.Node // Env.Last, parsed
	fault    error       // of an action, reported with the change that caused it
	fresh    []bool      // by definition: as in a new record, although the session goes on with one; see Migrate
}

// isFresh says whether a definition begins as in a new record.
func (s *Session) isFresh(d *def) bool { return !s.restored || s.fresh != nil && s.fresh[d.id] }

type event struct {
	a    *action
	from *inst
}

// NewSession starts a filling-in: a new one, or, with Env.Instance, one that
// goes on with a draft or a submission. It returns an *Error when that
// instance is not one of this form, or when the calculations do not settle.
func (f *Form) NewSession(e Env) (*Session, error) {
	s := f.session(e)
	if err := s.speak(e.Language); err != nil {
		return nil, err
	}
	var src *xpath.Node
	if len(e.Instance) > 0 {
		top, err := readInstance(e.Instance)
		if err != nil {
			return nil, err
		}
		if err := f.accepts(top); err != nil {
			return nil, err
		}
		src = top
	}
	if len(e.Last) > 0 && len(f.lastSaved) > 0 {
		top, err := readInstance(e.Last)
		if err != nil {
			return nil, err
		}
		s.last = top.Parent
	}
	if err := s.start(src); err != nil {
		return nil, err
	}
	s.forget()
	return s, nil
}

func (f *Form) session(e Env) *Session {
	s := &Session{
		f: f, env: e, lang: f.defaultLang,
		byDef: make([][]*inst, len(f.defs)), ranges: make([][]*inst, len(f.defs)),
		queue: make([][]*inst, len(f.cells)), bits: make([]uint64, len(f.cells)/64+1),
		slab: make([]inst, 0, len(f.defs)+8),
	}
	// Room for one inst per definition and one entry per queue, which is what a
	// form without repeats needs.
	room := make([]*inst, len(f.defs)+len(f.cells))
	for i := range s.byDef {
		s.byDef[i] = room[i : i : i+1]
	}
	room = room[len(f.defs):]
	for i := range s.queue {
		s.queue[i] = room[i : i : i+1]
	}
	s.doc.Kind = xpath.KindDocument
	s.xenv = xpath.Env{
		Now: e.Now, Zone: e.Zone, Rand: e.Rand, Root: &s.doc,
		Instance: s.instance, IText: s.itextByID, ChoiceName: s.choiceName, Property: s.property, PullData: s.pullData,
		Version: f.version, ContextualRepeats: true,
	}
	s.xenv.Work = &s.work
	s.ctx.Env = &s.xenv
	return s
}

// speak sets the language that a session begins in.
func (s *Session) speak(name string) error {
	if name == "" {
		return nil
	}
	if s.lang = s.f.language(name); s.lang < 0 {
		return fail("xform.language", "", name)
	}
	return nil
}

func (f *Form) language(name string) int {
	for i, l := range f.languages {
		if l == name {
			return i
		}
	}
	for i, l := range f.languages {
		if langCode(l) == name {
			return i
		}
	}
	return -1
}

// start builds the instance (from src, or new), fills in what is known from the
// start, and computes everything once.
func (s *Session) start(src *xpath.Node) error {
	s.loading = true
	s.restored = src != nil
	top := src
	if top == nil {
		top = s.f.root.node
	}
	s.root = s.build(s.f.root, top, nil, src == nil)
	s.root.node.Parent = &s.doc
	s.doc.Children = []*xpath.Node{&s.root.node}
	if src != nil {
		s.readNotes(src)
	}
	s.prefill()
	if src == nil {
		s.preload()
	} else {
		s.preloadFresh()
	}
	for _, c := range s.f.cells {
		s.markAll(c)
	}
	if err := s.run(); err != nil {
		return err
	}
	if !s.keepCalc {
		for _, ev := range []string{evReady, evFirstLoad, evLoad} {
			for _, a := range s.f.actions[ev] {
				if ev == evLoad || s.isFresh(a.target) {
					s.fireAt(a)
				}
			}
		}
	}
	err := s.run()
	s.loading, s.fault = false, nil // a form that is opened stays open
	return err
}

func (s *Session) instance(id string) *xpath.Node {
	if s.last != nil && s.f.lastSaved[id] {
		return s.last
	}
	n, ok := s.f.instances[id]
	if ok && n == nil {
		return &s.doc
	}
	return n
}

// pullData answers pulldata(): a column of the first item whose key column is
// key. A name that begins with @ is an attribute of the item.
func (s *Session) pullData(id, column, keyColumn, key string) (string, bool) {
	top := s.instance(id)
	if top == nil {
		return "", false
	}
	if top.Kind == xpath.KindDocument {
		top = top.Element()
	}
	if top == nil {
		return "", false
	}
	for _, it := range top.Children {
		if it.Kind == xpath.KindElement && cellOf(it, keyColumn) == key {
			return cellOf(it, column), true
		}
	}
	return "", false
}

func cellOf(it *xpath.Node, column string) string {
	if name, ok := strings.CutPrefix(column, "@"); ok {
		v, _ := it.Attr("", name)
		return v
	}
	return childText(it, column)
}

func (s *Session) property(name string) (string, bool) {
	switch name {
	case "deviceid", "imei":
		return s.env.DeviceID, true
	case "username":
		return s.env.Username, true
	case "email":
		return s.env.Email, true
	case "phonenumber":
		return s.env.PhoneNumber, true
	case "simserial":
		return s.env.SimSerial, true
	case "subscriberid":
		return s.env.SubscriberID, true
	}
	return "", false
}
