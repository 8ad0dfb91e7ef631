package web

import (
	"net"
	"net/http"
	"strings"

	"ruhu/internal/account"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/region"
)

const cookieName = "ruhu_session"

// Me is the person who is logged in.
type Me struct {
	ID         string         `json:"id"`
	Account    string         `json:"account"`
	Name       string         `json:"name"`
	Role       authz.Role     `json:"role"`
	County     string         `json:"county"`
	Region     region.Region  `json:"region"`
	Actions    []authz.Action `json:"actions"`
	PINSet     bool           `json:"pin_set"`
	ServerTime db.Time        `json:"server_time"`
}

// LoginInput is the body of POST /session.
type LoginInput struct {
	Account  string `json:"account"`
	Password string `json:"password"`
}

// PasswordInput is the body of PUT /me/password.
type PasswordInput struct {
	Old string `json:"old"`
	New string `json:"new"`
}

// PINInput is the body of PUT /me/pin.
type PINInput struct {
	PIN string `json:"pin"`
}

func (s *Server) sessionRoutes() []Route {
	return []Route{
		{Pattern: "POST /api/v1/session", Req: LoginInput{}, Res: Me{}, Summary: "Log in; the session is a cookie", Handler: s.login, MaxBody: 4 << 10},
		{Pattern: "DELETE /api/v1/session", Action: authz.Self, Summary: "Log out", Handler: s.logout},
		{Pattern: "GET /api/v1/me", Action: authz.Self, Res: Me{}, Summary: "The person who is logged in", Handler: s.me},
		{Pattern: "PUT /api/v1/me/password", Action: authz.Self, Req: PasswordInput{}, Summary: "Change one's own password; ends one's other sessions", Handler: s.password, MaxBody: 4 << 10},
		{Pattern: "PUT /api/v1/me/pin", Action: authz.Self, Req: PINInput{}, Summary: "Set one's own PIN for the phone", Handler: s.pin, MaxBody: 4 << 10},
	}
}

func (s *Server) login(w http.ResponseWriter, r *http.Request, _ *Call) error {
	in, err := decode[LoginInput](r)
	if err != nil {
		return err
	}
	token, actor, err := s.Accounts.Login(r.Context(), in.Account, in.Password, s.address(r))
	if err != nil {
		return err
	}
	s.setCookie(w, token, int(account.IdleOf(actor.Role).Seconds()))
	return s.replyMe(w, r, actor)
}

func (s *Server) logout(w http.ResponseWriter, r *http.Request, c *Call) error {
	if err := s.Accounts.Logout(r.Context(), c.token); err != nil {
		return err
	}
	s.setCookie(w, "", -1)
	return noContent(w)
}

func (s *Server) me(w http.ResponseWriter, r *http.Request, c *Call) error {
	return s.replyMe(w, r, c.Actor)
}

func (s *Server) password(w http.ResponseWriter, r *http.Request, c *Call) error {
	in, err := decode[PasswordInput](r)
	if err != nil {
		return err
	}
	if err := s.Accounts.SetPassword(r.Context(), c.Actor, c.token, in.Old, in.New); err != nil {
		return err
	}
	return noContent(w)
}

func (s *Server) pin(w http.ResponseWriter, r *http.Request, c *Call) error {
	in, err := decode[PINInput](r)
	if err != nil {
		return err
	}
	if err := s.Accounts.SetPIN(r.Context(), c.Actor, in.PIN); err != nil {
		return err
	}
	return noContent(w)
}

func (s *Server) replyMe(w http.ResponseWriter, r *http.Request, a authz.Actor) error {
	place, err := s.Regions.Get(r.Context(), a.Region)
	if err != nil {
		return err
	}
	set, err := s.Accounts.PINSet(r.Context(), a)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, Me{
		ID: a.ID, Account: a.Account, Name: a.Name, Role: a.Role, County: a.County,
		Region: place, Actions: a.Actions(), PINSet: set, ServerTime: s.DB.Now(),
	})
}

func (s *Server) setCookie(w http.ResponseWriter, token string, maxAge int) {
	http.SetCookie(w, &http.Cookie{
		Name: cookieName, Value: token, Path: "/", MaxAge: maxAge,
		HttpOnly: true, Secure: s.Options.Secure, SameSite: http.SameSiteLaxMode,
	})
}

// address is where a request came from, for the brake on logins.
func (s *Server) address(r *http.Request) string {
	if s.Options.TrustProxy {
		if all := r.Header.Values("X-Forwarded-For"); len(all) > 0 {
			hops := strings.Split(all[len(all)-1], ",")
			return strings.TrimSpace(hops[len(hops)-1])
		}
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
