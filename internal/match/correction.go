package match

import (
	"bytes"
	"context"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"ruhu/internal/audit"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/playbook"
	"ruhu/internal/roster"
	"ruhu/internal/sheet"
	"ruhu/internal/survey"
)

// Correction is one wrong value of a register (S0.12): what stands there, what is right, and why.
type Correction struct {
	Row
	Register string
	Title    playbook.Text // of the figure
	Kind     string
	Wrong    string // "" when the register has none
	Right    string
	Ground   string // source of what is right
	MemberID string // number of the person, of the head for a household's figure
}

// correctionsTx lists what registers must change, by village, household and figure: what differs from what was settled, or, for a figure that is
// still open and when all is set, from the value that rules. register narrows it to one.
func correctionsTx(ctx context.Context, tx *db.Tx, actor authz.Actor, c survey.Campaign, register string, all bool) ([]Correction, error) {
	lo, hi := actor.Scope()
	fs, err := db.List(ctx, tx, scanFigure, selectDiffering, actor.County, c.ID, lo, hi)
	if err != nil {
		return nil, err
	}
	rows, err := rowsOfTx(ctx, tx, actor, c, fs)
	if err != nil {
		return nil, err
	}
	numbers, err := numbersTx(ctx, tx, actor, rows)
	if err != nil {
		return nil, err
	}
	var out []Correction
	for _, r := range rows {
		f, ok := c.Plan.Agreement.Field(r.Field)
		if !ok || r.State == StateOpen && !all {
			continue
		}
		right, ground := r.SettledValue, r.SettledSource
		if r.State == StateOpen {
			right, ground = r.RulingValue, r.Ruling
		}
		for _, v := range r.Values {
			if right == "" || !slices.Contains(f.Correct, v.Source) || register != "" && v.Source != register || v.Known && same(f, right, v.Value) {
				continue
			}
			number := string(r.House.HeadIDNumber)
			if r.Member != "" {
				number = numbers[r.Member]
			}
			out = append(out, Correction{Row: r, Register: v.Source, Title: f.Title, Kind: f.Kind, Wrong: v.Value, Right: right, Ground: ground, MemberID: number})
		}
	}
	slices.SortStableFunc(out, func(a, b Correction) int {
		if d := strings.Compare(string(a.Village)+a.House.Code, string(b.Village)+b.House.Code); d != 0 {
			return d
		}
		return order(c, a.Field) - order(c, b.Field)
	})
	return out, nil
}

const selectDiffering = `SELECT ` + figureColumns + ` FROM match_agreement WHERE county = $1 AND campaign = $2 AND village >= $3 AND village < $4
	AND state <> 'none' ORDER BY id`

// corrColumn is what a column of the list can hold, and the names it is known by in templates.
type corrColumn struct {
	title string
	names []string
	value func(c Correction, n int, say func(source string) string) string
}

var corrColumns = []corrColumn{
	{"序号", nil, func(_ Correction, n int, _ func(string) string) string { return itoa(n) }},
	{"村", []string{"行政村", "所在村", "村名", "村(社区)"}, func(c Correction, _ int, _ func(string) string) string { return c.House.VillageName }},
	{"户编号", []string{"户编码", "户号"}, func(c Correction, _ int, _ func(string) string) string { return c.House.Code }},
	{"户主姓名", []string{"户主"}, func(c Correction, _ int, _ func(string) string) string { return c.House.HeadName }},
	{"姓名", []string{"成员姓名", "人员姓名"}, func(c Correction, _ int, _ func(string) string) string {
		if c.MemberName != "" {
			return c.MemberName
		}
		return c.House.HeadName
	}},
	{"证件号码", []string{"身份证号码", "身份证号", "户主证件号码", "户主身份证号码"}, func(c Correction, _ int, _ func(string) string) string { return c.MemberID }},
	{"登记数据", []string{"系统", "数据来源", "名册"}, func(c Correction, _ int, say func(string) string) string { return say(c.Register) }},
	{"更正项目", []string{"指标", "项目", "指标名称", "错误指标", "修改项"}, func(c Correction, _ int, _ func(string) string) string { return c.Title.ZH }},
	{"现登记为", []string{"原值", "系统数据", "修改前", "错误信息", "更正前"}, func(c Correction, _ int, _ func(string) string) string { return Display(c.Kind, c.Wrong) }},
	{"应更正为", []string{"更正值", "修改后", "正确信息", "更正后", "实际情况"}, func(c Correction, _ int, _ func(string) string) string { return Display(c.Kind, c.Right) }},
	{"依据", []string{"更正依据", "核实依据", "来源"}, func(c Correction, _ int, say func(string) string) string { return say(c.Ground) }},
	{"说明", []string{"备注", "核实说明", "更正原因"}, func(c Correction, _ int, _ func(string) string) string { return c.Note }},
	{"核实人", []string{"经办人", "责任人"}, func(c Correction, _ int, _ func(string) string) string { return c.ByName }},
}

// Corrections writes the correction list as .xlsx, in the layout of a template (an .xlsx whose header row names columns: those that are known are
// filled, the others stay as they are) or, without one, in our own. all takes open figures in, with the value that rules. The list has numbers in full
// only for roles with roster.pii; that it was taken is recorded. Returns Forbidden, NotFound "survey.not_found", Invalid "match.template", "sheet.…".
func (s *Agreements) Corrections(ctx context.Context, actor authz.Actor, campaign, register string, all bool, template []byte) ([]byte, int, error) {
	if err := actor.Require(authz.MatchCompare); err != nil {
		return nil, 0, err
	}
	var list []Correction
	var c survey.Campaign
	err := s.d.View(ctx, func(tx *db.Tx) (err error) {
		if c, err = visibleCampaignTx(ctx, tx, actor, campaign); err == nil {
			list, err = correctionsTx(ctx, tx, actor, c, register, all)
		}
		return err
	})
	if err != nil {
		return nil, 0, err
	}
	file, err := writeCorrections(list, c.Plan, template)
	if err != nil {
		return nil, 0, err
	}
	return file, len(list), s.d.Update(ctx, func(tx *db.Tx) error {
		return audit.Write(ctx, tx, actor, audit.Entry{
			Action: "match.corrections", Campaign: c.ID, Object: "campaign", ObjectID: c.ID, Place: actor.Region,
			Detail: map[string]any{"register": register, "open_too": all, "rows": len(list)},
		})
	})
}

func writeCorrections(list []Correction, p *playbook.Playbook, template []byte) ([]byte, error) {
	f := excelize.NewFile()
	header, columns := 1, map[int]corrColumn{}
	name := "Sheet1"
	if template != nil {
		b, err := sheet.OpenBytes(template, sheet.Small)
		if err != nil {
			return nil, err
		}
		defer func() { _ = b.Close() }()
		no := -1
		if no, header, columns, err = layout(b); err != nil {
			return nil, err
		}
		if f, err = excelize.OpenReader(bytes.NewReader(template)); err != nil {
			return nil, errs.Invalid.Wrap(err, "match.template")
		}
		name = b.Names[no]
	} else {
		for i, col := range corrColumns {
			columns[i+1] = col
			if err := f.SetCellStr(name, sheet.Letters(i+1)+"1", col.title); err != nil {
				return nil, err
			}
		}
	}
	defer func() { _ = f.Close() }()
	say := func(source string) string { return SourceTitle(p, source).ZH }
	for i, c := range list {
		for at, col := range columns {
			if err := f.SetCellStr(name, sheet.Letters(at)+itoa(header+1+i), col.value(c, i+1, say)); err != nil {
				return nil, errs.Invalid.Wrap(err, "match.template")
			}
		}
	}
	out, err := f.WriteToBuffer()
	if err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// layout finds the header of a template: the row in which most columns are known, at least one of them what is to be corrected.
func layout(b *sheet.Book) (no, row int, columns map[int]corrColumn, err error) {
	if b.Format != sheet.XLSX {
		return 0, 0, nil, errs.Invalid.New("match.template")
	}
	known := map[string]corrColumn{}
	for _, c := range corrColumns {
		for _, n := range append([]string{c.title}, c.names...) {
			known[nameKey(n)] = c
		}
	}
	for i := range b.Names {
		top, err := b.Top(i, topRows)
		if err != nil {
			return 0, 0, nil, err
		}
		for _, r := range top {
			found := map[int]corrColumn{}
			for _, cell := range r.Cells {
				if c, ok := known[nameKey(cell.Text)]; ok {
					found[cell.Column] = c
				}
			}
			if len(found) > 2 && len(found) >= len(columns) {
				no, row, columns = i, r.Number, found
			}
		}
	}
	if len(columns) == 0 {
		return 0, 0, nil, errs.Invalid.New("match.template")
	}
	return no, row, columns, nil
}

// SourceTitle names a source of a figure.
func SourceTitle(p *playbook.Playbook, source string) playbook.Text {
	if r, ok := p.Register(source); ok {
		return r.Title
	}
	return map[string]playbook.Text{
		playbook.RosterRegister: {ZH: "底册", EN: "Roster"}, playbook.SourcePaper: {ZH: "纸质资料", EN: "Paper"}, playbook.SourceSite: {ZH: "入户核实", EN: "Visit"},
		SourceOther: {ZH: "另行核实", EN: "Found otherwise"},
	}[source]
}

func visibleCampaignTx(ctx context.Context, tx *db.Tx, actor authz.Actor, campaign string) (survey.Campaign, error) {
	campaign, err := id.Parse(campaign)
	if err != nil {
		return survey.Campaign{}, err
	}
	return survey.VisibleTx(ctx, tx, actor, campaign)
}

// numbersTx gives the numbers of the persons that rows are about, masked where the role may not see them.
func numbersTx(ctx context.Context, tx *db.Tx, actor authz.Actor, rows []Row) (map[string]string, error) {
	var ids []string
	for _, r := range rows {
		if r.Member != "" {
			ids = append(ids, r.Household)
		}
	}
	slices.Sort(ids)
	full, err := roster.HouseholdsTx(ctx, tx, actor.County, slices.Compact(ids))
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	for _, h := range full {
		for _, m := range h.Members {
			out[m.ID] = string(m.IDNumber)
			if !actor.Can(authz.RosterPII) {
				out[m.ID] = maskAs(playbook.KindIDNumber, out[m.ID])
			}
		}
	}
	return out, nil
}
