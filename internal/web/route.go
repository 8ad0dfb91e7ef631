package web

import (
	"net/http"
	"strings"

	"ruhu/internal/authz"
)

// Handler answers one request or returns the error that is to be shown. It must not write before it is sure to succeed.
type Handler func(w http.ResponseWriter, r *http.Request, c *Call) error

// Call is what the core knows about a request.
type Call struct {
	Actor     authz.Actor // zero on public routes
	Lang      string      // "zh" or "en"
	RequestID string
	token     string // of the session; "" on public routes
	stale     bool   // an OpenRosa client proved who it is with a nonce that is used up
}

// Route is one row of the API.
type Route struct {
	Pattern string       // "POST /api/v1/…", as http.ServeMux reads it
	Action  authz.Action // "" is public
	Req     any          // zero value of the request's JSON type; nil when there is no JSON body
	Res     any          // zero value of the response's JSON type; nil when the response is no JSON
	Summary string       // one line, English
	Handler Handler
	MaxBody int64    // bytes; 0 means 1 MiB
	Raw     string   // content type of a request body that is not JSON
	Query   []string // names of query parameters, for openapi.yaml
	Binary  string   // content type of a response that is not JSON

	// OpenRosa says that other apps use the route: they come with a key of a person instead of a session, and get errors as XML (rosadoor.go).
	OpenRosa bool
}

const defaultMaxBody = 1 << 20

// method and path split the pattern.
func (r Route) method() string { m, _, _ := strings.Cut(r.Pattern, " "); return m }
func (r Route) path() string   { _, p, _ := strings.Cut(r.Pattern, " "); return p }

// List is the shape of every list: next is the cursor of the next page, "" at the end.
type List[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next"`
}

// list makes a List; no items are [], not null.
func list[T any](items []T, next string) List[T] {
	if items == nil {
		items = []T{}
	}
	return List[T]{items, next}
}
