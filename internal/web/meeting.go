package web

import (
	"net/http"

	"ruhu/internal/authz"
	"ruhu/internal/review"
)

// VerdictInput is what a meeting decides about a household: approve, return, refer. id is made by the client and may be repeated.
type VerdictInput struct {
	ID       string        `json:"id"`
	Action   review.Action `json:"action"`
	Revision int           `json:"revision"`
	Note     string        `json:"note"`
}

func (s *Server) meetingRoutes() []Route {
	return []Route{
		{
			Pattern: "GET /api/v1/campaigns/{campaign}/meetings", Action: authz.SubmissionRead, Res: List[review.Meeting]{},
			Summary: "Joint reviews, the latest first", Handler: s.meetings,
		},
		{
			Pattern: "PUT /api/v1/campaigns/{campaign}/meetings/{meeting}", Action: authz.ReviewDecide, Req: review.MeetingInput{}, Res: review.Meeting{},
			Summary: "Call a joint review of one's level, or write down what was said in it", Handler: s.putMeeting,
		},
		{
			Pattern: "GET /api/v1/meetings/{meeting}", Action: authz.SubmissionRead, Res: review.Meeting{},
			Summary: "A joint review with what it decided about each household", Handler: s.meeting,
		},
		{
			Pattern: "POST /api/v1/meetings/{meeting}/close", Action: authz.ReviewDecide, Res: review.Meeting{},
			Summary: "End a joint review", Handler: s.closeMeeting,
		},
		{
			Pattern: "POST /api/v1/meetings/{meeting}/submissions/{submission}", Action: authz.ReviewDecide, Req: VerdictInput{}, Res: review.Verdict{},
			Summary: "Decide about a household in a joint review", Handler: s.decideIn,
		},
	}
}

func (s *Server) meetings(w http.ResponseWriter, r *http.Request, c *Call) error {
	campaign, err := pathID(r, "campaign")
	if err != nil {
		return err
	}
	items, err := s.Reviews.Meetings(r.Context(), c.Actor, campaign)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, list(items, ""))
}

func (s *Server) putMeeting(w http.ResponseWriter, r *http.Request, c *Call) error {
	campaign, err := pathID(r, "campaign")
	if err != nil {
		return err
	}
	key, err := pathID(r, "meeting")
	if err != nil {
		return err
	}
	in, err := decode[review.MeetingInput](r)
	if err != nil {
		return err
	}
	out, err := s.Reviews.PutMeeting(r.Context(), c.Actor, campaign, key, in)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, out)
}

func (s *Server) meeting(w http.ResponseWriter, r *http.Request, c *Call) error {
	key, err := pathID(r, "meeting")
	if err != nil {
		return err
	}
	out, err := s.Reviews.Meeting(r.Context(), c.Actor, key)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, out)
}

func (s *Server) closeMeeting(w http.ResponseWriter, r *http.Request, c *Call) error {
	key, err := pathID(r, "meeting")
	if err != nil {
		return err
	}
	out, err := s.Reviews.CloseMeeting(r.Context(), c.Actor, key)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, out)
}

func (s *Server) decideIn(w http.ResponseWriter, r *http.Request, c *Call) error {
	meeting, err := pathID(r, "meeting")
	if err != nil {
		return err
	}
	key, err := pathID(r, "submission")
	if err != nil {
		return err
	}
	in, err := decode[VerdictInput](r)
	if err != nil {
		return err
	}
	d := review.Decision{ID: in.ID, Action: in.Action, Revision: in.Revision, Note: in.Note}
	out, err := s.Reviews.DecideIn(r.Context(), c.Actor, meeting, key, d)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, out)
}
