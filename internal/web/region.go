package web

import (
	"net/http"

	"ruhu/internal/audit"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/region"
)

// RegionsInput is the body of PUT /regions.
type RegionsInput struct {
	Items []RegionInput `json:"items"`
}

// RegionInput is one place: its 6-, 9- or 12-digit code and its name; where it is, if known (WGS 84, degrees).
type RegionInput struct {
	Code string   `json:"code"`
	Name string   `json:"name"`
	Lat  *float64 `json:"lat,omitempty"`
	Lon  *float64 `json:"lon,omitempty"`
}

func (s *Server) regionRoutes() []Route {
	return []Route{
		{
			Pattern: "GET /api/v1/regions", Action: authz.RegionRead, Res: List[region.Region]{}, Query: []string{"under"},
			Summary: "A place and everything in it; one's own region by default", Handler: s.regions,
		},
		{
			Pattern: "PUT /api/v1/regions", Action: authz.RegionManage, Req: RegionsInput{}, Res: List[region.Region]{},
			Summary: "Add or rename places inside one's region", Handler: s.putRegions,
		},
	}
}

func (s *Server) regions(w http.ResponseWriter, r *http.Request, c *Call) error {
	under := c.Actor.Region
	if q := r.URL.Query().Get("under"); q != "" {
		var err error
		if under, err = region.Parse(q); err != nil {
			return err
		}
	}
	if !c.Actor.Sees(under) {
		return errs.NotFound.New("region.not_found", "code", string(under))
	}
	rs, err := s.Regions.List(r.Context(), under)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, list(rs, ""))
}

func (s *Server) putRegions(w http.ResponseWriter, r *http.Request, c *Call) error {
	in, err := decode[RegionsInput](r)
	if err != nil {
		return err
	}
	rs := make([]region.Region, len(in.Items))
	for i, it := range in.Items {
		code, err := region.Parse(it.Code)
		if err != nil {
			return err
		}
		if !c.Actor.Sees(code) {
			return errs.NotFound.New("region.not_found", "code", string(code))
		}
		rs[i] = region.Named(code, it.Name)
		rs[i].Lat, rs[i].Lon = it.Lat, it.Lon
	}
	// Package region stands above authz and audit, so the transaction that joins them is here.
	err = s.DB.Update(r.Context(), func(tx *db.Tx) error {
		if err := region.PutTx(r.Context(), tx, rs); err != nil {
			return err
		}
		return audit.Write(r.Context(), tx, c.Actor, audit.Entry{Action: "region.put", Object: "region", ObjectID: string(c.Actor.Region), Detail: in.Items})
	})
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, list(rs, ""))
}
