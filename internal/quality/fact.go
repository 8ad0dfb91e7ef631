package quality

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"time"

	"ruhu/internal/db"
	"ruhu/internal/playbook"
	"ruhu/internal/quality/measure"
	"ruhu/internal/region"
	"ruhu/internal/submission"
)

// Fact is what rules look at in one form.
type Fact struct {
	Submission string              `json:"submission"`
	Revision   int                 `json:"revision"`
	Household  string              `json:"household"`
	Team       string              `json:"team"`
	Form       string              `json:"form"` // code
	Village    region.Code         `json:"village"`
	Received   db.Time             `json:"received"`
	Keyed      bool                `json:"keyed"` // from paper: its times say nothing
	Start      time.Time           `json:"start,omitzero"`
	End        time.Time           `json:"end,omitzero"`
	Active     int64               `json:"active,omitzero"` // ms with the form on the screen, by the phone's paradata; 0 unknown
	Ahead      int64               `json:"ahead,omitzero"`  // ms by which the server's clock was ahead of the phone's, by the same
	Hour       int                 `json:"hour"`            // of the start, at the place; −1 unknown
	Lat        *float64            `json:"lat,omitempty"`
	Lon        *float64            `json:"lon,omitempty"`
	Accuracy   *float64            `json:"accuracy,omitempty"`
	Oddities   map[string]int      `json:"oddities,omitempty"` // signs that a position was not measured, by the phone's paradata
	Asked      int                 `json:"asked"`
	DontKnow   int                 `json:"dont_know"`
	Picks      map[string]string   `json:"picks"`   // answers to choices, outside repeats
	Answers    map[string]string   `json:"answers"` // to questions that rules or second interviews name
	Marks      map[string][]string `json:"marks"`   // kind → values
}

// The kinds of mark; each has a rule duplicate_…
const (
	markID    = "id"
	markPhone = "phone"
	markPhoto = "photo"
	markPlace = "place"

	markSignature = "signature"
)

// readFact takes from a form what rules look at.
func readFact(x *submission.Reading, rec submission.Record, zone *time.Location, plan *playbook.Playbook) Fact {
	q, drawn := plan.Quality, drawnItems(plan)
	f := Fact{
		Submission: rec.ID, Revision: rec.Revision, Household: rec.Household, Team: rec.Team, Form: rec.FormCode, Village: rec.Village, Received: rec.ReceivedAt,
		Keyed: rec.Capture == submission.CapturePaper, Hour: -1, Picks: map[string]string{}, Answers: map[string]string{}, Marks: map[string][]string{},
	}
	f.Active, f.Ahead = x.Paradata.MS(), x.Paradata.Ahead()
	for _, o := range x.Paradata.Oddities {
		if f.Oddities == nil {
			f.Oddities = map[string]int{}
		}
		f.Oddities[o.Code] = o.Times
	}
	named := namedQuestions(q)
	for _, n := range x.Answers {
		name := n.Ref[strings.LastIndexByte(n.Ref, '/')+1:]
		if !n.Relevant || n.Value == "" && n.Type == "model-value" {
			continue
		}
		f.times(n, name, zone)
		inRepeat := strings.Contains(n.Ref, "]")
		if n.Value != "" && named[name] && !inRepeat && n.PII == "" {
			f.Answers[name] = n.Value
		}
		switch n.Type {
		case "input", "select", "select1", "rank", "range", "upload":
		default:
			continue
		}
		f.Asked++
		switch {
		case n.Value == "":
		case n.PII == "id_number" && !n.Prefilled:
			f.bear(markID, digest(rec.Campaign, n.Value))
		case n.PII == "phone":
			f.bear(markPhone, digest(rec.Campaign, n.Value))
		case n.Type == "upload":
			kind, signed := drawn[name]
			if !signed {
				kind = markPhoto
			}
			if kind != "" {
				f.bear(kind, n.Value)
			}
		case n.Datatype == "geopoint":
			f.place(n.Value)
		case n.Type == "select1" || n.Type == "select":
			if slices.ContainsFunc(strings.Fields(n.Value), func(v string) bool { return slices.Contains(q.DontKnow, v) }) {
				f.DontKnow++
			}
			if !inRepeat && n.PII == "" {
				f.Picks[name] = n.Value
			}
		}
	}
	return f
}

// drawnItems are the questions that people answer by signing, with the mark that it leaves. An enumerator's hand is none: it is the same under
// every form of theirs.
func drawnItems(plan *playbook.Playbook) map[string]string {
	out := map[string]string{}
	chain, _ := plan.Chain(playbook.SignHousehold)
	for _, s := range chain.Steps {
		if s.Drawn {
			out[s.Item] = markSignature
		}
		if s.Drawing != "" {
			out[s.Drawing] = ""
		}
	}
	return out
}

func namedQuestions(q playbook.Quality) map[string]bool {
	out := map[string]bool{}
	for _, o := range q.Outliers {
		out[o.Item] = true
	}
	for _, item := range q.Digits {
		out[item] = true
	}
	for _, e := range q.Effects {
		out[e.Item] = true
	}
	for _, r := range q.Recheck.Items {
		out[r.Item] = true
	}
	for _, b := range q.Batteries {
		for _, item := range b.Items {
			out[item] = true
		}
	}
	return out
}

// times takes the form's own start and end, which XLSForm names so.
func (f *Fact) times(n submission.Answer, name string, zone *time.Location) {
	if n.Datatype != "dateTime" || name != "start" && name != "end" {
		return
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.000-07:00"} {
		t, err := time.Parse(layout, n.Value)
		if err != nil {
			continue
		}
		if name == "start" {
			f.Start, f.Hour = t, t.In(zone).Hour()
		} else {
			f.End = t
		}
		return
	}
}

// place reads "lat lon altitude accuracy".
func (f *Fact) place(value string) {
	part := strings.Fields(value)
	number := func(i int) *float64 {
		if i >= len(part) {
			return nil
		}
		x, err := strconv.ParseFloat(part[i], 64)
		if err != nil {
			return nil
		}
		return &x
	}
	f.Lat, f.Lon, f.Accuracy = number(0), number(1), number(3)
	if f.Lat != nil && f.Lon != nil {
		f.bear(markPlace, strconv.FormatFloat(*f.Lat, 'f', 6, 64)+","+strconv.FormatFloat(*f.Lon, 'f', 6, 64))
	}
}

func (f *Fact) bear(kind, value string) {
	if !slices.Contains(f.Marks[kind], value) {
		f.Marks[kind] = append(f.Marks[kind], value)
	}
}

// mark is one of a fact's marks.
type mark struct{ kind, value string }

// marks lists them, in no order.
func (f Fact) marks() []mark {
	var out []mark
	for kind, values := range f.Marks {
		for _, v := range values {
			out = append(out, mark{kind, v})
		}
	}
	return out
}

func digest(campaign, value string) string {
	sum := sha256.Sum256([]byte(campaign + "|" + strings.ToUpper(strings.TrimSpace(value))))
	return hex.EncodeToString(sum[:])
}

// minutes the interview took; 0 where nothing is known. What the phone measured is better than the form's start and end: a form that was left
// open over lunch did not take three hours.
func (f Fact) minutes() float64 {
	if f.Active > 0 && !f.Keyed {
		return float64(f.Active) / 60_000
	}
	if f.Keyed || f.Start.IsZero() || !f.End.After(f.Start) {
		return 0
	}
	return f.End.Sub(f.Start).Minutes()
}

func (f Fact) where() (measure.Place, bool) {
	if f.Lat == nil || f.Lon == nil {
		return measure.Place{}, false
	}
	return measure.Place{Lat: *f.Lat, Lon: *f.Lon}, true
}
