package quality

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"slices"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"

	"ruhu/internal/assign"
	"ruhu/internal/audit"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/region"
	"ruhu/internal/survey"
)

// Sample is the drawing of a second interview.
type Sample struct {
	ID, Campaign, Seed, Frame string
	Size, Houses, Answered    int // of the frame; drawn; asked again
	Share, ByName, Note       string
	At                        db.Time
}

// House is a household that is asked again. First and answers are only for those who may compare.
type House struct {
	Recheck, Submission, Household, FirstTeam, Team string
	Revision                                        int
	Village                                         region.Code
	First, Answers                                  map[string]string
	Account, ByName                                 string
	AnsweredAt                                      db.Time

	HouseholdCode, HeadName, VillageName, TeamName, FirstTeamName string
}

// Draw takes a share of each village's forms, at least so many, in the order of SHA-256("seed|village|household"): anybody can repeat it. Every
// household goes to a team that did not visit it, the one with the fewest first. Drawing again under the same id gives what was drawn.
// Returns Forbidden, NotFound "survey.not_found", Invalid "quality.seed", Conflict "quality.nothing_to_draw", "quality.no_items".
func (s *Service) Draw(ctx context.Context, actor authz.Actor, campaign, recheck, seed, note string) (Sample, error) {
	var out Sample
	if err := actor.Require(authz.QualityManage); err != nil {
		return out, err
	}
	if seed = strings.TrimSpace(seed); seed == "" || utf8.RuneCountInString(seed) > 100 || !utf8.ValidString(seed) || strings.ContainsAny(seed, "\x00|") {
		return out, errs.Invalid.New("quality.seed", "field", "seed")
	}
	err := s.d.Update(ctx, func(tx *db.Tx) error {
		c, err := survey.VisibleTx(ctx, tx, actor, campaign)
		if err != nil {
			return err
		}
		if !actor.Region.Contains(c.Region) {
			return errs.Forbidden.New("authz.forbidden", "action", string(authz.QualityManage))
		}
		if done, err := samplesTx(ctx, tx, actor, campaign, recheck); err != nil || len(done) > 0 {
			if len(done) > 0 {
				out = done[0]
			}
			return err
		}
		if len(c.Plan.Quality.Recheck.Items) == 0 {
			return errs.Conflict.New("quality.no_items")
		}
		facts, err := allFactsTx(ctx, tx, actor.County, campaign)
		if err != nil {
			return err
		}
		if len(facts) == 0 {
			return errs.Conflict.New("quality.nothing_to_draw")
		}
		teams, err := s.assigns.TeamsTx(ctx, tx, actor.County, campaign)
		if err != nil {
			return err
		}
		q := c.Plan.Quality.Filled().Recheck
		drawn := draw(facts, seed, q.Share, q.AtLeast)
		share := strconv.FormatFloat(q.Share, 'f', -1, 64)
		_, err = tx.Exec(ctx, insertRecheck, actor.County, recheck, campaign, seed, frameDigest(facts), len(facts), share, actor.ID, actor.Name, clip(note), tx.Now())
		if err != nil {
			return err
		}
		asks := independent(drawn, teams)
		for i, f := range drawn {
			first := map[string]string{}
			for _, item := range q.Items {
				first[item.Item] = f.Answers[item.Item]
			}
			_, err := tx.Exec(ctx, insertHouse, actor.County, recheck, f.Submission, f.Revision, f.Household, f.Village, db.Null(f.Team), db.Null(asks[i]), db.AsJSON(first), "", "")
			if err != nil {
				return err
			}
		}
		err = audit.Write(ctx, tx, actor, audit.Entry{
			Action: "quality.draw", Campaign: campaign, Object: "quality_recheck", ObjectID: recheck, Place: c.Region,
			Detail: map[string]any{"seed": seed, "frame": frameDigest(facts), "size": len(facts), "drawn": len(drawn), "share": share},
		})
		if err != nil {
			return err
		}
		done, err := samplesTx(ctx, tx, actor, campaign, recheck)
		if err == nil && len(done) == 1 {
			out = done[0]
		}
		return err
	})
	return out, err
}

// frameDigest covers which forms could be drawn: village, household, submission and revision, a line each, sorted.
func frameDigest(facts []Fact) string {
	lines := make([]string, len(facts))
	for i, f := range facts {
		lines[i] = fmt.Sprintf("%s|%s|%s|%d\n", f.Village, f.Household, f.Submission, f.Revision)
	}
	slices.Sort(lines)
	sum := sha256.Sum256([]byte(strings.Join(lines, "")))
	return hex.EncodeToString(sum[:])
}

// draw takes the first of each village in the order of digests.
func draw(facts []Fact, seed string, share float64, atLeast int) []Fact {
	by := map[region.Code][]Fact{}
	var villages []region.Code
	for _, f := range facts {
		if by[f.Village] == nil {
			villages = append(villages, f.Village)
		}
		by[f.Village] = append(by[f.Village], f)
	}
	slices.Sort(villages)
	var out []Fact
	for _, v := range villages {
		fs := by[v]
		order := make(map[string]string, len(fs))
		for _, f := range fs {
			sum := sha256.Sum256([]byte(seed + "|" + string(v) + "|" + f.Household))
			order[f.Submission] = hex.EncodeToString(sum[:]) + f.Submission
		}
		sort.Slice(fs, func(i, j int) bool { return order[fs[i].Submission] < order[fs[j].Submission] })
		n := max(atLeast, int(math.Ceil(share*float64(len(fs))-1e-9)))
		out = append(out, fs[:min(n, len(fs))]...)
	}
	return out
}

// independent gives each form to the team with the fewest so far that did not fill it in, has nobody at home in the village, and still works. Where
// there is none it stays empty: the office names a supervisor.
func independent(drawn []Fact, teams []assign.Team) []string {
	load := map[string]int{}
	out := make([]string, len(drawn))
	for i, f := range drawn {
		best := ""
		for _, t := range teams {
			home := slices.ContainsFunc(t.Members, func(m assign.Member) bool { return m.HomeVillage == f.Village })
			if t.Dropped || t.ID == f.Team || home {
				continue
			}
			if best == "" || load[t.ID] < load[best] || load[t.ID] == load[best] && t.ID < best {
				best = t.ID
			}
		}
		out[i] = best
		if best != "" {
			load[best]++
		}
	}
	return out
}

// Samples lists the drawings of a campaign, the newest first. Returns Forbidden, NotFound "survey.not_found".
func (s *Service) Samples(ctx context.Context, actor authz.Actor, campaign string) ([]Sample, error) {
	if err := actor.Require(authz.QualityRead); err != nil {
		return nil, err
	}
	var out []Sample
	err := s.d.View(ctx, func(tx *db.Tx) (err error) {
		if _, err = survey.VisibleTx(ctx, tx, actor, campaign); err != nil {
			return err
		}
		out, err = samplesTx(ctx, tx, actor, campaign, "")
		return err
	})
	return out, err
}

// Question is asked again.
type Question struct {
	Item  string    `json:"item"`
	Title errs.Text `json:"title"`
	Type  int       `json:"type"`
}

func questions(c survey.Campaign) []Question {
	out := []Question{}
	for _, r := range c.Plan.Quality.Recheck.Items {
		out = append(out, Question{r.Item, errs.Text{ZH: r.Title.ZH, EN: r.Title.EN}, r.Type})
	}
	return out
}

// Work lists the households that a person is to ask again, without what they said the first time: those of one's team for an enumerator, all of one's region
// for those who may answer for a team. Returns Forbidden, NotFound "quality.no_recheck".
func (s *Service) Work(ctx context.Context, actor authz.Actor, recheck string) ([]Question, []House, error) {
	if err := actor.Require(authz.QualityRecheck); err != nil {
		return nil, nil, err
	}
	var qs []Question
	var out []House
	err := s.d.View(ctx, func(tx *db.Tx) error {
		c, houses, err := s.housesTx(ctx, tx, actor, recheck)
		if err != nil {
			return err
		}
		mine, err := assign.TeamsOfTx(ctx, tx, actor.County, []string{actor.ID})
		if err != nil {
			return err
		}
		qs, out = questions(c), []House{}
		for _, h := range houses {
			if mayAsk(actor, h, mine[actor.ID]) != nil {
				continue
			}
			h.First = nil // blind
			out = append(out, h)
		}
		return nil
	})
	return qs, out, err
}

// mayAsk: an enumerator of the team that was chosen; else somebody of the office or a supervisor. Never one of the first team.
func mayAsk(actor authz.Actor, h House, teams []string) error {
	if slices.Contains(teams, h.FirstTeam) && h.FirstTeam != "" {
		return errs.Forbidden.New("quality.first_team")
	}
	if actor.Role == authz.Enumerator && (h.Team == "" || !slices.Contains(teams, h.Team)) {
		return errs.NotFound.New("quality.no_house")
	}
	return nil
}

// Answer keeps the second answers of a household, once: the same again changes nothing. Returns Forbidden, also "quality.first_team", NotFound
// "quality.no_recheck", "quality.no_house", Invalid "quality.answers", "quality.no_answers", Conflict "quality.answered".
func (s *Service) Answer(ctx context.Context, actor authz.Actor, recheck, submissionID string, answers map[string]string) error {
	if err := actor.Require(authz.QualityRecheck); err != nil {
		return err
	}
	said := false
	for _, a := range answers {
		said = said || clip(a) != ""
	}
	if !said { // it can't be mended later
		return errs.Invalid.New("quality.no_answers", "field", "answers")
	}
	return s.d.Update(ctx, func(tx *db.Tx) error {
		c, houses, err := s.housesTx(ctx, tx, actor, recheck)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(houses, func(h House) bool { return h.Submission == submissionID })
		if i < 0 {
			return errs.NotFound.New("quality.no_house")
		}
		h := houses[i]
		mine, err := assign.TeamsOfTx(ctx, tx, actor.County, []string{actor.ID})
		if err != nil {
			return err
		}
		if err := mayAsk(actor, h, mine[actor.ID]); err != nil {
			return err
		}
		kept := map[string]string{}
		for _, r := range c.Plan.Quality.Recheck.Items {
			kept[r.Item] = clip(answers[r.Item])
		}
		for item := range answers {
			if _, known := kept[item]; !known {
				return errs.Invalid.New("quality.answers", "item", clip(item))
			}
		}
		n, err := tx.Exec(ctx, updateAnswers, actor.County, recheck, submissionID, db.AsJSON(kept), actor.ID, actor.Name, tx.Now())
		if err != nil {
			return err
		}
		if n == 0 {
			if h.Account == actor.ID && sameAnswers(h.Answers, kept) {
				return nil
			}
			return errs.Conflict.New("quality.answered")
		}
		return audit.Write(ctx, tx, actor, audit.Entry{
			Action: "quality.answer", Campaign: c.ID, Object: "quality_recheck", ObjectID: recheck, Place: h.Village,
			Detail: map[string]any{"submission": submissionID, "answers": len(kept)},
		})
	})
}

func sameAnswers(a, b map[string]string) bool {
	for k, v := range b {
		if a[k] != v {
			return false
		}
	}
	return len(a) == len(b)
}

// clip cuts a text from outside to 500 characters.
func clip(s string) string {
	s = strings.TrimSpace(strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), ""))
	if r := []rune(s); len(r) > 500 {
		return string(r[:500])
	}
	return s
}
