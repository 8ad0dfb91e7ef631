package roster

import (
	"strconv"

	"ruhu/internal/db"
	"ruhu/internal/idnumber"
	"ruhu/internal/region"
)

// Household is one row of the base list.
type Household struct {
	ID           string
	County       string
	Campaign     string
	Code         string // 户编号, unique in a campaign
	Village      region.Code
	VillageName  string // filled on reading
	Group        string // 组, free text
	HeadName     string
	HeadIDNumber IDNumber
	Phone        string
	Class        Class
	ExitYear     int // 脱贫年度; 0 is none
	Size         int // 家庭人口
	Tags         []string
	State        string      // Listed or Struck
	Struck       string      // why it was struck: moved, died, merged, split, lost; "" on the list
	Origin       string      // FromImport, FromListing, OffSystem
	Version      int64       // grows with every change
	VillageNow   region.Code // the village that Village was merged into during the campaign; "" when it was not
	NowName      string      // filled on reading
	Position     *Position   // where it lives; nil when the list does not say
	UpdatedAt    db.Time
}

// States of a household.
const (
	Listed = "listed"
	Struck = "struck" // found to be no household of this list any more; kept with its reason
)

// Where a household comes from.
const (
	FromImport  = "import"
	FromListing = "listing"    // added by the village, split off or merged there
	OffSystem   = "off_system" // the same, and the national system does not know it
)

// Member states.
const (
	Present = "present"
	Gone    = "gone" // was missing from a later import, or the village said so with a reason
)

// Head is the relation of the head of the household (与户主关系).
const Head = "户主"

// Member is a person of a household.
type Member struct {
	ID        string   `json:"id"`
	Household string   `json:"-"`
	Name      string   `json:"name"`
	IDNumber  IDNumber `json:"id_number"`
	Relation  string   `json:"relation"`
	Sex       string   `json:"sex"` // male, female, ""
	BirthDate db.Date  `json:"birth_date"`
	Health    string   `json:"health"`
	Schooling string   `json:"schooling"`
	Phone     string   `json:"phone"`
	State     string   `json:"state"`  // Present or Gone
	Reason    string   `json:"reason"` // why gone, or how come: died, moved_out, born …; "" when nobody said
	ordinal   int
}

// Full is a household with the people in it and the names of the places above it.
type Full struct {
	Household
	CountyName, TownshipName string
	Members                  []Member // present ones first, in the order of the file
}

// Prefill gives the answers that a form takes over from the base list, by the keys that forms name in bind::ruhu:prefill.
// What is unknown is absent.
func Prefill(f Full) map[string]string {
	m := map[string]string{}
	put := func(key, value string) {
		if value != "" {
			m["household."+key] = value
		}
	}
	put("id", f.Code) // the number people know; our own id means nothing on a form
	put("code", f.Code)
	put("county", f.CountyName)
	put("township", f.TownshipName)
	put("village", f.VillageName)
	put("group", f.Group)
	put("head_name", f.HeadName)
	put("head_id_number", string(f.HeadIDNumber))
	put("phone", f.Phone)
	put("class", string(f.Class))
	if f.Size > 0 {
		put("size", strconv.Itoa(f.Size))
	}
	if f.ExitYear > 0 {
		put("exit_year", strconv.Itoa(f.ExitYear))
	}
	return m
}

// PrefillMembers adds what is known of the members who live there, numbered as in the base list: member[2].name. The keys are those of the sheet
// on paper; forms name them without the number, below a repeat.
func PrefillMembers(m map[string]string, f Full) {
	n := 0
	for _, p := range f.Members {
		if p.State != Present {
			continue
		}
		n++
		for key, value := range p.Prefill() {
			if value != "" {
				m["member["+strconv.Itoa(n)+"]."+key] = value
			}
		}
	}
}

// Prefill gives what is known of a member by the keys that forms name.
func (m Member) Prefill() map[string]string {
	return map[string]string{
		"name": m.Name, "relation": m.Relation, "sex": m.Sex, "id_number": string(m.IDNumber), "birth_date": string(m.BirthDate),
		"health": m.Health, "schooling": m.Schooling, "phone": m.Phone,
	}
}

// Masked gives a copy without readable ID numbers, phones and birth dates.
func (f Full) Masked() Full {
	f.Household = f.Household.Masked()
	ms := make([]Member, len(f.Members))
	for i, m := range f.Members {
		m.IDNumber = IDNumber(idnumber.Mask(string(m.IDNumber)))
		m.Phone = idnumber.MaskPhone(m.Phone)
		m.BirthDate = ""
		ms[i] = m
	}
	f.Members = ms
	return f
}

// Masked gives a copy without readable ID number and phone, and without the dwelling's position.
func (h Household) Masked() Household {
	h.HeadIDNumber = IDNumber(idnumber.Mask(string(h.HeadIDNumber)))
	h.Phone = idnumber.MaskPhone(h.Phone)
	h.Position = nil
	return h
}
