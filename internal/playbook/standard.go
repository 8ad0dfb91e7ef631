package playbook

import (
	"fmt"
	"slices"
)

// ExitStandard is what a household and a village must have reached to leave the register (一超六有; S2.9).
type ExitStandard struct {
	Household HouseholdStandard `yaml:"household"`
	Village   VillageStandard   `yaml:"village"`
}

// HouseholdStandard has the items of a household's exit.
type HouseholdStandard struct {
	Classes []string       `yaml:"classes"` // of the households that are held against it
	Items   []StandardItem `yaml:"items"`
}

// StandardItem is met when its indicator is 1, not met when it is 0, and unknown when the form does not say. Without an indicator the survey
// does not ask for it.
type StandardItem struct {
	Code      string   `yaml:"code" check:"required,code"`
	Title     Text     `yaml:"title" check:"required"`
	Indicator string   `yaml:"indicator"`
	Figure    string   `yaml:"figure"` // indicator: the number behind it, such as the income per head
	Parts     []string `yaml:"parts"`  // indicators: what the figure is put together from
	Threshold string   `yaml:"threshold"`
	Reason    Text     `yaml:"reason"` // said when it is not met
}

// VillageStandard has the items of a village's exit.
type VillageStandard struct {
	Items []VillageItem `yaml:"items"`
}

// VillageItem is one of the eleven items of S2.9. The incidence is worked out; the others are entered from the village's check.
type VillageItem struct {
	Code      string `yaml:"code" check:"required,code"`
	Title     Text   `yaml:"title" check:"required"`
	Measure   Text   `yaml:"measure" check:"required"` // what counts as met
	Incidence string `yaml:"incidence"`                // code of the rate that decides
	Weighed   bool   `yaml:"weighed"`                  // considered, not decided
}

// Rate is one of the figures by which a round is judged (三率一度; S0.11, S2.1).
type Rate struct {
	Code      string   `yaml:"code" check:"required,one=wrongly_exited|missed|wrongly_included|composite|approval"`
	Title     Text     `yaml:"title" check:"required"`
	Classes   []string `yaml:"classes"`   // whose persons, or for approval households, it is a share of; empty: all
	Poor      []string `yaml:"poor"`      // composite: registered and still poor
	Indicator string   `yaml:"indicator"` // approval: 1 or 0
	Threshold float64  `yaml:"threshold" check:"required,min=0,max=1"`
	Side      string   `yaml:"side" check:"required,one=below|at_least"`
}

// The rates that are no determination.
const (
	Composite = "composite"
	Approval  = "approval"
)

// Rates are the rates, and how persons are counted.
type Rates struct {
	Persons    string `yaml:"persons"`                                      // indicator; "": the persons of the base list
	Population string `yaml:"population" check:"required,one=list|entered"` // all rural persons: those of the base list, or a number entered for each village
	List       []Rate `yaml:"list" check:"required"`
}

// Entered is the Population of a base list that does not have everybody.
const Entered = "entered"

// Asks reports whether rural persons are entered.
func (r Rates) Asks() bool { return r.Population == Entered }

// Find gives the rate of that code.
func (r Rates) Find(code string) (Rate, bool) {
	i := slices.IndexFunc(r.List, func(x Rate) bool { return x.Code == code })
	if i < 0 {
		return Rate{}, false
	}
	return r.List[i], true
}

// Exit reports whether households of a class are held against the exit standard.
func (s HouseholdStandard) Exit(class string) bool { return slices.Contains(s.Classes, class) }

// limits are the thresholds that items name.
func (s ExitStandard) limits() []string {
	var out []string
	for _, x := range s.Household.Items {
		out = append(out, x.Threshold)
	}
	return out
}

func (d *decoder) standard(pb *Playbook) {
	h := pb.ExitStandard.Household
	d.classes(pb, h.Classes, "exit_standard.household.classes")
	if len(h.Items) > 0 && len(h.Classes) == 0 {
		d.mistake(d.lines["exit_standard.household"], "exit_standard.household", "playbook.missing_key", "name", "classes")
	}
	d.once("exit_standard.household.items", len(h.Items), func(i int) string { return h.Items[i].Code })
	var thresholds, rates []string
	for _, t := range pb.Thresholds {
		thresholds = append(thresholds, t.Code)
	}
	for _, r := range pb.Rates.List {
		rates = append(rates, r.Code)
	}
	for i, x := range h.Items {
		at := fmt.Sprintf("exit_standard.household.items[%d]", i)
		d.indicator(pb, h.Classes, x.Indicator, at+".indicator")
		d.indicator(pb, h.Classes, x.Figure, at+".figure")
		for j, p := range x.Parts {
			d.indicator(pb, h.Classes, p, fmt.Sprintf("%s.parts[%d]", at, j))
		}
		d.known(at+".threshold", x.Threshold, thresholds, "playbook.unknown_threshold")
		if x.Indicator != "" && (x.Reason.ZH == "" || x.Reason.EN == "") {
			d.mistake(d.lines[at], at, "playbook.missing_key", "name", "reason")
		}
	}
	v := pb.ExitStandard.Village
	d.once("exit_standard.village.items", len(v.Items), func(i int) string { return v.Items[i].Code })
	for i, x := range v.Items {
		d.known(fmt.Sprintf("exit_standard.village.items[%d].incidence", i), x.Incidence, rates, "playbook.unknown_rate")
	}
}

func (d *decoder) rates(pb *Playbook) {
	line, written := d.lines["rates"]
	if !written {
		return
	}
	if pb.Switches.Purpose == Statistical {
		d.mistake(line, "rates", "playbook.determine_statistical")
	}
	d.indicator(pb, nil, pb.Rates.Persons, "rates.persons")
	d.once("rates.list", len(pb.Rates.List), func(i int) string { return pb.Rates.List[i].Code })
	for i, r := range pb.Rates.List {
		at := fmt.Sprintf("rates.list[%d]", i)
		d.classes(pb, r.Classes, at+".classes")
		d.classes(pb, r.Poor, at+".poor")
		d.indicator(pb, r.Classes, r.Indicator, at+".indicator")
		need := ""
		switch {
		case r.Code == Approval && r.Indicator == "":
			need = "indicator"
		case r.Code == Composite && len(r.Poor) == 0:
			need = "poor"
		case r.Code != Approval && r.Code != Composite && len(r.Classes) == 0:
			need = "classes"
		}
		if need != "" {
			d.mistake(d.lines[at], at, "playbook.missing_key", "name", need)
		}
		if _, is := pb.Determinations.Kind(r.Code); !is && r.Code != Approval && r.Code != Composite && r.Code != "" {
			d.mistake(d.lines[at+".code"], at+".code", "playbook.rate_without_kind", "got", r.Code)
		}
	}
	if _, is := pb.Rates.Find(Composite); is {
		for _, code := range []string{Missed, WronglyExited} {
			if _, is := pb.Rates.Find(code); !is {
				d.mistake(line, "rates", "playbook.composite_needs", "got", code)
			}
		}
	}
}
