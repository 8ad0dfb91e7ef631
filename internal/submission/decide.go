package submission

import "slices"

// standing is a submission as intake finds it.
type standing struct {
	campaign, assignment string // assignment "" when it fits none
	state                State
	revision, last       int
}

// facts is all that decides what becomes of an arrival.
type facts struct {
	scanned  error     // what Scan said
	hasID    bool      // the instance has an id of its own
	form     *Form     // nil: unknown
	named    string    // the assignment that the sender named
	assigned *Assigned // nil: there is none
	teams    []string  // of the sender
	holder   string    // another submission that stands for the assignment
	base     int
	replaced bool      // it comes from a phone that another one has taken the place of
	before   *standing // nil: the first arrival of this instance
}

// decide gives the reason for which an arrival is set aside, or "" when it becomes the current revision.
func decide(f facts) string {
	switch {
	case f.scanned != nil:
		return reasonNotXML
	case !f.hasID:
		return reasonNoID
	case f.form == nil:
		return reasonNoForm
	case f.assigned == nil:
		return reasonNoAssign
	case !slices.Contains(f.teams, f.assigned.Team):
		return reasonNotTeam
	case f.assigned.State == "replaced":
		return reasonReplaced
	case f.assigned.Form != f.form.Code:
		return reasonOtherForm
	case f.holder != "":
		return reasonSecondForm
	case f.replaced:
		return reasonOldDevice
	}
	if f.before == nil || f.before.assignment == "" { // new, or quarantined until now
		return ""
	}
	switch {
	case f.before.assignment != f.assigned.ID:
		return reasonOtherAssign
	case f.before.state == StateAccepted:
		return reasonClosed
	case f.base != f.before.revision:
		return reasonConflict
	}
	return ""
}
