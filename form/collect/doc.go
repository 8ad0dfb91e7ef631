// Package collect turns a questionnaire with our extensions into one that other clients of the ODK world (ODK Collect, Enketo) can run.
//
// Our phone app knows what the attributes ruhu:warning and ruhu:prefill mean; the others do not. Make says the same with standard parts:
//
//   - a first page where the household is chosen out of an entity list that comes with the form (EntityList), with the reviewer's note when its
//     form was returned;
//   - prefilled questions are set when a household is chosen, and locked where the original locks them;
//   - a warning is a note that becomes relevant when its condition does not hold, and a question for the reason that must be answered then.
//
// Every other trace of the extensions is removed: what the office compares or derives is nobody's business on site.
//
// From one questionnaire come two texts with the same questions. Client is handed out. Judge is what the server checks arrivals against: the
// original with the added elements, which are plain there, because the server has no entity list of the phone. Both bear the same version, which
// names the original by its digest (Version), so that an instance tells by itself what it was filled in with.
package collect
