package sampling

import (
	"ruhu/internal/db"
	"ruhu/internal/region"
	"ruhu/internal/sampling/draw"
	"ruhu/internal/stats"
)

// State of a draw; see the package comment.
type State string

// The states.
const (
	Frozen    State = "frozen"
	Drawn     State = "drawn"
	Published State = "published"
	Withdrawn State = "withdrawn" // frozen, but never drawn
	Replaced  State = "replaced"  // a later draw counts
)

// UnitState of a household of a draw.
type UnitState string

// The states of households. Selected and Used ones are visited.
const (
	Selected UnitState = "selected"
	Reserve  UnitState = "reserve"
	Used     UnitState = "used" // a reserve that stands for a household that is gone
	Gone     UnitState = "gone" // does not exist, or moved away for good
)

// Reason why a household is replaced. Refusal and absence are none: those stay in the sample.
type Reason string

// The reasons.
const (
	NotExisting Reason = "not_existing"
	MovedAway   Reason = "moved_away"
)

// Draw is a draw with its steps.
type Draw struct {
	ID          string  `json:"id"`
	County      string  `json:"-"`
	Campaign    string  `json:"-"`
	Number      int     `json:"number"`
	State       State   `json:"state"`
	Reason      string  `json:"reason"` // why drawn again; "" for the first
	FrameDigest string  `json:"frame_sha256"`
	FrameBytes  int     `json:"frame_bytes"`
	Villages    int     `json:"villages"`
	Households  int     `json:"households"`
	PlanDigest  string  `json:"plan_sha256"`
	FrozenAt    db.Time `json:"frozen_at"`
	FrozenBy    string  `json:"frozen_by"`
	Seed        string  `json:"seed"` // "" for readers before it is published
	SeedSource  string  `json:"seed_source"`
	Witnesses   string  `json:"witnesses"`
	DrawnAt     db.Time `json:"drawn_at"`
	DrawnBy     string  `json:"drawn_by"`
	PublishedAt db.Time `json:"published_at"`
	PublishedBy string  `json:"published_by"`

	plan   string // JSON
	sample string // digest of the blob
}

// Open reports whether people who do not manage the draw may see who was selected.
func (d Draw) open() bool { return !d.PublishedAt.IsZero() }

// Unit is a household of a draw with its design weight.
type Unit struct {
	Household   string    `json:"household"` // id
	Code        string    `json:"code"`      // 户编号
	HeadName    string    `json:"head_name"`
	Village     string    `json:"village"`
	Stratum     string    `json:"stratum"`
	Quota       string    `json:"quota"`
	Order       int       `json:"order"` // in its stratum, from 1
	State       UnitState `json:"state"`
	P1          string    `json:"p1"` // exact fraction
	P2          string    `json:"p2"`
	Weight      string    `json:"weight"`
	WeightValue float64   `json:"weight_value"`
	Persons     int       `json:"persons"`
}

// UseRow is a replacement.
type UseRow struct {
	Household string  `json:"household"` // 户编号
	With      string  `json:"with"`      // 户编号; "" when the stratum has no reserve left
	Village   string  `json:"village"`
	Stratum   string  `json:"stratum"`
	Reason    Reason  `json:"reason"`
	Note      string  `json:"note"`
	At        db.Time `json:"at"`
	By        string  `json:"by"`
}

// Place is what the office says of a township (its group) or a village (its type).
type Place struct {
	Code  region.Code `json:"code"`
	Value string      `json:"value"`
}

// Warning is something that the office should know, in its language.
type Warning struct {
	Code string `json:"code"`
	Text string `json:"text"`
}

// PlaceRow is a township or village of the frame with its number of households.
type PlaceRow struct {
	Code       region.Code `json:"code"`
	Name       string      `json:"name"`
	Township   region.Code `json:"township"` // "" for a township
	Value      string      `json:"value"`
	Households int         `json:"households"`
}

// Claim is a limit of the playbook with what the sample can show about it.
type Claim struct {
	Code      string         `json:"code"`
	TitleZH   string         `json:"title_zh"`
	TitleEN   string         `json:"title_en"`
	Threshold float64        `json:"threshold"`
	Side      string         `json:"side"`
	Show      stats.Showable `json:"show"`
	Gap       int            `json:"gap"` // households it is about that can never be drawn: then nothing is said of all
}

// Setup is everything the screen shows before and after a draw.
type Setup struct {
	Sampled  bool          `json:"sampled"` // false: a census, nothing else is filled
	Manage   bool          `json:"manage"`  // the actor may draw
	Design   Design        `json:"design"`
	Places   []PlaceRow    `json:"places"`
	Outlook  *draw.Outlook `json:"outlook"` // null while townships have no group
	Claims   []Claim       `json:"claims"`
	Warnings []Warning     `json:"warnings"`
	Draws    []Draw        `json:"draws"` // newest first
}

// SeedInput is the number of a public draw.
type SeedInput struct {
	Seed        string `json:"seed"`
	Source      string `json:"source"`       // which draw, where and when
	Witnesses   string `json:"witnesses"`    // who saw it
	FrameDigest string `json:"frame_sha256"` // as it was published: must be the frozen one
}

// Result is a sample by village.
type Result struct {
	Draw       Draw            `json:"draw"`
	Villages   []VillageResult `json:"villages"`
	Uses       []UseRow        `json:"uses"`
	N          int             `json:"n"` // households to visit
	Persons    int             `json:"persons"`
	SumWeights float64         `json:"sum_weights"` // how many households the sample stands for
	Deff       float64         `json:"deff"`        // of the weights (Kish)
	WeightMin  float64         `json:"weight_min"`
	WeightMax  float64         `json:"weight_max"`
	Claims     []Claim         `json:"claims"`
	Warnings   []Warning       `json:"warnings"`
}

// VillageResult is a village of the sample (with one stage: a township).
type VillageResult struct {
	Code     region.Code     `json:"code"`
	Name     string          `json:"name"`
	Township string          `json:"township"` // name
	Group    string          `json:"group"`
	Type     string          `json:"type"`
	Order    int             `json:"order"`
	Drawn    int             `json:"drawn"`
	Of       int             `json:"of"`
	Attempt  int             `json:"attempt"`
	P        string          `json:"p"`
	Short    int             `json:"short"`
	Strata   []StratumResult `json:"strata"`
	Reserve  int             `json:"reserve"` // not used yet
	Gone     int             `json:"gone"`
}

// StratumResult is a class of households in a village of the sample.
type StratumResult struct {
	Stratum   string `json:"stratum"`
	Quota     string `json:"quota"`
	Have      int    `json:"have"`
	Draw      int    `json:"draw"`
	Certainty bool   `json:"certainty"`
	Gap       bool   `json:"gap"`
}

// The events. DrawnEvent follows a draw, ReplacedEvent a replacement.
const (
	EventDrawn    = "sampling.drawn"
	EventReplaced = "sampling.replaced"
)

// DrawnEvent is the payload of sampling.drawn: SelectedTx now gives another answer.
type DrawnEvent struct {
	Campaign   string `json:"campaign"`
	Draw       string `json:"draw"`
	Households int    `json:"households"`
}

// ReplacedEvent is the payload of sampling.replaced: Household is not to be visited any more, With ("" for none) is.
type ReplacedEvent struct {
	Campaign  string `json:"campaign"`
	Draw      string `json:"draw"`
	Household string `json:"household"`
	With      string `json:"with"`
}
