package roster

import (
	"strings"

	"ruhu/internal/idnumber"
)

// Difference is one thing that a change changes. Field is a household's field (village, group, head_name …) or state; with a Member it is a
// member's field, or "member" for one who came (From is "") or went (To is ""); Why is then the reason.
type Difference struct {
	Field  string `json:"field"`
	Member string `json:"member,omitempty"`
	From   string `json:"from"`
	To     string `json:"to"`
	Why    string `json:"why,omitempty"`
}

// Compare lists what is different between two states of one household, in a fixed order: fields, then members in the order of after.
// ID numbers and phones stand in full; see Difference.Masked.
func Compare(before, after Full) []Difference {
	out := []Difference{}
	add := func(member, field, from, to string) {
		if from != to {
			out = append(out, Difference{Field: field, Member: member, From: from, To: to})
		}
	}
	add("", "state", before.State, after.State)
	add("", "village", string(before.Village), string(after.Village))
	add("", "group", before.Group, after.Group)
	add("", "head_name", before.HeadName, after.HeadName)
	add("", "head_id_number", string(before.HeadIDNumber), string(after.HeadIDNumber))
	add("", "phone", before.Phone, after.Phone)
	add("", "class", string(before.Class), string(after.Class))
	add("", "exit_year", number(before.ExitYear), number(after.ExitYear))
	add("", "size", number(before.Size), number(after.Size))
	add("", "tags", strings.Join(before.Tags, "、"), strings.Join(after.Tags, "、"))
	add("", "position", before.Position.String(), after.Position.String())
	if n := len(out); n > 0 && out[0].Field == "state" {
		out[0].Why = after.Struck
	}
	old := make(map[string]Member, len(before.Members))
	for _, m := range before.Members {
		old[m.ID] = m
	}
	for _, m := range after.Members {
		b, known := old[m.ID]
		switch {
		case m.State == Present && (!known || b.State != Present):
			out = append(out, Difference{Field: "member", Member: m.Name, To: m.Name, Why: m.Reason})
		case m.State != Present && known && b.State == Present:
			out = append(out, Difference{Field: "member", Member: m.Name, From: b.Name, Why: m.Reason})
			continue
		}
		if !known {
			continue
		}
		add(b.Name, "member.name", b.Name, m.Name)
		add(m.Name, "member.id_number", string(b.IDNumber), string(m.IDNumber))
		add(m.Name, "member.relation", b.Relation, m.Relation)
		add(m.Name, "member.sex", b.Sex, m.Sex)
		add(m.Name, "member.birth_date", string(b.BirthDate), string(m.BirthDate))
		add(m.Name, "member.health", b.Health, m.Health)
		add(m.Name, "member.schooling", b.Schooling, m.Schooling)
		add(m.Name, "member.phone", b.Phone, m.Phone)
	}
	return out
}

// Masked gives a copy without readable ID number, birth date, phone and position.
func (d Difference) Masked() Difference {
	switch {
	case strings.HasSuffix(d.Field, "id_number"):
		d.From, d.To = idnumber.Mask(d.From), idnumber.Mask(d.To)
	case strings.HasSuffix(d.Field, "phone"):
		d.From, d.To = idnumber.MaskPhone(d.From), idnumber.MaskPhone(d.To)
	case d.Field == "member.birth_date":
		d.From, d.To = year(d.From), year(d.To)
	case d.Field == "position":
		d.From, d.To = hidden(d.From), hidden(d.To)
	}
	return d
}

func hidden(s string) string {
	if s == "" {
		return ""
	}
	return "***"
}

func year(day string) string {
	if len(day) < 4 {
		return day
	}
	return day[:4]
}
