package docgen

import (
	"context"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"time"

	"ruhu/internal/errs"
)

// oldest is the first Chromium that prints text into the margins of pages (CSS Paged Media), which headers and page numbers need.
const oldest = 131

// names are the programs that are looked for when no path is given, in order.
var names = []string{"chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "microsoft-edge-stable"}

// browser is the program that prints.
type browser struct {
	path    string
	version int
}

// find gives the browser. Returns Unavailable "docgen.no_browser", "docgen.old_browser".
func find(ctx context.Context, path string) (browser, error) {
	if path == "" {
		for _, n := range names {
			if p, err := exec.LookPath(n); err == nil {
				path = p
				break
			}
		}
	}
	if path == "" {
		return browser{}, errs.Unavailable.New("docgen.no_browser")
	}
	if _, err := exec.LookPath(path); err != nil {
		return browser{}, errs.Unavailable.Wrap(err, "docgen.no_browser")
	}
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	home, err := os.MkdirTemp("", "ruhu-docgen-")
	if err != nil {
		return browser{}, err
	}
	defer func() { _ = os.RemoveAll(home) }() // a folder left behind harms nobody
	cmd := exec.CommandContext(ctx, path, "--version", "--no-sandbox", "--user-data-dir="+home)
	cmd.Env = environment(home)
	out, err := cmd.Output()
	if err != nil {
		return browser{}, errs.Unavailable.Wrap(err, "docgen.no_browser")
	}
	v := versionOf(string(out))
	if v < oldest {
		return browser{}, errs.Unavailable.New("docgen.old_browser", "version", v, "oldest", oldest)
	}
	return browser{path, v}, nil
}

var versionPattern = regexp.MustCompile(`\b(\d{1,4})\.\d+\.\d+`)

// versionOf reads the major version from what --version prints; 0 when there is none.
func versionOf(out string) int {
	m := versionPattern.FindStringSubmatch(out)
	if m == nil {
		return 0
	}
	v, _ := strconv.Atoi(m[1]) // at most four digits
	return v
}

// environment is all that the browser sees of ours.
func environment(home string) []string {
	return []string{"HOME=" + home, "TMPDIR=" + home, "PATH=" + os.Getenv("PATH"), "LANG=C.UTF-8", "FONTCONFIG_PATH=/etc/fonts"}
}
