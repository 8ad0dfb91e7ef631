package measure

import (
	"math"
	"sort"
	"time"
)

// EarthRadius in metres: the mean of the ellipsoid.
const EarthRadius = 6371008.8

// Place is a position in degrees.
type Place struct{ Lat, Lon float64 }

// Known reports whether there is a position.
func (p Place) Known() bool { return !math.IsNaN(p.Lat) && !math.IsNaN(p.Lon) }

// Distance between two places in metres, along a great circle.
func Distance(a, b Place) float64 {
	const deg = math.Pi / 180
	s1, s2 := math.Sin((b.Lat-a.Lat)*deg/2), math.Sin((b.Lon-a.Lon)*deg/2)
	h := s1*s1 + math.Cos(a.Lat*deg)*math.Cos(b.Lat*deg)*s2*s2
	return 2 * EarthRadius * math.Asin(math.Sqrt(min(1, h)))
}

// Visit is an interview in time and space.
type Visit struct {
	Who        string
	Start, End time.Time
	At         Place
}

// Near marks visits that lie within so many metres of another visit of the same person. Places are sorted by latitude, so that only
// neighbours are compared.
func Near(v []Visit, metres float64) []bool {
	out := make([]bool, len(v))
	window := metres / EarthRadius * 180 / math.Pi * 1.001
	for _, rows := range byPerson(v, func(a, b Visit) bool { return a.At.Lat < b.At.Lat }, func(x Visit) bool { return x.At.Known() }) {
		for i, a := range rows {
			for _, b := range rows[i+1:] {
				if v[b].At.Lat-v[a].At.Lat > window {
					break
				}
				if Distance(v[a].At, v[b].At) <= metres {
					out[a], out[b] = true, true
				}
			}
		}
	}
	return out
}

// Overlaps marks visits that begin before the one before them of the same person has ended. Only neighbours in time are compared: a form
// that was left open all day is one finding and not one for every visit of the day.
func Overlaps(v []Visit) []bool {
	out := make([]bool, len(v))
	for _, rows := range byPerson(v, func(a, b Visit) bool { return a.Start.Before(b.Start) }, nil) {
		for k := 1; k < len(rows); k++ {
			out[rows[k]] = v[rows[k]].Start.Before(v[rows[k-1]].End)
		}
	}
	return out
}

// Speed is how fast a person must have travelled to a visit from the one before it, in km/h; NaN for the first, without positions, and
// where visits overlap (Overlaps tells).
func Speed(v []Visit) []float64 {
	out := make([]float64, len(v))
	for i := range out {
		out[i] = math.NaN()
	}
	for _, rows := range byPerson(v, func(a, b Visit) bool { return a.Start.Before(b.Start) }, func(x Visit) bool { return x.At.Known() }) {
		for k := 1; k < len(rows); k++ {
			a, b := v[rows[k-1]], v[rows[k]]
			if hours := b.Start.Sub(a.End).Hours(); hours > 0 {
				out[rows[k]] = Distance(a.At, b.At) / 1000 / hours
			}
		}
	}
	return out
}

func byPerson(v []Visit, less func(a, b Visit) bool, keep func(Visit) bool) map[string][]int {
	by := map[string][]int{}
	for i, x := range v {
		if keep == nil || keep(x) {
			by[x.Who] = append(by[x.Who], i)
		}
	}
	for _, rows := range by {
		sort.SliceStable(rows, func(a, b int) bool { return less(v[rows[a]], v[rows[b]]) })
	}
	return by
}
