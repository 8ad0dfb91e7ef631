package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// cpuOf is the processor time that a process has used, user and system. It is 0 where /proc does not tell.
func cpuOf(pid int) time.Duration {
	f := stat(fmt.Sprintf("/proc/%d/stat", pid))
	if f == nil {
		return 0
	}
	return ticks(f[11:13]) // utime and stime
}

// cpuOfFamily is the processor time of a process, of its children, and of those children that have ended.
func cpuOfFamily(pid int) time.Duration {
	f := stat(fmt.Sprintf("/proc/%d/stat", pid))
	if f == nil {
		return 0
	}
	sum := ticks(f[11:15])                       // cutime and cstime, too
	all, _ := filepath.Glob("/proc/[0-9]*/stat") // the pattern is well-formed
	for _, name := range all {
		if f := stat(name); f != nil && f[1] == strconv.Itoa(pid) {
			sum += ticks(f[11:13])
		}
	}
	return sum
}

// stat gives the fields of a process after its name; nil where there are none.
func stat(name string) []string {
	b, err := os.ReadFile(name)
	if err != nil {
		return nil
	}
	_, rest, ok := strings.Cut(string(b), ") ")
	f := strings.Fields(rest)
	if !ok || len(f) < 15 {
		return nil
	}
	return f
}

// ticks adds up times, in hundredths of a second.
func ticks(fields []string) (sum time.Duration) {
	for _, s := range fields {
		n, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			return 0
		}
		sum += time.Duration(n) * 10 * time.Millisecond
	}
	return sum
}

// cpuOwn is the processor time that this program has used.
func cpuOwn() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
