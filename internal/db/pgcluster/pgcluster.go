// Package pgcluster runs a private PostgreSQL cluster in a folder of its own: for tests, for benchmarks, and for nobody's
// production. It listens on 127.0.0.1 on a free port, sorts by code point, and is gone when stopped.
package pgcluster

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"sort"
	"strconv"
	"syscall"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
)

// Cluster is a running PostgreSQL.
type Cluster struct {
	dir  string
	cmd  *exec.Cmd
	port int
	log  *os.File
}

// ErrMissing says that no PostgreSQL server program is installed.
var ErrMissing = errors.New("no PostgreSQL server programs found (Debian: apt-get install postgresql)")

// Start makes a cluster and waits until it answers. durable keeps fsync on, as production does; tests leave it off.
func Start(ctx context.Context, durable bool) (*Cluster, error) {
	bin, err := binDir()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "ruhu-pg-")
	if err != nil {
		return nil, fmt.Errorf("make cluster folder: %w", err)
	}
	c := &Cluster{dir: dir}
	cred, err := credential(dir)
	if err != nil {
		_ = os.RemoveAll(dir)
		return nil, err
	}
	if err := c.start(ctx, bin, cred, durable); err != nil {
		_ = c.Stop()
		return nil, err
	}
	return c, nil
}

func (c *Cluster) start(ctx context.Context, bin string, cred *syscall.SysProcAttr, durable bool) error {
	data := filepath.Join(c.dir, "data")
	initdb := exec.CommandContext(ctx, filepath.Join(bin, "initdb"), "-D", data, "-U", "ruhu", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
	initdb.SysProcAttr, initdb.Dir = cred, c.dir
	if out, err := initdb.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}
	port, err := freePort()
	if err != nil {
		return err
	}
	c.port = port
	args := []string{"-D", data, "-p", strconv.Itoa(port), "-h", "127.0.0.1", "-k", c.dir, "-c", "max_connections=300"}
	if !durable {
		args = append(args, "-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")
	}
	log, err := os.Create(filepath.Join(c.dir, "server.log"))
	if err != nil {
		return fmt.Errorf("cluster log: %w", err)
	}
	c.log = log
	c.cmd = exec.Command(filepath.Join(bin, "postgres"), args...) // it lives until Stop
	c.cmd.SysProcAttr, c.cmd.Dir, c.cmd.Stdout, c.cmd.Stderr = cred, c.dir, log, log
	if err := c.cmd.Start(); err != nil {
		c.cmd = nil
		return fmt.Errorf("start postgres: %w", err)
	}
	return c.wait(ctx)
}

func (c *Cluster) wait(ctx context.Context) error {
	pool, err := sql.Open("pgx", c.DSN("postgres"))
	if err != nil {
		return err
	}
	defer func() { _ = pool.Close() }()
	for range 300 {
		if err = pool.PingContext(ctx); err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
	text, _ := os.ReadFile(c.log.Name()) // a missing log leaves the message shorter
	return fmt.Errorf("postgres does not answer: %w\n%s", err, text)
}

// DSN is the address of a database of the cluster.
func (c *Cluster) DSN(database string) string {
	return fmt.Sprintf("postgres://ruhu@127.0.0.1:%d/%s?sslmode=disable", c.port, database)
}

// PID is the server's first process; those that serve connections are its children.
func (c *Cluster) PID() int { return c.cmd.Process.Pid }

// Stop ends the server and removes the folder.
func (c *Cluster) Stop() error {
	if c.cmd != nil {
		_ = c.cmd.Process.Signal(syscall.SIGINT) // fast shutdown
		_ = c.cmd.Wait()                         // the exit code of a server that was told to stop says nothing
	}
	if c.log != nil {
		_ = c.log.Close()
	}
	return os.RemoveAll(c.dir)
}

// binDir finds the newest installed server: Debian keeps the programs out of PATH.
func binDir() (string, error) {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb") // the pattern is well-formed
	sort.Slice(found, func(i, j int) bool { return version(found[i]) < version(found[j]) })
	if len(found) > 0 {
		return filepath.Dir(found[len(found)-1]), nil
	}
	if p, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(p), nil
	}
	return "", ErrMissing
}

func version(path string) int {
	n, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(path)))) // a name that is no number sorts first
	return n
}

// credential makes the server run as an ordinary user when we are root: PostgreSQL refuses to run as root.
func credential(dir string) (*syscall.SysProcAttr, error) {
	attr := &syscall.SysProcAttr{Pdeathsig: syscall.SIGINT}
	if os.Geteuid() != 0 {
		return attr, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		if u, err = user.Lookup("nobody"); err != nil {
			return nil, fmt.Errorf("find a user for postgres: %w", err)
		}
	}
	uid, err1 := strconv.Atoi(u.Uid)
	gid, err2 := strconv.Atoi(u.Gid)
	if err := errors.Join(err1, err2); err != nil {
		return nil, fmt.Errorf("user %s: %w", u.Username, err)
	}
	attr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)} // ids of the password file fit
	return attr, os.Chown(dir, uid, gid)
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("find a free port: %w", err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().(*net.TCPAddr).Port, nil
}
