package playbook

import (
	"time"

	"ruhu/form/xlsform"
)

// Text is a name in both languages of the program.
type Text struct {
	ZH string `yaml:"zh" check:"required" json:"zh"`
	EN string `yaml:"en" check:"required" json:"en"`
}

// Playbook is a valid playbook. It is shared and not changed after Load.
type Playbook struct {
	ID         string        `yaml:"id" check:"required,code"`
	Seed       string        `yaml:"seed"` // the plan it was written from
	Title      Text          `yaml:"title" check:"required"`
	TimeZone   string        `yaml:"time_zone" check:"required"` // IANA name
	Switches   Switches      `yaml:"switches" check:"required"`
	Stages     []Stage       `yaml:"stages" check:"required"`
	Roles      []Role        `yaml:"roles" check:"required"`
	Scope      Scope         `yaml:"scope" check:"required"`
	Team       Team          `yaml:"team" check:"required"`
	Forms      []Form        `yaml:"forms" check:"required"`
	Review     []Level       `yaml:"review" check:"required"`
	ReviewAges []int         `yaml:"review_ages"` // see Ages
	Ledger     Ledger        `yaml:"ledger" check:"required"`
	Thresholds []Threshold   `yaml:"thresholds"`
	Listing    Listing       `yaml:"listing"`
	Sampling   Sampling      `yaml:"sampling"`
	Registers  []Register    `yaml:"registers"`
	Agreement  Agreement     `yaml:"agreement"`
	Papers     []PaperKind   `yaml:"papers"`
	Suspects   []SuspectPair `yaml:"suspects"`
	Quality    Quality       `yaml:"quality"`
	Scoring    Scoring       `yaml:"scoring"`
	Circulars  Circulars     `yaml:"circulars"`
	Training   Training      `yaml:"training"`
	Quiz       Quiz          `yaml:"quiz"`
	Signatures []SignChain   `yaml:"signatures"`

	Determinations Determinations `yaml:"determinations"`
	Rates          Rates          `yaml:"rates"`
	ExitStandard   ExitStandard   `yaml:"exit_standard"`
}

// Switches turn whole rooms on and off.
type Switches struct {
	Purpose string `yaml:"purpose" check:"required,one=statistical|assessment"`
	Ranking string `yaml:"ranking" check:"required,one=on|off"`
}

// Stage is a period of the campaign, both days included.
type Stage struct {
	Code       string      `yaml:"code" check:"required,code"`
	Title      Text        `yaml:"title" check:"required"`
	From       Date        `yaml:"from" check:"required"`
	To         Date        `yaml:"to" check:"required"`
	Milestones []Milestone `yaml:"milestones"`
	Gates      []string    `yaml:"gates" check:"one=roster_imported|listing_frozen|sample_drawn|teams_complete|assignments_planned|all_visited|all_reviewed|areas_accepted|ledger_signed|problems_closed|report_filed"` // what must be done before the stage can be left
}

// Milestone is a day by which something is done.
type Milestone struct {
	Code  string `yaml:"code" check:"required,code"`
	Title Text   `yaml:"title" check:"required"`
	Date  Date   `yaml:"date" check:"required"`
}

// Role is a part that people play, at one level of administration.
type Role struct {
	Code  string `yaml:"code" check:"required,code"`
	Title Text   `yaml:"title" check:"required"`
	Level string `yaml:"level" check:"required,one=county|township|village"`
}

// Scope says which places and households the campaign covers.
type Scope struct {
	Levels     []string `yaml:"levels" check:"required,one=county|township|village"`
	NoSampling bool     `yaml:"no_sampling"` // every household of these classes is visited
	Classes    []Class  `yaml:"classes" check:"required"`
}

// Class is a household class (户属性).
type Class struct {
	Code  string `yaml:"code" check:"required,code"`
	Title Text   `yaml:"title" check:"required"`
	Focus Text   `yaml:"focus"` // what is looked for in these households
}

// Form is a questionnaire and the classes that get it.
type Form struct {
	Code  string   `yaml:"code" check:"required,code"`
	Title Text     `yaml:"title" check:"required"`
	File  string   `yaml:"file" check:"required"`
	For   []string `yaml:"for" check:"required"`

	Source     []byte              `yaml:"-"` // the file as it is
	Files      map[string][]byte   `yaml:"-"` // those beside it that it takes data from, by name
	FormID     string              `yaml:"-"`
	Version    string              `yaml:"-"`
	XForm      []byte              `yaml:"-"`
	Problems   []xlsform.Problem   `yaml:"-"` // thresholds filled in
	Indicators []xlsform.Indicator `yaml:"-"` // thresholds filled in
}

// Severity is a word that rules grade problems by, gravest first.
type Severity struct {
	Code  string `yaml:"code" check:"required,code"`
	Title Text   `yaml:"title" check:"required"`
}

// Threshold is a number that conditions name as $code.
type Threshold struct {
	Code  string  `yaml:"code" check:"required,code"`
	Title Text    `yaml:"title" check:"required"`
	Value float64 `yaml:"value" check:"required"`
}

// Date is a calendar day in the playbook's zone, at midnight UTC. The zero Date is 'none'.
type Date struct{ time.Time }

// String writes the day as 2026-03-04.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return d.Format(time.DateOnly)
}

// MarshalText writes the day as in playbook.yaml.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// FormFor returns the form that a household of this class gets.
func (p *Playbook) FormFor(class string) (*Form, bool) {
	for i := range p.Forms {
		for _, c := range p.Forms[i].For {
			if c == class {
				return &p.Forms[i], true
			}
		}
	}
	return nil, false
}

// Form returns the form of that code.
func (p *Playbook) Form(code string) (*Form, bool) {
	for i := range p.Forms {
		if p.Forms[i].Code == code {
			return &p.Forms[i], true
		}
	}
	return nil, false
}

// Stage returns the stage of that code.
func (p *Playbook) Stage(code string) (*Stage, bool) {
	for i := range p.Stages {
		if p.Stages[i].Code == code {
			return &p.Stages[i], true
		}
	}
	return nil, false
}

// Start is the first day of the first stage: what a campaign of another year shifts from.
func (p *Playbook) Start() Date { return p.Stages[0].From }

// Location is the playbook's time zone.
func (p *Playbook) Location() *time.Location {
	l, err := time.LoadLocation(p.TimeZone)
	if err != nil { // Load has made sure that this does not happen on the machine that loaded it
		return time.UTC
	}
	return l
}
