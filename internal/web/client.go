package web

import (
	"net/http"
	"net/url"

	"ruhu/internal/authz"
	"ruhu/internal/device"
	"ruhu/internal/docgen"
	"ruhu/internal/web/openrosa"
)

// ClientInput is the body of PUT …/clients/{client}.
type ClientInput struct {
	Label string `json:"label"`
}

// MadeClient is a key with everything that its app must be told. It is shown once.
type MadeClient struct {
	device.Client
	Password  string `json:"password"`
	ServerURL string `json:"server_url"` // with the key in it
	PlainURL  string `json:"plain_url"`  // for apps that ask for name and password
	QR        []byte `json:"qr"`         // PNG, settings for ODK Collect
	Local     bool   `json:"local"`      // the address means this machine only: set public_url
}

func (s *Server) clientRoutes() []Route {
	return []Route{
		{
			Pattern: "GET /api/v1/accounts/{account}/clients", Action: authz.DeviceRead, Res: List[device.Client]{},
			Summary: "Keys with which other apps (ODK Collect) send for a person, the latest first", Handler: s.clients,
		},
		{
			Pattern: "PUT /api/v1/accounts/{account}/clients/{client}", Action: authz.DeviceManage, Req: ClientInput{}, Res: MadeClient{}, MaxBody: 4 << 10,
			Summary: "Make a key; its password is given once. May be repeated, with another password, until the key is used", Handler: s.putClient,
		},
		{
			Pattern: "DELETE /api/v1/clients/{client}", Action: authz.DeviceManage,
			Summary: "Withdraw a key", Handler: s.withdrawClient,
		},
	}
}

func (s *Server) clients(w http.ResponseWriter, r *http.Request, c *Call) error {
	who, err := pathID(r, "account")
	if err != nil {
		return err
	}
	cs, err := s.Devices.Clients(r.Context(), c.Actor, who)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, list(cs, ""))
}

func (s *Server) putClient(w http.ResponseWriter, r *http.Request, c *Call) error {
	who, err := pathID(r, "account")
	if err != nil {
		return err
	}
	in, err := decode[ClientInput](r)
	if err != nil {
		return err
	}
	key, password, err := s.Devices.PutClient(r.Context(), c.Actor, who, r.PathValue("client"), in.Label)
	if err != nil {
		return err
	}
	person, err := s.Accounts.Get(r.Context(), c.Actor, who)
	if err != nil {
		return err
	}
	base := s.publicURL(r)
	out := MadeClient{
		Client: key, Password: password, PlainURL: base + rosaRoot, Local: local(base),
		ServerURL: base + rosaRoot + "/key/" + url.PathEscape(key.Name+"."+password),
	}
	text, err := openrosa.ForCollect(out.ServerURL, person.Name, person.Account).Encode()
	if err != nil {
		return err
	}
	if out.QR, err = docgen.QRImage(text); err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	return reply(w, http.StatusOK, out)
}

func (s *Server) withdrawClient(w http.ResponseWriter, r *http.Request, c *Call) error {
	if err := s.Devices.Withdraw(r.Context(), c.Actor, r.PathValue("client")); err != nil {
		return err
	}
	return noContent(w)
}
