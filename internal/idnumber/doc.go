// Package idnumber reads citizen identity numbers (公民身份号码, GB 11643-1999): it cleans what departments write into that
// column, says what is wrong with it, and takes out what the number tells by itself (place, birth, sex).
//
// A number has 18 characters: 6 digits for the county of the first registration, 8 for the day of birth, 3 for the sequence
// (odd for men) and a check character (ISO 7064 MOD 11-2). Three other things stand in the same column of real registers
// and are understood: numbers of 15 digits from before 1999 (completed here), disability card numbers of 20 characters (the
// citizen number, a type 1–7 and a grade 1–4), and what a spreadsheet left over of a long number.
//
// A valid number may still be somebody else's: a child under the mother's number passes every test here. Only the name
// tells; that is the work of package match/link.
package idnumber
