package web

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"

	"ruhu/internal/db"
	"ruhu/internal/errs"
)

// SyncItem names an assignment and the digest of what the server would send of it now.
type SyncItem struct {
	ID  string `json:"id"`
	Tag string `json:"tag"`
}

// SyncManifest lists by digest what the phone needs for days without a network. The phone asks for the parts that it does not have.
type SyncManifest struct {
	Head        string      `json:"head"` // digest of SyncHead
	Forms       []FieldForm `json:"forms"`
	Assignments []SyncItem  `json:"assignments"`
}

// SyncHead is the package but for the assignments.
type SyncHead struct {
	Me       FieldPerson    `json:"me"`
	Campaign *FieldCampaign `json:"campaign"`
	Team     *FieldTeam     `json:"team"`
	Forms    []FieldForm    `json:"forms"`
}

// SyncPull asks for parts.
type SyncPull struct {
	Head        bool     `json:"head"`
	Assignments []string `json:"assignments"`
}

// SyncPulled gives them. An assignment that has gone meanwhile is left out.
type SyncPulled struct {
	Head        *SyncHead         `json:"head"`
	Assignments []FieldAssignment `json:"assignments"`
}

// tagOf is the digest of a value's JSON, short: it tells one state from the next, nobody gains by forging it.
func tagOf(v any) (string, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:8]), nil
}

func (s *Server) wholePackage(r *http.Request, c *Call) (FieldPackage, error) {
	var p FieldPackage
	err := s.DB.View(r.Context(), func(tx *db.Tx) (err error) {
		p, err = s.fieldPackageTx(r.Context(), tx, c.Actor)
		return err
	})
	return p, err
}

func headOf(p FieldPackage) SyncHead { return SyncHead{p.Me, p.Campaign, p.Team, p.Forms} }

func (s *Server) syncManifest(w http.ResponseWriter, r *http.Request, c *Call) error {
	p, err := s.wholePackage(r, c)
	if err != nil {
		return err
	}
	m := SyncManifest{Forms: p.Forms, Assignments: make([]SyncItem, len(p.Assignments))}
	if m.Head, err = tagOf(headOf(p)); err != nil {
		return err
	}
	for i, a := range p.Assignments {
		m.Assignments[i].ID = a.ID
		if m.Assignments[i].Tag, err = tagOf(a); err != nil {
			return err
		}
	}
	tag, err := tagOf(m)
	if err != nil {
		return err
	}
	w.Header().Set("ETag", `"`+tag+`"`)
	w.Header().Set("Cache-Control", "private, no-cache")
	if matches(r, tag) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	return reply(w, http.StatusOK, m)
}

const maxPull = 500

func (s *Server) syncPull(w http.ResponseWriter, r *http.Request, c *Call) error {
	in, err := decode[SyncPull](r)
	if err != nil {
		return err
	}
	if len(in.Assignments) > maxPull {
		return errs.TooLarge.New("web.too_large", "limit", maxPull)
	}
	p, err := s.wholePackage(r, c)
	if err != nil {
		return err
	}
	out := SyncPulled{Assignments: []FieldAssignment{}}
	if in.Head {
		h := headOf(p)
		out.Head = &h
	}
	want := make(map[string]bool, len(in.Assignments))
	for _, k := range in.Assignments {
		want[k] = true
	}
	for _, a := range p.Assignments {
		if want[a.ID] {
			out.Assignments = append(out.Assignments, a)
		}
	}
	return reply(w, http.StatusOK, out)
}
