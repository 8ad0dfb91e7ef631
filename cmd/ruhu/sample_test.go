package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ruhu/internal/sampling/draw"
)

func TestADrawFromFilesIsVerifiedAndAChangedOneIsNot(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name string, raw []byte) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, raw, 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	frame := draw.Frame{Villages: []draw.Village{{Township: "T", Group: "all", Code: "V1"}, {Township: "T", Group: "all", Code: "V2"}}}
	for _, h := range []string{"V1H1", "V1H2", "V1H3", "V2H1", "V2H2", "V2H3"} {
		frame.Households = append(frame.Households, draw.Household{Village: h[:2], Code: h, Class: "poor", Persons: 2})
	}
	plan, err := json.Marshal(draw.Plan{
		Design: draw.TwoStage, Method: draw.SRS, Groups: []draw.Group{{Code: "all", Villages: 1}},
		Quotas: []draw.Quota{{Code: "poor", Households: 2, Classes: []string{"poor"}}}, ShortfallOrder: []string{"poor"},
	})
	if err != nil {
		t.Fatal(err)
	}
	planFile, frameFile, record := write("plan.json", plan), write("frame.csv", frame.CSV()), filepath.Join(dir, "record.json")
	if code := run([]string{"sample", "draw", "--plan", planFile, "--frame", frameFile, "--seed", "7", "--out", record}); code != 0 {
		t.Fatalf("draw: exit %d", code)
	}
	if code := run([]string{"sample", "verify", record, "--frame", frameFile}); code != 0 {
		t.Errorf("verify: exit %d", code)
	}
	raw, err := os.ReadFile(record)
	if err != nil {
		t.Fatal(err)
	}
	changed := write("changed.json", []byte(strings.Replace(string(raw), `"value": "7"`, `"value": "8"`, 1)))
	if code := run([]string{"sample", "verify", changed, "--frame", frameFile}); code != 1 {
		t.Errorf("a changed seed: exit %d", code)
	}
	if code := run([]string{"sample", "draw", "--plan", frameFile, "--frame", frameFile, "--seed", "7"}); code != 1 {
		t.Errorf("no plan: exit %d", code)
	}
}
