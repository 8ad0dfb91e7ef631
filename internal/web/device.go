package web

import (
	"net/http"

	"ruhu/internal/authz"
	"ruhu/internal/device"
)

func (s *Server) deviceRoutes() []Route {
	return []Route{
		{
			Pattern: "GET /api/v1/accounts/{account}/devices", Action: authz.DeviceRead, Res: List[device.Device]{},
			Summary: "The phones of a person, the latest seen first", Handler: s.devices,
		},
		{
			Pattern: "PUT /api/v1/devices/{device}/order", Action: authz.DeviceManage, Req: device.Order{}, Res: device.Device{}, MaxBody: 4 << 10,
			Summary: "Give a phone up, or have it cleared when everything has arrived", Handler: s.orderDevice,
		},
		{
			Pattern: "GET /api/v1/packages", Action: authz.DeviceRead, Res: List[device.Package]{},
			Summary: "Packages of phones that were brought or left, the latest first", Handler: s.packages,
		},
		{
			Pattern: "POST /api/v1/packages", Action: authz.DeviceManage, Raw: "application/octet-stream", Res: device.Package{}, MaxBody: device.MaxBundle,
			Summary: "Bring the package of a phone as a file", Handler: s.putPackage,
		},
		{
			Pattern: "POST /api/v1/packages/{sha256}/import", Action: authz.DeviceManage, Res: ImportedPackage{},
			Summary: "Let the forms of a package enter the street. May be repeated", Handler: s.importPackage,
		},
	}
}

func (s *Server) devices(w http.ResponseWriter, r *http.Request, c *Call) error {
	who, err := pathID(r, "account")
	if err != nil {
		return err
	}
	ds, err := s.Devices.List(r.Context(), c.Actor, who)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, list(ds, ""))
}

func (s *Server) orderDevice(w http.ResponseWriter, r *http.Request, c *Call) error {
	in, err := decode[device.Order](r)
	if err != nil {
		return err
	}
	d, err := s.Devices.Order(r.Context(), c.Actor, r.PathValue("device"), in)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, d)
}

func (s *Server) packages(w http.ResponseWriter, r *http.Request, c *Call) error {
	_, limit := page(r)
	ps, err := s.Devices.Packages(r.Context(), c.Actor, limit)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, list(ps, ""))
}

func (s *Server) putPackage(w http.ResponseWriter, r *http.Request, c *Call) error {
	p, err := s.Devices.Keep(r.Context(), c.Actor, r.Body)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, p)
}
