package audit

import (
	"context"
	"encoding/json"
	"fmt"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/id"
	"ruhu/internal/region"
)

// Entry is one decision.
type Entry struct {
	Action   string      // `package.what`, for example "review.return"
	Campaign string      // campaign id; "" when the decision belongs to none
	Object   string      // kind of thing: "submission"
	ObjectID string      //
	Place    region.Code // where; decides who may read the entry; "" is the actor's region
	Detail   any         // JSON-encodable; nil is none
}

const insertEntry = `INSERT INTO audit_entry (county, id, at, actor_id, actor_account, actor_name, actor_role, action, campaign, object, object_id, place, detail)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`

// entries is the table of the decisions themselves.
var entries = NewTable("audit_entry", 1,
	"id, at:time, actor_id, actor_account, actor_name, actor_role, action, campaign, object, object_id, place, detail:json")

// Write records e in tx.
func Write(ctx context.Context, tx *db.Tx, actor authz.Actor, e Entry) error {
	detail, err := json.Marshal(e.Detail)
	if err != nil {
		return fmt.Errorf("audit %s: %w", e.Action, err)
	}
	place := e.Place
	if place == "" {
		place = actor.Region
	}
	if place == "" {
		place = region.Code(actor.County + "000000")
	}
	row := []any{actor.County, id.New(), tx.Now(), actor.ID, actor.Account, actor.Name, string(actor.Role), e.Action, e.Campaign, e.Object, e.ObjectID, place, string(detail)}
	if _, err := tx.Exec(ctx, insertEntry, row...); err != nil {
		return err
	}
	return LogTx(ctx, tx, entries, row)
}
