package web

import (
	"net/http"

	"ruhu/internal/authz"
	"ruhu/internal/id"
	"ruhu/internal/region"
	"ruhu/internal/signature"
	"ruhu/internal/trace"
)

// SignatureInput is a person's signature under a list.
type SignatureInput struct {
	ID     string `json:"id"`
	Step   string `json:"step"`
	Digest string `json:"digest"` // of what was read
	Note   string `json:"note,omitempty"`
}

func (s *Server) signatureRoutes() []Route {
	const one = "/api/v1/campaigns/{campaign}/signatures/{kind}/{village}"
	return []Route{
		{
			Pattern: "GET /api/v1/campaigns/{campaign}/signatures", Action: authz.SignatureRead, Res: signature.Lists{}, Query: []string{"cursor"},
			Summary: "Lists of villages that are signed, with their chains", Handler: s.listSignatures,
		},
		{
			Pattern: "GET " + one, Action: authz.SignatureRead, Res: signature.SignedList{},
			Summary: "A list of a village: what it says, who signed", Handler: s.getSigned,
		},
		{
			Pattern: "POST " + one, Action: authz.SignatureSign, Req: SignatureInput{}, Res: signature.SignedList{},
			Summary: "Sign a list, in one's own name or for another", Handler: s.sign,
		},
		{
			Pattern: "GET /api/v1/campaigns/{campaign}/households/{household}/signatures", Action: authz.SignatureRead, Res: signature.FormChain{},
			Summary: "Who signed the form of a household", Handler: s.householdSignatures,
		},
		{
			Pattern: "GET /api/v1/campaigns/{campaign}/households/{household}/trace", Action: authz.TraceRead, Res: trace.Trace{}, Query: []string{"problem"},
			Summary: "Who signed what when about a household, and who answers for a problem that was found later", Handler: s.traceHousehold,
		},
	}
}

func (s *Server) listSignatures(w http.ResponseWriter, r *http.Request, c *Call) error {
	campaign, err := pathID(r, "campaign")
	if err != nil {
		return err
	}
	var after region.Code
	if q := r.URL.Query().Get("cursor"); q != "" {
		if after, err = region.Parse(q); err != nil {
			return err
		}
	}
	out, err := s.Signs.List(r.Context(), c.Actor, campaign, after)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, out)
}

// signedPath reads which list is meant.
func signedPath(r *http.Request) (campaign, kind string, village region.Code, err error) {
	if campaign, err = pathID(r, "campaign"); err != nil {
		return "", "", "", err
	}
	village, err = region.Parse(r.PathValue("village"))
	return campaign, r.PathValue("kind"), village, err
}

func (s *Server) getSigned(w http.ResponseWriter, r *http.Request, c *Call) error {
	campaign, kind, village, err := signedPath(r)
	if err != nil {
		return err
	}
	out, err := s.Signs.Get(r.Context(), c.Actor, campaign, kind, village)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, out)
}

func (s *Server) sign(w http.ResponseWriter, r *http.Request, c *Call) error {
	campaign, kind, village, err := signedPath(r)
	if err != nil {
		return err
	}
	in, err := decode[SignatureInput](r)
	if err != nil {
		return err
	}
	out, err := s.Signs.Sign(r.Context(), c.Actor, campaign, kind, village, signature.Signing(in))
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, out)
}

func (s *Server) householdSignatures(w http.ResponseWriter, r *http.Request, c *Call) error {
	campaign, err := pathID(r, "campaign")
	if err != nil {
		return err
	}
	household, err := pathID(r, "household")
	if err != nil {
		return err
	}
	out, err := s.Signs.Household(r.Context(), c.Actor, campaign, household)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, out)
}

func (s *Server) traceHousehold(w http.ResponseWriter, r *http.Request, c *Call) error {
	campaign, err := pathID(r, "campaign")
	if err != nil {
		return err
	}
	household, err := pathID(r, "household")
	if err != nil {
		return err
	}
	problem := r.URL.Query().Get("problem")
	if problem != "" {
		if problem, err = id.Parse(problem); err != nil {
			return err
		}
	}
	out, err := s.Traces.Household(r.Context(), c.Actor, campaign, household, problem)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, out)
}
