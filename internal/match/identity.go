package match

import (
	"context"
	"crypto/sha256"
	"encoding/hex"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/job"
	"ruhu/internal/listing"
	"ruhu/internal/match/link"
	"ruhu/internal/playbook"
	"ruhu/internal/roster"
	"ruhu/internal/survey"
)

// The events of linking.
const (
	EventLink    = "match.link"    // payload linkTask
	EventLinked  = "match.linked"  // payload Linked
	EventDecided = "match.decided" // payload Decided
)

// Decided says that a clerk has decided on a link: what was uncertain about its persons is not any more.
type Decided struct {
	Campaign string `json:"campaign"`
	Link     string `json:"link"`
}

// Linked says that the links of a kind of register are new.
type Linked struct {
	Campaign string `json:"campaign"`
	Kind     string `json:"kind"`
	Run      string `json:"run"`
}

// Identities decides which records are the same person.
type Identities struct {
	d        *db.DB
	bus      *job.Bus
	listings *listing.Service
}

// NewIdentities makes the service. Listen starts its part on the bus.
func NewIdentities(d *db.DB, bus *job.Bus, listings *listing.Service) *Identities {
	return &Identities{d: d, bus: bus, listings: listings}
}

// Listen tells the bus what this service hears: a register that became current is linked, a base list that was imported too, and new links make new
// suspects.
func (s *Identities) Listen() {
	s.bus.Outside("match.start", 1, s.onLoaded, EventLoaded)
	s.bus.Outside("match.restart", 64, s.onRoster, roster.EventEdited)
	s.bus.Outside("match.link", 1, s.onLink, EventLink)
	s.bus.Outside("match.suspects", 1, s.onLinked, EventLinked)
	s.bus.Outside("match.redecide", 256, s.onDecided, EventDecided) // a clerk decides every few seconds; once is enough for many
}

// RunState of a linking run.
type RunState string

// The states of a run.
const (
	RunRunning    RunState = "running"
	RunCurrent    RunState = "current"
	RunSuperseded RunState = "superseded"
)

// Run is one linking of a kind of register to the base.
type Run struct {
	ID           string    `json:"id"`
	County       string    `json:"-"`
	Campaign     string    `json:"-"`
	Kind         string    `json:"kind"`
	Register     string    `json:"register"`
	BaseKind     string    `json:"base_kind"`
	BaseRegister string    `json:"base_register"`
	State        RunState  `json:"state"`
	Phase        string    `json:"phase"` // read, link, write
	Done         int       `json:"done"`
	Total        int       `json:"total"`
	Result       RunResult `json:"result"`
	ByName       string    `json:"by_name"`
	At           db.Time   `json:"at"`
	EndedAt      db.Time   `json:"ended_at"`
}

// RunResult is what a run found.
type RunResult struct {
	Records    int         `json:"records"`
	Base       int         `json:"base"`
	Linked     int         `json:"linked"`
	Review     int         `json:"review"` // when it ended; the queue knows how many are left
	Steps      []int       `json:"steps"`  // by link.Step
	Pairs      int         `json:"pairs"`  // compared
	Cut        int         `json:"cut"`    // keys passed over: too many persons share them
	Duplicates int         `json:"duplicates"`
	Houses     int         `json:"houses"`
	Splits     int         `json:"splits"`
	Merges     int         `json:"merges"`
	Prior      float64     `json:"prior"`
	M          [][]float64 `json:"m"`
	U          [][]float64 `json:"u"`
}

// LinkState of a link.
type LinkState string

// The states of a link.
const (
	LinkAuto      LinkState = "auto"
	LinkReview    LinkState = "review"
	LinkConfirmed LinkState = "confirmed"
	LinkRejected  LinkState = "rejected"
)

// Reason is why two records are held to be one person, in parts that can be put into words.
type Reason struct {
	Levels     []link.Level `json:"levels"` // by link.Field
	Weights    []float32    `json:"weights"`
	Term       float64      `json:"term"`
	Household  float64      `json:"household"`
	Housemates bool         `json:"housemates"`
	Duplicate  bool         `json:"duplicate"`
}

// Link joins a record with a person of the base.
type Link struct {
	ID          string
	Campaign    string
	Run         string
	Kind        string
	Record      string
	BaseRecord  string
	Village     string
	State       LinkState
	Step        link.Step
	Weight      int // hundredths of bits
	Probability int // millionths
	Reason      Reason
	Unsure      bool
	Note        string
	ByName      string
	DecidedAt   db.Time
	Version     int
	recordKey   string
	baseKey     string
}

// keyOf names a person across imports: by the number, else by name, birth and village. It is short and tells nothing.
func keyOf(p link.Person) string {
	text := "n" + p.Number
	if len(p.Number) < 15 {
		text = "p" + link.CleanName(p.Name) + "|" + p.Birth + "|" + p.Village
	}
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:8])
}

// KindIdentity is how far a kind of register is linked.
type KindIdentity struct {
	Kind     string
	Title    playbook.Text
	Base     bool
	Rows     int  // of the current register; 0 when there is none
	Loaded   bool // there is a current register
	Run      *Run // the newest that is running, else the current one
	Current  *Run
	Counts   map[LinkState]int // of the current run, in the actor's region
	Unsure   int
	Outdated bool // the register or the base has been replaced since
}

// Overview gives every register of the campaign with its run, the base first. Returns Forbidden, NotFound "survey.not_found".
func (s *Identities) Overview(ctx context.Context, actor authz.Actor, campaign string) ([]KindIdentity, error) {
	if err := mayRead(actor); err != nil {
		return nil, err
	}
	campaign, err := id.Parse(campaign)
	if err != nil {
		return nil, err
	}
	var out []KindIdentity
	err = s.d.View(ctx, func(tx *db.Tx) error {
		c, err := survey.VisibleTx(ctx, tx, actor, campaign)
		if err != nil {
			return err
		}
		out, err = overviewTx(ctx, tx, actor, c)
		return err
	})
	return out, err
}

func overviewTx(ctx context.Context, tx *db.Tx, actor authz.Actor, c survey.Campaign) ([]KindIdentity, error) {
	base, berr := baseTx(ctx, tx, c)
	if berr != nil && !errs.Is(berr, errs.Conflict) {
		return nil, berr
	}
	sources, err := sourcesTx(ctx, tx, c)
	if err != nil {
		return nil, err
	}
	runs, err := db.List(ctx, tx, scanRun, selectRuns, c.County, c.ID)
	if err != nil {
		return nil, err
	}
	counts, err := countsTx(ctx, tx, actor, c)
	if err != nil {
		return nil, err
	}
	var out []KindIdentity
	for _, src := range sources {
		k := KindIdentity{Kind: src.kind, Title: src.title, Base: src.base, Rows: src.rows, Loaded: src.register != "", Counts: map[LinkState]int{}}
		for i := range runs { // oldest first
			if r := &runs[i]; r.Kind == src.kind {
				if r.State == RunCurrent {
					k.Current = r
				}
				if r.State != RunSuperseded {
					k.Run = r
				}
			}
		}
		if k.Current != nil {
			k.Outdated = k.Current.Register != src.register || k.Current.BaseRegister != base.register
			for _, n := range counts[k.Current.ID] {
				k.Counts[n.state] += n.n
				if n.unsure && n.state == LinkReview {
					k.Unsure += n.n
				}
			}
		}
		if src.base {
			out = append([]KindIdentity{k}, out...)
			continue
		}
		out = append(out, k)
	}
	return out, nil
}
