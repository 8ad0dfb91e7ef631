// Package survey runs campaigns: one survey of one township or county, from preparation to the report.
//
// A Campaign is made from a playbook. The playbook's dates are those of the year it was written for; the campaign shifts all
// of them by the same number of days, so that its first stage begins on StartsOn. The playbook is copied into the campaign and
// the forms are stored by the SHA-256 of their XForm text: a newer program does not change a survey that is under way.
//
// A campaign is planned, then running stage by stage, then closed. A stage can be left only when its gates are open. What
// a gate asks for is known in rooms further down the street (are all households assigned? are all problems closed?), so those
// packages register a function per gate with RegisterGate. A gate that nobody registered is a duty on paper (a signature, a
// report sent in): it does not hold the stage up, but the audit row of the stage names it, and with it who answers for it.
//
// The forms of a campaign can be changed while it runs: an office uploads a workbook, sees what is wrong with it and what it
// changes, and publishes it as the next version. Visits that are not handed in go on with it (package assign hears
// survey.form_published; phones carry what is begun over, xform.Form.Migrate). What was sent stays a form of the version that it
// was filled in with, and what still comes of an older version is judged by that version.
//
// Everybody sees the campaigns that cover their region or lie in it; others do not exist.
//
// Event: survey.form_published. Tables: survey_campaign, survey_form, survey_campaign_form, survey_version.
package survey
