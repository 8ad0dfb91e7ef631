package match_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/simplifiedchinese"
	"pgregory.net/rapid"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/db/dbtest"
	"ruhu/internal/errs"
	"ruhu/internal/match"
	mt "ruhu/internal/match/matchtest"
	rt "ruhu/internal/roster/rostertest"
	"ruhu/internal/survey/surveytest"
)

var ctx = context.Background()

func records(t testing.TB, w mt.World, r match.Register) []match.Record {
	t.Helper()
	var out []match.Record
	err := w.D.View(ctx, func(tx *db.Tx) (err error) {
		out, err = match.RecordsTx(ctx, tx, r.County, r.ID, 0, 1_000_000)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// state is everything that a loading may change: who is current, and all rows of it.
func state(t testing.TB, w mt.World) string {
	t.Helper()
	kinds, err := w.Matches.List(ctx, w.Office, w.Campaign.ID)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, k := range kinds {
		for _, f := range k.Files {
			if f.State == match.Current {
				fmt.Fprintf(&b, "%s %s %v\n", k.Kind.Code, f.ID, records(t, w, f))
			}
		}
	}
	return b.String()
}

var header = []any{"姓名", "证件号码", "户编号", "与户主关系", "行政村", "家庭人口", "是否参保"}

func person(n int, more ...any) []any {
	row := []any{fmt.Sprintf("张%s", string(rune(0x4e00+n))), rt.ID(n), fmt.Sprintf("H%d", n/3), "户主", "第1村", 3, "是"}
	copy(row, more)
	return row
}

func table(rows ...[]any) rt.Sheet {
	return rt.Sheet{Name: "数据", Rows: append([][]any{header}, rows...)}
}

func TestARegisterIsUploadedMappedCheckedAndLoaded(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := mt.New(t, d, 2)
		r := w.Load(t, "national", rt.XLSX(t, table(person(1), person(2))), false)
		if r.State != match.Current || r.Rows != 2 || r.Error != nil {
			t.Fatalf("got %s, %d rows, %v", r.State, r.Rows, r.Error)
		}
		got := records(t, w, r)[0]
		want := match.Record{
			N: 1, Row: 2, Name: "张" + string(rune(0x4e01)), IDNumber: rt.ID(1), Birth: "1930-01-01", Sex: "male", Village: string(surveytest.VillageCode(surveytest.Township, 1)),
			HouseholdKey: "H0", Relation: "户主",
			Data: map[string]string{"name": "张" + string(rune(0x4e01)), "id_number": rt.ID(1), "household_key": "H0", "relation": "户主", "village": "第1村", "size": "3", "insured": "yes"},
		}
		want.Birth, want.Sex = got.Birth, got.Sex // of the number: tested with package idnumber
		if diff := cmp.Diff(want, got); diff != "" || got.Birth == "" || got.Sex == "" {
			t.Error(diff)
		}

		next := w.Load(t, "national", rt.XLSX(t, table(person(1), person(2), person(3))), false)
		old, err := w.Matches.Get(ctx, w.Office, r.ID)
		if err != nil || old.State != match.Superseded || next.State != match.Current {
			t.Errorf("the later file supersedes the earlier: %s, %s, %v", old.State, next.State, err)
		}
		if len(records(t, w, old)) != 2 {
			t.Error("the rows of the earlier file stay")
		}
	})
}

func TestDamagedCellsAreMendedOrReportedByPlace(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := mt.New(t, d, 2)
		old15 := rt.ID(7)[:6] + rt.ID(7)[8:17]
		sheet := rt.Sheet{Name: "数据", Rows: [][]any{
			{"某镇国扶系统导出"},
			{"姓 名*", "证件号码", "户编号", "出生日期", "家庭人口（人）", "是否参保", "乡镇", "村"},
			{"甲一", strings.Map(wide, rt.ID(1)), "H1", "1990年3月4日", "３", "已参保", "东镇", "第1村"},
			{"甲二", old15, "H1", "1990/3/4", 3, "1", "东镇", "第1村村民委员会"},
			{"甲三", rt.ID(3), "H1", "1990.3.4", 3, "否", "东镇", "没有的村"},
			{"甲四", "4.30922E+17", "H2", "19900304", 3, "是", "东镇", "第1村"},
			{"甲五", "430922199003041234", "H2", "1990-03-04", 3, "是", "东镇", "第1村"},
			{"甲六", rt.ID(1), "H2", "三月四日", "三", "也许", "东镇", "第1村"},
			{"", rt.ID(8), "H2", "", 3, "是", "东镇", "第1村"},
			{"合计", "", "", "", 21},
		}}
		r := w.Upload(t, "national", rt.XLSX(t, sheet))
		p, err := w.Matches.Propose(ctx, w.Office, r.ID)
		if err != nil {
			t.Fatal(err)
		}
		rep, err := w.Matches.Check(ctx, w.Office, r.ID, p.Mapping, "zh")
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, n := range append(rep.Errors, rep.Warnings...) {
			if n.Code != "match.birth_differs" {
				got = append(got, fmt.Sprintf("%s%d %s", n.Column, n.Row, n.Code))
			}
			if n.Message == "" || strings.Contains(n.Message, "{") || strings.Contains(n.Value, rt.ID(1)) {
				t.Errorf("note %+v", n)
			}
		}
		want := []string{
			"B6 match.id_scientific", "D8 match.date", "E8 match.number", "F8 match.yes_no", "A9 match.empty",
			"B3 match.wide", "D3 match.date_form", "E3 match.wide", "B4 match.id_15", "D4 match.date_form", "D5 match.date_form", "H5 match.village",
			"D6 match.date_form", "B7 match.id_check", "B8 match.id_twice",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		if rep.Rows != 7 || rep.Broken != 3 {
			t.Errorf("%d rows, %d broken", rep.Rows, rep.Broken)
		}
	})
}

// wide makes digits full-width.
func wide(r rune) rune {
	if r >= '0' && r <= '9' {
		return r - '0' + '０'
	}
	return r
}

func TestABrokenRowChangesNothingUnlessItIsLeftOut(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := mt.New(t, d, 2)
		w.Load(t, "national", rt.XLSX(t, table(person(1))), false)
		before := state(t, w)
		file := rt.XLSX(t, table(person(1), person(2), person(3, "", "")))
		r := w.Load(t, "national", file, false)
		if r.State != match.Failed || r.Error == nil || r.Error.Code != "match.broken_rows" || r.Report == nil || len(r.Report.Errors) == 0 {
			t.Fatalf("got %s %v", r.State, r.Error)
		}
		if len(records(t, w, r)) != 0 || state(t, w) != before {
			t.Error("a broken row changes nothing")
		}
		if err := w.Matches.Discard(ctx, w.Office, r.ID); err != nil {
			t.Fatal(err)
		}
		r = w.Load(t, "national", file, true)
		if r.State != match.Current || r.Rows != 2 || r.LeftOut != 1 {
			t.Fatalf("got %s, %d rows, %d left out", r.State, r.Rows, r.LeftOut)
		}
		f, err := w.Matches.LeftOut(ctx, w.Office, r.ID)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = f.Close() }()
		list, err := io.ReadAll(f)
		if err != nil || strings.Count(string(list), "\n") != 2 || !strings.Contains(string(list), "数据,4,") {
			t.Errorf("%v %s", err, list)
		}
		if _, err := w.Matches.LeftOut(ctx, surveytest.Actor(authz.Supervisor, surveytest.Township), r.ID); !errs.Is(err, errs.Forbidden) {
			t.Errorf("others may not read the list: %v", err)
		}
	})
}

func TestTheSameFileIsLoadedOnce(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := mt.New(t, d, 2)
		file := rt.XLSX(t, table(person(1), person(2)))
		first := w.Load(t, "national", file, false)
		before := state(t, w)
		if again := w.Upload(t, "national", file); again.ID != first.ID {
			t.Errorf("got register %s, want the current %s", again.ID, first.ID)
		}
		again, err := w.Matches.Upload(ctx, w.Office, w.Campaign.ID, "national", "x", true, bytes.NewReader(file))
		if err != nil || again.ID == first.ID {
			t.Fatalf("asked to read it again, with other columns perhaps: %v", err)
		}
		p, err := w.Matches.Propose(ctx, w.Office, again.ID)
		if err != nil {
			t.Fatal(err)
		}
		same, err := w.Matches.Load(ctx, w.Office, again.ID, p.Mapping, false, "zh")
		if err == nil {
			err = w.Bus.Drain(ctx)
		}
		if err != nil || same.ID != first.ID || state(t, w) != before {
			t.Errorf("the same columns again change nothing: %v", err)
		}
	})
}

func TestImportingTwiceChangesNothing(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t, db.Options{})
	w := mt.New(t, d, 2)
	rapid.Check(t, func(rt0 *rapid.T) {
		n := rapid.IntRange(1, 12).Draw(rt0, "rows")
		var b strings.Builder
		b.WriteString("姓名,证件号码,户编号,家庭人口\n")
		broken := 0
		for range n {
			switch row := rapid.IntRange(0, 9).Draw(rt0, "row"); row {
			case 0:
				b.WriteString(",4.30922E+17,H1,3\n")
				broken++
			case 1:
				b.WriteString("甲,430922,H1,三\n")
				broken++
			default:
				fmt.Fprintf(&b, "甲%d,%s,H%d,%d\n", row, rt.ID(rapid.IntRange(0, 500).Draw(rt0, "person")), row, row)
			}
		}
		before := state(t, w)
		r := w.Load(t, "national", []byte(b.String()), false)
		after := state(t, w)
		if broken > 0 && (after != before || r.State != match.Failed) {
			rt0.Fatalf("%d broken rows, state %s", broken, r.State)
		}
		if broken == 0 && (r.State != match.Current || r.Rows != n) {
			rt0.Fatalf("state %s, %d of %d rows", r.State, r.Rows, n)
		}
		w.Load(t, "national", []byte(b.String()), false)
		if state(t, w) != after {
			rt0.Fatal("the second time something changed")
		}
	})
}

func TestColumnsAreGuessedByNameByValueAndByWhatWasChosenBefore(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := mt.New(t, d, 2)
		rows := [][]any{{"农户花名册"}, {"序号", "家庭成员", "", "", "住址", "备注一"}, {"", "姓名", "身份证号", "号码", "所在村", ""}}
		for i := range 6 {
			rows = append(rows, []any{i + 1, "李" + string(rune(0x4e10+i)), rt.ID(i), "1390000000" + fmt.Sprint(i), "第1村", "好"})
		}
		r := w.Upload(t, "national", rt.XLSX(t, rt.Sheet{Name: "表", Rows: rows}))
		fields := func() (out []string) {
			p, err := w.Matches.Propose(ctx, w.Office, r.ID)
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range p.Mapping.Sheets[0].Columns {
				out = append(out, c.Letter+" "+c.Field+" "+c.Why)
			}
			return append(out, fmt.Sprint(p.Mapping.Sheets[0].HeaderFrom, p.Mapping.Sheets[0].HeaderTo))
		}
		want := []string{"A  ", "B name name", "C id_number name", "D phone values", "E village name", "F  ", "2 3"}
		if got := fields(); cmp.Diff(want, got) != "" {
			t.Errorf("got %v", got)
		}
		p, err := w.Matches.Propose(ctx, w.Office, r.ID)
		if err != nil {
			t.Fatal(err)
		}
		cs := p.Mapping.Sheets[0].Columns
		cs[0].Field, cs[3].Field = "household_key", ""
		if _, err := w.Matches.Load(ctx, w.Office, r.ID, p.Mapping, false, "zh"); err != nil {
			t.Fatal(err)
		}
		rows = append(rows, []any{7, "王七", rt.ID(77), "13900000009", "第2村"})
		r = w.Upload(t, "national", rt.XLSX(t, rt.Sheet{Name: "表", Rows: rows}))
		want[0], want[3] = "A household_key saved", "D  saved"
		want[1], want[2], want[4] = "B name saved", "C id_number saved", "E village saved"
		want[5] = "F  saved"
		if got := fields(); cmp.Diff(want, got) != "" {
			t.Errorf("the next file of the kind: got %v", got)
		}
	})
}

func TestTheFirstValuesAreShownAlsoAfterACheck(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t, db.Options{})
	w := mt.New(t, d, 2)
	r := w.Upload(t, "national", rt.XLSX(t, table(person(1), person(2))))
	p, err := w.Matches.Propose(ctx, w.Office, r.ID)
	if err != nil {
		t.Fatal(err)
	}
	want := p.Mapping.Sheets[0].Columns[0].Samples
	if _, err := w.Matches.Check(ctx, w.Office, r.ID, p.Mapping, "zh"); err != nil {
		t.Fatal(err)
	}
	p, err = w.Matches.Propose(ctx, w.Office, r.ID)
	if diff := cmp.Diff(want, p.Mapping.Sheets[0].Columns[0].Samples); err != nil || diff != "" || len(want) != 2 {
		t.Errorf("%v %s %v", err, diff, want)
	}
}

func TestAFileInGBKIsRead(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t, db.Options{})
	w := mt.New(t, d, 2)
	data, err := simplifiedchinese.GBK.NewEncoder().String("姓名;证件号码;村\n甲某;" + rt.ID(1) + ";第1村\n乙某;" + rt.ID(2) + "\n")
	if err != nil {
		t.Fatal(err)
	}
	r := w.Load(t, "national", []byte(data), false)
	if got := records(t, w, r); r.Rows != 2 || got[0].Name != "甲某" || r.Report.Encoding != "gb18030" {
		t.Errorf("%+v", got)
	}
}

func TestWrongColumnsAndForeignFilesAreRefused(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := mt.New(t, d, 2)
		_, err := w.Matches.Upload(ctx, w.Office, w.Campaign.ID, "national", "x", false, strings.NewReader("nothing of a table"))
		if errs.CodeOf(err) != "sheet.kind" {
			t.Errorf("no table: %v", err)
		}
		_, err = w.Matches.Upload(ctx, w.Office, w.Campaign.ID, "police", "x", false, strings.NewReader("a,b\n"))
		if errs.CodeOf(err) != "match.no_kind" {
			t.Errorf("an unknown kind: %v", err)
		}
		if _, err = w.Matches.Upload(ctx, w.Other, w.Campaign.ID, "national", "x", false, strings.NewReader("a,b\n")); !errs.Is(err, errs.NotFound) {
			t.Errorf("the office of another township: %v", err)
		}
		county := w.NewCampaign(t, w.County, surveytest.County)
		if _, err = w.Matches.Upload(ctx, w.Office, county.ID, "national", "x", false, strings.NewReader("a,b\n")); !errs.Is(err, errs.Forbidden) {
			t.Errorf("a township does not replace the county's registers: %v", err)
		}
		r := w.Upload(t, "national", rt.XLSX(t, table(person(1))))
		p, err := w.Matches.Propose(ctx, w.Office, r.ID)
		if err != nil {
			t.Fatal(err)
		}
		for code, change := range map[string]func(*match.Mapping){
			"match.no_sheet":       func(m *match.Mapping) { m.Sheets[0].Use = false },
			"match.column_missing": func(m *match.Mapping) { m.Sheets[0].Columns[1].Field = "" },
			"match.field_twice":    func(m *match.Mapping) { m.Sheets[0].Columns[2].Field = "name" },
			"match.field":          func(m *match.Mapping) { m.Sheets[0].Columns[2].Field = "nonsense" },
		} {
			m := match.Mapping{Sheets: append([]match.SheetMapping{}, p.Mapping.Sheets...)}
			m.Sheets[0].Columns = append([]match.ColumnMapping{}, p.Mapping.Sheets[0].Columns...)
			change(&m)
			if _, err := w.Matches.Check(ctx, w.Office, r.ID, m, "zh"); errs.CodeOf(err) != code {
				t.Errorf("got %v, want %s", err, code)
			}
			if _, err := w.Matches.Load(ctx, w.Office, r.ID, m, false, "zh"); errs.CodeOf(err) != code {
				t.Errorf("got %v, want %s", err, code)
			}
		}
	})
}

func TestNumbersAreMaskedByRole(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t, db.Options{})
	w := mt.New(t, d, 2)
	r := w.Load(t, "national", rt.XLSX(t, table(person(1), person(2, "乙", rt.ID(2), "H9", "户主", "没有的村"))), false)
	full, err := w.Matches.Records(ctx, w.Office, r.ID, 0, 10)
	if err != nil || len(full) != 2 || full[0].IDNumber != rt.ID(1) {
		t.Fatalf("%v %+v", err, full)
	}
	masked, err := w.Matches.Records(ctx, surveytest.Actor(authz.Inspector, surveytest.Township), r.ID, 0, 10)
	if err != nil || len(masked) != 2 || strings.Contains(fmt.Sprint(masked), rt.ID(1)) || masked[0].Birth != "" {
		t.Errorf("%v %+v", err, masked)
	}
	if _, err := w.Matches.Records(ctx, surveytest.Actor(authz.Enumerator, surveytest.Township), r.ID, 0, 10); !errs.Is(err, errs.Forbidden) {
		t.Errorf("enumerators do not read registers: %v", err)
	}
	one, err := w.Matches.Records(ctx, surveytest.Actor(authz.GroupLeader, surveytest.VillageCode(surveytest.Township, 1)), r.ID, 0, 10)
	if err != nil || len(one) != 1 {
		t.Errorf("a village sees its own: %v %+v", err, one)
	}
}
