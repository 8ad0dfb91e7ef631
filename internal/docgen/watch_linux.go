package docgen

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// group puts the browser into a process group of its own, which ends with the context.
func group(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}

// endGroup ends helpers that outlived the browser.
func endGroup(cmd *exec.Cmd) { _ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) } // mostly nobody is left

// watch calls over once when the processes of a group hold more than limit bytes together. It returns when ctx ends.
func watch(ctx context.Context, pgid int, limit int64, over func()) {
	tick := time.NewTicker(300 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if resident(pgid) > limit {
				over()
				return
			}
		}
	}
}

// resident sums the memory of a process group that belongs to it alone, as /proc tells it. The pages that the browser's processes share
// (its own 200 MB of code, mostly) would be counted six times, so shared ones are left out.
func resident(pgid int) int64 {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return 0
	}
	var pages int64
	for _, e := range entries {
		if _, err := strconv.Atoi(e.Name()); err != nil {
			continue
		}
		stat, err := os.ReadFile("/proc/" + e.Name() + "/stat")
		if err != nil {
			continue // it has ended
		}
		// "pid (name) state ppid pgrp …": the name may hold anything, also brackets.
		_, rest, ok := strings.Cut(string(stat[strings.LastIndexByte(string(stat), ')')+1:]), " ")
		f := strings.Fields(rest)
		if !ok || len(f) < 3 || f[2] != strconv.Itoa(pgid) {
			continue
		}
		var size, all, shared int64
		statm, err := os.ReadFile("/proc/" + e.Name() + "/statm")
		if err != nil {
			continue
		}
		if _, err := fmt.Sscan(string(statm), &size, &all, &shared); err == nil {
			pages += all - shared
		}
	}
	return pages * int64(os.Getpagesize())
}
