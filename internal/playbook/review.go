package playbook

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"

	"ruhu/internal/authz"
)

// Level is one level of review.
type Level struct {
	Level        int      `yaml:"level" check:"required,min=1,max=9"`
	Code         string   `yaml:"code" check:"required,code"`
	Title        Text     `yaml:"title" check:"required"`
	Role         string   `yaml:"role" check:"required"`
	Coverage     float64  `yaml:"coverage" check:"required,min=0,max=1"` // part of the forms that is looked at, drawn by the form's digest
	Flagged      bool     `yaml:"flagged"`                               // and every form in which something was found
	Powers       []string `yaml:"powers" check:"required,one=approve|return|annotate|assign_code"`
	DeadlineDays int      `yaml:"deadline_days" check:"required,min=0,max=60"` // working days after arrival; 0 is the same day
	Joint        bool     `yaml:"joint"`                                       // 会审: approved and returned in a meeting only
	Numbering    string   `yaml:"numbering"`                                   // how codes of forms are written (编码); see Series
}

// RunningNumber stands in a series for the number that counts.
const RunningNumber = "{n}"

var (
	placeholderRE = regexp.MustCompile(`\{[^{}]*\}`)
	runningRE     = regexp.MustCompile(`^\{n:([1-9])\}$`)
)

// Series fills in what a code says about its form ({township}, {village}, {class}, {form}) and leaves RunningNumber for {n:4}, the number that counts
// within the series; digits is how many that has at least.
func (l Level) Series(about map[string]string) (series string, digits int) {
	series = placeholderRE.ReplaceAllStringFunc(l.Numbering, func(h string) string {
		if m := runningRE.FindStringSubmatch(h); m != nil {
			digits, _ = strconv.Atoi(m[1])
			return RunningNumber
		}
		return about[h[1:len(h)-1]]
	})
	return series, digits
}

// numbering checks a pattern: known placeholders, one running number.
func (d *decoder) numbering(at, pattern string) {
	n := 0
	for _, h := range placeholderRE.FindAllString(pattern, -1) {
		switch {
		case runningRE.MatchString(h):
			n++
		case !slices.Contains([]string{"{township}", "{village}", "{class}", "{form}"}, h):
			d.mistake(d.lines[at], at, "playbook.numbering_unknown", "got", h)
		}
	}
	if n != 1 || len(pattern) > 100 {
		d.mistake(d.lines[at], at, "playbook.numbering_number")
	}
}

// May reports whether the level has a power.
func (l Level) May(power string) bool { return slices.Contains(l.Powers, power) }

// LooksAtAll reports whether no form goes past the level.
func (l Level) LooksAtAll() bool { return l.Coverage >= 1 }

// Ages are the last working days of the columns in which waiting forms are counted: 1, 3, 7 gives 0–1, 2–3, 4–7 and more than 7.
func (p *Playbook) Ages() []int {
	if len(p.ReviewAges) == 0 {
		return []int{1, 3, 7}
	}
	return p.ReviewAges
}

// review makes sure that forms can get through the levels, and that none gets through unseen.
func (d *decoder) review(pb *Playbook) {
	seen := false
	for i, l := range pb.Review {
		at := fmt.Sprintf("review[%d]", i)
		if len(l.Powers) > 0 && !l.May("approve") {
			d.mistake(d.lines[at+".powers"], at+".powers", "playbook.level_without_approval")
		}
		if r := authz.Role(l.Role); r.Valid() && !(authz.Actor{Role: r}).Can(authz.ReviewDecide) {
			d.mistake(d.lines[at+".role"], at+".role", "playbook.level_role", "got", l.Role)
		}
		if l.Coverage == 0 && !l.Flagged && d.lines[at+".coverage"] > 0 {
			d.mistake(d.lines[at+".coverage"], at+".coverage", "playbook.level_sees_nothing")
		}
		if l.Numbering != "" {
			d.numbering(at+".numbering", l.Numbering)
			if !l.May("assign_code") {
				d.mistake(d.lines[at+".numbering"], at+".numbering", "playbook.numbering_power")
			}
		}
		seen = seen || l.LooksAtAll()
	}
	if !seen && len(pb.Review) > 0 {
		d.mistake(d.lines["review"], "review", "playbook.no_level_sees_all")
	}
	before := 0
	for i, n := range pb.ReviewAges {
		at := fmt.Sprintf("review_ages[%d]", i)
		if n <= before || n > 250 || len(pb.ReviewAges) > 8 {
			d.mistake(d.lines[at], at, "playbook.ages_order")
		}
		before = n
	}
}
