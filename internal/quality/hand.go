package quality

import (
	"image"
	_ "image/jpeg" // other apps send signatures so
	_ "image/png"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"

	"ruhu/internal/blob"
	"ruhu/internal/errs"
	"ruhu/internal/quality/measure"
	"ruhu/internal/signature"
)

// alikeInk is in how many of 128 cells two signatures may differ and still be called alike. Of 60 made-up ones no two differ in so few; the same one
// stored anew differs in none.
const alikeInk = 8

// signatures finds signatures of different households that one team brought and that look alike, though the files are not the same.
func (n *night) signatures(rows []int, inks map[string]measure.Ink) {
	type drawn struct {
		row  int
		name string
		ink  measure.Ink
	}
	var all []drawn
	for _, i := range rows {
		for _, name := range n.facts[i].Marks[markSignature] {
			if ink, ok := inks[name]; ok {
				all = append(all, drawn{i, name, ink})
			}
		}
	}
	near := map[int]int{} // row → least distance
	others := map[int][]string{}
	for i, a := range all {
		for _, b := range all[:i] {
			d := a.ink.Distance(b.ink)
			if d > alikeInk || a.name == b.name || n.facts[a.row].Household == n.facts[b.row].Household {
				continue
			}
			for _, p := range [][2]int{{a.row, b.row}, {b.row, a.row}} {
				if least, ok := near[p[0]]; !ok || d < least {
					near[p[0]] = d
				}
				others[p[0]] = append(others[p[0]], n.facts[p[1]].Submission)
			}
		}
	}
	for _, i := range rows {
		d, ok := near[i]
		if !ok {
			continue
		}
		x := n.facts[i].found("alike_signature", "", strconv.Itoa(d), strconv.Itoa(alikeInk))
		slices.Sort(others[i])
		x.Others = slices.Compact(others[i])
		x.Others = x.Others[:min(len(x.Others), maxOthers)]
		n.out = append(n.out, x)
	}
}

// paces says who signed more in a minute than anybody can have read.
func (n *night) paces(paces []signature.Pace) {
	for _, p := range paces {
		others := p.Submissions
		n.out = append(n.out, Found{
			Rule: "hasty_signer", Item: p.Account, Village: p.Village, Figure: strconv.Itoa(p.Most), Threshold: strconv.Itoa(n.q.SignsPerMinute),
			Others: others[:min(len(others), maxOthers)], Figures: map[string]string{"name": p.ByName, "at": p.At.String()},
		})
	}
}

// inks remembers the shapes of signatures: pictures do not change.
type inks struct {
	blobs *blob.Store
	known sync.Map // name → *measure.Ink, nil for a picture without a shape
}

const maxSignature = 4000 // pixels in width or height; a larger picture is no signature

// of gives the shapes of the signatures of forms, as far as their pictures have come.
func (s *inks) of(facts []Fact) (map[string]measure.Ink, error) {
	out := map[string]measure.Ink{}
	for _, f := range facts {
		for _, name := range f.Marks[markSignature] {
			ink, err := s.one(name)
			if err != nil {
				return nil, err
			}
			if ink != nil {
				out[name] = *ink
			}
		}
	}
	return out, nil
}

// one gives the shape of a picture; nil when it is none, or has not come.
func (s *inks) one(name string) (*measure.Ink, error) {
	if ink, ok := s.known.Load(name); ok {
		return ink.(*measure.Ink), nil
	}
	digest, _, _ := strings.Cut(name, ".")
	file, err := s.blobs.Open(blob.Digest(digest))
	if errs.Is(err, errs.NotFound) {
		return nil, nil // it may still come; other apps name their pictures otherwise
	}
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // it was only read
	ink := decodeInk(file)
	s.known.Store(name, ink)
	return ink, nil
}

// decodeInk reads a picture from outside; what is none has no shape.
func decodeInk(file io.ReadSeeker) *measure.Ink {
	head, _, err := image.DecodeConfig(file)
	if err != nil || head.Width > maxSignature || head.Height > maxSignature {
		return nil
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return nil
	}
	img, _, err := image.Decode(file)
	if err != nil {
		return nil
	}
	if ink, ok := measure.InkOf(img); ok {
		return &ink
	}
	return nil
}
