package sim

// Shape says how large a world is and who lives in it: the section world of a playbook's simulation.yaml. What Options name counts
// before it.
type Shape struct {
	Townships  int     `yaml:"townships"`
	Villages   int     `yaml:"villages"`   // of all townships together
	Households int     `yaml:"households"` // on the roster
	Teams      int     `yaml:"teams"`
	Others     float64 `yaml:"others"`  // households that no list of the programme names, for each one on the roster
	Dead       float64 `yaml:"dead"`    // percent of persons over 60 who have died since the lists were made
	Split      float64 `yaml:"split"`   // percent of households of which children have founded their own
	Gone       float64 `yaml:"gone"`    // percent of households that have moved away for good
	Unknown    float64 `yaml:"unknown"` // percent of the other households that have an allowance, although no list of the programme knows them
	Merged     int     `yaml:"merged"`  // villages that have taken in a neighbour, whose name old lists still have
	Classes    []Share `yaml:"classes"`
}

// Share is a household class with its weight.
type Share struct {
	Word   string             `yaml:"word"` // as the roster's file says it
	Weight int                `yaml:"weight"`
	Exited bool               `yaml:"exited"` // has a year of exit
	Always bool               `yaml:"always"` // is visited in every village of a sample
	Alone  bool               `yaml:"alone"`  // one person, without a spouse and children
	Tags   map[string]float64 `yaml:"tags"`   // percent of the class's households

	Benefit     string  `yaml:"benefit"`      // which all of them have
	OnAllowance float64 `yaml:"on_allowance"` // percent that has the minimum living allowance
}

// fallback is the population of a playbook without a section world: those whom S3.1 names.
var fallback = Shape{
	Townships: 1, Villages: 26, Households: 400, Teams: 20,
	Classes: []Share{
		{Word: "脱贫户", Weight: 62, Exited: true},
		{Word: "未脱贫户", Weight: 9},
		{Word: "边缘户", Weight: 9},
		{Word: "低保户", Weight: 8},
		{Word: "特困户", Weight: 4, Alone: true},
		{Word: "重残户", Weight: 4},
		{Word: "重病户", Weight: 4},
	},
}

// over gives s with the sizes of o where o names any, and the fallback's where neither does.
func (s Shape) over(o Options) Shape {
	if len(s.Classes) == 0 {
		s.Classes = fallback.Classes
	}
	for _, n := range []struct {
		to                      *int
		given, playbook, normal int
	}{
		{&s.Townships, o.Townships, s.Townships, fallback.Townships},
		{&s.Villages, o.Villages, s.Villages, fallback.Villages},
		{&s.Households, o.Households, s.Households, fallback.Households},
		{&s.Teams, o.Teams, s.Teams, fallback.Teams},
	} {
		*n.to = n.normal
		if n.playbook > 0 {
			*n.to = n.playbook
		}
		if n.given > 0 {
			*n.to = n.given
		}
	}
	return s
}
