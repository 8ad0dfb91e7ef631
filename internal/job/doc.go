// Package job carries events from the room where something happened to the rooms that act on it.
//
// A service emits an event inside its transaction: Bus.Emit. Two sorts of handlers hear it.
//
//   - Inside handlers run at once, in the same transaction. They are for what must never disagree with the fact:
//     kept counters. If one fails, the fact is not recorded either.
//   - Outside handlers run later, from the outbox table job_task (one row per event and handler, written in the same
//     transaction). They run at least once: a crash between the work and the note that it is done repeats the work, unless the
//     handler calls Batch.Done in the transaction that does the work, which makes it exactly once.
//
// A handler that fails is tried again with growing pauses; after 12 attempts the task is set aside (failed) in sight of
// the administrator, and never lost. Within one handler events come roughly, not strictly, in the order they were
// emitted; a handler must look at the present state, not assume the previous event.
//
// Table: job_task.
package job
