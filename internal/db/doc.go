// Package db is the only door to the database: SQLite inside the program, or PostgreSQL beside it.
//
// One SQL text serves both. Statements are written with $1, $2 …; the package rewrites them for SQLite. What may and
// may not stand in a statement is listed in CONTRIBUTING.md.
//
//	err := d.Update(ctx, func(tx *db.Tx) error { … })   // reads and writes, all or nothing
//	err := d.View(ctx, func(tx *db.Tx) error { … })     // reads one consistent state
//
// On SQLite one goroutine owns the writing connection. It collects the functions that wait, runs each in a
// savepoint of one transaction and commits once (group commit), so that a hundred callers share one fsync. An
// Update that returned nil is durable: synchronous=FULL. On PostgreSQL each Update is a transaction of its own.
//
// Update repeats the function after a serialization failure, so it may run more than once: nothing but SQL belongs
// inside; what must happen once and only after the commit goes into tx.AfterCommit. Transactions do not nest, and a
// test in this package proves that an attempt is refused instead of hanging.
//
// Driver errors are turned into kinds here (conflict, reference, busy); nobody else looks at them.
package db
