// Package layout lays questionnaires and lists out for paper. It is pure: a compiled form and what is known of a household go
// in, a Sheet comes out, and Write turns sheets into one HTML document for package docgen.
//
// What a phone does by itself has to be said in words on paper. A condition such as ${q4} = '1' and ${q4_1} = '2' becomes
// “第4题选①且4—1题选②时填”, and where an answer makes the questions that follow void, the option says where to go on
// (“→ 第5题”). Conditions that cannot be said simply are left out; then the label or hint of the question has to say it, and
// Sheet.Unsaid names the question. Checks that ask for a reason on the phone (bind::ruhu:warning) stand below their question as
// a note, and the sheet ends with room for the reasons.
//
// What a register has told already (bind::ruhu:prefill) is printed and marked with its source. A question that a locked value
// rules out for this household is left out, as the phone leaves it out.
package layout
