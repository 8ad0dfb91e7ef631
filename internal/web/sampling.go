package web

import (
	"net/http"

	"ruhu/internal/authz"
	"ruhu/internal/region"
	"ruhu/internal/sampling"
)

// SamplingPlacesInput says of which group townships and of which type villages are.
type SamplingPlacesInput struct {
	Places []sampling.Place `json:"places"`
}

// FreezeInput commits to the roster as the frame. The reason is asked for from the second time on.
type FreezeInput struct {
	Reason string `json:"reason"`
}

// PublishInput has no fields.
type PublishInput struct{}

// ReplaceInput takes a household out of the sample that does not exist or has moved away for good.
type ReplaceInput struct {
	Household string          `json:"household"`
	Reason    sampling.Reason `json:"reason"`
	Note      string          `json:"note"`
}

const csvType = "text/csv; charset=utf-8"

func (s *Server) samplingRoutes() []Route {
	return []Route{
		{
			Pattern: "GET /api/v1/campaigns/{campaign}/sampling", Action: authz.SamplingRead, Res: sampling.Setup{},
			Summary: "The design, the frame, what a draw can show, and the draws so far", Handler: s.samplingSetup,
		},
		{
			Pattern: "PUT /api/v1/campaigns/{campaign}/sampling/places", Action: authz.SamplingManage, Req: SamplingPlacesInput{},
			Summary: "Say of which group townships and of which type villages are", Handler: s.putSamplingPlaces,
		},
		{
			Pattern: "PUT /api/v1/campaigns/{campaign}/draws/{draw}", Action: authz.SamplingManage, Req: FreezeInput{}, Res: sampling.Draw{},
			Summary: "Freeze the frame and commit to its SHA-256", Handler: s.freezeFrame,
		},
		{
			Pattern: "GET /api/v1/draws/{draw}", Action: authz.SamplingRead, Res: sampling.Result{},
			Summary: "A sample by village, with weights and replacements", Handler: s.drawResult,
		},
		{
			Pattern: "GET /api/v1/draws/{draw}/units", Action: authz.SamplingRead, Res: List[sampling.Unit]{}, Query: []string{"place"},
			Summary: "Households of a sample in a village or township, or all of one's region", Handler: s.drawUnits,
		},
		{
			Pattern: "POST /api/v1/draws/{draw}/seed", Action: authz.SamplingManage, Req: sampling.SeedInput{}, Res: sampling.Draw{},
			Summary: "Enter the number of the public draw; the sample follows from it", Handler: s.seedDraw,
		},
		{
			Pattern: "POST /api/v1/draws/{draw}/publish", Action: authz.SamplingManage, Req: PublishInput{}, Res: sampling.Draw{},
			Summary: "Open the sample and its record to all readers", Handler: s.publishDraw,
		},
		{
			Pattern: "POST /api/v1/draws/{draw}/replacements", Action: authz.SamplingManage, Req: ReplaceInput{}, Res: sampling.UseRow{},
			Summary: "Replace a household that does not exist or has moved away for good", Handler: s.replaceUnit,
		},
		{
			Pattern: "GET /api/v1/draws/{draw}/record.json", Action: authz.SamplingRead, Binary: "application/json",
			Summary: "The draw's record, for `ruhu sample verify`", Handler: s.drawRecord,
		},
		{
			Pattern: "GET /api/v1/draws/{draw}/frame.csv", Action: authz.SamplingRead, Binary: csvType,
			Summary: "The file that was drawn from", Handler: s.drawFrame,
		},
	}
}

func (s *Server) samplingSetup(w http.ResponseWriter, r *http.Request, c *Call) error {
	out, err := s.Samplings.Setup(r.Context(), c.Actor, r.PathValue("campaign"), c.Lang)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, out)
}

func (s *Server) putSamplingPlaces(w http.ResponseWriter, r *http.Request, c *Call) error {
	in, err := decode[SamplingPlacesInput](r)
	if err != nil {
		return err
	}
	if err := s.Samplings.PutPlaces(r.Context(), c.Actor, r.PathValue("campaign"), in.Places); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (s *Server) freezeFrame(w http.ResponseWriter, r *http.Request, c *Call) error {
	in, err := decode[FreezeInput](r)
	if err != nil {
		return err
	}
	return s.draw(w)(s.Samplings.Freeze(r.Context(), c.Actor, r.PathValue("campaign"), r.PathValue("draw"), in.Reason))
}

func (s *Server) draw(w http.ResponseWriter) func(sampling.Draw, error) error {
	return func(d sampling.Draw, err error) error {
		if err != nil {
			return err
		}
		return reply(w, http.StatusOK, d)
	}
}

func (s *Server) seedDraw(w http.ResponseWriter, r *http.Request, c *Call) error {
	in, err := decode[sampling.SeedInput](r)
	if err != nil {
		return err
	}
	return s.draw(w)(s.Samplings.Seed(r.Context(), c.Actor, r.PathValue("draw"), in))
}

func (s *Server) publishDraw(w http.ResponseWriter, r *http.Request, c *Call) error {
	if _, err := decode[PublishInput](r); err != nil {
		return err
	}
	return s.draw(w)(s.Samplings.Publish(r.Context(), c.Actor, r.PathValue("draw")))
}

func (s *Server) drawResult(w http.ResponseWriter, r *http.Request, c *Call) error {
	out, err := s.Samplings.Result(r.Context(), c.Actor, r.PathValue("draw"), c.Lang)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, out)
}

func (s *Server) drawUnits(w http.ResponseWriter, r *http.Request, c *Call) error {
	place := c.Actor.Region
	if q := r.URL.Query().Get("place"); q != "" {
		var err error
		if place, err = region.Parse(q); err != nil {
			return err
		}
	}
	out, err := s.Samplings.Units(r.Context(), c.Actor, r.PathValue("draw"), place)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, list(out, ""))
}

func (s *Server) replaceUnit(w http.ResponseWriter, r *http.Request, c *Call) error {
	in, err := decode[ReplaceInput](r)
	if err != nil {
		return err
	}
	out, err := s.Samplings.Replace(r.Context(), c.Actor, r.PathValue("draw"), in.Household, in.Reason, in.Note)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, out)
}

func (s *Server) drawRecord(w http.ResponseWriter, r *http.Request, c *Call) error {
	raw, err := s.Samplings.Record(r.Context(), c.Actor, r.PathValue("draw"))
	if err != nil {
		return err
	}
	return attachment(w, "application/json", "sample-record.json", raw)
}

func (s *Server) drawFrame(w http.ResponseWriter, r *http.Request, c *Call) error {
	raw, err := s.Samplings.Frame(r.Context(), c.Actor, r.PathValue("draw"))
	if err != nil {
		return err
	}
	return attachment(w, csvType, "sample-frame.csv", raw)
}
