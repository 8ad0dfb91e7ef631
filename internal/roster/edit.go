package roster

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/idnumber"
	"ruhu/internal/sheet"
)

// Edit is what a person corrects about a household: named fields, and members one by one. Members are never deleted.
type Edit struct {
	Set     map[string]string `json:"set,omitempty"` // group, phone, class, exit_year, tags; head_name and head_id_number where no members are known
	Members []MemberEdit      `json:"members,omitempty"`
}

// What an edit does with a member.
const (
	AddMember    = "add"
	ChangeMember = "change"
	LoseMember   = "lose"
)

// MemberEdit is one member's part of an edit.
type MemberEdit struct {
	ID     string            `json:"id"` // made by the client for AddMember
	Do     string            `json:"do"`
	Reason string            `json:"reason,omitempty"` // of CameBy or WentBy
	Set    map[string]string `json:"set,omitempty"`    // name, id_number, relation, sex, birth_date, health, schooling, phone
}

// Why a member came, or went. A member whom an import no longer names is gone without a reason.
var (
	CameBy = []string{"born", "married_in", "moved_in", "overlooked"}
	WentBy = []string{"moved_out", "died", "married_out", "not_of_household"}
)

const (
	maxField   = 60
	maxMembers = 40
)

// Empty reports whether nothing is said.
func (e Edit) Empty() bool { return len(e.Set) == 0 && len(e.Members) == 0 }

// Apply gives the household as it would be. f is not changed. Where members are known, the head is the one whose relation is 户主 and the
// size is the number of those present.
//
// Returns Invalid "roster.edit_field", "roster.edit_value" (field, value), "roster.edit_member", "roster.edit_reason", "roster.edit_head",
// and the codes of ParseIDNumber.
func (e Edit) Apply(f Full) (Full, error) {
	f.Members = slices.Clone(f.Members)
	for _, m := range e.Members {
		if err := f.member(m); err != nil {
			return f, err
		}
	}
	for key, value := range e.Set {
		if err := f.set(key, sheet.Clean(value)); err != nil {
			return f, err
		}
	}
	if len(f.Members) > maxMembers {
		return f, errs.Invalid.New("roster.edit_value", "field", "members", "value", strconv.Itoa(len(f.Members)))
	}
	return f, f.settle()
}

// settle derives head and size from the members.
func (f *Full) settle() error {
	if f.HeadName == "" && len(f.Members) == 0 {
		return errs.Invalid.New("roster.edit_head")
	}
	if len(f.Members) == 0 {
		return nil
	}
	var head *Member
	f.Size = 0
	for i, m := range f.Members {
		if m.State != Present {
			continue
		}
		f.Size++
		if m.Relation == Head {
			if head != nil {
				return errs.Invalid.New("roster.edit_head")
			}
			head = &f.Members[i]
		}
	}
	if head == nil {
		return errs.Invalid.New("roster.edit_head")
	}
	f.HeadName, f.HeadIDNumber = head.Name, head.IDNumber
	return nil
}

func (f *Full) set(key, value string) error {
	bad := errs.Invalid.New("roster.edit_value", "field", key, "value", sheet.Clip(value, 30))
	if utf8.RuneCountInString(value) > maxField && key != "tags" {
		return bad
	}
	switch key {
	case "group":
		f.Group = value
	case "phone":
		if value != "" && !phoneForm.MatchString(value) {
			return bad
		}
		f.Phone = value
	case "class":
		c, ok := ParseClass(value)
		if !ok {
			return bad
		}
		f.Class = c
	case "exit_year":
		n := 0
		if value != "" {
			var err error
			if n, err = strconv.Atoi(value); err != nil || n < firstExitYear || n > lastExitYear {
				return bad
			}
		}
		f.ExitYear = n
	case "tags":
		if utf8.RuneCountInString(value) > 200 {
			return bad
		}
		f.Tags = splitTags(value)
	case "head_name":
		if len(f.Members) > 0 || value == "" {
			return bad
		}
		f.HeadName = value
	case "head_id_number":
		if len(f.Members) > 0 {
			return bad
		}
		n, err := editNumber(value)
		if err != nil {
			return err
		}
		f.HeadIDNumber = n
	default:
		return errs.Invalid.New("roster.edit_field", "field", sheet.Clip(key, 30))
	}
	return nil
}

func editNumber(value string) (IDNumber, error) {
	if value == "" {
		return "", nil
	}
	n, code := ParseIDNumber(strings.ToUpper(value))
	if code != "" {
		return "", errs.Invalid.New(code, "field", "id_number", "length", utf8.RuneCountInString(value), "value", idnumber.Mask(value))
	}
	return n, nil
}

func (f *Full) member(e MemberEdit) error {
	key, err := id.Parse(e.ID)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(f.Members, func(m Member) bool { return m.ID == key })
	unknown := errs.Invalid.New("roster.edit_member", "id", key)
	switch e.Do {
	case AddMember:
		if at >= 0 || len(e.Set) == 0 {
			return unknown
		}
		if !slices.Contains(CameBy, e.Reason) {
			return errs.Invalid.New("roster.edit_reason", "reason", sheet.Clip(e.Reason, 30))
		}
		last := 0
		for _, m := range f.Members {
			last = max(last, m.ordinal)
		}
		f.Members = append(f.Members, Member{ID: key, Household: f.ID, State: Present, Reason: e.Reason, ordinal: last + 1})
		at = len(f.Members) - 1
	case ChangeMember:
		if at < 0 || f.Members[at].State != Present || len(e.Set) == 0 {
			return unknown
		}
	case LoseMember:
		if at < 0 || f.Members[at].State != Present || len(e.Set) != 0 {
			return unknown
		}
		if !slices.Contains(WentBy, e.Reason) {
			return errs.Invalid.New("roster.edit_reason", "reason", sheet.Clip(e.Reason, 30))
		}
		f.Members[at].State, f.Members[at].Reason = Gone, e.Reason
		return nil
	default:
		return unknown
	}
	m := &f.Members[at]
	for field, value := range e.Set {
		if err := m.set(field, sheet.Clean(value)); err != nil {
			return err
		}
	}
	if m.Name == "" || m.Relation == "" {
		return errs.Invalid.New("roster.edit_value", "field", "name", "value", "")
	}
	if m.IDNumber != "" {
		m.Sex, m.BirthDate = m.IDNumber.Sex(), db.Date(m.IDNumber.BirthDate())
	}
	return nil
}

func (m *Member) set(key, value string) error {
	bad := errs.Invalid.New("roster.edit_value", "field", key, "value", sheet.Clip(value, 30))
	if utf8.RuneCountInString(value) > maxField {
		return bad
	}
	switch key {
	case "name":
		m.Name = value
	case "relation":
		m.Relation = value
	case "health":
		m.Health = value
	case "schooling":
		m.Schooling = value
	case "sex":
		if value != "" && value != Male && value != Female {
			return bad
		}
		m.Sex = value
	case "birth_date":
		if value != "" {
			if _, err := db.ParseDate(value); err != nil {
				return bad
			}
		}
		m.BirthDate = db.Date(value)
	case "phone":
		if value != "" && !phoneForm.MatchString(value) {
			return bad
		}
		m.Phone = value
	case "id_number":
		n, err := editNumber(value)
		if err != nil {
			return err
		}
		m.IDNumber = n
	default:
		return errs.Invalid.New("roster.edit_field", "field", sheet.Clip(key, 30))
	}
	return nil
}
