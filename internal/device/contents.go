package device

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strings"

	"ruhu/internal/blob"
	"ruhu/internal/errs"
)

// Contents is what a package holds that was on its way to the server. Drafts are not: they are gone on with on a phone.
type Contents struct {
	Forms     []Parcel    // in the order of the package
	GivenBack []GivenBack // households that the phone had not begun
	Says      []Say       // the oldest first
	Attempts  []Attempt   // those that the server has not had
}

// GivenBack is a household that the team cannot visit.
type GivenBack struct {
	Assignment string `json:"assignment"`
	Label      struct {
		HeadName string `json:"head_name"`
		Village  string `json:"village"`
	} `json:"label"`
	Reason  string `json:"reason"`
	Trouble string `json:"trouble"` // the server's sentence, when it has refused already
}

// Say is a turn of a query.
type Say struct {
	ID         string `json:"id"`
	Item       string `json:"item"`
	Action     string `json:"action"`
	Text       string `json:"text"`
	Assignment string `json:"assignment"`
	Ref        string `json:"ref"`
	Label      string `json:"label"`
	SaidAt     int64  `json:"said_at"` // ms
}

// Attempt is a finished quiz.
type Attempt struct {
	ID         string          `json:"id"`
	Campaign   string          `json:"campaign"`
	Answers    json.RawMessage `json:"answers"`
	FinishedAt int64           `json:"finished_at"` // ms
	Sent       bool            `json:"sent"`
	Trouble    *string         `json:"trouble"` // the server's sentence, when it has refused already
}

func (c Contents) detail(sha blob.Digest) map[string]any {
	return map[string]any{"sha256": sha, "forms": len(c.Forms), "given_back": len(c.GivenBack), "says": len(c.Says), "attempts": len(c.Attempts)}
}

// unpack stores the pictures of a package and gives what else it holds.
func (s *Service) unpack(ctx context.Context, county string, sha blob.Digest) (Contents, error) {
	var out Contents
	f, err := s.blobs.Open(sha)
	if err != nil {
		return out, err
	}
	defer func() { _ = f.Close() }() // only read
	b, err := ReadBundle(f)
	if err != nil {
		return out, err
	}
	o, err := s.opener(ctx, county, b.Head)
	if err != nil {
		return out, err
	}
	begun := map[string]bool{}
	into := map[string]func([]byte) error{
		tableParcels:  appendTo(&out.Forms),
		tableGiven:    appendTo(&out.GivenBack),
		tableSays:     appendTo(&out.Says),
		tableAttempts: appendTo(&out.Attempts),
	}
	for {
		table, key, sealed, err := b.Next()
		if isEnd(err) {
			out.order(begun)
			return out, nil
		}
		if err != nil {
			return out, err
		}
		if table == tableDrafts {
			begun[key] = true
		}
		take, wanted := into[table]
		if !wanted && table != tablePictures {
			continue
		}
		row, err := o.Open(table, key, sealed)
		if err != nil {
			return out, err
		}
		if wanted {
			if err := take(row.Value); err != nil {
				return out, errs.Invalid.Wrap(err, "device.row", "table", table)
			}
			continue
		}
		// Where two households have the same picture, the second's key goes on with its assignment.
		sum, _, _ := strings.Cut(key, " ")
		if _, _, err := s.blobs.Put(ctx, bytes.NewReader(row.Bytes), maxRowBody, blob.Digest(sum)); err != nil {
			return out, err
		}
	}
}

// appendTo reads values to the end of a list.
func appendTo[T any](list *[]T) func([]byte) error {
	return func(value []byte) error {
		var x T
		err := json.Unmarshal(value, &x)
		*list = append(*list, x)
		return err
	}
}

// order leaves out what is settled: attempts that were sent, what was refused, households that were begun after all.
func (c *Contents) order(begun map[string]bool) {
	for _, p := range c.Forms {
		begun[p.Assignment] = true
	}
	c.GivenBack = slices.DeleteFunc(c.GivenBack, func(g GivenBack) bool { return g.Trouble != "" || begun[g.Assignment] })
	c.Attempts = slices.DeleteFunc(c.Attempts, func(a Attempt) bool { return a.Sent || a.Trouble != nil })
	slices.SortStableFunc(c.Says, func(a, b Say) int { return cmp.Compare(a.SaidAt, b.SaidAt) })
}
