package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"time"

	"ruhu/internal/account"
	"ruhu/internal/app"
	"ruhu/internal/errs"
	"ruhu/internal/playbook"
	"ruhu/internal/sim"
	"ruhu/playbooks"
)

// DemoCmd makes a simulated township, once, and serves it.
type DemoCmd struct {
	Playbook   string `help:"Playbook to play; the first one by default. 方案。"`
	Seed       uint64 `help:"The same seed gives the same township. 随机种子。" default:"1"`
	Data       string `help:"Folder for the demo's data. 数据目录。" default:"./data"`
	Addr       string `help:"Address to listen on. 监听地址。" default:"127.0.0.1:8080"`
	Villages   int    `help:"Villages; as the playbook's simulation says by default. 村数。"`
	Households int    `help:"Households. 户数。"`
	Teams      int    `help:"Teams. 调查小组数。"`
	Days       int    `help:"Days of visits that are already past. 已调查天数。" default:"4"`
	PerTeam    int    `help:"Households a team manages in a day. 每组每天户数。" default:"3"`
}

// The demo's passwords are meant to be known: its people and data are made up.
const (
	demoPassword = "ruhu-demo-2026"
	demoPIN      = "246810"
	demoFile     = "demo.json"
)

// Run makes the township in a folder beside Data and moves it there when it is complete, so that an interrupted start leaves
// nothing half made.
func (c *DemoCmd) Run(ctx context.Context) error {
	s, err := readSummary(c.Data)
	if errors.Is(err, fs.ErrNotExist) {
		if _, err := os.Stat(filepath.Join(c.Data, "ruhu.db")); err == nil {
			return errs.Conflict.New("demo.not_a_demo", "dir", c.Data)
		}
		if err := c.make(ctx); err != nil {
			return err
		}
		s, err = readSummary(c.Data)
	}
	if err != nil {
		return err
	}
	cfg := app.Default(c.Data)
	cfg.Addr = c.Addr
	slog.SetDefault(slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})))
	a, err := app.Open(ctx, cfg, app.Options{})
	if err != nil {
		return err
	}
	err = a.Run(ctx, func(url string) { printDemo(os.Stdout, url, s) })
	return errors.Join(err, a.Close())
}

func (c *DemoCmd) make(ctx context.Context) error {
	began := time.Now()
	fmt.Println("正在生成模拟乡镇（只在第一次启动时）… / making the simulated township (first start only) …")
	draft := filepath.Clean(c.Data) + ".making"
	if err := os.RemoveAll(draft); err != nil {
		return fmt.Errorf("clear %s: %w", draft, err)
	}
	s, err := c.play(ctx, draft)
	if err != nil {
		return err
	}
	raw, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return fmt.Errorf("demo summary: %w", err)
	}
	if err := os.WriteFile(filepath.Join(draft, demoFile), raw, 0o600); err != nil {
		return fmt.Errorf("demo summary: %w", err)
	}
	if err := os.Remove(c.Data); err != nil && !errors.Is(err, fs.ErrNotExist) { // an empty folder may be in the way
		return fmt.Errorf("put the demo in place: %w", err)
	}
	if err := os.Rename(draft, c.Data); err != nil {
		return fmt.Errorf("put the demo in place: %w", err)
	}
	fmt.Printf("用时 %.1f 秒 / took %.1f s\n", time.Since(began).Seconds(), time.Since(began).Seconds())
	return nil
}

// play runs the server on a virtual clock and lets sim work with it.
func (c *DemoCmd) play(ctx context.Context, dir string) (s sim.Summary, err error) {
	pb, err := choosePlaybook(c.Playbook)
	if err != nil {
		return s, err
	}
	zone, err := time.LoadLocation(pb.TimeZone)
	if err != nil {
		return s, fmt.Errorf("zone of the playbook: %w", err)
	}
	// The visits began nine days ago, so that the first deadlines are past; later where they are shorter, because they go on.
	now := time.Now().In(zone)
	visits := pb.Stages[min(1, len(pb.Stages)-1)]
	length := int(visits.To.Sub(visits.From.Time).Hours()/24) + 1
	clock := sim.NewClock(time.Date(now.Year(), now.Month(), now.Day()-min(10, max(length-2, c.Days+1)), 9, 0, 0, 0, zone))
	cfg := app.Default(dir)
	cfg.CountyName, cfg.AdminPassword = sim.CountyName, demoPassword
	err = playAgainst(ctx, cfg, clock, func(ctx context.Context, base string) error {
		s, err = sim.Play(ctx, sim.Options{
			Base: base, Admin: "admin", Password: demoPassword, PIN: demoPIN,
			Playbook: pb.ID, Playbooks: playbooks.FS, Seed: c.Seed, Villages: c.Villages, Households: c.Households, Teams: c.Teams,
			Days: c.Days, PerTeam: c.PerTeam, Clock: clock, Zone: zone, Until: now,
		})
		return err
	})
	return s, err
}

// playAgainst starts a server on a clock of its own, lets play work with it, and stops it.
func playAgainst(ctx context.Context, cfg app.Config, clock *sim.Clock, play func(ctx context.Context, base string) error) (err error) {
	quiet := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	// The password of everybody is printed on the screen: it is not worth the time that makes guessing slow.
	a, err := app.Open(ctx, cfg, app.Options{Clock: clock.Now, Cost: account.Cost{Time: 1, Memory: 64}, Log: quiet})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	ln, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	served := make(chan error, 1)
	go func() { served <- a.Serve(ctx, ln, nil) }()
	err = play(ctx, "http://"+ln.Addr().String())
	stop()
	return errors.Join(err, <-served)
}

// choosePlaybook loads the playbook of that id, the first one for "".
func choosePlaybook(id string) (*playbook.Playbook, error) {
	lib := playbook.NewLibrary(playbooks.FS)
	if id != "" {
		return lib.Load(id)
	}
	ids, err := lib.IDs()
	if err != nil {
		return nil, err
	}
	return lib.Load(ids[0]) // the program is built with at least one
}

func readSummary(dir string) (sim.Summary, error) {
	var s sim.Summary
	raw, err := os.ReadFile(filepath.Join(dir, demoFile))
	if err != nil {
		return s, err
	}
	if err := json.Unmarshal(raw, &s); err != nil {
		return s, fmt.Errorf("%s: %w", demoFile, err)
	}
	return s, nil
}

var roleNames = map[string]string{
	"county_office": "县办公室", "township_office": "镇办公室", "township_leader": "镇领导", "group_leader": "工作组组长", "supervisor": "复核人员",
	"inspector": "督查", "guidance_group": "县指导组", "enumerator": "调查员", "village": "村",
}

func printDemo(w io.Writer, url string, s sim.Summary) {
	_, _ = fmt.Fprintf(w, `
入户 ruhu · 演示 / demo

  管理台 console    %s/
  入户端 phone app  %s/field/

  所有账号的密码 / password of every account: %s    入户端 PIN: %s
  县办公室      admin
`, url, url, demoPassword, demoPIN)
	shown := map[string]int{}
	for _, p := range s.People {
		shown[p.Role]++
		switch n := shown[p.Role]; {
		case n <= 2:
			_, _ = fmt.Fprintf(w, "  %s\t%s\t%s\n", roleNames[p.Role], p.Account, p.Name)
		case n == 3:
			_, _ = fmt.Fprintf(w, "  %s\t…\n", roleNames[p.Role])
		}
	}
	_, _ = fmt.Fprintf(w, `
  %d 户 %d 人，%d 个小组；已交 %d 份（含修改后重交），退回 %d 次，通过 %d 份；问题 %d 个，已销号 %d 个
  停止 / stop: Ctrl-C
`, s.Households, s.Members, s.Teams, s.Submitted, s.Returned, s.Accepted, s.Problems, s.Closed)
}
