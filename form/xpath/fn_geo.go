package xpath

import (
	"math"
	"strings"
)

// earthRadius in metres, the equatorial value that all form engines use.
const earthRadius = 6378100

func init() {
	register(1, 1, func(_ *compiler, _ *call, a []*prog) *prog {
		return numberProg(func(m *machine) float64 {
			pts, ok := m.points(a)
			if !ok {
				return nan
			}
			return round2(area(pts))
		})
	}, "area", "enclosed-area")
	register(1, -1, func(_ *compiler, _ *call, a []*prog) *prog {
		return numberProg(func(m *machine) float64 {
			pts, ok := m.points(a)
			if !ok {
				return nan
			}
			sum := 0.0
			for i := 1; i < len(pts); i++ {
				sum += between2(pts[i-1], pts[i])
			}
			return round2(sum)
		})
	}, "distance")
	register(2, 2, func(_ *compiler, _ *call, a []*prog) *prog {
		return boolProg(func(m *machine) bool {
			p, ok := m.points(a[:1])
			shape, ok2 := m.points(a[1:])
			return ok && ok2 && len(p) == 1 && closed(shape) && inside(p[0], shape)
		})
	}, "geofence")
}

func round2(f float64) float64 { return math.Round(f*100) / 100 }

type point struct{ lat, lon float64 } // degrees

// points reads "lat lon alt acc; lat lon …" from each argument; node-sets give
// one or more points per node.
func (m *machine) points(args []*prog) ([]point, bool) {
	var pts []point
	good := true
	m.eachString(args, func(s string) bool {
		for part := range strings.SplitSeq(s, ";") {
			lat, rest := nextToken(part)
			if lat == "" {
				continue
			}
			lon, _ := nextToken(rest)
			p := point{ParseNumber(lat, nil), ParseNumber(lon, nil)}
			if !(math.Abs(p.lat) <= 90) || !(math.Abs(p.lon) <= 180) {
				good = false
				return false
			}
			pts = append(pts, p)
		}
		return true
	})
	return pts, good && len(pts) > 0
}

func rad(deg float64) float64 { return deg * math.Pi / 180 }

// between2 is the great-circle distance in metres (haversine formula).
func between2(a, b point) float64 {
	dlat, dlon := rad(b.lat-a.lat), rad(b.lon-a.lon)
	h := math.Pow(math.Sin(dlat/2), 2) + math.Cos(rad(a.lat))*math.Cos(rad(b.lat))*math.Pow(math.Sin(dlon/2), 2)
	return 2 * earthRadius * math.Asin(math.Min(1, math.Sqrt(h)))
}

// area is the area in square metres of the polygon on the sphere, after Chamberlain
// and Duquette, "Some algorithms for polygons on a sphere" (2007).
func area(pts []point) float64 {
	if len(pts) < 3 {
		return 0
	}
	sum := 0.0
	for i, p := range pts {
		q := pts[(i+1)%len(pts)]
		sum += rad(q.lon-p.lon) * (2 + math.Sin(rad(p.lat)) + math.Sin(rad(q.lat)))
	}
	return math.Abs(sum * earthRadius * earthRadius / 2)
}

func closed(shape []point) bool { return len(shape) > 3 && shape[0] == shape[len(shape)-1] }

// inside counts the edges that a ray from p crosses.
func inside(p point, shape []point) bool {
	in := false
	for i, a := range shape {
		b := shape[(i+1)%len(shape)]
		if (a.lon > p.lon) != (b.lon > p.lon) &&
			p.lat < (b.lat-a.lat)*(p.lon-a.lon)/(b.lon-a.lon)+a.lat {
			in = !in
		}
	}
	return in
}
