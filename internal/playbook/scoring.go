package playbook

import (
	"fmt"
	"regexp"
	"strings"

	"ruhu/internal/score/scheme"
)

// Scoring says what is scored and how. Purpose 'statistical' leaves no room for it.
type Scoring struct {
	Objects []ScoreObject `yaml:"objects"`
}

// ScoreObject is a kind of unit with its scheme.
type ScoreObject struct {
	Code   string            `yaml:"code" check:"required,code"`
	Title  Text              `yaml:"title" check:"required"`
	Kind   string            `yaml:"kind" check:"required,one=township|village|resident_team|department"`
	Scheme scheme.Scheme     `yaml:"scheme" check:"required"`
	Rounds []ScoreRound      `yaml:"rounds" check:"required"`
	Best   scheme.Group      `yaml:"best"` // who is commended; nothing: nobody
	Streak scheme.StreakRule `yaml:"streak"`
}

// ScoreRound is an evaluation: half-year, year. Weights say what part each has in the whole.
type ScoreRound struct {
	Code   string         `yaml:"code" check:"required,code"`
	Title  Text           `yaml:"title" check:"required"`
	Weight scheme.Decimal `yaml:"weight" check:"required"`
}

// Scored reports whether anything is scored in the campaign.
func (p *Playbook) Scored() bool {
	return p.Switches.Purpose != "statistical" && len(p.Scoring.Objects) > 0
}

// ScoreObject returns the kind of unit of that code.
func (p *Playbook) ScoreObject(code string) (*ScoreObject, bool) {
	for i := range p.Scoring.Objects {
		if p.Scoring.Objects[i].Code == code {
			return &p.Scoring.Objects[i], true
		}
	}
	return nil, false
}

func (d *decoder) scoring(pb *Playbook) {
	s := pb.Scoring
	if len(s.Objects) > 0 && pb.Switches.Purpose == "statistical" {
		d.mistake(d.lines["scoring"], "scoring", "playbook.scoring_statistical")
	}
	d.once("scoring.objects", len(s.Objects), func(i int) string { return s.Objects[i].Code })
	for i, o := range s.Objects {
		key := fmt.Sprintf("scoring.objects[%d]", i)
		d.once(key+".rounds", len(o.Rounds), func(j int) string { return o.Rounds[j].Code })
		for j, r := range o.Rounds {
			d.decimal(fmt.Sprintf("%s.rounds[%d].weight", key, j), string(r.Weight))
		}
		for _, m := range o.Scheme.Check() {
			at := key + ".scheme." + m.Path
			d.mistake(d.near(at), at, "playbook.scheme_"+m.What, "got", m.Got)
		}
	}
}

var decimalRE = regexp.MustCompile(`^-?[0-9]{1,30}(\.[0-9]{1,30})?$`)

// decimal wants a plain decimal, or nothing.
func (d *decoder) decimal(key, got string) {
	if got != "" && !decimalRE.MatchString(got) {
		d.mistake(d.lines[key], key, "playbook.scheme_decimal", "got", got)
	}
}

// near is the line of a key, or of the nearest key above that is there.
func (d *decoder) near(key string) int {
	for key != "" {
		if line := d.lines[key]; line > 0 {
			return line
		}
		cut := max(strings.LastIndexByte(key, '.'), strings.LastIndexByte(key, '['), 0)
		key = key[:cut]
	}
	return 0
}
