package signature

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"slices"
	"strings"
	"time"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/id"
	"ruhu/internal/playbook"
	"ruhu/internal/submission"
)

// paper is a revision of a form, as it is signed.
type paper struct {
	rec      submission.Record
	n        int
	at       db.Time // when it came
	capture  string
	digest   string
	problems []string          // codes that hold
	answers  map[string]string // to the questions that the chain names, and the end of the interview
}

// papersTx gives the revisions of a form that were not set aside, up to the current one, which is the last.
func papersTx(ctx context.Context, tx *db.Tx, chain playbook.SignChain, rec submission.Record) ([]paper, error) {
	revs, err := submission.RevisionsTx(ctx, tx, rec.County, rec.ID)
	if err != nil {
		return nil, err
	}
	var out []paper
	for _, r := range revs {
		if r.N > rec.Revision || r.Reason != "" && r.N != rec.Revision {
			continue
		}
		body, err := submission.BodyTx(ctx, tx, rec.County, rec.ID, r.N)
		if err != nil {
			return nil, err
		}
		out = append(out, paper{rec, r.N, r.ReceivedAt, r.Capture, digestOf(body), r.Problems, leaves(chain, body)})
	}
	return out, nil
}

func digestOf(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

// inForm gives the signatures that the revisions of a form hold. A picture that was drawn for an earlier revision is none under a later one.
// They follow from the bytes, so they are not stored as long as nobody has signed above them.
func (s *Service) inForm(ctx context.Context, tx *db.Tx, chain playbook.SignChain, papers []paper) ([]Entry, error) {
	var out []Entry
	var accounts []string
	drawn := map[string]bool{}
	for _, p := range papers {
		for _, step := range chain.Steps {
			v := p.answers[step.Item]
			if step.Item == "" || v == "" || step.Drawn && drawn[v] {
				continue
			}
			e := p.entry(chain.Kind, step.Code)
			e.SignedAt, e.At = clock(p.answers["end"]), p.at
			switch account, err := id.Parse(v); {
			case step.Drawn:
				e.Image, drawn[v] = v, true
			case err == nil:
				e.Account = account
				accounts = append(accounts, account)
			default: // another app lets people write their names
				e.ByName, e.Role = v, authz.Enumerator
			}
			if hand := p.answers[step.Drawing]; hand != "" && !drawn[hand] {
				e.Image, drawn[hand] = hand, true
			}
			out = append(out, e)
		}
	}
	slices.Sort(accounts)
	people, err := s.accounts.ByIDsTx(ctx, tx, papers[0].rec.County, slices.Compact(accounts))
	for i := range out {
		if a, ok := people[out[i].Account]; ok {
			out[i].ByName, out[i].Role = a.Name, a.Role
		}
	}
	return out, err
}

// entry is a signature under the revision, without who signs.
func (p paper) entry(kind, step string) Entry {
	return Entry{
		Campaign: p.rec.Campaign, Kind: kind, Subject: p.rec.Household, Village: p.rec.Village, Step: step, Digest: p.digest, Submission: p.rec.ID,
		Revision: p.n, Problems: strings.Join(p.problems, " "),
	}
}

// unlike gives those of one list of signatures that are not in another: same step, same content.
func unlike(es, known []Entry) []Entry {
	return slices.DeleteFunc(slices.Clone(es), func(e Entry) bool {
		return slices.ContainsFunc(known, func(k Entry) bool { return k.Step == e.Step && k.Digest == e.Digest })
	})
}

// maxLeaf is how many characters of an answer are looked at.
const maxLeaf = 500

// leaves reads the answers that the chain names, and the end of the interview. What is no XML gives what was read so far: the form engine has
// judged it.
func leaves(chain playbook.SignChain, body []byte) map[string]string {
	out := map[string]string{}
	wanted := map[string]bool{"end": true}
	for _, s := range chain.Steps {
		wanted[s.Item], wanted[s.Note], wanted[s.Drawing] = true, true, true
	}
	d := xml.NewDecoder(bytes.NewReader(body))
	name, text := "", ""
	for {
		t, err := d.Token()
		if err != nil {
			return out
		}
		switch t := t.(type) {
		case xml.StartElement:
			name, text = t.Name.Local, ""
		case xml.CharData:
			if wanted[name] {
				text += string(t)
			}
		case xml.EndElement:
			if t.Name.Local == name && wanted[name] {
				out[name] = db.Clip(text, maxLeaf)
			}
			name = ""
		}
	}
}

func clock(s string) db.Time {
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return db.Time{}
	}
	return db.At(t)
}
