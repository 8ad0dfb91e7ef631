package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/alecthomas/kong"
)

// parse reads a command line without running it.
func parse(t *testing.T, args ...string) (cli, error) {
	t.Helper()
	var c cli
	p, err := kong.New(&c, kong.Name("ruhu"), kong.Exit(func(int) { t.Fatal("exit") }))
	if err != nil {
		t.Fatal(err)
	}
	_, err = p.Parse(args)
	return c, err
}

func TestAFlagWinsOverTheEnvironmentAndThatOverTheFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "ruhu.yaml")
	if err := os.WriteFile(file, []byte("addr: 127.0.0.1:1\ndata: /from/file\ncounty: '330102'\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("RUHU_ADDR", "127.0.0.1:2")
	t.Setenv("RUHU_DATA", "/from/environment")
	c, err := parse(t, "--config", file, "serve", "--addr", "127.0.0.1:3")
	if err != nil {
		t.Fatal(err)
	}
	got := c.Serve.Config
	if got.Addr != "127.0.0.1:3" || got.Data != "/from/environment" || got.County != "330102" || got.LogFormat != "text" {
		t.Errorf("%+v", got)
	}
}

func TestAKeyThatIsNoSettingIsRefused(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "ruhu.yaml")
	if err := os.WriteFile(file, []byte("adr: 127.0.0.1:1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := parse(t, "--config", file, "serve"); err == nil {
		t.Error("a misspelt key was accepted")
	}
	if _, err := parse(t, "--config", filepath.Join(t.TempDir(), "none.yaml"), "serve"); err == nil {
		t.Error("a missing file was accepted")
	}
}

func TestAWrongCommandLineHasItsOwnExitCode(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{}, {"no-such"}, {"serve", "--no-such"}} {
		if got := run(args); got != 2 {
			t.Errorf("%v: exit %d", args, got)
		}
	}
}
