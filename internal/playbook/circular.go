package playbook

import (
	"fmt"
	"slices"
	"time"

	"ruhu/internal/authz"
	"ruhu/internal/score/scheme"
)

// Circulars says how villages are compared while the survey runs (S0.17). Without the section a campaign has no daily return and no circulars.
type Circulars struct {
	Cutoff string           `yaml:"cutoff"` // 18:00: what arrives later belongs to the next day
	Series []CircularSeries `yaml:"series"`
}

// CircularSeries is one kind of circular: the weekly one, the one at the end of a stage. Their numbers and streaks are their own.
type CircularSeries struct {
	Code         string                `yaml:"code" check:"required,code"`
	Title        Text                  `yaml:"title" check:"required"`
	Period       string                `yaml:"period" check:"required,one=weekly|fortnight|stage"`
	Weekday      string                `yaml:"weekday" check:"one=monday|tuesday|wednesday|thursday|friday|saturday|sunday"` // the last day of a period
	Stages       []string              `yaml:"stages"`                                                                       // all when absent
	Measure      string                `yaml:"measure" check:"required,one=accepted|submitted|on_plan|problems_in_time"`
	Ties         []string              `yaml:"ties" check:"one=accepted|submitted|on_plan|problems_in_time"` // what decides between villages that are equal
	Approve      []string              `yaml:"approve" check:"required"`                                     // roles
	Issue        []string              `yaml:"issue" check:"required"`                                       // roles, others than those
	Unranked     string                `yaml:"unranked" check:"one=skip|reset"`                              // a period in which a village had no task: "" is skip
	Beyond       string                `yaml:"beyond" check:"one=once|every|each"`                           // see scheme.StreakRule
	Consequences []CircularConsequence `yaml:"consequences"`
	Score        CircularScore         `yaml:"score"` // where points of consequences go; nothing: they are only said
}

// CircularScore names a round of an object that is scored village by village.
type CircularScore struct {
	Object string `yaml:"object"`
	Round  string `yaml:"round"`
}

// CircularConsequence is what follows from so many last places running.
type CircularConsequence struct {
	Run    int            `yaml:"run" check:"required,min=2,max=20"`
	Code   string         `yaml:"code" check:"required,code"`
	Title  Text           `yaml:"title" check:"required"`
	Points scheme.Decimal `yaml:"points"` // off the year's score
}

// Words of CircularSeries.
const (
	Weekly         = "weekly"
	Fortnight      = "fortnight"
	ByStage        = "stage"
	Accepted       = "accepted"
	Submitted      = "submitted"
	OnPlan         = "on_plan"
	ProblemsInTime = "problems_in_time"
	Statistical    = "statistical"
	On             = "on"
)

// Asked reports whether the campaign keeps the daily return.
func (c Circulars) Asked() bool { return c.Cutoff != "" }

// CutoffMinutes is the cut-off in minutes after midnight.
func (c Circulars) CutoffMinutes() int {
	t, err := time.Parse("15:04", c.Cutoff)
	if err != nil {
		return 0
	}
	return t.Hour()*60 + t.Minute()
}

// Find returns the series of that code.
func (c Circulars) Find(code string) (CircularSeries, bool) {
	i := slices.IndexFunc(c.Series, func(s CircularSeries) bool { return s.Code == code })
	if i < 0 {
		return CircularSeries{}, false
	}
	return c.Series[i], true
}

// Ranks reports whether villages may be ranked at all: statistical surveys never do, others by the switch.
func (s Switches) Ranks() bool { return s.Purpose != Statistical && s.Ranking == On }

// Day is the weekday of the name; it must be one of the words.
func (s CircularSeries) Day() time.Weekday {
	days := []string{"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"}
	return time.Weekday(max(0, slices.Index(days, s.Weekday)))
}

// StreakRule is the rule of last places, for package scheme.
func (s CircularSeries) StreakRule() scheme.StreakRule {
	r := scheme.StreakRule{Missing: "skip", Beyond: s.Beyond}
	if s.Unranked != "" {
		r.Missing = s.Unranked
	}
	for _, c := range s.Consequences {
		r.Consequences = append(r.Consequences, scheme.Consequence{Run: c.Run, Action: c.Code, Points: c.Points})
	}
	return r
}

// circulars checks the section against the rest of the playbook.
func (d *decoder) circulars(pb *Playbook) {
	c := pb.Circulars
	line, written := d.lines["circulars"]
	if !written {
		return
	}
	if c.Cutoff == "" {
		d.mistake(line, "circulars", "playbook.missing_key", "name", "cutoff")
	} else if _, err := time.Parse("15:04", c.Cutoff); err != nil {
		d.mistake(d.lines["circulars.cutoff"], "circulars.cutoff", "playbook.circular_cutoff", "got", c.Cutoff)
	}
	d.once("circulars.series", len(c.Series), func(i int) string { return c.Series[i].Code })
	for i, s := range c.Series {
		d.circularSeries(pb, s, fmt.Sprintf("circulars.series[%d]", i))
	}
}

func (d *decoder) circularSeries(pb *Playbook, s CircularSeries, at string) {
	var stages []string
	for _, st := range pb.Stages {
		stages = append(stages, st.Code)
	}
	for i, code := range s.Stages {
		d.known(fmt.Sprintf("%s.stages[%d]", at, i), code, stages, "playbook.unknown_stage")
	}
	switch {
	case s.Period == ByStage && s.Weekday != "":
		d.mistake(d.lines[at+".weekday"], at+".weekday", "playbook.circular_stage_weekday")
	case s.Period != ByStage && s.Period != "" && s.Weekday == "":
		d.mistake(d.lines[at], at, "playbook.missing_key", "name", "weekday")
	}
	for i, m := range s.Ties {
		if m == s.Measure || slices.Contains(s.Ties[:i], m) {
			key := fmt.Sprintf("%s.ties[%d]", at, i)
			d.mistake(d.lines[key], key, "playbook.circular_tie_twice", "got", m)
		}
	}
	d.actingRoles(pb, s.Approve, at+".approve", authz.CircularAllow, nil)
	d.actingRoles(pb, s.Issue, at+".issue", authz.CircularIssue, s.Approve)
	before := 0
	for i, q := range s.Consequences {
		key := fmt.Sprintf("%s.consequences[%d]", at, i)
		if q.Run <= before && q.Run != 0 {
			d.mistake(d.lines[key+".run"], key+".run", "playbook.circular_run_order")
		}
		before = q.Run
		if r, err := q.Points.Rat(); q.Points != "" && (err != nil || r.Sign() < 0) {
			d.mistake(d.lines[key+".points"], key+".points", "playbook.circular_points", "got", string(q.Points))
		}
	}
	d.circularScore(pb, s.Score, at+".score")
	d.once(at+".consequences", len(s.Consequences), func(i int) string { return s.Consequences[i].Code })
}

// circularScore checks that points go to a round in which villages are scored.
func (d *decoder) circularScore(pb *Playbook, s CircularScore, at string) {
	if s == (CircularScore{}) {
		return
	}
	o, ok := pb.ScoreObject(s.Object)
	if !ok || o.Kind != "village" {
		d.mistake(d.near(at+".object"), at+".object", "playbook.circular_score", "got", s.Object)
		return
	}
	if !slices.ContainsFunc(o.Rounds, func(r ScoreRound) bool { return r.Code == s.Round }) {
		d.mistake(d.near(at+".round"), at+".round", "playbook.circular_score", "got", s.Round)
	}
}

// actingRoles checks that roles exist, that their holders may do it, and that they are none of others.
func (d *decoder) actingRoles(pb *Playbook, roles []string, at string, action authz.Action, others []string) {
	var known []string
	for _, r := range pb.Roles {
		known = append(known, r.Code)
	}
	for i, r := range roles {
		key := fmt.Sprintf("%s[%d]", at, i)
		d.known(key, r, known, "playbook.unknown_role")
		switch {
		case slices.Contains(others, r):
			d.mistake(d.lines[key], key, "playbook.circular_same_role", "got", r)
		case slices.Contains(known, r) && !(authz.Actor{Role: authz.Role(r)}).Can(action):
			d.mistake(d.lines[key], key, "playbook.role_may_not", "got", r)
		}
	}
}
