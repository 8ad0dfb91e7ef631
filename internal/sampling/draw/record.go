package draw

import (
	"bytes"
	"encoding/json"

	"ruhu/internal/errs"
)

// Format names the layout of a Record.
const Format = "ruhu-sample/1"

// Record is a published draw. Together with the frame's file it lets anybody repeat the draw. Times are RFC 3339, UTC.
type Record struct {
	Format    string     `json:"format"`
	Campaign  Named      `json:"campaign"`
	Number    int        `json:"number"` // 1 is the campaign's first draw
	Frame     FrameStamp `json:"frame"`
	Plan      Plan       `json:"plan"`
	PlanHash  string     `json:"plan_sha256"`
	Seed      Seed       `json:"seed"`
	DrawnAt   string     `json:"drawn_at"`
	Redraw    *Redraw    `json:"redraw,omitempty"`
	Sample    Sample     `json:"sample"`
	Uses      []Use      `json:"uses"` // replacements that were used, oldest first
	Published string     `json:"published_at,omitempty"`
}

// Named is an id with its title.
type Named struct {
	ID    string `json:"id"`
	Title string `json:"title"`
}

// FrameStamp says what was drawn from; its digest was published at FrozenAt.
type FrameStamp struct {
	SHA256     string `json:"sha256"`
	Bytes      int    `json:"bytes"`
	Villages   int    `json:"villages"`
	Households int    `json:"households"`
	FrozenAt   string `json:"frozen_at"`
	FrozenBy   string `json:"frozen_by"`
}

// Seed is the number of the public draw, with where it comes from and who saw it.
type Seed struct {
	Value     string `json:"value"`
	Source    string `json:"source"`
	Witnesses string `json:"witnesses"`
	EnteredAt string `json:"entered_at"`
	EnteredBy string `json:"entered_by"`
}

// Redraw names the draw that this one replaces, and why.
type Redraw struct {
	Of     int    `json:"of"`
	Reason string `json:"reason"`
}

// Use is a replacement: Household does not exist or has moved away for good, and With is visited instead. With is "" when the stratum
// has no reserve left.
type Use struct {
	Household string `json:"household"`
	With      string `json:"with"`
	Reason    string `json:"reason"`
	Note      string `json:"note"`
	At        string `json:"at"`
	By        string `json:"by"`
}

// ReadRecord reads a record. Returns Invalid "sampling.record".
func ReadRecord(raw []byte) (Record, error) {
	var r Record
	d := json.NewDecoder(bytes.NewReader(raw))
	if err := d.Decode(&r); err != nil {
		return r, errs.Invalid.New("sampling.record", "what", err.Error())
	}
	if r.Format != Format {
		return r, errs.Invalid.New("sampling.record", "what", "format "+r.Format)
	}
	return r, nil
}

// Write gives the record's file.
func (r Record) Write() ([]byte, error) {
	raw, err := json.MarshalIndent(r, "", " ")
	return append(raw, '\n'), err
}

// Next gives the reserve unit that replaces a household of the stratum: the first of its order that is not in used. ok is false when
// there is none left.
func (s Sample) Next(stratum, village string, used map[string]bool) (Unit, bool) {
	oneStage := len(s.Villages) > 0 && s.Villages[0].Village == s.Villages[0].Township // then a stratum is a township
	for _, u := range s.Reserve {
		if u.Stratum == stratum && (oneStage || u.Village == village) && !used[u.Household] {
			return u, true
		}
	}
	return Unit{}, false
}
