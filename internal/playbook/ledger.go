package playbook

import (
	"fmt"
	"slices"
	"time"
)

// Ledger holds the rules of the problem ledger.
type Ledger struct {
	DueDays      int        `yaml:"due_days" check:"required,min=0,max=1000"` // working days, where the rule says none
	WarnDays     int        `yaml:"warn_days" check:"min=0,max=60"`           // working days before the due date from which an item is warned of; 0: never
	ReplyDays    int        `yaml:"reply_days" check:"min=0,max=60"`          // working days in which a supervision notice is answered; 0: DefaultReplyDays
	PetitionDays int        `yaml:"petition_days" check:"min=0,max=250"`      // working days for a petition; 0: due_days
	Procedure    Text       `yaml:"procedure"`                                // what is explained to whoever brings a petition; empty: the console's words
	Responsible  string     `yaml:"responsible" check:"required"`
	VerifyBy     string     `yaml:"verify_by" check:"required"` // role that verifies; never the person who fixed
	Evidence     string     `yaml:"evidence" check:"required,one=none|note|photo"`
	CloseBy      Date       `yaml:"close_by"` // the last day for all
	Responsibles []string   `yaml:"responsibles" check:"required"`
	Severities   []Severity `yaml:"severities" check:"required"`
	Natures      []Nature   `yaml:"natures"`
	Daily        Daily      `yaml:"daily"`
}

// DefaultReplyDays is used where a playbook says nothing.
const DefaultReplyDays = 3

// Nature is a class that problems are sorted into (S0.5).
type Nature struct {
	Code       string   `yaml:"code" check:"required,code"`
	Title      Text     `yaml:"title" check:"required"`
	Categories []string `yaml:"categories"` // what rules of these categories find is of this nature
	Correction bool     `yaml:"correction"` // base data that is wrong: listed for the correction of registers (S0.12)
}

// Daily says how the problems of a day are collected (S2.14).
type Daily struct {
	By   string   `yaml:"by"`   // time of day by which the list is handed in, "20:00"; "" where none is asked for
	Hold []string `yaml:"hold"` // roles that see problems only after a feedback meeting
}

// NatureOf gives the nature of what a rule of a category finds; "" where the playbook has none.
func (l Ledger) NatureOf(category string) string {
	i := slices.IndexFunc(l.Natures, func(n Nature) bool { return slices.Contains(n.Categories, category) })
	if i < 0 {
		return ""
	}
	return l.Natures[i].Code
}

// Nature finds a nature by its code.
func (l Ledger) Nature(code string) (Nature, bool) {
	i := slices.IndexFunc(l.Natures, func(n Nature) bool { return n.Code == code })
	if i < 0 {
		return Nature{}, false
	}
	return l.Natures[i], true
}

// ledger checks what the types can't.
func (d *decoder) ledger(pb *Playbook) {
	l := pb.Ledger
	d.once("ledger.natures", len(l.Natures), func(i int) string { return l.Natures[i].Code })
	if l.Daily.By != "" {
		if _, err := time.Parse("15:04", l.Daily.By); err != nil {
			d.mistake(d.lines["ledger.daily.by"], "ledger.daily.by", "playbook.bad_time", "got", l.Daily.By)
		}
	}
	var roles []string
	for _, r := range pb.Roles {
		roles = append(roles, r.Code)
	}
	for i, r := range l.Daily.Hold {
		d.known(fmt.Sprintf("ledger.daily.hold[%d]", i), r, roles, "playbook.unknown_role")
	}
	seen := map[string]string{}
	for i, n := range l.Natures {
		for j, c := range n.Categories {
			at := fmt.Sprintf("ledger.natures[%d].categories[%d]", i, j)
			if other, twice := seen[c]; twice {
				d.mistake(d.lines[at], at, "playbook.category_twice", "got", c, "nature", other)
			}
			seen[c] = n.Code
		}
	}
}
