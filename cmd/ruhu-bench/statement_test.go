package main

import (
	"cmp"
	"fmt"
	"maps"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"ruhu/internal/account"
	"ruhu/internal/app"
	"ruhu/internal/db/dbtest"
)

// together is how many forms are judged in one batch here, as many as package submission takes.
const together = 128

// Statements are what intake costs most, on PostgreSQL a round trip each. A room that hangs work on a form pays here, and has to say why.
var (
	// alone is what one form may cost until its receipt, when no other comes with it.
	alone = map[string]int{
		"db":         2, // BEGIN and COMMIT
		"submission": 4, // is it known, does another one stand there; the submission, the revision
		"assign":     4, // the assignment for intake and again for its move, the teams of the sender; the move
		"audit":      1, // the revision in the log
		"progress":   4, // cells, two lengths of sums for village, team and day, the version
		"circular":   1,
		"job":        1, // submission.received
	}
	// batch is what as many as are judged together may cost after their receipts, all rooms' work until nothing is left to do: a few statements
	// for each kind of thing, of 64 rows where rows are written, and none for each form.
	batch = map[string]int{
		"db":         104, // BEGIN and its end, of each look for tasks and of three or four transactions of each room
		"job":        56,  // looks, claims, ends, and the tasks for four rooms, 50 a statement
		"submission": 11,  // bodies, verdicts, moves; and the records again for each room
		"survey":     12,  // the campaign and its forms, for each caller
		"region":     10,  // names of places, which go with campaigns and households
		"roster":     7,   // households with members, where they live
		"quality":    18,  // facts, marks, who shares them, findings
		"match":      22,  // answers on site, five of a form; the figures, and what they are compared with
		"indicator":  3,
		"ledger":     1,
	}
)

func TestNoRoomAsksTheDatabaseMoreThanItMayForAForm(t *testing.T) {
	t.Parallel()
	for name, dsn := range map[string]func(testing.TB) string{"sqlite": func(testing.TB) string { return "" }, "postgres": dbtest.PostgresDSN} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := &counter{}
			c := app.Default(t.TempDir())
			c.AdminPassword, c.DB = adminPassword, dsn(t)
			a, err := app.Open(t.Context(), c, app.Options{Cost: account.Cost{Time: 1, Memory: 64}, Watch: n.watch})
			if err != nil {
				t.Fatal(err)
			}
			srv := httptest.NewServer(a.Web.Handler())
			defer func() {
				srv.Close()
				if err := a.Close(); err != nil {
					t.Error(err)
				}
			}()
			town, err := makeTown(t.Context(), srv.URL, together+1, 16)
			if err != nil {
				t.Fatal(err)
			}
			jobs, err := makeJobs(t.Context(), town, together+1, 7000)
			if err != nil {
				t.Fatal(err)
			}
			deliver := func(jobs []job) {
				t.Helper()
				for _, j := range jobs {
					if err := send(t.Context(), j); err != nil {
						t.Fatal(err)
					}
				}
			}
			drain := func() {
				t.Helper()
				if err := a.Bus.Drain(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			deliver(jobs[:1]) // what is read once for a program is read now
			drain()
			n.begin()
			deliver(jobs[1:2])
			n.check(t, "until the receipt", alone)
			deliver(jobs[2:])
			n.begin()
			drain()
			n.check(t, fmt.Sprintf("of %d judged forms", together), batch)
			var p page
			if err := town.admin.Do(t.Context(), "GET", "/campaigns/"+town.campaign+"/submissions?state=review&limit=1", nil, &p); err != nil || p.Counts["review"] != together+1 {
				t.Errorf("the forms stand so: %v, %v", p.Counts, err)
			}
		})
	}
}

// counter counts statements by room.
type counter struct {
	mu    sync.Mutex
	rooms map[string][]string
}

func (n *counter) begin() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.rooms = map[string][]string{}
}

var table = regexp.MustCompile(`(?:FROM|INTO|UPDATE)\s+([a-z]+)`)

// watch counts a statement for the room whose table it names first.
func (n *counter) watch(q string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	room := "db"
	if m := table.FindStringSubmatch(q); m != nil {
		room = m[1]
	}
	if n.rooms != nil {
		n.rooms[room] = append(n.rooms[room], q[:min(len(q), 100)])
	}
}

func (n *counter) check(t *testing.T, what string, allowed map[string]int) {
	t.Helper()
	n.mu.Lock()
	defer n.mu.Unlock()
	all := 0
	for _, room := range slices.Sorted(maps.Keys(n.rooms)) {
		got := n.rooms[room]
		all += len(got)
		if len(got) > allowed[room] {
			t.Errorf("statements %s: room %s has %d, and may have %d:\n%s", what, room, len(got), allowed[room], most(got))
		}
	}
	t.Logf("%d statements %s: %s", all, what, byRoom(n.rooms))
}

// most lists the statements that ran most often.
func most(qs []string) string {
	times := map[string]int{}
	for _, q := range qs {
		times[q]++
	}
	var b strings.Builder
	order := slices.SortedFunc(maps.Keys(times), func(a, b string) int { return cmp.Or(cmp.Compare(times[b], times[a]), cmp.Compare(a, b)) })
	for _, q := range order[:min(len(order), 8)] {
		fmt.Fprintf(&b, "%5d  %s\n", times[q], q)
	}
	return b.String()
}

func byRoom(by map[string][]string) string {
	var out []string
	for _, room := range slices.Sorted(maps.Keys(by)) {
		out = append(out, fmt.Sprintf("%s %d", room, len(by[room])))
	}
	return strings.Join(out, ", ")
}
