package earlier

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"ruhu/form/xform"
	"ruhu/internal/blob"
	"ruhu/internal/db"
	"ruhu/internal/playbook"
	"ruhu/internal/roster"
)

// seen is what a form has to show.
type seen struct {
	visitedOn db.Date
	shots     []shot
	spot      *spot
}

// shot is a photograph with the question that it answers.
type shot struct {
	original blob.Digest
	label    playbook.Text
	small    *made // nil: nobody has tried yet
}

// made is the small picture of a photograph; small is "" where none can be made.
type made struct {
	small blob.Digest
	size  int64
}

// spot is a position that was measured at the house.
type spot struct {
	roster.Position
	Accuracy float64 `json:"accuracy"`
}

// formSeen is a form to look through.
type formSeen struct {
	form  *xform.Form
	plan  *playbook.Playbook
	zone  *time.Location
	body  []byte
	at    db.Time                // received
	files map[string]blob.Digest // by the name that an answer has
}

var numbers = regexp.MustCompile(`\[\d+\]`)

// look finds what of a form is shown; nothing in an instance that the engine cannot read.
func (f formSeen) look() seen {
	at := f.at.Time().In(f.zone)
	out := seen{visitedOn: db.DateOf(at, f.zone)}
	report, err := f.form.Validate(f.body, xform.Env{Now: func() time.Time { return at }, Zone: f.zone})
	if err != nil {
		return out
	}
	questions := f.questions()
	hidden := map[blob.Digest]bool{}
	var shots []shot
	for _, n := range report.Session.State() {
		if n.Value == "" {
			continue
		}
		q, known := questions[numbers.ReplaceAllString(n.Ref, "")]
		digest := f.files[n.Value]
		switch {
		case n.Type == "upload" && digest != "" && (!known || q.hidden):
			hidden[digest] = true
		case n.Type == "upload" && digest != "" && n.Relevant && q.picture:
			shots = append(shots, shot{original: digest, label: q.label})
		case n.Datatype == "geopoint" && n.Relevant && !q.hidden:
			out.spot = better(out.spot, spotOf(n.Value))
		case n.Datatype == "dateTime" && strings.HasSuffix(n.Ref, "/start"):
			out.visitedOn = begun(n.Value, at, f.zone)
		}
	}
	told := map[blob.Digest]bool{}
	for _, s := range shots {
		if !hidden[s.original] && !told[s.original] {
			out.shots = append(out.shots, s)
			told[s.original] = true
		}
	}
	return out
}

// question is what the form says about a question.
type question struct {
	label   playbook.Text
	picture bool // photographs are asked for
	hidden  bool // about a person, or signed or drawn by one
}

// questions gives those with an answer, by path without numbers.
func (f formSeen) questions() map[string]question {
	zh, en := f.form.NodesIn("zh"), f.form.NodesIn("en")
	drawn := map[string]bool{}
	for _, chain := range f.plan.Signatures {
		for _, s := range chain.Steps {
			drawn[s.Item] = drawn[s.Item] || s.Drawn
		}
	}
	out := make(map[string]question, len(zh))
	var private []string // groups about a person
	for i, n := range zh {
		q := question{label: playbook.Text{ZH: n.Label, EN: en[i].Label}}
		name := n.Path[strings.LastIndexByte(n.Path, '/')+1:]
		q.hidden = n.PII != "" || drawn[name]
		for _, group := range private {
			q.hidden = q.hidden || strings.HasPrefix(n.Path, group)
		}
		if q.hidden {
			private = append(private, n.Path+"/")
		}
		if c := n.Control; c != nil && n.Type == "upload" {
			for _, a := range strings.Fields(c.Appearance) {
				q.hidden = q.hidden || a == "signature" || a == "draw" || a == "annotate"
			}
			q.picture = strings.HasPrefix(c.Mediatype, "image/")
		}
		out[n.Path] = q
	}
	return out
}

// spotOf reads "lat lon altitude accuracy"; nil when the accuracy is not said, for then it was typed or pointed at on a map.
func spotOf(value string) *spot {
	var x [4]float64
	part := strings.Fields(value)
	if len(part) != len(x) {
		return nil
	}
	for i := range x {
		var err error
		if x[i], err = strconv.ParseFloat(part[i], 64); err != nil {
			return nil
		}
	}
	if x[3] <= 0 {
		return nil
	}
	return &spot{roster.Position{Lat: x[0], Lon: x[1]}, x[3]}
}

// better gives the more accurate of two, the first one of equals.
func better(a, b *spot) *spot {
	if a == nil || b != nil && b.Accuracy < a.Accuracy {
		return b
	}
	return a
}

// begun is the day on which the form was begun, by the phone's clock; the day of its arrival where that clock was ahead or years behind.
func begun(value string, received time.Time, zone *time.Location) db.Date {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.000-07:00"} {
		t, err := time.Parse(layout, value)
		if err == nil && t.Before(received) && received.Sub(t) < 366*24*time.Hour {
			return db.DateOf(t, zone)
		}
	}
	return db.DateOf(received, zone)
}
