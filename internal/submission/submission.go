package submission

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"ruhu/form/xform"
	"ruhu/internal/blob"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/region"
	"ruhu/internal/submission/merge"
)

// State is where a submission stands.
type State string

// The states; see the package comment.
const (
	StateReceived    State = "received"
	StateReview      State = "review"
	StateAccepted    State = "accepted"
	StateReturned    State = "returned"
	StateQuarantined State = "quarantined"
	StateAside       State = "aside" // another form stands for the household, and somebody or the comparison has said so
)

// Limits on what one arrival may hold.
const (
	MaxBody = 2 << 20  // bytes of an instance
	MaxFile = 12 << 20 // bytes of a photograph or signature
)

// NoCampaign stands for the campaign of an arrival that nothing connects with one.
const NoCampaign = "00000000-0000-0000-0000-000000000000"

// Reasons why a revision was set aside. They are codes with a sentence in the locale file, shown to the supervisor.
const (
	reasonNotXML      = "submission.not_xml"
	reasonNoID        = "submission.no_id"
	reasonNoForm      = "submission.no_form"
	reasonNoAssign    = "submission.no_assignment"
	reasonNotTeam     = "submission.not_team"
	reasonReplaced    = "submission.replaced"
	reasonOtherForm   = "submission.other_form"
	reasonSecondForm  = "submission.second_form"
	reasonConflict    = "submission.conflict"
	reasonClosed      = "submission.closed"
	reasonOtherAssign = "submission.other_assignment"
	reasonStructure   = "submission.structure"
	reasonEngine      = "submission.engine"
	reasonOldDevice   = "submission.old_device"
)

// Arrival is what a phone sends.
type Arrival struct {
	Assignment string // id as the phone says it; may be anything
	Form       string // SHA-256 of the XForm that was filled in
	Base       int    // revision it was edited from; 0 for a new form
	Body       []byte // the instance
	Device     string // id of the phone's store; "" when it is not said
	Via        Via    // how it came
}

// Via is the way that a revision came.
type Via string

// The ways. Those of the phones are the rule and need no word.
const (
	ViaPhone   Via = ""        // sent by the phone
	ViaPackage Via = "package" // out of a package that the office imported
	ViaChosen  Via = "chosen"  // a supervisor took it after it had been set aside
	ViaMerge   Via = "merge"   // two edits that did not touch the same question, put together by the program
	ViaClient  Via = "client"  // sent by another app (docs/openrosa.md)
)

// CapturePaper marks a form that was filled in on paper and keyed from it (S0.13). The account of the revision is who keyed it.
const CapturePaper = "paper"

// Receipt says that an arrival is kept. It is the same for every repetition but for Duplicate.
type Receipt struct {
	InstanceID   string   `json:"instance_id"`
	Revision     int      `json:"revision"`
	Digest       string   `json:"digest"` // SHA-256 of the body, 64 hex digits
	ReceivedAt   db.Time  `json:"received_at"`
	Duplicate    bool     `json:"duplicate"`
	State        State    `json:"state"` // received or quarantined: what became of this arrival
	MissingFiles []string `json:"missing_files"`
}

// Assigned is what intake needs of an assignment.
type Assigned struct {
	ID, Campaign, Household, Team string
	Form                          string // code of the form
	FormHash                      string // the version that it names
	Village                       region.Code
	Day                           db.Date
	State                         string // open, submitted, returned, done, replaced
}

// Move puts an assignment into a state.
type Move struct{ County, Assignment, To, Submission, FormHash string }

// Campaign is what judging needs of a campaign.
type Campaign struct {
	FirstLevel string         // code of the first review level
	Zone       *time.Location // what today() means
}

// Form is a questionnaire as intake and judging need it.
type Form struct {
	Hash, Code string
	Uploads    []string // paths of the questions whose answers name files
	// Judge runs the form engine over an instance that was received at a time, given in the survey's zone. An error means that
	// the engine could not take it as an instance of this form.
	Judge func(instance []byte, at time.Time) (Verdict, error)
}

// Verdict is what the engine says of an instance.
type Verdict struct {
	Findings []Finding
	Problems []string           // codes of the problem rules that hold
	Figures  map[string]float64 // indicators by name; those that the form does not say are absent
	Reading  *Reading           // for the rooms below; may be nil
	Vouches  []xform.Vouch      // how the enumerators confirmed
}

// Finding is one thing that is wrong or remarkable at a question.
type Finding struct {
	Ref      string    `json:"ref"`
	Rule     string    `json:"rule"`     // required, constraint, type, warning, structure, choice, irrelevant, calculate, vouch
	Severity string    `json:"severity"` // error or warning
	Message  errs.Text `json:"message"`
	Reason   string    `json:"reason"` // the enumerator's explanation of a warning (核实说明)
}

// Inputs are the rooms above on the street, as far as they are needed here.
type Inputs struct {
	// Assignments gives those of ids that exist.
	Assignments func(ctx context.Context, tx *db.Tx, county string, ids []string) (map[string]Assigned, error)
	// Teams gives the team ids that each account belongs to.
	Teams func(ctx context.Context, tx *db.Tx, county string, accounts []string) (map[string][]string, error)
	// Move changes the states of assignments.
	Move func(ctx context.Context, tx *db.Tx, moves []Move) error
	// Replaced tells which devices the office has given up; nil means none.
	Replaced func(ctx context.Context, tx *db.Tx, county string, devices []string) (map[string]bool, error)
	// Form gives the form version with this hash; NotFound when there is none. It opens its own transaction.
	Form func(ctx context.Context, hash string) (*Form, error)
	// Merge compares three instances of the form with this hash; at is in the survey's zone. nil: edits are never put together.
	Merge func(ctx context.Context, hash string, base, current, other []byte, at time.Time) (merge.Result, error)
	// Compare lists the questions that two instances of the form with this hash answer differently. nil: they are never compared.
	Compare func(ctx context.Context, hash string, current, other []byte, at time.Time) ([]merge.Answer, error)
	// Campaign gives what judging must know of a campaign. It opens its own transaction.
	Campaign func(ctx context.Context, county, id string) (Campaign, error)
	// Reader is given what was read; nil: the rooms below read it again.
	Reader *Reader
	// Blobs holds the files.
	Blobs *blob.Store
}

// Received is the payload of the event submission.received: a revision has become the current one.
type Received struct {
	Campaign   string      `json:"campaign"`
	Submission string      `json:"submission"`
	Revision   int         `json:"revision"`
	Assignment string      `json:"assignment"`
	Team       string      `json:"team"`
	Village    region.Code `json:"village"`
	Day        db.Date     `json:"day"`
}

// Judged is the payload of the event submission.judged.
type Judged struct {
	Campaign    string   `json:"campaign"`
	Submission  string   `json:"submission"`
	Revision    int      `json:"revision"`
	Errors      int      `json:"errors"`
	Warnings    int      `json:"warnings"`
	Unconfirmed int      `json:"unconfirmed"`
	Problems    []string `json:"problems"` // codes of the problem rules that hold
}

// Measured is the payload of the event submission.measured: the indicators of a revision that was judged. It is an event of its own, so that the
// figures are written once and not for every room that hears of a judgement.
type Measured struct {
	Campaign   string             `json:"campaign"`
	Submission string             `json:"submission"`
	Revision   int                `json:"revision"`
	Figures    map[string]float64 `json:"figures"`
}

var namespace = uuid.MustParse("6f1d9e0a-3c57-5b8e-9a41-20d1c7a5e0b2")

// ID is the id of the submission of an instance: the UUID inside "uuid:…", or one derived from any other text.
func ID(instanceID string) string {
	if rest, ok := strings.CutPrefix(instanceID, "uuid:"); ok && len(rest) == 36 {
		if u, err := uuid.Parse(rest); err == nil {
			return u.String()
		}
	}
	return uuid.NewSHA1(namespace, []byte(instanceID)).String()
}
