package match

import (
	"bytes"
	"context"
	"fmt"

	"github.com/xuri/excelize/v2"

	"ruhu/internal/audit"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/id"
	"ruhu/internal/idnumber"
	"ruhu/internal/survey"
)

// exportLimit is how many suspects one workbook holds.
const exportLimit = 50_000

var (
	suspectHeads = map[string][]any{
		"zh": {"疑点", "姓名", "证件号码", "村代码", "村", "来源登记数据", "来源中的户号", "底册中有此户", "状态", "说明", "处理人"},
		"en": {"Pair", "Name", "ID number", "Village code", "Village", "Register", "Household there", "In the base list", "State", "Reason", "By"},
	}
	suspectWords = map[string]map[string]string{
		"zh": {"open": "待核", "explained": "已说明", "to_visit": "需入户", "yes": "是", "no": "否", "note": "本表是数据比对的疑点，不是认定结果；登记数据和比对都可能有误，须经入户核实。"},
		"en": {"open": "open", "explained": "explained", "to_visit": "to visit", "yes": "yes", "no": "no", "note": "These are suspects from comparing registers, not findings: registers and linking err, and only a visit tells."},
	}
)

// ExportSuspects gives the suspects of a filter as a workbook; who takes it is recorded. Numbers are masked unless the role has roster.pii.
// Errors as of Suspects.
func (s *Identities) ExportSuspects(ctx context.Context, actor authz.Actor, campaign string, f SuspectFilter, lang string) ([]byte, error) {
	if err := actor.Require(authz.MatchSuspect); err != nil {
		return nil, err
	}
	campaign, err := id.Parse(campaign)
	if err != nil {
		return nil, err
	}
	if lang != "en" {
		lang = "zh"
	}
	var p SuspectPage
	var c survey.Campaign
	f.Cursor = ""
	err = s.d.Update(ctx, func(tx *db.Tx) error {
		if c, err = survey.VisibleTx(ctx, tx, actor, campaign); err != nil {
			return err
		}
		if p, err = suspectsTx(ctx, tx, actor, c, f, exportLimit); err != nil {
			return err
		}
		return audit.Write(ctx, tx, actor, audit.Entry{
			Action: "match.export_suspects", Campaign: c.ID, Object: "campaign", ObjectID: c.ID, Detail: map[string]any{"rows": len(p.Items), "pair": f.Pair, "state": string(f.State)},
		})
	})
	if err != nil {
		return nil, err
	}
	return workbook(c, p, lang, actor.Can(authz.RosterPII))
}

func workbook(c survey.Campaign, p SuspectPage, lang string, open bool) ([]byte, error) {
	words, titles := suspectWords[lang], map[string]string{}
	for _, pair := range c.Plan.Suspects {
		titles[pair.Code] = pair.Title.ZH
		if lang == "en" {
			titles[pair.Code] = pair.Title.EN
		}
	}
	x := excelize.NewFile()
	defer func() { _ = x.Close() }() // in memory
	const sheetName = "Sheet1"
	w, err := x.NewStreamWriter(sheetName)
	if err != nil {
		return nil, fmt.Errorf("suspects: %w", err)
	}
	row := func(n int, cells []any) error {
		at, err := excelize.CoordinatesToCellName(1, n)
		if err == nil {
			err = w.SetRow(at, cells)
		}
		return err
	}
	if err := w.SetColWidth(1, 11, 18); err != nil {
		return nil, fmt.Errorf("suspects: %w", err)
	}
	if err := row(1, []any{words["note"]}); err != nil {
		return nil, fmt.Errorf("suspects: %w", err)
	}
	if err := row(2, suspectHeads[lang]); err != nil {
		return nil, fmt.Errorf("suspects: %w", err)
	}
	for i, s := range p.Items {
		number, listed := s.IDNumber, words["no"]
		if !open {
			number = idnumber.Mask(number)
		}
		if s.Household != "" {
			listed = words["yes"]
		}
		if err := row(i+3, []any{titles[s.Pair], s.Name, number, s.Village, p.Places[s.Village], s.Kind, s.HouseholdKey, listed, words[string(s.State)], s.Note, s.ByName}); err != nil {
			return nil, fmt.Errorf("suspects: %w", err)
		}
	}
	if err := w.Flush(); err != nil {
		return nil, fmt.Errorf("suspects: %w", err)
	}
	var out bytes.Buffer
	if err := x.Write(&out); err != nil {
		return nil, fmt.Errorf("suspects: %w", err)
	}
	return out.Bytes(), nil
}
