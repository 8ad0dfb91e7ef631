// Package trace answers, for a household and a problem that was found later, who signed what when (倒查, S0.7, S1.19). It stores nothing: it
// reads what the other rooms keep, and names the entries of the log by which a stranger proves it.
//
// What answers for a problem is the last word of each step before the problem was found: under the household's form, under the list of its
// village's forms, under the list of its village's problems. Who signed there that there was none, or others but not this one, is marked. Who
// signed that there was this one is not; neither is the household. A problem that was found at home, by a rule, a visit or a petition, marks
// nobody: found and fixed here, no blame (S1.19). Checks of the nation, the province, the county or township itself and spot acceptance do.
//
// Files: trace.go (what it says), account.go (who answers), story.go (what happened), service.go.
//
// Tables: none.
package trace
