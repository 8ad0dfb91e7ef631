package audit

import (
	"context"
	"encoding/json"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/id"
	"ruhu/internal/region"
)

// Record is an entry as it is read back.
type Record struct {
	ID       string          `json:"id"`
	At       db.Time         `json:"at"`
	ByID     string          `json:"by_id"`
	ByName   string          `json:"by_name"`
	Role     authz.Role      `json:"role"`
	Action   string          `json:"action"`
	Campaign string          `json:"campaign"`
	Object   string          `json:"object"`
	ObjectID string          `json:"object_id"`
	Place    region.Code     `json:"place"`
	Detail   json.RawMessage `json:"detail"`
}

// Service reads the record.
type Service struct{ d *db.DB }

// NewService makes a Service over d.
func NewService(d *db.DB) *Service { return &Service{d} }

// Filter narrows List; empty fields do not.
type Filter struct {
	Campaign, Object, ObjectID string
	Cursor                     string // as List gave it
	Limit                      int    // see db.PageSize
}

const selectPage = `SELECT id, at, actor_id, actor_name, actor_role, action, campaign, object, object_id, place, detail FROM audit_entry
WHERE county = $1 AND place >= $2 AND place < $3 AND id < $4
  AND (CAST($5 AS TEXT) = '' OR campaign = $5) AND (CAST($6 AS TEXT) = '' OR object = $6) AND (CAST($7 AS TEXT) = '' OR object_id = $7)
ORDER BY id DESC LIMIT $8`

// last is above every UUIDv7.
const last = "ffffffff-ffff-ffff-ffff-ffffffffffff"

// List gives the entries of the actor's region, the newest first, and the cursor of the next page ("" at the end).
// Returns Forbidden "authz.forbidden", Invalid "id.malformed" for a foreign cursor.
func (s *Service) List(ctx context.Context, actor authz.Actor, f Filter) ([]Record, string, error) {
	if err := actor.Require(authz.AuditRead); err != nil {
		return nil, "", err
	}
	before, err := cursor(f.Cursor)
	if err != nil {
		return nil, "", err
	}
	f.Limit = db.PageSize(f.Limit)
	lo, hi := actor.Scope()
	var out []Record
	err = s.d.View(ctx, func(tx *db.Tx) (err error) {
		out, err = db.List(ctx, tx, scanRecord, selectPage, actor.County, lo, hi, before, f.Campaign, f.Object, f.ObjectID, f.Limit+1)
		return err
	})
	if err != nil || len(out) <= f.Limit {
		return out, "", err
	}
	out = out[:f.Limit]
	return out, out[f.Limit-1].ID, nil
}

func scanRecord(scan func(...any) error) (Record, error) {
	var r Record
	var detail db.JSON[json.RawMessage]
	err := scan(&r.ID, &r.At, &r.ByID, &r.ByName, (*string)(&r.Role), &r.Action, &r.Campaign, &r.Object, &r.ObjectID, &r.Place, &detail)
	r.Detail = detail.V
	return r, err
}

func cursor(s string) (string, error) {
	if s == "" {
		return last, nil
	}
	return id.Parse(s)
}
