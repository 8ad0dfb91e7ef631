// Command ruhu-linkbench links the registers of a synthetic county (match_gen.py of the shared fixtures) to its base register and
// prints precision, recall, F1, time and peak memory of the whole process: the measurement behind docs/benchmarks.md.
//
//	go run ./cmd/ruhu-linkbench DIR
//
// The truth is read after everything is linked and timed.
package main

import (
	"errors"
	"fmt"
	"log"
	"os"
	"runtime"
	"strings"
	"time"

	"ruhu/internal/match/link"
	"ruhu/internal/match/link/linktest"
)

// peer is the F1 in % of “Splink + name veto” on 50,000 and 500,000 persons (baselines.json of the fixtures), and the precision
// that is asked for.
var peer = map[string]struct{ small, large, precision float64 }{
	"nps": {99.94, 99.90, 99.95}, "dibao": {99.65, 99.67, 99.9}, "medins": {99.88, 99.88, 99.95}, "survey": {99.61, 99.66, 99.9},
}

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: ruhu-linkbench DIR")
	}
	if err := run(os.Args[1]); err != nil {
		log.Fatal(err)
	}
}

func run(dir string) error {
	start := time.Now()
	var b link.Builder
	if err := linktest.Read(dir, linktest.Base, b.Add); err != nil {
		return err
	}
	base := b.Base()
	fmt.Printf("base %d persons, read and prepared in %.1f s, %d processors\n", base.Len(), time.Since(start).Seconds(), runtime.GOMAXPROCS(0))
	found, took := map[string]link.Result{}, map[string][2]float64{}
	for _, name := range linktest.Registers {
		t := time.Now()
		r := base.Register()
		if err := linktest.Read(dir, name, r.Add); err != nil {
			return err
		}
		read := time.Since(t).Seconds()
		found[name] = r.Link()
		took[name] = [2]float64{read, time.Since(t).Seconds() - read}
	}
	total, peak := time.Since(start).Seconds(), peakMemory()
	truth, err := linktest.Truth(dir, linktest.Base)
	if err != nil {
		return err
	}
	var short error
	fmt.Println("register   pairs    P %      R %      F1 %     peer F1  wrong  to a clerk (right)  false  read s  link s")
	for _, name := range linktest.Registers {
		own, err := linktest.Truth(dir, name)
		if err != nil {
			return err
		}
		s := linktest.Compare(truth, own, found[name].Links)
		bar := peer[name].small
		if base.Len() > 250_000 {
			bar = peer[name].large
		}
		if 100*s.F1() < bar || 100*s.Precision() < peer[name].precision {
			err = errors.Join(err, fmt.Errorf("%s is below its bar: F1 %.2f, precision %.2f", name, bar, peer[name].precision))
		}
		short = errors.Join(short, err)
		fmt.Printf("%-8s %7d  %7.3f  %7.3f  %7.3f  %7.2f  %5d  %6d (%d)  %d/%d  %6.1f  %6.1f\n", name, s.True, 100*s.Precision(), 100*s.Recall(), 100*s.F1(), bar, s.Linked-s.Right, s.Review, s.RightReview, s.False, s.Partnerless, took[name][0], took[name][1])
	}
	fmt.Printf("total %.1f s, peak memory %s\n", total, peak)
	return short
}

// peakMemory is VmHWM of the process, where the system tells it.
func peakMemory() string {
	raw, _ := os.ReadFile("/proc/self/status")
	for line := range strings.Lines(string(raw)) {
		if v, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			return strings.TrimSpace(v)
		}
	}
	return "unknown"
}
