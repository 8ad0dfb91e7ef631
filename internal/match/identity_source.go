package match

import (
	"context"
	"strconv"

	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/match/link"
	"ruhu/internal/playbook"
	"ruhu/internal/roster"
	"ruhu/internal/survey"
)

// source is a register whose persons are linked: a file of the playbook's kinds, or the base list itself.
type source struct {
	kind     string
	title    playbook.Text
	register string // id of the current register; of the campaign for the base list; "" when none was loaded
	rows     int
	base     bool
}

// sourcesTx gives every register that takes part in a campaign, in the order of the playbook, the base list last.
func sourcesTx(ctx context.Context, tx *db.Tx, c survey.Campaign) ([]source, error) {
	current, err := currentsTx(ctx, tx, c.County, c.ID)
	if err != nil {
		return nil, err
	}
	n, err := roster.PersonCountTx(ctx, tx, c.County, c.ID)
	return sourcesOf(c, current, n), err
}

// sourcesOf are the sources by the registers that are current and the number of persons on the base list.
func sourcesOf(c survey.Campaign, current map[string]Register, persons int) []source {
	var out []source
	based := false
	for i := range c.Plan.Registers {
		k := &c.Plan.Registers[i]
		src := source{kind: k.Code, title: k.Title, base: k.Base}
		based = based || k.Base
		if r, ok := current[k.Code]; ok {
			src.register, src.rows = r.ID, r.Rows
		}
		out = append(out, src)
	}
	src := source{kind: playbook.RosterRegister, title: playbook.Text{ZH: "底册", EN: "Base list"}, base: !based, rows: persons}
	if persons > 0 {
		src.register = c.ID
	}
	return append(out, src)
}

// baseTx gives the register that the others are linked to. Returns Conflict "match.no_base" when it was not loaded yet.
func baseTx(ctx context.Context, tx *db.Tx, c survey.Campaign) (source, error) {
	all, err := sourcesTx(ctx, tx, c)
	if err != nil {
		return source{}, err
	}
	for _, src := range all {
		if src.base {
			if src.register == "" {
				return src, errs.Conflict.New("match.no_base", "register", src.title.ZH)
			}
			return src, nil
		}
	}
	return source{}, errs.Conflict.New("match.no_base", "register", "")
}

// pageOfPersons is how many persons are read in one transaction.
const pageOfPersons = 5000

const selectPersons = `SELECT n, name, id_number, birth, sex, village, household_key, case_key FROM match_record WHERE county = $1 AND register = $2 AND n > $3 ORDER BY n LIMIT $4`

// each calls f with every person of a source in a lasting order. ref names the record.
func (s *Identities) each(ctx context.Context, county string, src source, f func(ref string, p link.Person)) error {
	if src.kind == playbook.RosterRegister {
		after := ""
		for {
			var ps []roster.Person
			err := s.d.View(ctx, func(tx *db.Tx) (err error) {
				ps, err = roster.PersonsTx(ctx, tx, county, src.register, after, pageOfPersons)
				return err
			})
			if err != nil {
				return err
			}
			for _, p := range ps {
				f(p.ID, personOf(p))
			}
			if len(ps) < pageOfPersons {
				return nil
			}
			after = ps[len(ps)-1].ID
		}
	}
	for after := 0; ; {
		n := 0
		err := s.d.View(ctx, func(tx *db.Tx) error {
			n = 0
			return tx.Query(ctx, selectPersons, []any{county, src.register, after, pageOfPersons}, func(scan func(...any) error) error {
				var at int
				var p link.Person
				var cases string
				if err := scan(&at, &p.Name, &p.Number, &p.Birth, &p.Sex, &p.Village, &p.Household, &cases); err != nil {
					return err
				}
				if p.Household == "" {
					p.Household = cases
				}
				n++
				after = at
				f(strconv.Itoa(at), p)
				return nil
			})
		})
		if err != nil {
			return err
		}
		if n < pageOfPersons {
			return nil
		}
	}
}

func personOf(p roster.Person) link.Person {
	return link.Person{Name: p.Name, Number: string(p.IDNumber), Birth: string(p.BirthDate), Sex: p.Sex, Village: string(p.Village), Household: p.Household}
}
