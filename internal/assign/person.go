package assign

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"ruhu/internal/account"
	"ruhu/internal/audit"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/playbook"
	"ruhu/internal/region"
	"ruhu/internal/sheet"
	"ruhu/internal/survey"
)

// Person is an enumerator of the campaign's area with what a team's composition depends on.
type Person struct {
	Account     string         `json:"account_id"`
	Login       string         `json:"account"`
	Name        string         `json:"name"`
	Unit        string         `json:"unit"`
	FromCounty  bool           `json:"from_county"`
	HomeVillage *region.Region `json:"home_village"`
	Team        string         `json:"team"` // name; "" is none
	Ties        []Tie          `json:"ties"`
}

const maxTies = 40

var tieKinds = []string{playbook.TieWorkplace, playbook.TieResponsible, playbook.TieKin}

// People lists the enumerators of the campaign's area, by login name. Returns Forbidden, NotFound "survey.not_found".
func (s *Service) People(ctx context.Context, actor authz.Actor, campaign string) ([]Person, error) {
	if err := actor.Require(authz.TeamRead); err != nil {
		return nil, err
	}
	campaign, err := id.Parse(campaign)
	if err != nil {
		return nil, err
	}
	var out []Person
	err = s.d.View(ctx, func(tx *db.Tx) error {
		c, err := survey.VisibleTx(ctx, tx, actor, campaign)
		if err != nil {
			return err
		}
		out, err = s.peopleTx(ctx, tx, c)
		return err
	})
	return out, err
}

func (s *Service) peopleTx(ctx context.Context, tx *db.Tx, c survey.Campaign) ([]Person, error) {
	people, err := s.accounts.EnumeratorsTx(ctx, tx, c.Region)
	if err != nil {
		return nil, err
	}
	people = slices.DeleteFunc(people, func(a account.Account) bool { return a.Disabled })
	slices.SortFunc(people, func(a, b account.Account) int { return strings.Compare(a.Account, b.Account) })
	ids, homes := make([]string, len(people)), make([]region.Code, len(people))
	for i, a := range people {
		ids[i], homes[i] = a.ID, a.HomeVillage
	}
	ties, err := tiesTx(ctx, tx, c.County, ids)
	if err != nil {
		return nil, err
	}
	names, err := region.NamesTx(ctx, tx, homes)
	if err != nil {
		return nil, err
	}
	teams, err := s.TeamsTx(ctx, tx, c.County, c.ID)
	if err != nil {
		return nil, err
	}
	in := map[string]string{}
	for _, t := range teams {
		for _, m := range t.Members {
			in[m.Account] = t.Name
		}
	}
	out := make([]Person, len(people))
	for i, a := range people {
		out[i] = Person{Account: a.ID, Login: a.Account, Name: a.Name, Unit: a.Unit, FromCounty: a.FromCounty, Team: in[a.ID], Ties: ties[a.ID]}
		if out[i].Ties == nil {
			out[i].Ties = []Tie{}
		}
		if a.HomeVillage != "" {
			home := region.Named(a.HomeVillage, names[a.HomeVillage])
			out[i].HomeVillage = &home
		}
	}
	return out, nil
}

// SetTies replaces the ties of an enumerator. A team whose visits a new tie forbids keeps them until the plan is made anew; the board shows
// them. Returns Forbidden, NotFound "survey.not_found", "region.not_found", Invalid "assign.not_enumerator", "assign.tie", Conflict "survey.closed".
func (s *Service) SetTies(ctx context.Context, actor authz.Actor, campaign, person string, ties []Tie) ([]Tie, error) {
	if err := actor.Require(authz.TeamManage); err != nil {
		return nil, err
	}
	person, err := id.Parse(person)
	if err != nil {
		return nil, err
	}
	out := []Tie{}
	err = s.manage(ctx, actor, campaign, func(tx *db.Tx, c survey.Campaign) error {
		all, err := s.accounts.ByIDsTx(ctx, tx, c.County, []string{person})
		if err != nil {
			return err
		}
		if a, ok := all[person]; !ok || a.Role != authz.Enumerator || !c.Region.Contains(a.RegionCode) {
			return errs.Invalid.New("assign.not_enumerator", "id", person)
		}
		if err := tiesOK(ctx, tx, ties); err != nil {
			return err
		}
		if err := writeTies(ctx, tx, actor, c, person, ties); err != nil {
			return err
		}
		got, err := tiesTx(ctx, tx, c.County, []string{person})
		out = append(out, got[person]...)
		return err
	})
	return out, err
}

func tiesOK(ctx context.Context, tx *db.Tx, ties []Tie) error {
	if len(ties) > maxTies {
		return errs.Invalid.New("assign.tie", "field", "ties")
	}
	var codes []region.Code
	for i := range ties {
		t := &ties[i]
		t.Household, t.Note = strings.TrimSpace(t.Household), strings.TrimSpace(t.Note)
		if !slices.Contains(tieKinds, t.Kind) || t.Household != "" && t.Kind != playbook.TieKin ||
			len(t.Household) > 40 || utf8.RuneCountInString(t.Note) > 100 || t.Village.Code.Level() != region.Village {
			return errs.Invalid.New("assign.tie", "field", "ties")
		}
		codes = append(codes, t.Village.Code)
	}
	names, err := region.NamesTx(ctx, tx, codes)
	if err != nil {
		return err
	}
	for _, code := range codes {
		if _, ok := names[code]; !ok {
			return errs.NotFound.New("region.not_found", "code", string(code))
		}
	}
	return nil
}

func writeTies(ctx context.Context, tx *db.Tx, actor authz.Actor, c survey.Campaign, person string, ties []Tie) error {
	if _, err := tx.Exec(ctx, deleteTies, c.County, person); err != nil {
		return err
	}
	kinds := map[string]int{}
	for _, t := range ties {
		kinds[t.Kind]++
		if _, err := tx.Exec(ctx, insertTie, c.County, person, t.Kind, t.Village.Code, t.Household, t.Note); err != nil {
			return err
		}
	}
	return audit.Write(ctx, tx, actor, audit.Entry{
		Action: "assign.ties", Campaign: c.ID, Object: "account", ObjectID: person, Place: c.Region, Detail: map[string]any{"ties": kinds},
	})
}

// StaffLine is what is wrong with a line of a staff table.
type StaffLine struct {
	Row     int    `json:"row"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

// StaffReport says what an import of a staff table did or would do.
type StaffReport struct {
	DryRun  bool        `json:"dry_run"`
	Rows    int         `json:"rows"`   // with something in them
	People  int         `json:"people"` // that were found
	Ties    int         `json:"ties"`   // that they get; their earlier ones go
	Errors  []StaffLine `json:"errors"` // with any of them nothing is written
	Columns []string    `json:"columns"`
}

// staff is what the columns of a staff table (S1.17) may be called.
var staff = map[string][]string{
	"account":               {"账号", "登录名", "account"},
	"name":                  {"姓名", "name"},
	playbook.TieWorkplace:   {"工作村", "工作单位所在村", "workplace"},
	playbook.TieResponsible: {"包村", "联系村", "包联村", "responsible"},
	playbook.TieKin:         {"亲属所在村", "亲属村", "回避村", "kin"},
	"kin_household":         {"亲属户", "亲属户编号", "回避户", "kin_household"},
}

const maxStaff = 5000

// ImportStaff reads the ties of enumerators from a staff table (.xlsx or .csv): people by 账号, else by a 姓名 that only one of them has; villages
// by name or code, several with 、 between them; 亲属户编号 counts for the first village of kin. A cell that is empty takes the ties of its kind
// away. Accounts, units and home villages are kept with the accounts. Nothing is written when there is a mistake, or with dryRun.
// Returns Forbidden, NotFound "survey.not_found", Invalid or TooLarge "sheet.…", Invalid "assign.staff_columns", Conflict "survey.closed".
func (s *Service) ImportStaff(ctx context.Context, actor authz.Actor, campaign, lang string, data []byte, dryRun bool) (StaffReport, error) {
	if err := actor.Require(authz.TeamManage); err != nil {
		return StaffReport{}, err
	}
	if _, err := s.People(ctx, actor, campaign); err != nil { // before somebody else's file is read
		return StaffReport{}, err
	}
	rows, columns, err := staffRows(data)
	if err != nil {
		return StaffReport{}, err
	}
	rep := StaffReport{DryRun: dryRun, Errors: []StaffLine{}, Columns: columns, Rows: len(rows)}
	err = s.manage(ctx, actor, campaign, func(tx *db.Tx, c survey.Campaign) error {
		rep = StaffReport{DryRun: dryRun, Errors: []StaffLine{}, Columns: columns, Rows: len(rows)}
		people, err := s.peopleTx(ctx, tx, c)
		if err != nil {
			return err
		}
		county, err := region.Parse(c.County)
		if err != nil {
			return err
		}
		places, err := region.UnderTx(ctx, tx, county)
		if err != nil {
			return err
		}
		st := newStaffing(people, places, c.Region)
		seen := map[string]bool{}
		for _, row := range rows {
			person, ties, bad := st.read(row)
			if bad == nil && seen[person] {
				bad = errs.Invalid.New("assign.staff_twice")
			}
			if bad != nil {
				rep.Errors = append(rep.Errors, StaffLine{row.number, bad.Code, bad.Message(lang)})
				continue
			}
			seen[person] = true
			rep.People++
			rep.Ties += len(ties)
			if len(rep.Errors) > 0 || dryRun {
				continue
			}
			if err := writeTies(ctx, tx, actor, c, person, ties); err != nil {
				return err
			}
		}
		if len(rep.Errors) > 0 || dryRun {
			return errLook
		}
		return nil
	})
	if err == errLook { //nolint:errorlint // our own, never wrapped
		err = nil
	}
	return rep, err
}

type staffRow struct {
	number int
	cells  map[string]string
}

func staffRows(data []byte) ([]staffRow, []string, error) {
	b, err := sheet.Open(bytes.NewReader(data), int64(len(data)), sheet.Limits{})
	if err != nil {
		return nil, nil, err
	}
	defer b.Close() //nolint:errcheck // read only
	var out []staffRow
	var found []string
	column := map[int]string{}
	err = b.Rows(0, maxStaff, func(r sheet.Row) error {
		if len(found) == 0 {
			for _, cell := range r.Cells {
				for field, words := range staff {
					if slices.Contains(words, strings.ToLower(sheet.Squeeze(cell.Text))) {
						column[cell.Column] = field
						found = append(found, cell.Text)
					}
				}
			}
			if len(found) < 2 { // a title above the table
				found = nil
				clear(column)
			}
			return nil
		}
		row := staffRow{r.Number, map[string]string{}}
		for _, cell := range r.Cells {
			if field := column[cell.Column]; field != "" && cell.Text != "" {
				row.cells[field] = strings.TrimSpace(cell.Text)
			}
		}
		if len(row.cells) > 0 {
			out = append(out, row)
		}
		return nil
	})
	if err == nil && len(found) == 0 {
		err = errs.Invalid.New("assign.staff_columns")
	}
	return out, found, err
}

// staffing finds people and villages by what a table calls them. Names that several have find nobody.
type staffing struct {
	login, name map[string]string
	village     map[string]region.Region
}

func newStaffing(people []Person, places []region.Region, home region.Code) staffing {
	st := staffing{login: map[string]string{}, name: map[string]string{}, village: map[string]region.Region{}}
	many := map[string]int{}
	for _, p := range people {
		st.login[strings.ToLower(p.Login)] = p.Account
		st.name[p.Name] = p.Account
		many[p.Name]++
	}
	for name, n := range many {
		if n > 1 {
			delete(st.name, name)
		}
	}
	for _, near := range []bool{false, true} { // a village of the campaign's area goes before one of the same name elsewhere
		found := map[string][]region.Region{}
		for _, p := range places {
			if p.Code.Level() == region.Village && home.Contains(p.Code) == near {
				st.village[string(p.Code)] = p
				found[p.Name] = append(found[p.Name], p)
			}
		}
		for name, ps := range found {
			if delete(st.village, name); len(ps) == 1 {
				st.village[name] = ps[0]
			}
		}
	}
	return st
}

func (st staffing) read(r staffRow) (person string, ties []Tie, bad *errs.Error) {
	var ok bool
	if login := strings.ToLower(r.cells["account"]); login != "" {
		person, ok = st.login[login]
	} else {
		person, ok = st.name[sheet.Squeeze(r.cells["name"])]
	}
	if !ok {
		return "", nil, errs.Invalid.New("assign.staff_nobody")
	}
	for _, kind := range tieKinds {
		for i, word := range strings.FieldsFunc(r.cells[kind], func(r rune) bool { return strings.ContainsRune("、,，;；/ ", r) }) {
			v, ok := st.village[word]
			if !ok {
				return "", nil, errs.Invalid.New("assign.staff_village", "village", word)
			}
			t := Tie{Kind: kind, Village: v}
			if kind == playbook.TieKin && i == 0 {
				t.Household = r.cells["kin_household"]
			}
			ties = append(ties, t)
		}
	}
	if r.cells["kin_household"] != "" && r.cells[playbook.TieKin] == "" {
		return "", nil, errs.Invalid.New("assign.staff_household")
	}
	return person, ties, nil
}
