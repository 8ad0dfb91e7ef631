package web

import (
	"net/http"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/review"
)

// CommentTurn is what a reviewer said to a comment.
type CommentTurn struct {
	Action string     `json:"action"` // reply, resolve, reopen
	Text   string     `json:"text"`
	ByName string     `json:"by_name"`
	Role   authz.Role `json:"role"`
	At     db.Time    `json:"at"`
}

// TurnInput is the body of a turn; id is made by the client and may be repeated.
type TurnInput struct {
	ID     string `json:"id"`
	Action string `json:"action"`
	Text   string `json:"text"`
}

// DecisionInput is the body of a reviewer's decision; id is made by the client and may be repeated.
type DecisionInput struct {
	ID       string         `json:"id"`
	Action   review.Action  `json:"action"`
	Revision int            `json:"revision"`
	Note     string         `json:"note"`
	Comments []CommentInput `json:"comments"`
}

// CommentInput is a comment at a question.
type CommentInput struct {
	ID   string `json:"id"`
	Ref  string `json:"ref"`
	Text string `json:"text"`
}

func (s *Server) reviewRoutes() []Route {
	return []Route{
		{
			Pattern: "POST /api/v1/submissions/{submission}/decisions", Action: authz.ReviewDecide, Req: DecisionInput{}, Res: SubmissionDetail{},
			Summary: "Approve a form, return it with comments, comment on it, or return one that was accepted", Handler: s.decide,
		},
		{
			Pattern: "POST /api/v1/submissions/{submission}/threads/{thread}", Action: authz.ReviewDecide, Req: TurnInput{}, Res: SubmissionDetail{},
			Summary: "Reply to a comment, resolve it, or reopen it", Handler: s.say,
		},
	}
}

func comments(cs []review.Comment) []SubmissionComment {
	out := []SubmissionComment{}
	for _, c := range cs {
		out = append(out, SubmissionComment{c.ID, c.Ref, c.Text, c.ByName, c.At, c.Revision, c.Level, c.Resolved, turns(c.Turns), c.Reply, orEmpty(c.May)})
	}
	return out
}

func turns(ts []review.Turn) []CommentTurn {
	out := []CommentTurn{}
	for _, t := range ts {
		out = append(out, CommentTurn{t.Action, t.Text, t.ByName, t.Role, t.At})
	}
	return out
}

func (s *Server) decide(w http.ResponseWriter, r *http.Request, c *Call) error {
	key, err := pathID(r, "submission")
	if err != nil {
		return err
	}
	in, err := decode[DecisionInput](r)
	if err != nil {
		return err
	}
	d := review.Decision{ID: in.ID, Action: in.Action, Revision: in.Revision, Note: in.Note}
	for _, x := range in.Comments {
		d.Comments = append(d.Comments, review.NewComment{ID: x.ID, Ref: x.Ref, Text: x.Text})
	}
	out, err := s.Reviews.Decide(r.Context(), c.Actor, key, d, c.Lang)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, submissionDetail(out, c.Lang))
}

func (s *Server) say(w http.ResponseWriter, r *http.Request, c *Call) error {
	key, err := pathID(r, "submission")
	if err != nil {
		return err
	}
	thread, err := pathID(r, "thread")
	if err != nil {
		return err
	}
	in, err := decode[TurnInput](r)
	if err != nil {
		return err
	}
	out, err := s.Reviews.Say(r.Context(), c.Actor, key, thread, review.Turn{ID: in.ID, Action: in.Action, Text: in.Text}, c.Lang)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, submissionDetail(out, c.Lang))
}
