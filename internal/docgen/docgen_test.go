package docgen_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"ruhu/internal/docgen"
	"ruhu/internal/errs"
)

// printer is a real one; tests that need the browser or the tools of poppler are skipped without them (make need-test installs both).
func printer(t *testing.T, o docgen.Options) *docgen.Printer {
	t.Helper()
	p := docgen.New(o)
	if err := p.Ready(context.Background()); err != nil {
		t.Skipf("no browser: %v", err)
	}
	return p
}

func tool(t *testing.T, name string, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		t.Skipf("%s is not installed", name)
	}
	out, err := exec.Command(name, args...).Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
	return string(out)
}

func html(l docgen.Layout, sections []docgen.Section, body ...string) docgen.Document {
	return docgen.Document{Sides: l.Sides, Sections: len(sections), Write: func(w io.Writer) error {
		_, err := fmt.Fprintf(w, `<!doctype html><html lang="zh-CN"><head>%s<style>body{margin:0;font:10.5pt %s}%s</style></head><body>`,
			docgen.Head, docgen.Serif, docgen.Style(l, sections))
		for i, b := range body {
			_, err = fmt.Fprintf(w, `<section class="%s" id="%[2]s"><a href="#%[2]s">.</a>%s</section>`, docgen.Class(i), docgen.Anchor(i), b)
		}
		return err
	}}
}

// only is a document that writes nothing but calls fn.
func only(fn func() error) docgen.Document {
	return docgen.Document{Write: func(io.Writer) error { return fn() }}
}

func TestADocumentHasItsTextItsFontsAndNumbersPerSection(t *testing.T) {
	t.Parallel()
	p := printer(t, docgen.Options{})
	qr, err := docgen.QR("https://ruhu.example/h/0190a1b2-0000-7000-8000-000000000001")
	if err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat("<p>若有一户漏登，由村干部当日补齐并签字。</p>", 60)
	var pdf bytes.Buffer
	n, err := p.Print(context.Background(), html(docgen.Layout{Dense: true, Foot: "打印人 某某"},
		[]docgen.Section{{"甲村 0001", `右"'\</style>`}, {"乙村 0002", ""}, {"丙村 0003", ""}}, string(qr)+"<h1>甲村</h1>"+long, "<h1>乙村</h1>", "<h1>丙村</h1>"+long), &pdf)
	if err != nil {
		t.Fatal(err)
	}
	if n != int64(pdf.Len()) || !bytes.HasPrefix(pdf.Bytes(), []byte("%PDF-")) {
		t.Fatalf("%d bytes of %d: %.20q", pdf.Len(), n, pdf.Bytes())
	}
	name := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(name, pdf.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	text := tool(t, "pdftotext", "-layout", name, "-")
	pages := strings.Split(strings.TrimSuffix(text, "\f"), "\f")
	flat := func(s string) string { return strings.Join(strings.Fields(s), "") }
	begins := map[string]int{}
	for i, page := range pages {
		got := flat(page)
		if got == "" {
			if i%2 == 0 {
				t.Errorf("page %d is empty and a front page", i+1)
			}
			continue
		}
		if !strings.Contains(got, "打印人某某") {
			t.Errorf("page %d does not say who printed it", i+1)
		}
		for _, v := range []string{"甲村0001", "乙村0002", "丙村0003"} {
			if !strings.Contains(got, v) {
				continue
			}
			if _, seen := begins[v]; !seen {
				begins[v] = i
			}
			own := i - begins[v] + 1
			if n := fmt.Sprintf("—%d—", own); !strings.Contains(got, n) || strings.HasSuffix(got, n) != (own%2 == 1) {
				t.Errorf("page %d is not numbered %d on its outer side: %s", i+1, own, got[max(0, len(got)-60):])
			}
		}
	}
	if len(begins) != 3 || begins["甲村0001"] != 0 || begins["乙村0002"]%2 != 0 || begins["丙村0003"]%2 != 0 || begins["丙村0003"] != begins["乙村0002"]+2 {
		t.Errorf("sections begin on pages %v (from 0) of %d: not all on front pages", begins, len(pages))
	}
	if out, err := exec.Command("pdfinfo", name).CombinedOutput(); err != nil || strings.Contains(string(out), "Syntax") {
		t.Errorf("pdfinfo: %v\n%s", err, out)
	}
	if got := flat(pages[0]); !strings.Contains(got, `右"'\</style>`) {
		t.Errorf("a header lost its characters: %s", got)
	}
	fonts := strings.Split(strings.TrimSpace(tool(t, "pdffonts", name)), "\n")[2:]
	for _, f := range fonts {
		if c := strings.Fields(f); len(c) < 6 || c[len(c)-5] != "yes" {
			t.Errorf("a font is not embedded: %s", f)
		}
	}
	if !bytes.Contains(pdf.Bytes(), []byte("(Noto Serif CJK SC)")) {
		t.Error("the Chinese font is not Noto Serif CJK")
	}
	if _, err := exec.LookPath("zbarimg"); err == nil {
		png := filepath.Join(t.TempDir(), "p")
		tool(t, "pdftoppm", "-r", "150", "-f", "1", "-l", "1", "-png", "-singlefile", name, png)
		if got := tool(t, "zbarimg", "-q", "--raw", png+".png"); strings.TrimSpace(got) != "https://ruhu.example/h/0190a1b2-0000-7000-8000-000000000001" {
			t.Errorf("the code says %q", got)
		}
	}
}

func TestNoHostIsContacted(t *testing.T) {
	t.Parallel()
	p := printer(t, docgen.Options{})
	asked := make(chan string, 10)
	url := listen(t, asked)
	body := fmt.Sprintf(`<img src="%[1]s/img"><link rel="stylesheet" href="%[1]s/css"><iframe src="%[1]s/frame"></iframe>`+
		`<script>fetch("%[1]s/script")</script><p style="background:url(%[1]s/bg)">x</p><object data="%[1]s/object"></object>`, url)
	if _, err := p.Print(context.Background(), html(docgen.Layout{}, make([]docgen.Section, 1), body), io.Discard); err != nil {
		t.Fatal(err)
	}
	select {
	case path := <-asked:
		t.Errorf("the browser asked for %s", path)
	default:
	}
}

func TestAMissingBrowserIsExplained(t *testing.T) {
	t.Parallel()
	p := docgen.New(docgen.Options{Chromium: filepath.Join(t.TempDir(), "none")})
	_, err := p.Print(context.Background(), html(docgen.Layout{}, nil), io.Discard)
	if errs.CodeOf(err) != "docgen.no_browser" || errs.CodeOf(p.Ready(context.Background())) != "docgen.no_browser" {
		t.Fatalf("%v", err)
	}
	e, _ := errs.As(err)
	if zh := e.Message("zh"); !strings.Contains(zh, "apt install chromium") {
		t.Errorf("%s does not say what to install", zh)
	}
}

// fake is a program that answers --version as a browser does and then does as script says.
func fake(t *testing.T, version, script string) string {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("a shell script stands for the browser")
	}
	name := filepath.Join(t.TempDir(), "browser")
	text := "#!/bin/sh\nif [ \"$1\" = --version ]; then echo 'Chromium " + version + "'; exit; fi\n" + script + "\n"
	if err := os.WriteFile(name, []byte(text), 0o700); err != nil { //nolint:gosec // a program must be executable
		t.Fatal(err)
	}
	return name
}

func TestABrowserThatFailsIsStoppedAndNamed(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, version, script, code string
		o                           docgen.Options
	}{
		{"too old", "99.0.1234.5", "", "docgen.old_browser", docgen.Options{}},
		{"crashes", "150.0.1.2", "exit 3", "docgen.failed", docgen.Options{}},
		{"writes nothing", "150.0.1.2", "exit 0", "docgen.failed", docgen.Options{}},
		{"hangs with a child", "150.0.1.2", "sleep 1000 & sleep 1000", "docgen.timeout", docgen.Options{Limit: 200 * time.Millisecond}},
		{"eats memory", "150.0.1.2", "exec sleep 1000", "docgen.memory", docgen.Options{Memory: 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.o.Chromium = fake(t, c.version, c.script)
			var out bytes.Buffer
			_, err := docgen.New(c.o).Print(context.Background(), html(docgen.Layout{}, nil), &out)
			if errs.CodeOf(err) != c.code || out.Len() > 0 {
				t.Errorf("%v, %d bytes, want %s", err, out.Len(), c.code)
			}
		})
	}
}

func TestDocumentsWaitForOneAnotherAndTheQueueIsShort(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	p := docgen.New(docgen.Options{Queue: 1, Chromium: fake(t, "150.0.1.2", "exit 0")})
	first, second := make(chan struct{}), make(chan struct{})
	hold := only(func() error { close(first); <-second; return errors.New("enough") })
	done := make(chan error, 2)
	go func() { _, err := p.Print(context.Background(), hold, io.Discard); done <- err }()
	<-first
	entered := false
	ctx, cancel := context.WithCancel(context.Background())
	waiting := make(chan struct{})
	go func() {
		close(waiting)
		_, err := p.Print(ctx, only(func() error { entered = true; return nil }), io.Discard)
		done <- err
	}()
	<-waiting
	for { // the second has its place in the queue once a third is refused
		_, err := p.Print(context.Background(), only(func() error { return errors.New("ran") }), io.Discard)
		if errs.CodeOf(err) == "docgen.busy" {
			break
		}
		runtime.Gosched()
		select {
		case <-t.Context().Done():
			t.Fatalf("never busy: %v, %s", err, dir)
		default:
		}
		if err != nil && err.Error() == "ran" {
			t.Fatal("two documents at a time")
		}
	}
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) || entered {
		t.Errorf("a document that gave up waiting: %v, written: %v", err, entered)
	}
	close(second)
	if err := <-done; err == nil || err.Error() != "enough" {
		t.Errorf("%v", err)
	}
}

func TestADocumentThatIsTooLargeIsRefused(t *testing.T) {
	t.Parallel()
	p := docgen.New(docgen.Options{MaxHTML: 1000, Chromium: fake(t, "150.0.1.2", "exit 0")})
	_, err := p.Print(context.Background(), html(docgen.Layout{}, nil, strings.Repeat("x", 10_000)), io.Discard)
	if errs.CodeOf(err) != "docgen.too_large" {
		t.Errorf("%v", err)
	}
}

func TestTextInHeadersCannotLeaveItsString(t *testing.T) {
	t.Parallel()
	for _, s := range []string{`"}`, `\`, "a\nb", "</style><script>", "a*/b", "\x00", "\u2028"} {
		css := string(docgen.Style(docgen.Layout{Foot: s}, []docgen.Section{{s, s}}))
		if strings.Contains(css, "script>") || strings.Contains(css, "</") || strings.ContainsAny(css, "\n\x00\u2028") {
			t.Errorf("%q: %s", s, css)
		}
		if n := strings.Count(css, `"`); n%2 != 0 {
			t.Errorf("%q opens a string", s)
		}
	}
}

func TestWhatIsNoPDFOfChromiumIsRefusedForTwoSidesOnly(t *testing.T) {
	t.Parallel()
	odd := fake(t, "150.0.1.2", `for a; do case $a in --print-to-pdf=*) echo "%PDF-1.7 of another kind" > "${a#--print-to-pdf=}" ;; esac; done`)
	for sides, code := range map[docgen.Sides]string{docgen.TwoSided: "docgen.sides", docgen.OneSided: ""} {
		d := html(docgen.Layout{Sides: sides}, make([]docgen.Section, 2), "a", "b")
		if _, err := docgen.New(docgen.Options{Chromium: odd}).Print(context.Background(), d, io.Discard); errs.CodeOf(err) != code {
			t.Errorf("sides %d: %v, want %q", sides, err, code)
		}
	}
}
