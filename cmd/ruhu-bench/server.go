package main

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

const adminPassword = "measure-the-intake"

// server is the program under measurement.
type server struct {
	cmd  *exec.Cmd
	base string
	done chan struct{} // closed when it has ended
	end  error
}

// startServer starts the program on a folder (and, with dsn, on PostgreSQL) and waits until it answers.
func startServer(ctx context.Context, binary, dir, dsn string) (*server, error) {
	addr, err := freeAddr(ctx)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make data folder: %w", err)
	}
	args := []string{"serve", "--data", dir, "--addr", addr, "--log-level", "warn"}
	if dsn != "" {
		args = append(args, "--db", dsn)
	}
	log, err := os.OpenFile(filepath.Join(dir, "server.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("server log: %w", err)
	}
	defer func() { _ = log.Close() }() // the child has its own handle
	s := &server{cmd: exec.CommandContext(ctx, binary, args...), base: "http://" + addr, done: make(chan struct{})}
	s.cmd.Env = append(os.Environ(), "RUHU_ADMIN_PASSWORD="+adminPassword)
	s.cmd.Stdout, s.cmd.Stderr = log, log
	if err := s.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", binary, err)
	}
	go func() {
		s.end = s.cmd.Wait()
		close(s.done)
	}()
	for range 300 {
		select {
		case <-s.done:
			return nil, fmt.Errorf("the program stopped at once: %w\n%s", s.end, tail(log.Name()))
		case <-time.After(100 * time.Millisecond):
		}
		if ready(ctx, s.base) {
			return s, nil
		}
	}
	s.kill()
	return nil, fmt.Errorf("the program does not answer on %s\n%s", addr, tail(log.Name()))
}

func ready(ctx context.Context, base string) bool {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/readyz", nil)
	if err != nil {
		return false
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return false
	}
	_ = res.Body.Close() // only the status counts
	return res.StatusCode == http.StatusOK
}

// kill ends the program without any warning, as a power cut would end the process.
func (s *server) kill() {
	_ = s.cmd.Process.Kill() // it may have ended by itself
	<-s.done
}

func freeAddr(ctx context.Context) (string, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("find a free port: %w", err)
	}
	defer func() { _ = l.Close() }() // the program takes the port next
	return l.Addr().String(), nil
}

// tail gives the last lines of a log.
func tail(name string) string {
	f, err := os.Open(name)
	if err != nil {
		return ""
	}
	defer func() { _ = f.Close() }() // only read
	var lines []string
	for sc := bufio.NewScanner(f); sc.Scan(); {
		if lines = append(lines, sc.Text()); len(lines) > 20 {
			lines = lines[1:]
		}
	}
	return strings.Join(lines, "\n")
}
