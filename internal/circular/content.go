package circular

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"ruhu/internal/playbook"
	"ruhu/internal/region"
	"ruhu/internal/score/scheme"
)

// Content is what a circular says. Its JSON is what is hashed, approved and issued.
type Content struct {
	Series   string        `json:"series"`
	Title    playbook.Text `json:"title"`
	Period   Period        `json:"period"`
	Cutoff   string        `json:"cutoff"`
	Measure  string        `json:"measure"`
	Ties     []string      `json:"ties"`
	Ranked   bool          `json:"ranked"` // whether the playbook ranks villages
	Villages []Row         `json:"villages"`
}

// compose makes the content of a period from the figures of villages and the circulars that were issued before, in their order.
func compose(pb *playbook.Playbook, s playbook.CircularSeries, p Period, figures map[region.Code]Figures, names map[region.Code]string, before []Content) (Content, error) {
	c := Content{
		Series: s.Code, Title: s.Title, Period: p, Cutoff: pb.Circulars.Cutoff, Measure: s.Measure, Ties: append([]string{}, s.Ties...),
		Ranked: pb.Switches.Ranks(), Villages: []Row{},
	}
	for _, code := range slices.Sorted(maps.Keys(figures)) {
		f := figures[code]
		c.Villages = append(c.Villages, Row{Village: code, Name: names[code], Figures: f, Share: f.Share(s.Measure), Consequences: []Due{}})
	}
	if !c.Ranked {
		return c, nil
	}
	rank(c.Villages, s.Ties)
	return c, c.follow(s, before)
}

// follow adds runs of last places and what follows from them.
func (c Content) follow(s playbook.CircularSeries, before []Content) error {
	all := append(slices.Clone(before), c)
	units := map[string]bool{}
	periods := make([]scheme.Period, len(all))
	for i, x := range all {
		periods[i] = scheme.Period{ID: string(x.Period.To), Scores: map[string]scheme.Decimal{}}
		for _, v := range x.Villages {
			units[string(v.Village)] = true
			if v.Rank > 0 { // the lowest score is the last place
				periods[i].Scores[string(v.Village)] = scheme.Decimal("-" + strconv.Itoa(v.Rank))
			}
		}
	}
	streaks, err := s.StreakRule().Streaks(slices.Sorted(maps.Keys(units)), periods)
	if err != nil {
		return fmt.Errorf("streaks of %s: %w", s.Code, err)
	}
	for i := range c.Villages {
		v := &c.Villages[i]
		if v.Last {
			v.Run = streaks.Run[string(v.Village)]
		}
		for _, e := range streaks.Events {
			if e.Period == len(all)-1 && e.Unit == string(v.Village) {
				v.Consequences = append(v.Consequences, Due{e.Action, titleOf(s, e.Action), string(e.Points)})
			}
		}
	}
	return nil
}

func titleOf(s playbook.CircularSeries, code string) playbook.Text {
	for _, q := range s.Consequences {
		if q.Code == code {
			return q.Title
		}
	}
	return playbook.Text{}
}

// encode gives the bytes of a content and their digest.
func (c Content) encode() (text, digest string, err error) {
	b, err := json.Marshal(c)
	if err != nil {
		return "", "", fmt.Errorf("circular: %w", err)
	}
	sum := sha256.Sum256(b)
	return string(b), hex.EncodeToString(sum[:]), nil
}

func decode(text string) (Content, error) {
	var c Content
	err := json.Unmarshal([]byte(text), &c)
	return c, err
}
