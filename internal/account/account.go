package account

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/region"
)

// Account is a person as others see them.
type Account struct {
	ID          string      `json:"id"`
	Account     string      `json:"account"` // login name, lower case, unique in the installation
	Name        string      `json:"name"`
	Role        authz.Role  `json:"role"`
	RegionCode  region.Code `json:"region_code"`
	RegionName  string      `json:"region_name"`
	HomeVillage region.Code `json:"home_village"` // "" is none
	FromCounty  bool        `json:"from_county"`  // comes from a county department (S3.4)
	Unit        string      `json:"unit"`
	Disabled    bool        `json:"disabled"`
	CreatedAt   db.Time     `json:"created_at"`
	County      string      `json:"-"`
}

// Actor is the account as the one who acts.
func (a Account) Actor() authz.Actor {
	return authz.Actor{ID: a.ID, Account: a.Account, Name: a.Name, Role: a.Role, County: a.County, Region: a.RegionCode}
}

// Input is what Put is given. Empty Password or PIN leave the present one.
type Input struct {
	Account     string      `json:"account"`
	Name        string      `json:"name"`
	Role        authz.Role  `json:"role"`
	RegionCode  region.Code `json:"region_code"`
	HomeVillage region.Code `json:"home_village"`
	FromCounty  bool        `json:"from_county"`
	Unit        string      `json:"unit"`
	Disabled    bool        `json:"disabled"`
	Password    string      `json:"password,omitempty"`
	PIN         string      `json:"pin,omitempty"`
}

// levels says at which level of the division a role works. Where a county runs the survey itself (S2.8), groups, supervisors and
// inspectors work for the whole of it.
var levels = map[authz.Role][]region.Level{
	authz.CountyOffice:   {region.County},
	authz.GuidanceGroup:  {region.County},
	authz.TownshipLeader: {region.Township},
	authz.TownshipOffice: {region.Township},
	authz.GroupLeader:    {region.Township, region.County},
	authz.Supervisor:     {region.Township, region.County},
	authz.Enumerator:     {region.Township, region.County},
	authz.Village:        {region.Village},
	authz.Inspector:      {region.Township, region.County},
}

var accountName = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{1,39}$`)

// check normalises and checks everything that needs no database.
func (in *Input) check() error {
	in.Account = normal(in.Account)
	in.Name, in.Unit = strings.TrimSpace(in.Name), strings.TrimSpace(in.Unit)
	if !accountName.MatchString(in.Account) {
		return errs.Invalid.New("account.name_form", "field", "account")
	}
	if n := utf8.RuneCountInString(in.Name); n < 1 || n > 40 || utf8.RuneCountInString(in.Unit) > 80 {
		return errs.Invalid.New("account.person_name", "field", "name")
	}
	if !in.Role.Valid() {
		return errs.Invalid.New("account.role", "field", "role", "role", string(in.Role))
	}
	fits := false
	for _, l := range levels[in.Role] {
		fits = fits || in.RegionCode.Valid() && in.RegionCode.Level() == l
	}
	if !fits {
		return errs.Invalid.New("account.region_level", "field", "region_code", "role", string(in.Role), "code", string(in.RegionCode))
	}
	if h := in.HomeVillage; h != "" && (!h.Valid() || h.Level() != region.Village || h.County() != in.RegionCode.County()) {
		return errs.Invalid.New("account.home_village", "field", "home_village", "code", string(h))
	}
	if in.Password != "" {
		if err := checkPassword(in.Account, in.Password); err != nil {
			return err
		}
	}
	if in.PIN != "" {
		return checkPIN(in.PIN)
	}
	return nil
}

func normal(account string) string { return strings.ToLower(strings.TrimSpace(account)) }

func checkPassword(account, p string) error {
	if n := utf8.RuneCountInString(p); n < 8 || len(p) > 128 || strings.Contains(strings.ToLower(p), account) || oneRune(p) {
		return errs.Invalid.New("account.password_weak", "field", "password")
	}
	return nil
}

func oneRune(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return strings.Trim(s, string(r)) == ""
}

func checkPIN(p string) error {
	ok := len(p) == 6 // what the phone asks for
	for _, r := range p {
		ok = ok && r >= '0' && r <= '9'
	}
	if !ok {
		return errs.Invalid.New("account.pin_form", "field", "pin")
	}
	return nil
}
