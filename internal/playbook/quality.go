package playbook

import (
	"fmt"
	"maps"
	"slices"
)

// QualityRules are the rules that look for what is remarkable in forms, by code. docs/quality.md says what each looks at.
var QualityRules = []string{
	"duplicate_id", "duplicate_phone", "duplicate_photo", "duplicate_place", "duplicate_signature", "alike_signature", "hasty_signer", "fast", "duration", "night", "clock", "overlap", "travel", "straight", "similar",
	"outlier", "digits", "effect", "dont_know", "dont_know_team", "far", "inaccurate", "mocked", "near", "keyed",
}

// Quality says what is remarkable in forms. A number that is not said is the default; see Filled.
type Quality struct {
	Off            []string      `yaml:"off"`                               // rules that are not used
	FastShare      float64       `yaml:"fast_share" check:"min=0,max=1"`    // faster than this share of the median
	SimilarShare   float64       `yaml:"similar_share" check:"min=0,max=1"` // of the answers, in two forms of one team
	SimilarItems   int           `yaml:"similar_items" check:"min=1,max=1000"`
	DontKnow       []string      `yaml:"dont_know"` // codes of options
	DontKnowShare  float64       `yaml:"dont_know_share" check:"min=0,max=1"`
	DontKnowTimes  float64       `yaml:"dont_know_times" check:"min=1,max=100"`    // of the share of all
	FarMetres      float64       `yaml:"far_metres" check:"min=0,max=100000"`      // from the village's point
	DwellingMetres float64       `yaml:"dwelling_metres" check:"min=0,max=100000"` // from where the household lives, if that is known
	Accuracy       float64       `yaml:"accuracy_metres" check:"min=0,max=100000"`
	NearMetres     float64       `yaml:"near_metres" check:"min=0,max=1000"` // two households of one team
	TravelKMH      float64       `yaml:"travel_kmh" check:"min=1,max=1000"`
	KeyedShare     float64       `yaml:"keyed_share" check:"min=0,max=1"`
	Level          float64       `yaml:"level" check:"min=0,max=0.5"`             // of tests, after adjustment for the number of teams
	SignsPerMinute int           `yaml:"signs_per_minute" check:"min=1,max=1000"` // by one person, under different documents
	MinValues      int           `yaml:"min_values" check:"min=5,max=10000"`      // before single ones are called outliers
	Batteries      []Battery     `yaml:"batteries"`
	Outliers       []OutlierItem `yaml:"outliers"`
	Digits         []string      `yaml:"digits"` // questions whose last digit should be even
	Effects        []EffectItem  `yaml:"effects"`
	Recheck        Recheck       `yaml:"recheck"`
}

// Battery is a row of questions with the same options.
type Battery struct {
	Code  string   `yaml:"code" check:"required,code"`
	Items []string `yaml:"items" check:"required"`
}

// OutlierItem is a number whose far values are looked at.
type OutlierItem struct {
	Item   string  `yaml:"item" check:"required"`
	Method string  `yaml:"method" check:"one=iqr|mad"` // "" is mad
	K      float64 `yaml:"k" check:"min=0.5,max=100"`  // 1.5 and 3.5
	Log    bool    `yaml:"log"`                        // of logarithms: incomes, durations
}

// EffectItem is an answer whose share is compared between teams.
type EffectItem struct {
	Item  string `yaml:"item" check:"required"`
	Value string `yaml:"value" check:"required"`
}

// Recheck is the second interview of some households by another team (事后质量抽查).
type Recheck struct {
	Share   float64       `yaml:"share" check:"min=0,max=1"`        // of the forms of each village; 0 is a tenth
	AtLeast int           `yaml:"at_least" check:"min=0,max=10000"` // in each village
	Items   []RecheckItem `yaml:"items"`
}

// RecheckItem is a question that is asked again. Lo and Hi are decimals: how far the second answer may lie from the first.
type RecheckItem struct {
	Item     string `yaml:"item" check:"required"`
	Title    Text   `yaml:"title" check:"required"`
	Type     int    `yaml:"type" check:"required,min=1,max=3"` // 1 should not change, 2 hard to ask, 3 stability
	Relative bool   `yaml:"relative"`
	Lo       string `yaml:"lo"`
	Hi       string `yaml:"hi"`
}

// Filled is Quality with the defaults.
func (q Quality) Filled() Quality {
	for _, d := range []struct {
		at  *float64
		def float64
	}{
		{&q.FastShare, 0.5},
		{&q.SimilarShare, 0.85},
		{&q.DontKnowShare, 0.05},
		{&q.DontKnowTimes, 2},
		{&q.FarMetres, 3000},
		{&q.DwellingMetres, 500},
		{&q.Accuracy, 20},
		{&q.NearMetres, 20},
		{&q.TravelKMH, 60},
		{&q.KeyedShare, 0.2},
		{&q.Level, 0.05},
		{&q.Recheck.Share, 0.1},
	} {
		if *d.at == 0 {
			*d.at = d.def
		}
	}
	if q.SimilarItems == 0 {
		q.SimilarItems = 10
	}
	if q.SignsPerMinute == 0 {
		q.SignsPerMinute = 6
	}
	if q.MinValues == 0 {
		q.MinValues = 20
	}
	if q.Recheck.AtLeast == 0 {
		q.Recheck.AtLeast = 1
	}
	q.Outliers = slices.Clone(q.Outliers)
	for i := range q.Outliers {
		o := &q.Outliers[i]
		if o.Method == "" {
			o.Method = "mad"
		}
		if o.K == 0 {
			o.K = map[string]float64{"mad": 3.5, "iqr": 1.5}[o.Method]
		}
	}
	return q
}

// Uses reports whether a rule is used.
func (q Quality) Uses(rule string) bool { return !slices.Contains(q.Off, rule) }

// quality checks that the questions it names exist; forms have been read.
func (d *decoder) quality(pb *Playbook) {
	q := pb.Quality
	for i, r := range q.Off {
		d.known(fmt.Sprintf("quality.off[%d]", i), r, QualityRules, "playbook.unknown_quality_rule")
	}
	d.once("quality.batteries", len(q.Batteries), func(i int) string { return q.Batteries[i].Code })
	for i, r := range q.Recheck.Items {
		key := fmt.Sprintf("quality.recheck.items[%d]", i)
		d.decimal(key+".lo", r.Lo)
		d.decimal(key+".hi", r.Hi)
		if (r.Lo == "") != (r.Hi == "") {
			d.mistake(d.lines[key], key, "playbook.half_range")
		}
	}
	uses := q.uses()
	if len(uses) == 0 {
		return
	}
	items, ok := pb.items()
	if !ok {
		return // reported with the form
	}
	var names []string
	for _, of := range items {
		names = slices.AppendSeq(names, maps.Keys(of))
	}
	slices.Sort(names)
	for _, u := range uses {
		d.known(u.key, u.item, names, "playbook.unknown_question")
	}
}

// use is a place that names a question.
type use struct{ key, item string }

func (q Quality) uses() []use {
	var out []use
	for i, b := range q.Batteries {
		for j, item := range b.Items {
			out = append(out, use{fmt.Sprintf("quality.batteries[%d].items[%d]", i, j), item})
		}
	}
	for i, o := range q.Outliers {
		out = append(out, use{fmt.Sprintf("quality.outliers[%d].item", i), o.Item})
	}
	for i, item := range q.Digits {
		out = append(out, use{fmt.Sprintf("quality.digits[%d]", i), item})
	}
	for i, e := range q.Effects {
		out = append(out, use{fmt.Sprintf("quality.effects[%d].item", i), e.Item})
	}
	for i, r := range q.Recheck.Items {
		out = append(out, use{fmt.Sprintf("quality.recheck.items[%d].item", i), r.Item})
	}
	return out
}

// Questions are the names of the questions that it looks at.
func (q Quality) Questions() []string {
	var out []string
	for _, u := range q.uses() {
		if !slices.Contains(out, u.item) {
			out = append(out, u.item)
		}
	}
	return out
}
