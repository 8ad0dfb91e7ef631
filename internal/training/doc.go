// Package training prepares enumerators before they are sent out (S1.1): what they practise on, a quiz, and what came of it.
//
// Everything comes from the playbook of the campaign, as it was when the campaign was made. Material is what the phone gets: made-up households with
// what the base list would have of them, and the questions of the quiz with their answers, because people practise for days without a network. It
// is named by its digest, and the phone downloads it once.
//
// What is filled in for practice never leaves the phone. Only attempts at the quiz are sent, by an id of the phone's: the same one sent twice is one.
// An attempt has questions drawn by that id (Draw), so phone and server agree about them; the server marks the answers itself. A result is never
// changed; who tries again has another one, and has passed once one of them is enough.
//
// Files: quiz.go (drawing, marking), material.go, service.go (receiving), summary.go (for the office), sql.go. Table: training_result.
package training
