package main

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"ruhu/internal/region"
	"ruhu/internal/roster"
)

// RosterCmd works with roster files.
type RosterCmd struct {
	Import   RosterImportCmd   `cmd:"" help:"Check a roster and report every mistake by sheet, row and column; writes nothing. 试导入底册，只检查不写入。"`
	Template RosterTemplateCmd `cmd:"" help:"Write an empty roster. 生成底册模板。"`
	Digest   RosterDigestCmd   `cmd:"" help:"Recompute the digests of a frozen roster from its export. 按导出文件重算冻结底册的摘要。"`
}

// RosterImportCmd is the dry run of an import. Writing is done through the server, where it is known who does it.
type RosterImportCmd struct {
	File   string `arg:"" help:"The roster, .xlsx." type:"existingfile"`
	Places string `help:"CSV of the places: code,name. Without places, names of villages are not checked. 村名代码表。" type:"existingfile" placeholder:"FILE"`
	DB     string `name:"db" help:"Take the places from this database (postgres://… or a ruhu.db file). 从数据库读取村名。" placeholder:"DSN"`
	Region string `help:"With --db: code of the township or county. 乡镇或县的代码。" placeholder:"CODE"`
	JSON   bool   `help:"Print the report as JSON." name:"json"`
	Lang   string `help:"Language of the messages." enum:"zh,en" default:"zh"`
}

// Run prints the report and fails when there is a mistake.
func (c *RosterImportCmd) Run(ctx context.Context) error {
	places, err := c.places(ctx)
	if err != nil {
		return err
	}
	data, err := readLimited(c.File, roster.MaxFile)
	if err != nil {
		return err
	}
	rep, err := roster.Check(roster.File{Name: filepath.Base(c.File), Data: data, DryRun: true, Lang: c.Lang}, places)
	if err != nil {
		return err
	}
	if c.JSON {
		err = json.NewEncoder(os.Stdout).Encode(rep)
	} else {
		err = printReport(os.Stdout, rep)
	}
	if err == nil && rep.ErrorsTotal > 0 {
		err = fmt.Errorf("%s: %d mistakes", c.File, rep.ErrorsTotal)
	}
	return err
}

func printReport(w io.Writer, rep roster.Report) error {
	var b strings.Builder
	for _, s := range rep.Sheets {
		fmt.Fprintf(&b, "%s\t%s\t%d\n", s.Name, s.Kind, s.Rows)
	}
	notes := func(mark string, ns []roster.CellNote, total int) {
		for _, n := range ns {
			fmt.Fprintf(&b, "%s %s!%s%d %s: %s %s\n", mark, n.Sheet, n.Column, n.Row, n.Header, n.Message, n.Value)
		}
		if total > len(ns) {
			fmt.Fprintf(&b, "%s … %d\n", mark, total-len(ns))
		}
	}
	notes("✗", rep.Errors, rep.ErrorsTotal)
	notes("!", rep.Warnings, rep.WarningsTotal)
	fmt.Fprintf(&b, "户 households %d · 人 members %d · ✗ %d · ! %d\n", rep.Counts.HouseholdsNew, rep.Counts.MembersNew, rep.ErrorsTotal, rep.WarningsTotal)
	_, err := io.WriteString(w, b.String())
	return err
}

// places reads the villages from a CSV or a database; none when neither is given.
func (c *RosterImportCmd) places(ctx context.Context) (rs []region.Region, err error) {
	switch {
	case c.Places != "":
		return readPlaces(c.Places)
	case c.DB == "":
		return nil, nil
	}
	under, err := region.Parse(c.Region)
	if err != nil {
		return nil, err
	}
	d, err := openNamed(ctx, "", c.DB)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	return region.NewService(d).List(ctx, under)
}

func readPlaces(file string) ([]region.Region, error) {
	data, err := readLimited(file, 8<<20)
	if err != nil {
		return nil, err
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(data), "\ufeff"))).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	var rs []region.Region
	for i, row := range rows {
		if len(row) < 2 {
			return nil, fmt.Errorf("%s:%d: code,name expected", file, i+1)
		}
		code, err := region.Parse(row[0])
		if err != nil {
			if i == 0 { // a header
				continue
			}
			return nil, fmt.Errorf("%s:%d: %w", file, i+1, err)
		}
		rs = append(rs, region.Named(code, row[1]))
	}
	return rs, nil
}

// readLimited reads a file that must not be larger than limit; one byte more is read so that the reader of it notices.
func readLimited(file string, limit int64) (data []byte, err error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return io.ReadAll(io.LimitReader(f, limit+1))
}

// RosterTemplateCmd writes the template.
type RosterTemplateCmd struct {
	File string `arg:"" help:"Where to write it, .xlsx." type:"path"`
}

// Run writes the template; an existing file is not overwritten.
func (c *RosterTemplateCmd) Run() (err error) {
	b, err := roster.Template()
	if err != nil {
		return err
	}
	f, err := os.OpenFile(c.File, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	_, err = f.Write(b)
	return err
}

// RosterDigestCmd recomputes the digests of an exported roster without a server.
type RosterDigestCmd struct {
	File string `arg:"" help:"The frozen roster as the console exports it." type:"existingfile"`
	JSON bool   `help:"Print the result as JSON." name:"json"`
}

// Run prints what it found and fails when a digest is not the one that the file states.
func (c *RosterDigestCmd) Run() (err error) {
	f, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	v, err := roster.Verify(f)
	if err != nil {
		return err
	}
	if err := printVerdict(os.Stdout, v, c.JSON); err != nil {
		return err
	}
	if !v.OK {
		return fmt.Errorf("%s: the digests do not hold", c.File)
	}
	return nil
}

func printVerdict(w io.Writer, v roster.Verdict, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(w).Encode(v)
	}
	var b strings.Builder
	for _, e := range v.Entries {
		mark := "✓"
		if e.Stated != e.Computed {
			mark = "✗"
		}
		fmt.Fprintf(&b, "%s %d %s\t%d 户\t%s\n", mark, e.Number, e.Kind, e.Households, e.Computed)
	}
	fmt.Fprintf(&b, "在册 listed %d · 删除 struck %d · %s\n", v.Listed, v.Struck, v.Digest)
	_, err := io.WriteString(w, b.String())
	return err
}
