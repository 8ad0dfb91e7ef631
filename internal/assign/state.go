package assign

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/job"
)

// Move asks for a state of one assignment.
type Move struct {
	County     string
	ID         string
	To         State
	Submission string // remembered as the assignment's submission; "" leaves what is known
	FormHash   string // the version of the form that was handed in; "" leaves what is known
}

// next lists the states that may follow. A form may be sent again at any time (a new revision), so submitted follows itself.
var next = map[State][]State{
	Open:      {Submitted, Replaced},
	Submitted: {Submitted, Returned, Done},
	Returned:  {Submitted, Replaced},
	Done:      {Submitted, Returned},
	Replaced:  {Open}, // drawn again
}

// SetStateTx makes moves in the caller's transaction and emits one assign.moved per real change. Several moves of one
// assignment are made in order. An assignment that is already in the state asked for is left alone.
// Returns NotFound "assign.not_found", Conflict "assign.state".
func SetStateTx(ctx context.Context, tx *db.Tx, bus *job.Bus, moves []Move) error {
	byCounty := map[string][]Move{}
	var counties []string
	for _, m := range moves {
		if byCounty[m.County] == nil {
			counties = append(counties, m.County)
		}
		byCounty[m.County] = append(byCounty[m.County], m)
	}
	for _, c := range counties {
		if err := setState(ctx, tx, bus, c, byCounty[c]); err != nil {
			return err
		}
	}
	return nil
}

func setState(ctx context.Context, tx *db.Tx, bus *job.Bus, county string, moves []Move) error {
	ids := make([]string, len(moves))
	for i, m := range moves {
		ids[i] = m.ID
	}
	known, err := ByIDsTx(ctx, tx, county, ids)
	if err != nil {
		return err
	}
	var events []any
	touched, current := map[string]Assignment{}, map[string]map[string]string{}
	versions := map[string]string{} // of those whose form has another one now
	var order []string
	for _, m := range moves {
		a, ok := known[m.ID]
		if !ok {
			return errs.NotFound.New("assign.not_found", "id", m.ID)
		}
		from := a.State
		if from != m.To {
			if !slices.Contains(next[from], m.To) {
				return errs.Conflict.New("assign.state", "from", string(from), "to", string(m.To))
			}
			events = append(events, a.moved(from, m.To))
			a.State = m.To
			if err := renew(ctx, tx, &a, current); err != nil {
				return err
			}
		}
		if m.Submission != "" {
			a.Submission = m.Submission
		}
		if m.FormHash != "" {
			a.FormHash = m.FormHash
		}
		if a.FormHash != known[m.ID].FormHash {
			versions[m.ID] = a.FormHash
		}
		if a != known[m.ID] {
			if _, again := touched[m.ID]; !again {
				order = append(order, m.ID)
			}
			touched[m.ID], known[m.ID] = a, a
		}
	}
	for part := range slices.Chunk(order, 100) {
		if err := writeStates(ctx, tx, county, part, touched, versions); err != nil {
			return err
		}
	}
	return bus.Emit(ctx, tx, county, EventMoved, events...)
}

// writeStates updates many rows with one statement: intake moves hundreds a second. The last is named again up to one of a few numbers, so that the
// statement's prepared form is used again.
func writeStates(ctx context.Context, tx *db.Tx, county string, ids []string, as map[string]Assignment, versions map[string]string) error {
	args := []any{county, tx.Now()}
	arg := func(v any) string {
		args = append(args, v)
		return "$" + strconv.Itoa(len(args))
	}
	var states, subs, forms, list strings.Builder
	for i, id := range db.Padded(ids) {
		a := as[id]
		p := arg(id)
		if i > 0 {
			list.WriteByte(',')
		}
		list.WriteString(p)
		states.WriteString(" WHEN " + p + " THEN " + arg(string(a.State)))
		if v := versions[id]; v != "" {
			forms.WriteString(" WHEN " + p + " THEN " + arg(v))
		}
		if a.Submission != "" {
			subs.WriteString(" WHEN " + p + " THEN " + arg(a.Submission))
		}
	}
	q := `UPDATE assign_assignment SET updated_at = $2, state = CASE id` + states.String() + ` ELSE state END`
	if forms.Len() > 0 {
		q += `, form_hash = CASE id` + forms.String() + ` ELSE form_hash END`
	}
	if subs.Len() > 0 {
		q += `, submission = CASE id` + subs.String() + ` ELSE submission END`
	}
	_, err := tx.Exec(ctx, q+` WHERE county = $1 AND id IN (`+list.String()+`)`, args...)
	return err
}
