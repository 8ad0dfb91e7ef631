package main

import (
	"encoding/json"
	"fmt"
	"os"
	"time"

	"ruhu/internal/errs"
	"ruhu/internal/sampling/draw"
)

// SampleCmd works with draws on files, without a server.
type SampleCmd struct {
	Verify SampleVerifyCmd `cmd:"" help:"Repeat a published draw and name every difference. 重做公布的抽样，列出每处不符。"`
	Draw   SampleDrawCmd   `cmd:"" help:"Draw from a plan and a frame, and write the record. 按方案和抽样框抽取并写出记录。"`
}

// SampleVerifyCmd repeats a draw.
type SampleVerifyCmd struct {
	Record string `arg:"" help:"The record, .json." type:"existingfile"`
	Frame  string `help:"The frame's file, .csv." type:"existingfile" required:"" placeholder:"FILE"`
	Lang   string `help:"Language of the messages." enum:"zh,en" default:"zh"`
}

const maxSampleFile = 512 << 20

// Run prints the differences and fails when there is one.
func (c *SampleVerifyCmd) Run() error {
	raw, err := readLimited(c.Record, maxSampleFile)
	if err != nil {
		return err
	}
	r, err := draw.ReadRecord(raw)
	if err != nil {
		return err
	}
	frame, err := readLimited(c.Frame, maxSampleFile)
	if err != nil {
		return err
	}
	diffs, err := draw.Verify(r, frame)
	for _, d := range diffs {
		fmt.Println("✗", d.Message(c.Lang))
	}
	if err != nil {
		return err
	}
	if len(diffs) > 0 {
		return fmt.Errorf("%s: %d differences", c.Record, len(diffs))
	}
	fmt.Printf("✓ 相符 agrees: %d villages, %d households, %d replacements; seed %q, frame %s\n",
		len(r.Sample.Villages), len(r.Sample.Units), len(r.Uses), r.Seed.Value, r.Frame.SHA256)
	return nil
}

// SampleDrawCmd draws.
type SampleDrawCmd struct {
	Plan  string `help:"The plan, .json, or a record that holds one." type:"existingfile" required:"" placeholder:"FILE"`
	Frame string `help:"The frame's file, .csv." type:"existingfile" required:"" placeholder:"FILE"`
	Seed  string `help:"The number of the public draw." required:""`
	Out   string `help:"Where to write the record; standard output when absent." placeholder:"FILE"`
}

// Run writes the record of the draw.
func (c *SampleDrawCmd) Run() error {
	raw, err := readLimited(c.Plan, maxSampleFile)
	if err != nil {
		return err
	}
	var plan draw.Plan
	if r, err := draw.ReadRecord(raw); err == nil {
		plan = r.Plan
	} else if err := json.Unmarshal(raw, &plan); err != nil {
		return errs.Invalid.New("sampling.plan", "what", err.Error())
	}
	file, err := readLimited(c.Frame, maxSampleFile)
	if err != nil {
		return err
	}
	frame, err := draw.ReadFrame(file)
	if err != nil {
		return err
	}
	sample, err := draw.Draw(plan, frame, c.Seed)
	if err != nil {
		return err
	}
	now := time.Now().UTC().Format(time.RFC3339)
	r := draw.Record{
		Format: draw.Format, Number: 1, Plan: plan, PlanHash: plan.Digest(), Sample: sample, Uses: []draw.Use{}, DrawnAt: now,
		Frame: draw.FrameStamp{SHA256: draw.Digest(file), Bytes: len(file), Villages: len(frame.Villages), Households: len(frame.Households), FrozenAt: now},
		Seed:  draw.Seed{Value: c.Seed, EnteredAt: now},
	}
	out, err := r.Write()
	if err != nil {
		return err
	}
	if c.Out == "" {
		_, err = os.Stdout.Write(out)
		return err
	}
	return os.WriteFile(c.Out, out, 0o600)
}
