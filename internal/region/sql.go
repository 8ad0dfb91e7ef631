package region

import (
	"context"

	"ruhu/internal/db"
)

const (
	selectOne   = `SELECT code, name, lat, lon FROM region_place WHERE county = $1 AND code = $2`
	selectUnder = `SELECT code, name, lat, lon FROM region_place WHERE county = $1 AND code >= $2 AND code < $3 ORDER BY code`
	selectNames = `SELECT code, name, lat, lon FROM region_place WHERE county = $1 AND code IN (`
	insertPlace = `INSERT INTO region_place (county, code, name, lat, lon) VALUES `
	onConflict  = ` ON CONFLICT (county, code) DO UPDATE SET name = excluded.name,
		lat = COALESCE(excluded.lat, region_place.lat), lon = COALESCE(excluded.lon, region_place.lon)`
)

func scanRegion(scan func(...any) error) (Region, error) {
	var c Code
	var name string
	var lat, lon *float64
	err := scan(&c, &name, &lat, &lon)
	r := Named(c, name)
	r.Lat, r.Lon = lat, lon
	return r, err
}

func listTx(ctx context.Context, tx *db.Tx, under Code) ([]Region, error) {
	lo, hi := under.Range()
	return db.List(ctx, tx, scanRegion, selectUnder, under.County(), lo, hi)
}

// UnderTx gives a place and every place in it, in the order of codes.
func UnderTx(ctx context.Context, tx *db.Tx, under Code) ([]Region, error) {
	return listTx(ctx, tx, under)
}

// NamesTx gives the names of codes; a code that is not known is absent. The codes may be of several counties, repeated, or "".
func NamesTx(ctx context.Context, tx *db.Tx, codes []Code) (map[Code]string, error) {
	places, err := PlacesTx(ctx, tx, codes)
	names := make(map[Code]string, len(places))
	for c, r := range places {
		names[c] = r.Name
	}
	return names, err
}

// PlacesTx gives places by code; a code that is not known is absent. The codes may be of several counties, repeated, or "".
func PlacesTx(ctx context.Context, tx *db.Tx, codes []Code) (map[Code]Region, error) {
	byCounty := map[string][]Code{}
	seen := map[Code]bool{"": true}
	for _, c := range codes {
		if !seen[c] {
			seen[c] = true
			byCounty[c.County()] = append(byCounty[c.County()], c)
		}
	}
	places := make(map[Code]Region, len(seen))
	for county, cs := range byCounty {
		for len(cs) > 0 {
			part := cs[:min(500, len(cs))]
			cs = cs[len(part):]
			in, args := db.In(2, part...)
			rs, err := db.List(ctx, tx, scanRegion, selectNames+in+`)`, append([]any{county}, args...)...)
			if err != nil {
				return nil, err
			}
			for _, r := range rs {
				places[r.Code] = r
			}
		}
	}
	return places, nil
}

func putTx(ctx context.Context, tx *db.Tx, rs []Region) error {
	for len(rs) > 0 {
		part := rs[:min(200, len(rs))]
		rs = rs[len(part):]
		args := make([]any, 0, len(part)*5)
		for _, r := range part {
			args = append(args, r.Code.County(), r.Code, r.Name, r.Lat, r.Lon)
		}
		if _, err := tx.Exec(ctx, insertPlace+db.Rows(len(part), 5)+onConflict, args...); err != nil {
			return err
		}
	}
	return nil
}
