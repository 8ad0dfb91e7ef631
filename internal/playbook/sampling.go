package playbook

import (
	"fmt"
	"slices"
)

// The designs and methods of drawing. An absent section is a census.
const (
	Census   = "census"
	TwoStage = "two_stage" // villages inside each township, then households by class inside each village (S2.8)
	OneStage = "one_stage" // households inside each township

	MethodSRS        = "srs"
	MethodSystematic = "systematic"
	MethodPPS        = "pps" // villages in proportion to their households, systematically
)

// Sampling says which households of the scope are visited. The zero value is a census.
type Sampling struct {
	Design           string        `yaml:"design" check:"required,one=census|two_stage|one_stage"`
	Method           string        `yaml:"method" check:"one=srs|systematic|pps"` // how first-stage units are drawn; "" is srs
	Groups           []SampleGroup `yaml:"groups"`
	VillageTypes     VillageTypes  `yaml:"village_types"`
	Quotas           []Quota       `yaml:"quotas"`
	Certainty        []Certainty   `yaml:"certainty"`
	CertaintyCounts  bool          `yaml:"certainty_counts"`                                              // certainty households take places of their quota
	ShortfallOrder   []string      `yaml:"shortfall_order"`                                               // quotas that make up for a short one, first to last
	SingleUnitStrata string        `yaml:"single_unit_strata" check:"one=collapse|adjust|remove|average"` // "" is collapse
	Claims           []SampleClaim `yaml:"claims"`                                                        // what the sample is to show
}

// SampleGroup is a kind of township with its own number to draw: S2.8's key townships have three villages each, others two.
type SampleGroup struct {
	Code       string `yaml:"code" check:"required,code"`
	Title      Text   `yaml:"title" check:"required"`
	Villages   int    `yaml:"villages" check:"min=1,max=1000"`     // of each township, design two_stage
	Households int    `yaml:"households" check:"min=1,max=100000"` // of each township, design one_stage
	Townships  int    `yaml:"townships" check:"min=1,max=1000"`    // how many the plan counts on; 0: any number
}

// VillageTypes says whether poor and other villages are both to be in the sample (S2.8), and by which reading: separate strata
// with a fixed number each, or a draw that is repeated until both are in it.
type VillageTypes struct {
	Rule  string        `yaml:"rule" check:"one=ignore|allocate|both"` // "" is ignore
	Types []VillageType `yaml:"types"`                                 // exactly two, unless ignored; the second is meant where the office marks nothing
}

// VillageType is one of the two kinds. Villages is how many of a township's quota are of it, rule allocate.
type VillageType struct {
	Code  string `yaml:"code" check:"required,code"`
	Title Text   `yaml:"title" check:"required"`
	Share int    `yaml:"share" check:"min=0,max=1000"`
}

// Quota is a class of households with the number to draw in each village.
type Quota struct {
	Code       string   `yaml:"code" check:"required,code"`
	Title      Text     `yaml:"title" check:"required"`
	Households int      `yaml:"households" check:"min=0,max=100000"`
	Classes    []string `yaml:"classes" check:"required"` // of scope.classes
	Priority   Priority `yaml:"priority"`
}

// Priority names the households of a quota that are drawn before the others. MinOther of the quota are kept for the others: with 0
// they can never be drawn where there are enough of the first, and nothing can be said about them.
type Priority struct {
	Title    Text     `yaml:"title" check:"required"`
	Classes  []string `yaml:"classes"`
	Tags     []string `yaml:"tags"` // as written in the roster
	MinOther int      `yaml:"min_other" check:"min=0,max=100000"`
}

// Any reports whether the quota draws some of its households first.
func (p Priority) Any() bool { return len(p.Classes)+len(p.Tags) > 0 }

// Certainty names households that are visited in every village of the sample, on top of the quotas: those of the classes, and
// those of the quota that have one of the tags. The first that fits counts.
type Certainty struct {
	Code    string   `yaml:"code" check:"required,code"`
	Title   Text     `yaml:"title" check:"required"`
	Quota   string   `yaml:"quota" check:"required"` // which quota's class they belong to in results
	Classes []string `yaml:"classes"`
	Tags    []string `yaml:"tags"`
}

// SampleClaim is a limit that the results are held against: the wrongly exited below 2 %.
type SampleClaim struct {
	Code      string   `yaml:"code" check:"required,code"`
	Title     Text     `yaml:"title" check:"required"`
	Quotas    []string `yaml:"quotas"` // whose households it is about; empty: all
	Threshold float64  `yaml:"threshold" check:"required,min=0,max=1"`
	Side      string   `yaml:"side" check:"required,one=below|at_least"`
	Deff      float64  `yaml:"deff" check:"min=1,max=100"` // design effect to reckon with before the survey; absent: that of the weights
}

// Sampled reports whether only some of the households are visited.
func (s Sampling) Sampled() bool { return s.Design != "" && s.Design != Census }

// sampling checks what the types can't: codes once, references that exist, every class in one quota, a complete order.
func (d *decoder) sampling(pb *Playbook) {
	s := pb.Sampling
	d.once("sampling.groups", len(s.Groups), func(i int) string { return s.Groups[i].Code })
	d.once("sampling.village_types.types", len(s.VillageTypes.Types), func(i int) string { return s.VillageTypes.Types[i].Code })
	strata := make([]string, 0, len(s.Quotas)+len(s.Certainty))
	for _, q := range s.Quotas {
		strata = append(strata, q.Code)
	}
	for _, c := range s.Certainty {
		strata = append(strata, c.Code)
	}
	d.once("sampling.quotas", len(s.Quotas), func(i int) string { return s.Quotas[i].Code })
	d.once("sampling.certainty", len(s.Certainty), func(i int) string { return s.Certainty[i].Code })
	d.once("sampling.claims", len(s.Claims), func(i int) string { return s.Claims[i].Code })
	at := func(key, code string, kv ...string) { d.mistake(d.lines[key], key, code, kv...) }
	if !s.Sampled() {
		if s.Design == Census && len(strata)+len(s.Groups) > 0 {
			at("sampling.design", "playbook.census_with_quotas")
		}
		return
	}
	if pb.Scope.NoSampling {
		at("sampling.design", "playbook.sampling_forbidden")
	}
	if len(s.Groups) == 0 {
		at("sampling", "playbook.missing_key", "name", "groups")
	}
	for i, g := range s.Groups {
		key := fmt.Sprintf("sampling.groups[%d]", i)
		switch {
		case s.Design == TwoStage && (g.Villages == 0 || g.Households != 0):
			at(key, "playbook.sample_size", "want", "villages")
		case s.Design == OneStage && (g.Households == 0 || g.Villages != 0):
			at(key, "playbook.sample_size", "want", "households")
		}
	}
	if s.Design == OneStage {
		if s.Method == MethodPPS {
			at("sampling.method", "playbook.pps_of_households")
		}
		if len(s.Certainty) > 0 {
			at("sampling.certainty", "playbook.one_stage_certainty")
		}
	}
	d.villageTypes(s)
	d.quotas(pb, strata)
}

func (d *decoder) villageTypes(s Sampling) {
	v := s.VillageTypes
	key := "sampling.village_types"
	if v.Rule == "" || v.Rule == "ignore" {
		return
	}
	if len(v.Types) != 2 {
		d.mistake(d.lines[key], key, "playbook.two_types")
		return
	}
	if s.Design != TwoStage || s.Method != "" && s.Method != MethodSRS {
		d.mistake(d.lines[key+".rule"], key+".rule", "playbook.types_need_srs")
	}
	for i, g := range s.Groups {
		at := fmt.Sprintf("sampling.groups[%d].villages", i)
		switch {
		case v.Rule == "both" && g.Villages == 1:
			d.mistake(d.lines[at], at, "playbook.both_types_need_two")
		case v.Rule == "allocate" && g.Villages > 0 && v.Types[0].Share > g.Villages:
			d.mistake(d.lines[at], at, "playbook.type_share", "code", v.Types[0].Code)
		}
	}
	if v.Rule == "allocate" && (v.Types[0].Share == 0 || v.Types[1].Share != 0) {
		d.mistake(d.lines[key+".types"], key+".types", "playbook.type_share_first")
	}
}

func (d *decoder) quotas(pb *Playbook, strata []string) {
	s := pb.Sampling
	var classes, quotas []string
	for _, c := range pb.Scope.Classes {
		classes = append(classes, c.Code)
	}
	if len(s.Quotas) == 0 {
		d.mistake(d.lines["sampling"], "sampling", "playbook.missing_key", "name", "quotas")
	}
	in := map[string]string{}
	take := func(key, class, code string) {
		d.known(key, class, classes, "playbook.unknown_class")
		if other, dup := in[class]; dup {
			d.mistake(d.lines[key], key, "playbook.class_in_two_quotas", "got", class, "quota", other)
		}
		in[class] = code
	}
	for i, q := range s.Quotas {
		key := fmt.Sprintf("sampling.quotas[%d]", i)
		quotas = append(quotas, q.Code)
		for j, c := range q.Classes {
			take(fmt.Sprintf("%s.classes[%d]", key, j), c, q.Code)
		}
		if s.Design == TwoStage && q.Households == 0 {
			d.mistake(d.lines[key], key, "playbook.missing_key", "name", "households")
		}
		if s.Design == OneStage && (q.Households != 0 || q.Priority.Any()) {
			d.mistake(d.lines[key], key, "playbook.one_stage_quota")
		}
		if d.lines[key+".priority"] > 0 {
			p := q.Priority
			for j, c := range p.Classes {
				d.known(fmt.Sprintf("%s.priority.classes[%d]", key, j), c, q.Classes, "playbook.class_outside_quota")
			}
			if p.MinOther > q.Households {
				at := key + ".priority.min_other"
				d.mistake(d.lines[at], at, "playbook.min_other")
			}
			if !p.Any() {
				d.mistake(d.lines[key+".priority"], key+".priority", "playbook.missing_key", "name", "tags")
			}
		}
	}
	for i, c := range s.Certainty {
		key := fmt.Sprintf("sampling.certainty[%d]", i)
		d.known(key+".quota", c.Quota, quotas, "playbook.unknown_quota")
		if slices.Contains(quotas, c.Code) {
			d.mistake(d.lines[key+".code"], key+".code", "playbook.same_code", "got", c.Code, "line",
				fmt.Sprint(d.lines[fmt.Sprintf("sampling.quotas[%d].code", slices.Index(quotas, c.Code))]))
		}
		for j, class := range c.Classes {
			take(fmt.Sprintf("%s.classes[%d]", key, j), class, c.Code)
		}
		if len(c.Classes)+len(c.Tags) == 0 {
			d.mistake(d.lines[key], key, "playbook.missing_key", "name", "tags")
		}
	}
	for i, c := range classes {
		if _, ok := in[c]; !ok && c != "" && len(s.Quotas) > 0 {
			at := fmt.Sprintf("scope.classes[%d].code", i)
			d.mistake(d.lines[at], at, "playbook.class_without_quota", "got", c)
		}
	}
	d.shortfall(s, quotas)
	for i, c := range s.Claims {
		for j, q := range c.Quotas {
			d.known(fmt.Sprintf("sampling.claims[%d].quotas[%d]", i, j), q, quotas, "playbook.unknown_quota")
		}
	}
}

// shortfall: each quota is named once, so that a shortage has one way to be made up for.
func (d *decoder) shortfall(s Sampling, quotas []string) {
	key := "sampling.shortfall_order"
	if s.Design == OneStage && len(s.ShortfallOrder) == 0 {
		return
	}
	for i, q := range s.ShortfallOrder {
		d.known(fmt.Sprintf("%s[%d]", key, i), q, quotas, "playbook.unknown_quota")
	}
	for _, q := range quotas {
		n := 0
		for _, o := range s.ShortfallOrder {
			if o == q {
				n++
			}
		}
		if n != 1 {
			line := d.lines[key]
			if line == 0 {
				line = d.lines["sampling"]
			}
			d.mistake(line, key, "playbook.shortfall_order", "got", q)
		}
	}
}
