package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"ruhu/internal/app"
	"ruhu/internal/errs"
	"ruhu/internal/sim"
	"ruhu/playbooks"
)

// SimCmd plays campaigns in which it is known what is wrong.
type SimCmd struct {
	Serve SimServeCmd `cmd:"" help:"A server for training whose clock is moved by lines on stdin. 培训用服务，时间由标准输入拨动。"`
	Run   SimRunCmd   `cmd:"" help:"Play a campaign headless on a virtual clock; writes summary.json and truth.json. 无界面演练一次调查。"`
}

// SimRunCmd plays one campaign through the HTTP API of a server of its own, from the departments' lists to the plan and through
// days of visits, on the dates of the playbook's seed.
type SimRunCmd struct {
	Playbook   string `help:"Playbook to play; the first one by default. 方案。"`
	Seed       uint64 `help:"The same seed gives the same county and the same faults. 随机种子。" default:"1"`
	Out        string `help:"Folder for summary.json, truth.json, the lists as they were sent, and the server's data. 输出目录。" required:"" type:"path"`
	Townships  int    `help:"Townships; as the playbook's simulation says by default, as the next three. 乡镇数。"`
	Villages   int    `help:"Villages. 村数。"`
	Households int    `help:"Households. 户数。"`
	Teams      int    `help:"Teams. 调查小组数。"`
	Days       int    `help:"Days of visits to play after the plan; 0 ends with the plan. 入户天数。" default:"3"`
	PerTeam    int    `help:"Households a team manages in a day. 每组每天户数。" default:"7"`
}

// Run plays and writes; the folder must be new or empty.
func (c *SimRunCmd) Run(ctx context.Context) error {
	if entries, err := os.ReadDir(c.Out); err == nil && len(entries) > 0 {
		return errs.Conflict.New("sim.not_empty", "dir", c.Out)
	}
	pb, err := choosePlaybook(c.Playbook)
	if err != nil {
		return err
	}
	zone := pb.Location()
	visits := pb.Stages[min(1, len(pb.Stages)-1)]
	first := time.Date(visits.From.Year(), visits.From.Month(), visits.From.Day()-1, 9, 0, 0, 0, zone)
	clock := sim.NewClock(first)
	cfg := app.Default(filepath.Join(c.Out, "data"))
	cfg.CountyName, cfg.AdminPassword = sim.CountyName, demoPassword
	if err := os.MkdirAll(c.Out, 0o755); err != nil {
		return fmt.Errorf("output folder: %w", err)
	}
	var s sim.Summary
	began := time.Now()
	err = playAgainst(ctx, cfg, clock, func(ctx context.Context, base string) error {
		s, err = sim.Play(ctx, sim.Options{
			Base: base, Admin: "admin", Password: demoPassword, PIN: demoPIN, Playbook: pb.ID, Playbooks: playbooks.FS, Seed: c.Seed,
			Townships: c.Townships, Villages: c.Villages, Households: c.Households, Teams: c.Teams, Days: c.Days, PerTeam: c.PerTeam,
			Clock: clock, Zone: zone, Until: first.AddDate(0, 0, c.Days+1), Truth: c.Out,
		})
		return err
	})
	if err != nil {
		return err
	}
	s.People = nil // accounts are of no use when the server is gone
	raw, err := json.MarshalIndent(s, "", " ")
	if err != nil {
		return fmt.Errorf("summary: %w", err)
	}
	if err := os.WriteFile(filepath.Join(c.Out, "summary.json"), append(raw, '\n'), 0o644); err != nil {
		return fmt.Errorf("summary: %w", err)
	}
	if err := os.WriteFile(filepath.Join(c.Out, "scores.md"), []byte(sim.Table(s.Scores)), 0o644); err != nil {
		return fmt.Errorf("scores: %w", err)
	}
	scores := s.Scores
	s.Scores = nil // printed as a table
	if raw, err = json.MarshalIndent(s, "", " "); err != nil {
		return fmt.Errorf("summary: %w", err)
	}
	fmt.Printf("%s\n\n%s\n", raw, sim.Table(scores))
	fmt.Printf("用时 %.1f 秒 / took %.1f s\n", time.Since(began).Seconds(), time.Since(began).Seconds())
	return nil
}
