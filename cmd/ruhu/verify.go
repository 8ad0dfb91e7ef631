package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"ruhu/internal/app"
	"ruhu/internal/audit"
	"ruhu/internal/errs"
	"ruhu/internal/tlog"
)

// VerifyCmd checks a log, and with a database every row that is in the log.
type VerifyCmd struct {
	Copy    string `arg:"" optional:"" help:"A copy of the log, as 'ruhu log export' writes it. 日志副本目录。" type:"existingdir"`
	Data    string `help:"Instead of a copy: the data folder of a server. 数据目录。" type:"existingdir" placeholder:"DIR"`
	DB      string `name:"db" help:"Instead of a copy: a PostgreSQL address or a ruhu.db file. 数据库地址。" placeholder:"DSN"`
	County  string `help:"Code of the county, 6 digits. 县级代码。" default:"990101"`
	Key     string `help:"Public key of the log, from paper or from somebody else: a line, or a file that holds it. 日志公钥。" placeholder:"KEY"`
	Earlier string `help:"With a database: a checkpoint that was kept; the log must continue it. 以前保存的检查点。" type:"existingfile" placeholder:"FILE"`
	Object  string `help:"Print the entries that name this id: a household, a form, a problem. 列出与此编号有关的记录。" placeholder:"ID"`
	JSON    bool   `name:"json" help:"Print the findings as JSON."`
}

// Run prints what was found and fails when anything does not fit.
func (c *VerifyCmd) Run(ctx context.Context) error {
	if data, err := os.ReadFile(c.Key); c.Key != "" && err == nil {
		c.Key = strings.TrimSpace(string(data))
	}
	if c.Copy != "" {
		return c.copy()
	}
	return c.database(ctx)
}

func (c *VerifyCmd) copy() error {
	key := c.Key
	if key == "" {
		data, err := os.ReadFile(filepath.Join(c.Copy, "log.pub"))
		if err != nil {
			return fmt.Errorf("--key: %w", err)
		}
		key = strings.TrimSpace(string(data))
		fmt.Fprintln(os.Stderr, "! 公钥取自副本本身 the key is the copy's own; compare it with one from elsewhere:", key)
	}
	got, err := tlog.CheckCopy(os.DirFS(c.Copy), audit.Origin(c.County), key, c.show)
	if err != nil {
		return err
	}
	for _, f := range got.Found {
		fmt.Println("✗", f)
	}
	if len(got.Found) > 0 {
		return errs.Conflict.New("audit.not_whole", "count", len(got.Found))
	}
	fmt.Printf("✓ 完整 whole: %d entries, root %x\n", got.Head.Size, got.Head.Root[:])
	return nil
}

// show prints an entry that names the wanted object.
func (c *VerifyCmd) show(index int64, entry []byte) error {
	if c.Object != "" && bytes.Contains(entry, []byte(c.Object)) {
		fmt.Printf("%d\t%s\n", index, entry)
	}
	return nil
}

func (c *VerifyCmd) database(ctx context.Context) (err error) {
	d, err := openNamed(ctx, c.Data, c.DB)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	earlier := ""
	if c.Earlier != "" {
		data, err := os.ReadFile(c.Earlier)
		if err != nil {
			return err
		}
		earlier = string(data)
	}
	log := audit.NewLog(d, nil, app.Logged()...)
	v, err := log.Verify(ctx, c.County, c.Key, earlier)
	if err != nil {
		return err
	}
	if c.Object != "" {
		if err := log.Entries(ctx, c.County, c.show); err != nil {
			return err
		}
	}
	if c.JSON {
		err = json.NewEncoder(os.Stdout).Encode(v)
	} else {
		printLogVerdict(v)
	}
	if err == nil && !v.Whole() {
		err = errs.Conflict.New("audit.not_whole", "count", len(v.Found))
	}
	return err
}

func printLogVerdict(v audit.Verdict) {
	for _, f := range v.Found {
		fmt.Printf("✗ %s %s %s", f.Kind, f.Table, f.Key)
		if f.Entry >= 0 {
			fmt.Printf(" #%d", f.Entry)
		}
		if f.Note != "" {
			fmt.Printf(": %s", f.Note)
		}
		fmt.Println()
		for _, d := range f.Diff {
			fmt.Printf("    %s: %s → %s\n", d.Column, d.Was, d.Is)
		}
	}
	rows := 0
	for _, n := range v.Rows {
		rows += n
	}
	mark := "✓ 完整 whole"
	if !v.Whole() {
		mark = "✗ 不完整 not whole"
	}
	fmt.Printf("%s: %d entries, %d waiting, %d rows of %d tables compared\n", mark, v.Size, v.Waiting, rows, len(v.Rows))
}

// LogCmd works with the log.
type LogCmd struct {
	Export LogExportCmd `cmd:"" help:"Write a copy of a county's log, for others to check. 导出日志副本。"`
}

// LogExportCmd writes a copy.
type LogExportCmd struct {
	Dir    string `arg:"" help:"Folder to write to; it must not exist. 输出目录。"`
	Data   string `help:"The data folder of a server. 数据目录。" type:"existingdir" placeholder:"DIR"`
	DB     string `name:"db" help:"A PostgreSQL address or a ruhu.db file. 数据库地址。" placeholder:"DSN"`
	County string `help:"Code of the county, 6 digits. 县级代码。" default:"990101"`
}

// Run writes the checkpoint, the public key, every tile and every entry.
func (c *LogExportCmd) Run(ctx context.Context) (err error) {
	d, err := openNamed(ctx, c.Data, c.DB)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	if err := os.Mkdir(c.Dir, 0o755); err != nil {
		return err
	}
	size, err := audit.NewLog(d, nil).Export(ctx, c.County, func(name string, data []byte) error {
		file := filepath.Join(c.Dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		return os.WriteFile(file, data, 0o644)
	})
	if err == nil {
		fmt.Printf("✓ %d entries in %s\n", size, c.Dir)
	}
	return err
}
