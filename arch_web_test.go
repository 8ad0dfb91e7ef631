package ruhu_test

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Static imports of files by their way; `import()` is left out: the router fetches screens with it, and they may name the router.
var webImport = regexp.MustCompile(`(?:^|\n)(?:import|export)\b[^'"()]*?['"](\.[^'"]*)['"]`)

// webSources gives the files under web/apps and web/packages with what each imports from its own workspace.
func webSources(t *testing.T) map[string][]string {
	t.Helper()
	text := map[string]string{}
	for _, root := range []string{"web/apps", "web/packages"} {
		err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if d.IsDir() && (d.Name() == "node_modules" || d.Name() == "dist") {
				return filepath.SkipDir
			}
			if name := d.Name(); (strings.HasSuffix(name, ".ts") || strings.HasSuffix(name, ".vue")) && !strings.HasSuffix(name, ".spec.ts") {
				raw, err := os.ReadFile(p)
				if err != nil {
					return err
				}
				text[filepath.ToSlash(p)] = string(raw)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(text) < 300 {
		t.Fatalf("found only %d files", len(text))
	}
	out := map[string][]string{}
	for file, body := range text {
		out[file] = nil
		for _, m := range webImport.FindAllStringSubmatch(body, -1) {
			at := path.Join(path.Dir(file), m[1])
			for _, end := range []string{"", ".ts", "/index.ts"} {
				if _, ok := text[at+end]; ok {
					out[file] = append(out[file], at+end)
					break
				}
			}
		}
	}
	return out
}

// circle gives the files that import one another in a ring, nil if there are none.
func circle(imports map[string][]string) []string {
	const under, done = 1, 2
	state := map[string]int{}
	var way []string
	var walk func(string) []string
	walk = func(file string) []string {
		state[file] = under
		way = append(way, file)
		for _, next := range imports[file] {
			if state[next] == under {
				return append(slices.Clone(way[slices.Index(way, next):]), next)
			}
			if state[next] != done {
				if found := walk(next); found != nil {
					return found
				}
			}
		}
		way = way[:len(way)-1]
		state[file] = done
		return nil
	}
	files := make([]string, 0, len(imports))
	for file := range imports {
		files = append(files, file)
	}
	slices.Sort(files)
	for _, file := range files {
		if state[file] != done {
			if found := walk(file); found != nil {
				return found
			}
		}
	}
	return nil
}

func TestWebFilesImportInNoCircle(t *testing.T) {
	imports := webSources(t)
	edges := 0
	for _, to := range imports {
		edges += len(to)
	}
	if edges < 800 {
		t.Fatalf("found only %d imports", edges)
	}
	if found := circle(imports); found != nil {
		t.Errorf("files import one another: %s", strings.Join(found, " → "))
	}
}

func TestCircleIsFound(t *testing.T) {
	got := circle(map[string][]string{"a": {"b"}, "b": {"c", "d"}, "c": {}, "d": {"b"}})
	if want := []string{"b", "d", "b"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
