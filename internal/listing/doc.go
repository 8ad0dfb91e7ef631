// Package listing takes the base list through the villages before it becomes the roster (清查摸底, S4.1, S4.3, S4.6, S3.1).
//
// A village goes through its list household by household: it confirms, corrects, adds or strikes. What it says is a Proposal with the
// differences it makes; nothing of the list changes before the township accepts it, one by one or all together when it confirms the village.
//
//	open ─confirm▶ village ─approve▶ township ─freeze▶ frozen
//	  ▲              │                  │
//	  └── returned ◀─┴───── return ─────┘
//
// Every household has one Answer at a time, the present proposal about it. An answer has a version: who answers says which version they
// looked at, so that of two people at one household the second is refused and reloads.
//
// Strikes need evidence as the playbook says; a household that can't be reached gets a statement and may stay on the list with a tag.
// Merged and split households are linked with those that stand in their place.
//
// Freezing makes an entry with a digest in package roster (see docs/listing.md). A proposal about a frozen village is a late change: it has a
// note, an office accepts it, and the roster gives it a running number.
//
// Where the playbook names no role for the township, the village's confirmation accepts what it proposed.
//
// Whom registers know and the list lacks is proposed by an office that will have them visited: missed.go.
//
// Files: state.go (who may do what when; pure), proposal.go (what is said about a household), initials.go, service.go (reading), propose.go,
// decide.go, freeze.go, merger.go, sql.go.
//
// Event: listing.frozen. Tables: listing_village, listing_proposal, listing_answer.
package listing
