// Package earlier gives enumerators the photographs that earlier rounds took at a household, small, so that whoever stands at the door sees the house as it
// was; and where it stood, if the base list does not know.
//
// A household is known across the campaigns of a county by its code and its village (roster.EarlierTx). Of a round before only accepted forms count, and
// of these the revision that stands. What people sign or draw is never shown to a later round, nor a file that answers a question about a person
// (bind ruhu:pii, on the question or a group around it), whatever other question names the same file. With a picture go the question's label, the
// day and the name of the round, and nothing else of the form.
//
//	a phone asks ─▶ what is known is told, the rest is asked for (earlier.asked) ─▶ the form is looked through, small pictures are made
//
// Nothing is done when a form arrives or is judged: most forms are never looked at again, and who asks for them may wait. What has been found in a revision
// (earlier_form, earlier_shot), and the small picture of a photograph (earlier_picture, a blob; see package small), is kept for good, for both never change. So
// is that a file is no picture. A photograph that is not there is looked for again.
//
// Of a household Pictures are carried at most, from the Rounds latest rounds that have any: a front, a roof, a kitchen, a well, once or twice, at 120 kB
// at the outside. A team visits some ten households a day; a week without a network is 70 of them, so that PerPhone bytes last for it
// even if every picture is as large as may be. The visits of the next days come first.
//
// Files: look.go (what of a form is shown), carry.go (what a phone is told), work.go (the background), service.go, sql.go. Event: earlier.asked.
// Tables: earlier_form, earlier_shot, earlier_picture.
package earlier
