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
	Facts  []ScoreFact       `yaml:"facts"`
}

// ScoreFact is the name of something that the scheme counts, or of an item of its veto, and where it is counted. Without Count.Of people enter it.
type ScoreFact struct {
	Code  string     `yaml:"code" check:"required,code"`
	Title Text       `yaml:"title" check:"required"`
	Count ScoreCount `yaml:"count"`
}

// ScoreCount says which problems of the ledger in a unit's place are counted; what is absent does not narrow.
type ScoreCount struct {
	Of       string `yaml:"of" check:"one=found|open|overdue|closed"`
	Severity string `yaml:"severity"`
	Nature   string `yaml:"nature"`
	Sector   string `yaml:"sector"`
	Source   string `yaml:"source"`
}

// Fact gives what is said of a code; its title is the code itself where nothing is.
func (o ScoreObject) Fact(code string) ScoreFact {
	for _, f := range o.Facts {
		if f.Code == code {
			return f
		}
	}
	for _, b := range o.Scheme.Bonus {
		if b.Code == code && b.Title.ZH != "" {
			return ScoreFact{Code: code, Title: Text(b.Title)}
		}
	}
	return ScoreFact{Code: code, Title: Text{ZH: code, EN: code}}
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
		d.scoreFacts(pb, o, key+".facts")
		for _, m := range o.Scheme.Check() {
			at := key + ".scheme." + m.Path
			d.mistake(d.near(at), at, "playbook.scheme_"+m.What, "got", m.Got)
		}
	}
}

// scoreFacts checks that facts are those of the scheme, and that what is counted can be.
func (d *decoder) scoreFacts(pb *Playbook, o ScoreObject, key string) {
	d.once(key, len(o.Facts), func(i int) string { return o.Facts[i].Code })
	known := append(o.Scheme.Facts(), o.Scheme.Veto.Items...)
	var severities, natures []string
	for _, s := range pb.Ledger.Severities {
		severities = append(severities, s.Code)
	}
	for _, n := range pb.Ledger.Natures {
		natures = append(natures, n.Code)
	}
	for i, f := range o.Facts {
		at := fmt.Sprintf("%s[%d]", key, i)
		d.known(at+".code", f.Code, known, "playbook.score_fact")
		if f.Count == (ScoreCount{}) {
			continue
		}
		if o.Kind == "department" || f.Count.Of == "" {
			d.mistake(d.near(at+".count"), at+".count", "playbook.score_count", "got", f.Count.Of)
		}
		if f.Count.Severity != "" {
			d.known(at+".count.severity", f.Count.Severity, severities, "playbook.score_count")
		}
		if f.Count.Nature != "" {
			d.known(at+".count.nature", f.Count.Nature, natures, "playbook.score_count")
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
