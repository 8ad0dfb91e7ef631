package training

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"ruhu/internal/playbook"
	"ruhu/internal/roster"
	"ruhu/internal/survey"
)

// Material is what people practise on and are asked, for the phone.
type Material struct {
	Households []Household `json:"households"`
	Quiz       *Quiz       `json:"quiz"` // null when the campaign has none
}

// Household is nobody's household.
type Household struct {
	Code     string            `json:"code"`
	Form     string            `json:"form"` // code of the questionnaire
	FormHash string            `json:"form_hash"`
	HeadName string            `json:"head_name"`
	Village  string            `json:"village"`
	Told     playbook.Text     `json:"told"` // what whoever practises finds out there
	Prefill  map[string]string `json:"prefill"`
	Answers  []Model           `json:"answers"`
}

// Model is what an item should have been filled in with, and why.
type Model struct {
	Item  string        `json:"item"`
	Value string        `json:"value"`
	Why   playbook.Text `json:"why"`
}

// Quiz is the quiz of a campaign with all its questions.
type Quiz struct {
	Ask       int        `json:"ask"`
	Pass      int        `json:"pass"`
	Questions []Question `json:"questions"`
}

// Question is a question with its answers, and why.
type Question struct {
	Code    string        `json:"code"`
	Text    playbook.Text `json:"text"`
	Several bool          `json:"several"`
	Options []Option      `json:"options"`
	Why     playbook.Text `json:"why"`
	Source  string        `json:"source"` // the rule it comes from, "" when it explains an item
	Item    string        `json:"item"`
}

// Option is an answer to choose.
type Option struct {
	playbook.Text
	Right bool `json:"right"`
}

// nobody is the ID number of everybody who does not exist: no region has the code, and the check digit is wrong.
const nobody = "000000190001010000"

// MaterialOf gives the material of a campaign as the phone gets it, and its digest; "" when the campaign has neither households nor a quiz.
func MaterialOf(c survey.Campaign) (body []byte, digest string, err error) {
	m := Material{Households: []Household{}, Quiz: quizOf(c.Plan.Quiz)}
	for _, h := range c.Plan.Training.Households {
		m.Households = append(m.Households, householdOf(c, h))
	}
	if len(m.Households) == 0 && m.Quiz == nil {
		return nil, "", nil
	}
	if body, err = json.Marshal(m); err != nil {
		return nil, "", err
	}
	sum := sha256.Sum256(body)
	return body, hex.EncodeToString(sum[:]), nil
}

func householdOf(c survey.Campaign, h playbook.TrainingHousehold) Household {
	t := c.Plan.Training
	f := roster.Full{CountyName: t.County, TownshipName: t.Township}
	f.VillageName, f.Group, f.HeadName, f.HeadIDNumber = t.Village, h.Group, h.HeadName, nobody
	f.Code, f.Class, f.Size, f.ExitYear = h.Code, roster.Class(h.Class), h.Size, h.ExitYear
	out := Household{
		Code: h.Code, Form: h.Form, HeadName: h.HeadName, Village: t.Village, Told: h.Told, Prefill: roster.Prefill(f), Answers: []Model{},
	}
	for _, ref := range c.Forms {
		if ref.Code == h.Form {
			out.FormHash = ref.Hash
		}
	}
	for _, a := range h.Answers {
		out.Answers = append(out.Answers, Model(a))
	}
	return out
}

func quizOf(q playbook.Quiz) *Quiz {
	if len(q.Questions) == 0 {
		return nil
	}
	out := &Quiz{Ask: q.Ask, Pass: q.Pass}
	for _, x := range q.Questions {
		y := Question{Code: x.Code, Text: x.Text, Several: x.Several, Why: x.Why, Source: x.Source, Item: x.Item}
		for _, o := range x.Options {
			y.Options = append(y.Options, Option{playbook.Text{ZH: o.ZH, EN: o.EN}, o.Right})
		}
		out.Questions = append(out.Questions, y)
	}
	return out
}
