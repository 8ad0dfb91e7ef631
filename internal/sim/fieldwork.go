package sim

import (
	"hash/fnv"
	"math"
	"math/rand/v2"
	"strconv"
	"time"
)

// fieldwork is the section field of simulation.yaml: how teams work, and what some of them do instead.
type fieldwork struct {
	Minutes    float64  `yaml:"minutes"`  // median of an interview
	Spread     float64  `yaml:"spread"`   // of interviews around the pace of their team: standard deviation of the logarithm
	Teams      float64  `yaml:"teams"`    // the same, of teams around the median
	Lunch      float64  `yaml:"lunch"`    // percent of interviews during which everybody eats, with the form left open
	Position   float64  `yaml:"position"` // percent of interviews in which the phone finds where it is
	Remote     remote   `yaml:"remote"`
	Fabricated []manner `yaml:"fabricated"`
	Signed     []manner `yaml:"signed"` // held, but one of the team signs for the households
	Claims     claiming `yaml:"claims"`

	Conditions conditions `yaml:"conditions"`
}

// remote names the question that says how the interview was held: one that was not held in the house is shorter, and has no position or photograph.
type remote struct {
	Item string  `yaml:"item"`
	Here string  `yaml:"here"` // the answer of those that were held in the house
	Pace float64 `yaml:"pace"` // of the others, of the minutes
}

// manner is a way of making up interviews. What is not set is as in an honest one.
type manner struct {
	Kind     string  `yaml:"kind"`
	Teams    int     `yaml:"teams"`    // that do so
	Share    float64 `yaml:"share"`    // percent of their households, after the first of a day
	Pace     float64 `yaml:"pace"`     // of the minutes
	From     string  `yaml:"from"`     // "22:10": not before
	Spot     float64 `yaml:"spot"`     // metres from the village's point, where all are made up
	Nowhere  bool    `yaml:"nowhere"`  // without a position
	Copy     float64 `yaml:"copy"`     // percent of the choices that are taken over from one honest interview of the team
	Straight bool    `yaml:"straight"` // the first option of every choice
	Photo    bool    `yaml:"photo"`    // one photograph for all
	Round    float64 `yaml:"round"`    // amounts are multiples of it
	Varies   float64 `yaml:"varies"`   // of signed: how much each signature differs from the hand's others; 0: one picture for all
}

// planned gives the teams that make interviews up their manner, and then some of the others theirs of signing; nil for the honest. A manner that
// comes after all teams have one is not played.
func (f fieldwork) planned(seed uint64, teams int) (madeUp, signed []*manner) {
	order := rand.New(rand.NewPCG(seed, 3)).Perm(teams)
	give := func(manners []manner) []*manner {
		out := make([]*manner, teams)
		for i := range manners {
			for range min(manners[i].Teams, len(order)) {
				out[order[0]], order = &manners[i], order[1:]
			}
		}
		return out
	}
	madeUp = give(f.Fabricated)
	return madeUp, give(f.Signed)
}

// dice gives chances that depend on the seed and the words only, and not on what was played before.
func (p *player) dice(words ...string) *rand.Rand {
	h := fnv.New64a()
	for _, w := range words {
		_, _ = h.Write([]byte(w))
		_, _ = h.Write([]byte{0})
	}
	return rand.New(rand.NewPCG(p.Seed, h.Sum64()))
}

func chance(r *rand.Rand, percent float64) bool { return r.Float64()*100 < percent }

// around draws a factor whose logarithm has the standard deviation.
func around(r *rand.Rand, deviation float64) float64 { return math.Exp(deviation * r.NormFloat64()) }

// spot is a point of the map; the zero one is unknown.
type spot struct{ lat, lon float64 }

const metresPerDegree = 111_320

func (s spot) moved(metres, bearing float64) spot {
	return spot{
		lat: s.lat + metres*math.Cos(bearing)/metresPerDegree,
		lon: s.lon + metres*math.Sin(bearing)/(metresPerDegree*math.Cos(s.lat*math.Pi/180)),
	}
}

func (s spot) metres(to spot) float64 {
	return metresPerDegree * math.Hypot(to.lat-s.lat, (to.lon-s.lon)*math.Cos(s.lat*math.Pi/180))
}

// house is where a household lives: hamlets lie up to a kilometre around the village's point, houses around their hamlet.
func (p *player) house(code, village, group string) spot {
	v := p.world.village(village)
	if v.Lat == 0 {
		return spot{}
	}
	hamlet, house := p.dice("hamlet", village, group), p.dice("house", code)
	at := spot{v.Lat, v.Lon}.moved(1000*math.Sqrt(hamlet.Float64()), 2*math.Pi*hamlet.Float64())
	return at.moved(120*house.NormFloat64(), math.Pi*house.Float64())
}

// fix is the point as a phone finds it, in the way of XForms: latitude, longitude, altitude, accuracy.
func (s spot) fix(r *rand.Rand) string {
	if s == (spot{}) {
		return ""
	}
	accuracy := 6 * around(r, 0.45)
	at := s.moved(accuracy/2*r.NormFloat64(), math.Pi*r.Float64())
	f := func(x float64, digits int) string { return strconv.FormatFloat(x, 'f', digits, 64) }
	return f(at.lat, 7) + " " + f(at.lon, 7) + " " + f(300+20*r.NormFloat64(), 1) + " " + f(accuracy, 1)
}

// visit is an interview as it went, or as somebody made it up.
type visit struct {
	from    time.Time
	minutes float64           // with the form on the screen
	idle    time.Duration     // and open beyond that
	here    bool              // in the house, where somebody can sign
	place   string            // of the phone; "" for none
	photo   []byte            // instead of a new one
	first   bool              // of every choice
	copied  map[string]string // answers of another household, by question
	copy    float64           // percent of them that are taken
	round   float64           // amounts are multiples of it; 0: as households say them
	hand    *hand             // that signs; nil: the household's own
}

func (v visit) to() time.Time {
	return v.from.Add(time.Duration(v.minutes * float64(time.Minute))).Add(v.idle)
}

// Interview is one that was made up, or under which somebody else signed. Truth is written beside the simulation's results and never sent.
type Interview struct {
	Kind      string `json:"kind"`
	Household string `json:"household"`
	Team      string `json:"team"`
	Day       int    `json:"day"`
	Of        string `json:"of,omitempty"` // household whose answers were taken over
}
