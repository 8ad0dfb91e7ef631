// Package playbook reads a campaign's complete definition from a folder: 方案 as data.
//
// A playbook says when the stages run, who takes part, which households get which questionnaire, how teams are made, who
// reviews and how problems are followed up. The folder holds playbook.yaml and the files it names; package playbooks
// (beside internal/) embeds those that come with the program, a township's own lies on disk. No code knows a playbook's
// name: what differs between surveys is read from here.
//
//	pb, err := playbook.Load(fsys)      // typed and valid, or an error that carries every mistake
//	mistakes := playbook.Check(fsys)    // file, line, key, what is wrong, what was probably meant
//
// Rules that the types can't hold are checked here: dates in order, roles and household classes that exist, codes used
// once, forms that convert. The questionnaires' conditions may name thresholds of the playbook ($income_line); Load puts
// the numbers in.
//
// The dates are those of the survey the playbook was written from. A campaign of another year shifts them all by the same
// number of days.
package playbook
