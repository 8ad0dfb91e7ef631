package quality

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"ruhu/internal/db"
	"ruhu/internal/id"
	"ruhu/internal/region"
)

const (
	insertFact = `INSERT INTO quality_fact (county, campaign, submission, revision, village, data, at) VALUES `
	toFact     = ` ON CONFLICT (county, campaign, submission) DO UPDATE SET revision = excluded.revision, village = excluded.village, data = excluded.data, at = excluded.at
 WHERE quality_fact.revision <= excluded.revision RETURNING submission`
	deleteMarks     = `DELETE FROM quality_mark WHERE county = $1 AND campaign = $2 AND submission IN (`
	insertMark      = `INSERT INTO quality_mark (county, campaign, kind, value, submission) VALUES `
	selectFacts     = `SELECT data FROM quality_fact WHERE county = $1 AND campaign = $2`
	selectBearers   = `SELECT kind, value, submission FROM quality_mark WHERE county = $1 AND campaign = $2 AND kind = $3 AND value = $4 LIMIT $5`
	selectCampaigns = `SELECT DISTINCT county, campaign FROM quality_fact ORDER BY county, campaign`

	columns = `id, campaign, key, rule, item, submission, household, village, team, figure, threshold, others, figures, state, reason, account, by_name,
 explained_at, found_at, seen_at`
	insertFinding  = `INSERT INTO quality_finding (county, ` + columns + `) VALUES `
	selectFindings = `SELECT ` + columns + ` FROM quality_finding WHERE `
	updateHolds    = `UPDATE quality_finding SET figure = $3, threshold = $4, others = $5, figures = $6, state = $7, seen_at = $8, village = $9, team = $10
 WHERE county = $1 AND id = $2`
	updateGone    = `UPDATE quality_finding SET state = 'gone', seen_at = $3 WHERE county = $1 AND id = $2`
	updateExplain = `UPDATE quality_finding SET state = 'explained', reason = $3, account = $4, by_name = $5, explained_at = $6
 WHERE county = $1 AND id = $2 AND state IN ('open', 'explained')`
	countOpenOf = `SELECT count(*) FROM quality_finding WHERE county = $1 AND submission = $2 AND state = 'open'`
	countRules  = `SELECT rule, state, count(*) FROM quality_finding WHERE `

	upsertRun = `INSERT INTO quality_run (county, campaign, day, forms, findings, at) VALUES ($1, $2, $3, $4, $5, $6)
 ON CONFLICT (county, campaign, day) DO UPDATE SET forms = excluded.forms, findings = excluded.findings, at = excluded.at`
	countRuns = `SELECT count(*) FROM quality_run WHERE county = $1 AND campaign = $2 AND day = $3`
	lastRun   = `SELECT forms, findings, at FROM quality_run WHERE county = $1 AND campaign = $2 ORDER BY day DESC LIMIT 1`
)

// keepFactsTx keeps facts, and gives those that stand now: the same, but for those whose newer revision has been looked at already. old are the
// facts that stood.
func keepFactsTx(ctx context.Context, tx *db.Tx, county, campaign string, facts, old []Fact) ([]Fact, error) {
	now := make(map[string]Fact, len(facts))
	for _, f := range old {
		now[f.Submission] = f
	}
	rows := make([][]any, len(facts))
	for i, f := range facts {
		rows[i] = []any{county, campaign, f.Submission, f.Revision, f.Village, db.AsJSON(f), tx.Now()}
	}
	written := map[string]bool{}
	err := db.InsertReturning(ctx, tx, insertFact, rows, toFact, func(scan func(...any) error) error {
		var id string
		err := scan(&id)
		written[id] = true
		return err
	})
	if err != nil {
		return nil, err
	}
	var fresh []string
	var marks [][]any
	for _, f := range facts {
		if !written[f.Submission] {
			continue
		}
		fresh = append(fresh, f.Submission)
		now[f.Submission] = f
		for _, m := range f.marks() {
			marks = append(marks, []any{county, campaign, m.kind, m.value, f.Submission})
		}
	}
	for part := range slices.Chunk(fresh, 400) {
		in, args := db.In(3, part...)
		if _, err := tx.Exec(ctx, deleteMarks+in+`)`, append([]any{county, campaign}, args...)...); err != nil {
			return nil, err
		}
	}
	_, err = db.Insert(ctx, tx, insertMark, marks, ` ON CONFLICT DO NOTHING`)
	return slices.Collect(maps.Values(now)), err
}

// crowd is how many forms that share a mark with one are looked at when it arrives. In a block of flats hundreds share a position; the
// nightly run counts them all.
const crowd = 50

// sharersTx gives the forms that share a mark with one of these, at most crowd for each, and whether one of these shares with more. Of each mark no
// more forms are read than that takes.
func sharersTx(ctx context.Context, tx *db.Tx, county, campaign string, facts []Fact) (sharers []string, crowded bool, err error) {
	var marks []mark
	for _, f := range facts {
		marks = append(marks, f.marks()...)
	}
	slices.SortFunc(marks, func(a, b mark) int { return cmp.Or(strings.Compare(a.kind, b.kind), strings.Compare(a.value, b.value)) })
	marks = slices.Compact(marks)
	bearers := make(map[mark][]string, len(marks))
	for part := range slices.Chunk(marks, 64) {
		q, args := bearersOf(county, campaign, db.Padded(part))
		err := tx.Query(ctx, q, args, func(scan func(...any) error) error {
			var m mark
			var id string
			err := scan(&m.kind, &m.value, &id)
			if !slices.Contains(bearers[m], id) { // the last mark may be asked for several times
				bearers[m] = append(bearers[m], id)
			}
			return err
		})
		if err != nil {
			return nil, false, err
		}
	}
	for _, f := range facts {
		var mine []string
		for _, m := range f.marks() {
			mine = append(mine, bearers[m]...)
		}
		slices.Sort(mine)
		mine = slices.DeleteFunc(slices.Compact(mine), func(id string) bool { return id == f.Submission })
		crowded = crowded || len(mine) > crowd
		sharers = append(sharers, mine[:min(len(mine), crowd)]...)
	}
	slices.Sort(sharers)
	return slices.Compact(sharers), crowded, nil
}

// bearersOf asks for the forms that bear marks in one statement: of each mark as many as tell a crowd, which is crowd others, one more, and the one that
// is asked for.
func bearersOf(county, campaign string, marks []mark) (string, []any) {
	var b strings.Builder
	args := make([]any, 0, 5*len(marks))
	for i, m := range marks {
		if i > 0 {
			b.WriteString(" UNION ALL ")
		}
		b.WriteString("SELECT * FROM (")
		numbers := make([]string, 0, 10)
		for k := range 5 {
			numbers = append(numbers, "$"+strconv.Itoa(k+1), "$"+strconv.Itoa(len(args)+k+1))
		}
		b.WriteString(strings.NewReplacer(numbers...).Replace(selectBearers))
		b.WriteString(") AS m" + strconv.Itoa(i))
		args = append(args, county, campaign, m.kind, m.value, crowd+2)
	}
	return b.String(), args
}

func scanFact(scan func(...any) error) (Fact, error) {
	var f db.JSON[Fact]
	err := scan(&f)
	return f.V, err
}

func factsTx(ctx context.Context, tx *db.Tx, county, campaign string, ids []string) ([]Fact, error) {
	var out []Fact
	for part := range slices.Chunk(ids, 400) {
		in, args := db.In(3, part...)
		more, err := db.List(ctx, tx, scanFact, selectFacts+` AND submission IN (`+in+`) ORDER BY submission`, append([]any{county, campaign}, args...)...)
		if err != nil {
			return nil, err
		}
		out = append(out, more...)
	}
	return out, nil
}

func allFactsTx(ctx context.Context, tx *db.Tx, county, campaign string) ([]Fact, error) {
	return db.List(ctx, tx, scanFact, selectFacts+` ORDER BY submission`, county, campaign)
}

func scanFinding(scan func(...any) error) (Finding, error) {
	var f Finding
	var submission, household, team *string
	var others db.JSON[[]string]
	var figures db.JSON[map[string]string]
	err := scan(&f.ID, &f.Campaign, &f.Key, &f.Rule, &f.Item, &submission, &household, &f.Village, &team, &f.Figure, &f.Threshold, &others, &figures, (*string)(&f.State),
		&f.Reason, &f.Account, &f.ByName, &f.ExplainedAt, &f.FoundAt, &f.SeenAt)
	f.Submission, f.Household, f.Team, f.Others, f.Figures = db.Text(submission), db.Text(household), db.Text(team), others.V, figures.V
	return f, err
}

// reconcileTx makes the findings of a campaign those that were found. With submissions, only what arrival decides about those is looked at.
func reconcileTx(ctx context.Context, tx *db.Tx, county, campaign string, found []Found, submissions []string) error {
	known := map[string]Finding{}
	take := func(where string, args ...any) error {
		list, err := db.List(ctx, tx, scanFinding, selectFindings+where, args...)
		for _, f := range list {
			known[f.Key] = f
		}
		return err
	}
	if submissions == nil {
		if err := take(`county = $1 AND campaign = $2`, county, campaign); err != nil {
			return err
		}
	}
	for part := range slices.Chunk(submissions, 400) {
		in, args := db.In(3, part...)
		if err := take(`county = $1 AND campaign = $2 AND submission IN (`+in+`)`, append([]any{county, campaign}, args...)...); err != nil {
			return err
		}
	}
	holds := map[string]bool{}
	var rows [][]any
	for _, x := range found {
		if holds[x.key()] {
			continue
		}
		holds[x.key()] = true
		others, figures := x.Others, x.Figures
		if others == nil {
			others = []string{}
		}
		if figures == nil {
			figures = map[string]string{}
		}
		old, ok := known[x.key()]
		if !ok {
			rows = append(rows, []any{
				county, id.New(), campaign, x.key(), x.Rule, x.Item, db.Null(x.Submission), db.Null(x.Household), x.Village, db.Null(x.Team), x.Figure, x.Threshold,
				db.AsJSON(others), db.AsJSON(figures), string(Open), "", "", "", nil, tx.Now(), tx.Now(),
			})
			continue
		}
		state := Open
		if !old.ExplainedAt.IsZero() {
			state = Explained
		}
		if _, err := tx.Exec(ctx, updateHolds, county, old.ID, x.Figure, x.Threshold, db.AsJSON(others), db.AsJSON(figures), string(state), tx.Now(), x.Village, db.Null(x.Team)); err != nil {
			return err
		}
	}
	if _, err := db.Insert(ctx, tx, insertFinding, rows, ` ON CONFLICT (county, campaign, key) DO NOTHING`); err != nil {
		return err
	}
	for key, f := range known {
		if holds[key] || f.State == Gone || submissions != nil && !slices.Contains(arrivalRules, f.Rule) {
			continue
		}
		if _, err := tx.Exec(ctx, updateGone, county, f.ID, tx.Now()); err != nil {
			return err
		}
	}
	return nil
}

// regionOf narrows a list to the actor's region.
func regionOf(w *db.Where, lo, hi region.Code) { w.And(`village >= ? AND village < ?`, lo, hi) }

// FlaggedTx reports whether something remarkable was found in a form that nobody has explained.
func FlaggedTx(ctx context.Context, tx *db.Tx, county, submissionID string) (bool, error) {
	var n int
	err := tx.QueryRow(ctx, countOpenOf, county, submissionID).Scan(&n)
	return n > 0, err
}
