// Package progress answers how far a campaign is: by village, team and day, at any size, without counting.
//
// A cell holds the number of assignments or problems that share village, team, day and state (for problems also the due date). The cells are
// changed by handlers inside the transaction that changes the thing itself (events assign.planned, assign.moved,
// ledger.moved), so they cannot disagree with it. Every change raises the campaign's version by one; the page listens to a
// stream of versions and reads again.
//
// A page shows villages, teams and days of a region, not cells, of which a county of a million households has hundreds of thousands. So the same
// handlers also keep the sums of the cells by village, team and day in each township, and the open problems by due date; a page reads those, at
// most a few thousand rows.
//
// What the numbers mean:
//
//   - assigned: assignments that are not replaced;
//   - submitted: of these, those whose form has arrived, whatever became of it since;
//   - returned: those that are back with the team now;
//   - accepted: those that are done;
//   - problems_open, problems_closed: items of the ledger that are not closed, and that are;
//   - problems_overdue: open ones whose due date has passed. Because cells and sums keep the due date, no clock has to change them.
//
// Days are the planned day of a visit and the day a problem was found. Recount counts everything anew and compares (ruhu doctor); a test does
// that after random histories.
//
// Tables: progress_cell, progress_sum, progress_due, progress_version.
package progress
