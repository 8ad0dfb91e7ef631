package roster

import (
	"context"
	"math"
	"slices"
	"strconv"
	"strings"

	"ruhu/internal/db"
	"ruhu/internal/sheet"
)

// Position is where a household lives: WGS-84, degrees, as GPS gives it. What Chinese maps show is GCJ-02 and lies some hundred metres beside it;
// a list made from such a map has to be converted before it is imported.
type Position struct {
	Lat float64 `json:"lat"`
	Lon float64 `json:"lon"`
}

// Where a base list may lie: the country with some room. Outside of it latitude and longitude have changed places, or a digit is wrong.
const minLat, maxLat, minLon, maxLon = 3, 54, 73, 136

// String writes "lat lon" with up to seven decimals, a centimetre; "" when the position is not known.
func (p *Position) String() string {
	if p == nil {
		return ""
	}
	degrees := func(x float64) string { return strconv.FormatFloat(math.Round(x*1e7)/1e7, 'f', -1, 64) }
	return degrees(p.Lat) + " " + degrees(p.Lon)
}

// columns gives the two values that are stored.
func (p *Position) columns() (lat, lon *float64) {
	if p == nil {
		return nil, nil
	}
	return &p.Lat, &p.Lon
}

func positionOf(lat, lon *float64) *Position {
	if lat == nil || lon == nil {
		return nil
	}
	return &Position{*lat, *lon}
}

// position reads 纬度 and 经度 in decimal degrees.
func (l *line) position() *Position {
	lat := l.degrees(fLat, minLat, maxLat, "roster.latitude")
	lon := l.degrees(fLon, minLon, maxLon, "roster.longitude")
	if l.r.head.has(fLat) && l.r.head.has(fLon) && (l.text(fLat) == "") != (l.text(fLon) == "") {
		f := fLat
		if l.text(fLat) != "" {
			f = fLon
		}
		l.r.rep.fail(l.at(f), "roster.half_position", "")
	}
	return positionOf(lat, lon)
}

func (l *line) degrees(f field, lo, hi float64, code string) *float64 {
	s := strings.TrimRight(sheet.Squeeze(l.text(f)), "°度")
	if s == "" {
		return nil
	}
	x, err := strconv.ParseFloat(s, 64)
	if err != nil || !(x >= lo && x <= hi) {
		l.r.rep.fail(l.at(f), code, l.text(f), "lo", lo, "hi", hi)
		return nil
	}
	x = math.Round(x*1e7) / 1e7
	return &x
}

const (
	selectPositions = `SELECT id, lat, lon FROM roster_household WHERE county = $1 AND lat IS NOT NULL AND lon IS NOT NULL AND id IN (`
)

// PositionsTx gives where households live, by id; those of whom it is not known are absent.
func PositionsTx(ctx context.Context, tx *db.Tx, county string, ids []string) (map[string]Position, error) {
	out := map[string]Position{}
	for part := range slices.Chunk(ids, batch) {
		in, args := db.In(2, part...)
		err := tx.Query(ctx, selectPositions+in+`)`, append([]any{county}, args...), func(scan func(...any) error) error {
			var key string
			var p Position
			err := scan(&key, &p.Lat, &p.Lon)
			out[key] = p
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}
