package measure

import (
	"slices"
	"time"
)

// The kinds of event that Work tells apart; others by the interviewer count as activity.
const (
	EventAnswer    = "AnswerSet"
	EventRemoved   = "AnswerRemoved"
	EventPaused    = "Paused"
	EventResumed   = "Resumed"
	EventCompleted = "Completed"
	EventRestarted = "Restarted"
	EventRejected  = "RejectedBySupervisor"
)

// passive events are made by the program or the office: they are no activity of the interviewer.
var passive = []string{
	"ApproveBySupervisor", "KeyAssigned", "QuestionDeclaredInvalid", "QuestionDeclaredValid", "ReceivedBySupervisor",
	EventRejected, "SupervisorAssigned", "VariableDisabled", "VariableSet",
}

// Event of an interview's log, in order. Variable and Value are those of answers.
type Event struct {
	Kind            string
	At              time.Time // in the zone of the place
	Variable, Value string
}

// Work is what a log says about an interview.
type Work struct {
	Answers, Changed, Removed int
	Variables                 int // with an answer at the end
	Pauses, Rejections        int
	Night                     int           // answers from 22:00 to 06:00 at the place
	Active                    time.Duration // without pauses; each gap at most the cap
	Capped                    int           // gaps over the cap
	Elapsed                   time.Duration // from the first answer to the first completion; 0 without both
}

// GapCap is the longest gap between two events that counts as work.
const GapCap = 30 * time.Minute

// WorkOf reads a log. A gap counts from one event of the interviewer to the next, unless it begins with a pause or completion or ends
// with a resumption or restart.
func WorkOf(events []Event) Work {
	var w Work
	current := map[string]string{}
	var last *Event
	var first, done time.Time
	for i := range events {
		e := &events[i]
		switch e.Kind {
		case EventAnswer:
			w.Answers++
			if was, ok := current[e.Variable]; ok && was != e.Value {
				w.Changed++
			}
			current[e.Variable] = e.Value
			if h := e.At.Hour(); h >= 22 || h < 6 {
				w.Night++
			}
			if first.IsZero() {
				first = e.At
			}
		case EventRemoved:
			w.Removed++
			delete(current, e.Variable)
		case EventPaused:
			w.Pauses++
		case EventRejected:
			w.Rejections++
		case EventCompleted:
			if done.IsZero() {
				done = e.At
			}
		}
		if slices.Contains(passive, e.Kind) {
			continue
		}
		if last != nil && last.Kind != EventPaused && last.Kind != EventCompleted && e.Kind != EventResumed && e.Kind != EventRestarted {
			gap := e.At.Sub(last.At)
			if gap > GapCap {
				w.Capped++
				gap = GapCap
			}
			w.Active += max(0, gap)
		}
		last = e
	}
	w.Variables = len(current)
	if !first.IsZero() && done.After(first) {
		w.Elapsed = done.Sub(first)
	}
	return w
}
