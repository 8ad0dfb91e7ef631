package match

import (
	"context"
	"errors"
	"io"

	"ruhu/internal/audit"
	"ruhu/internal/authz"
	"ruhu/internal/blob"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/job"
	"ruhu/internal/playbook"
	"ruhu/internal/region"
	"ruhu/internal/roster"
	"ruhu/internal/sheet"
	"ruhu/internal/survey"
)

// MaxFile is how many bytes a register's file may have.
const MaxFile = 200 << 20

// Service keeps registers.
type Service struct {
	d       *db.DB
	bus     *job.Bus
	blobs   *blob.Store
	regions *region.Service
}

// NewService makes a Service. Listen starts its part on the bus.
func NewService(d *db.DB, bus *job.Bus, blobs *blob.Store) *Service {
	return &Service{d: d, bus: bus, blobs: blobs, regions: region.NewService(d)}
}

// Listen tells the bus what this package hears.
func (s *Service) Listen() {
	s.bus.Outside("match.load", 1, s.onLoad, EventLoad)
}

// importTx gives the campaign for somebody who may import into it: it must lie in their region whole. Returns Forbidden, NotFound
// "survey.not_found", Conflict "survey.closed".
func importTx(ctx context.Context, tx *db.Tx, actor authz.Actor, campaign string) (survey.Campaign, error) {
	c, err := survey.VisibleTx(ctx, tx, actor, campaign)
	switch {
	case err != nil:
		return c, err
	case !actor.Sees(c.Region): // a township does not replace the county's registers
		return c, errs.Forbidden.New("authz.forbidden", "action", string(authz.MatchImport))
	case c.State == survey.Closed:
		return c, errs.Conflict.New("survey.closed")
	}
	return c, nil
}

func kindOf(c survey.Campaign, code string) (*playbook.Register, error) {
	k, ok := c.Plan.Register(code)
	if !ok {
		return nil, errs.NotFound.New("match.no_kind", "kind", code)
	}
	return k, nil
}

// Upload keeps a file of a kind. The file that is current or waits already is not taken twice: the register that has it is given back,
// unless again is set. Returns Forbidden, NotFound "survey.not_found", "match.no_kind", Conflict "survey.closed", TooLarge "blob.too_large",
// Invalid or TooLarge "sheet.…" for a file that is no table.
func (s *Service) Upload(ctx context.Context, actor authz.Actor, campaign, kind, fileName string, again bool, r io.Reader) (Register, error) {
	if err := actor.Require(authz.MatchImport); err != nil {
		return Register{}, err
	}
	campaign, err := id.Parse(campaign)
	if err != nil {
		return Register{}, err
	}
	if err := s.d.View(ctx, func(tx *db.Tx) error {
		c, err := importTx(ctx, tx, actor, campaign)
		if err == nil {
			_, err = kindOf(c, kind)
		}
		return err
	}); err != nil {
		return Register{}, err
	}
	digest, n, err := s.blobs.Put(ctx, r, MaxFile, "")
	if err != nil {
		return Register{}, err
	}
	_, done, err := s.open(digest) // is it a table at all?
	if err != nil {
		return Register{}, err
	}
	done()
	empty := Mapping{Sheets: []SheetMapping{}}
	var out Register
	err = s.d.Update(ctx, func(tx *db.Tx) error {
		if _, err := importTx(ctx, tx, actor, campaign); err != nil {
			return err
		}
		old, err := scanRegister(tx.QueryRow(ctx, selectSameFile, actor.County, campaign, kind, string(digest)).Scan)
		if err == nil && (!again || old.State != Current) {
			out = old
			return nil
		}
		if err != nil && !errors.Is(err, db.ErrNoRows) {
			return err
		}
		rid := id.New()
		if _, err := tx.Exec(ctx, insertRegister, actor.County, rid, campaign, kind, sheet.Clip(fileName, 120), string(digest), n, db.AsJSON(empty),
			db.AsJSON[*Report](nil), db.AsJSON[*storedError](nil), actor.ID, actor.Name, tx.Now()); err != nil {
			return err
		}
		if out, err = registerTx(ctx, tx, actor.County, rid); err != nil {
			return err
		}
		return audit.Write(ctx, tx, actor, audit.Entry{
			Action: "match.upload", Campaign: campaign, Object: "register", ObjectID: rid,
			Detail: map[string]any{"kind": kind, "file": out.FileName, "digest": string(digest), "bytes": n},
		})
	})
	return out, err
}

// open gives the file of a register; close must be called.
func (s *Service) open(d blob.Digest) (*sheet.Book, func(), error) {
	f, err := s.blobs.Open(d)
	if err != nil {
		return nil, nil, err
	}
	st, err := f.Stat()
	if err != nil {
		_ = f.Close()
		return nil, nil, err
	}
	b, err := sheet.Open(f, st.Size(), sheet.Large)
	if err != nil {
		_ = f.Close()
		return nil, nil, err
	}
	return b, func() {
		_ = b.Close()
		_ = f.Close() // only read
	}, nil
}

// Get gives a register. Returns Forbidden, NotFound "match.no_register".
func (s *Service) Get(ctx context.Context, actor authz.Actor, register string) (Register, error) {
	r, _, err := s.one(ctx, actor, register)
	return r, err
}

func (s *Service) one(ctx context.Context, actor authz.Actor, register string) (r Register, c survey.Campaign, err error) {
	if err := mayRead(actor); err != nil {
		return r, c, err
	}
	if register, err = id.Parse(register); err != nil {
		return r, c, err
	}
	err = s.d.View(ctx, func(tx *db.Tx) error {
		r, c, err = visibleTx(ctx, tx, actor, register)
		return err
	})
	return r, c, err
}

func visibleTx(ctx context.Context, tx *db.Tx, actor authz.Actor, register string) (Register, survey.Campaign, error) {
	r, err := registerTx(ctx, tx, actor.County, register)
	if err != nil {
		return r, survey.Campaign{}, err
	}
	c, err := survey.VisibleTx(ctx, tx, actor, r.Campaign)
	if errs.Is(err, errs.NotFound) {
		err = errs.NotFound.New("match.no_register", "id", register)
	}
	return r, c, err
}

// KindState is a kind of register with its files, newest first.
type KindState struct {
	Kind  *playbook.Register
	Files []Register
}

// List gives the campaign's kinds in the order of the playbook, each with its files. Returns Forbidden, NotFound "survey.not_found".
func (s *Service) List(ctx context.Context, actor authz.Actor, campaign string) ([]KindState, error) {
	if err := mayRead(actor); err != nil {
		return nil, err
	}
	campaign, err := id.Parse(campaign)
	if err != nil {
		return nil, err
	}
	var out []KindState
	err = s.d.View(ctx, func(tx *db.Tx) error {
		c, err := survey.VisibleTx(ctx, tx, actor, campaign)
		if err != nil {
			return err
		}
		files, err := db.List(ctx, tx, scanRegister, selectRegisters, actor.County, campaign)
		if err != nil {
			return err
		}
		out = make([]KindState, len(c.Plan.Registers))
		for i := range c.Plan.Registers {
			out[i].Kind = &c.Plan.Registers[i]
			for j := len(files) - 1; j >= 0; j-- {
				if files[j].Kind == out[i].Kind.Code {
					out[i].Files = append(out[i].Files, files[j])
				}
			}
		}
		return nil
	})
	return out, err
}

// Proposal is what the mapping screen shows: for every sheet what its columns seem to mean, with first values and the first rows.
type Proposal struct {
	Register Register
	Kind     *playbook.Register
	Format   string
	Encoding string
	Mapping  Mapping
	Tops     [][]sheet.Row // by sheet: its first rows
}

// Propose looks at a file and proposes what its columns mean; a mapping that was checked before comes first. Values are masked unless the
// role has roster.pii. Returns Forbidden, NotFound "match.no_register", Invalid or TooLarge "sheet.…".
func (s *Service) Propose(ctx context.Context, actor authz.Actor, register string) (Proposal, error) {
	if err := actor.Require(authz.MatchImport); err != nil {
		return Proposal{}, err
	}
	r, c, err := s.one(ctx, actor, register)
	if err != nil {
		return Proposal{}, err
	}
	kind, err := kindOf(c, r.Kind)
	if err != nil {
		return Proposal{}, err
	}
	var saved map[string]string
	if err := s.d.View(ctx, func(tx *db.Tx) error {
		saved, err = savedTx(ctx, tx, actor.County, r.Kind)
		return err
	}); err != nil {
		return Proposal{}, err
	}
	b, done, err := s.open(r.Digest)
	if err != nil {
		return Proposal{}, err
	}
	defer done()
	p := Proposal{Register: r, Kind: kind, Format: b.Format, Encoding: b.Encoding, Mapping: Mapping{Sheets: []SheetMapping{}}}
	for i, name := range b.Names {
		top, err := b.Top(i, topRows)
		if err != nil {
			return Proposal{}, err
		}
		m := guessSheet(top, kind, saved)
		for _, old := range r.Mapping.Sheets {
			if old.Sheet == i {
				m = old
				for j := range m.Columns { // the choice is kept, not what was shown
					m.Columns[j].Samples = samplesOf(top, m.HeaderTo, m.Columns[j].Column)
				}
			}
		}
		m.Sheet, m.Name = i, name
		p.Mapping.Sheets = append(p.Mapping.Sheets, m)
		p.Tops = append(p.Tops, top[:min(len(top), 12)])
	}
	if !actor.Can(authz.RosterPII) {
		p.mask()
	}
	return p, nil
}

// mask hides the values of columns that hold numbers.
func (p *Proposal) mask() {
	for i := range p.Mapping.Sheets {
		for j := range p.Mapping.Sheets[i].Columns {
			c := &p.Mapping.Sheets[i].Columns[j]
			for k, v := range c.Samples {
				c.Samples[k] = maskAs(playbook.KindIDNumber, v)
			}
		}
	}
	p.Tops = make([][]sheet.Row, len(p.Tops))
}

// ReHead proposes anew for a sheet whose header stands in other rows than was guessed. Errors as of Propose, and Invalid "match.header".
func (s *Service) ReHead(ctx context.Context, actor authz.Actor, register string, sheetNo, from, to int) (SheetMapping, error) {
	p, err := s.Propose(ctx, actor, register)
	if err != nil {
		return SheetMapping{}, err
	}
	if sheetNo < 0 || sheetNo >= len(p.Mapping.Sheets) || from < 1 || to < from || to-from > 5 {
		return SheetMapping{}, errs.Invalid.New("match.header")
	}
	b, done, err := s.open(p.Register.Digest)
	if err != nil {
		return SheetMapping{}, err
	}
	defer done()
	top, err := b.Top(sheetNo, topRows)
	if err != nil {
		return SheetMapping{}, err
	}
	first, last := -1, -1
	for i, r := range top {
		if r.Number >= from && first < 0 {
			first = i
		}
		if r.Number <= to {
			last = i
		}
	}
	if first < 0 || last < first {
		return SheetMapping{}, errs.Invalid.New("match.header")
	}
	m := guessColumns(top, first, last, true, p.Kind, names(p.Kind), nil)
	m.Sheet, m.Name = sheetNo, b.Names[sheetNo]
	if !actor.Can(authz.RosterPII) {
		q := Proposal{Mapping: Mapping{Sheets: []SheetMapping{m}}}
		q.mask()
	}
	return m, nil
}

// Check reads the whole file as mapped and reports, writing nothing but the report. Errors as of Propose; Invalid as of Mapping.check;
// Conflict "match.state" once it is loading.
func (s *Service) Check(ctx context.Context, actor authz.Actor, register string, m Mapping, lang string) (Report, error) {
	if err := actor.Require(authz.MatchImport); err != nil {
		return Report{}, err
	}
	r, c, err := s.one(ctx, actor, register)
	if err != nil {
		return Report{}, err
	}
	kind, err := kindOf(c, r.Kind)
	if err != nil {
		return Report{}, err
	}
	if err := m.check(kind, lang); err != nil {
		return Report{}, err
	}
	places, err := s.places(ctx, c)
	if err != nil {
		return Report{}, err
	}
	b, done, err := s.open(r.Digest)
	if err != nil {
		return Report{}, err
	}
	defer done()
	rep, err := read(ctx, b, kind, places, m, nil, nil)
	if err != nil {
		return Report{}, err
	}
	err = s.d.Update(ctx, func(tx *db.Tx) error {
		if _, err := importTx(ctx, tx, actor, r.Campaign); err != nil {
			return err
		}
		n, err := tx.Exec(ctx, updateChecked, r.County, r.ID, db.AsJSON(m.bare()), db.AsJSON(rep))
		if err == nil && n == 0 {
			err = errs.Conflict.New("match.state")
		}
		return err
	})
	if err != nil {
		return Report{}, err
	}
	rep.Say(lang)
	return *rep, nil
}

// places are those of the whole campaign, whoever imports.
func (s *Service) places(ctx context.Context, c survey.Campaign) (*roster.Places, error) {
	rs, err := s.regions.List(ctx, c.Region)
	if err != nil {
		return nil, err
	}
	return roster.NewPlaces(append([]region.Region{}, rs...)), nil // never nil: that would leave names unchecked
}

// bare is the mapping without values of the file.
func (m Mapping) bare() Mapping {
	out := Mapping{Sheets: make([]SheetMapping, len(m.Sheets))}
	for i, s := range m.Sheets {
		cs := make([]ColumnMapping, len(s.Columns))
		for j, c := range s.Columns {
			c.Samples = []string{}
			cs[j] = c
		}
		s.Columns = cs
		out.Sheets[i] = s
	}
	return out
}

// Discard forgets a file that was not loaded. Returns Forbidden, NotFound "match.no_register", Conflict "match.state".
func (s *Service) Discard(ctx context.Context, actor authz.Actor, register string) error {
	if err := actor.Require(authz.MatchImport); err != nil {
		return err
	}
	r, _, err := s.one(ctx, actor, register)
	if err != nil {
		return err
	}
	return s.d.Update(ctx, func(tx *db.Tx) error {
		if _, err := importTx(ctx, tx, actor, r.Campaign); err != nil {
			return err
		}
		n, err := tx.Exec(ctx, deleteRegister, r.County, r.ID)
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.Conflict.New("match.state")
		}
		return audit.Write(ctx, tx, actor, audit.Entry{
			Action: "match.discard", Campaign: r.Campaign, Object: "register", ObjectID: r.ID, Detail: map[string]any{"kind": r.Kind, "file": r.FileName},
		})
	})
}

// Records gives a page of a register's rows; after is the number of the last row seen. Those of villages outside the actor's region are
// absent unless the actor sees the whole campaign. Masked unless the role has roster.pii. Returns Forbidden, NotFound "match.no_register".
func (s *Service) Records(ctx context.Context, actor authz.Actor, register string, after, limit int) ([]Record, error) {
	r, c, err := s.one(ctx, actor, register)
	if err != nil {
		return nil, err
	}
	if limit < 1 || limit > 200 {
		limit = 50
	}
	var out []Record
	err = s.d.View(ctx, func(tx *db.Tx) error {
		if actor.Sees(c.Region) {
			out, err = RecordsTx(ctx, tx, r.County, r.ID, after, limit)
			return err
		}
		lo, hi := actor.Scope()
		out, err = db.List(ctx, tx, scanRecord, selectScopedRecords, r.County, r.ID, after, string(lo), string(hi), limit)
		return err
	})
	if err == nil && !actor.Can(authz.RosterPII) {
		for i := range out {
			out[i] = out[i].Masked()
		}
	}
	return out, err
}

const selectScopedRecords = `SELECT ` + recordColumns + ` FROM match_record WHERE county = $1 AND register = $2 AND n > $3 AND village >= $4 AND village < $5
	ORDER BY n LIMIT $6`
