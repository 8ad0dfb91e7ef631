package docgen

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"time"

	"ruhu/internal/errs"
)

// Options are limits of a Printer. Zero values mean the defaults.
type Options struct {
	Chromium string        // path of the browser; "" looks for one
	Limit    time.Duration // for one document; 4 min
	Memory   int64         // bytes that all processes of the browser may hold together; 3 GiB. Watched on Linux only
	Queue    int           // documents that may wait; 16
	MaxHTML  int64         // bytes of one document; 96 MiB
}

// Printer prints documents, one at a time. It is safe for many goroutines.
type Printer struct {
	o       Options
	turn    chan struct{} // holds one token while a document is printed
	waiting chan struct{} // one token per document that waits or is printed

	mu    sync.Mutex
	found *browser // once it has been found
}

// New makes a Printer. The browser is looked for when it is first needed.
func New(o Options) *Printer {
	if o.Limit == 0 {
		o.Limit = 4 * time.Minute
	}
	if o.Memory == 0 {
		o.Memory = 3 << 30
	}
	if o.Queue == 0 {
		o.Queue = 16
	}
	if o.MaxHTML == 0 {
		o.MaxHTML = 96 << 20
	}
	return &Printer{o: o, turn: make(chan struct{}, 1), waiting: make(chan struct{}, o.Queue+1)}
}

// Ready reports whether documents can be printed. Returns Unavailable "docgen.no_browser", "docgen.old_browser".
func (p *Printer) Ready(ctx context.Context) error {
	_, err := p.browser(ctx)
	return err
}

func (p *Printer) browser(ctx context.Context) (browser, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.found != nil {
		return *p.found, nil
	}
	b, err := find(ctx, p.o.Chromium) // one that is missing may be installed at any time
	if err == nil {
		p.found = &b
	}
	return b, err
}

// Document is what Print is given.
type Document struct {
	Write    func(w io.Writer) error // the HTML; called once, when the turn has come
	Sides    Sides
	Sections int
}

// Print writes the PDF of a document to out and gives its size in bytes. Nothing has been written to out when an error is returned, unless out itself failed.
// Returns Unavailable "docgen.no_browser", "docgen.old_browser", "docgen.busy" (the queue is full), "docgen.timeout",
// "docgen.memory", "docgen.failed", "docgen.sides" (two-sided pages cannot be arranged), TooLarge "docgen.too_large"; errors of Write and out as they are.
func (p *Printer) Print(ctx context.Context, d Document, out io.Writer) (int64, error) {
	select {
	case p.waiting <- struct{}{}:
		defer func() { <-p.waiting }()
	default:
		return 0, errs.Unavailable.New("docgen.busy", "limit", p.o.Queue)
	}
	b, err := p.browser(ctx)
	if err != nil {
		return 0, err
	}
	select {
	case p.turn <- struct{}{}:
		defer func() { <-p.turn }()
	case <-ctx.Done():
		return 0, ctx.Err()
	}
	dir, err := os.MkdirTemp("", "ruhu-docgen-") // readable by us alone: documents hold names and numbers
	if err != nil {
		return 0, fmt.Errorf("print: %w", err)
	}
	defer func() { _ = os.RemoveAll(dir) }() // what is left is in a folder of ours alone
	page, pdf := filepath.Join(dir, "page.html"), filepath.Join(dir, "page.pdf")
	if err := p.write(page, d.Write); err != nil {
		return 0, err
	}
	if err := p.run(ctx, b, dir, page, pdf); err != nil {
		return 0, err
	}
	made, err := os.ReadFile(pdf)
	if err != nil {
		return 0, errs.Unavailable.Wrap(err, "docgen.failed")
	}
	var more []byte
	if d.Sides == TwoSided && d.Sections > 1 {
		if more, err = frontPages(made, d.Sections); err != nil {
			return 0, errs.Unavailable.Wrap(err, "docgen.sides")
		}
	}
	n, err := out.Write(append(made, more...))
	return int64(n), err
}

func (p *Printer) write(name string, html func(io.Writer) error) error {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("print: %w", err)
	}
	w := bufio.NewWriterSize(f, 64<<10)
	err = html(&limited{w, p.o.MaxHTML, p.o.MaxHTML})
	return errors.Join(err, w.Flush(), f.Close())
}

// limited refuses more than left bytes.
type limited struct {
	w     io.Writer
	left  int64
	limit int64
}

func (l *limited) Write(b []byte) (int, error) {
	if int64(len(b)) > l.left {
		return 0, errs.TooLarge.New("docgen.too_large", "limit", l.limit)
	}
	n, err := l.w.Write(b)
	l.left -= int64(n)
	return n, err
}

// run starts the browser and waits for the file.
func (p *Printer) run(ctx context.Context, b browser, dir, page, pdf string) error {
	ctx, cancel := context.WithTimeoutCause(ctx, p.o.Limit, errTime)
	defer cancel()
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	// The wrapper of some distributions is a shell script: the browser is its child, so the whole group is ended.
	cmd := exec.CommandContext(ctx, b.path, arguments(dir, page, pdf)...)
	cmd.Env, cmd.Dir = environment(dir), dir
	group(cmd)
	cmd.WaitDelay = 5 * time.Second
	if err := cmd.Start(); err != nil {
		return errs.Unavailable.Wrap(err, "docgen.failed")
	}
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		watch(ctx, cmd.Process.Pid, p.o.Memory, func() { stop(errMemory) })
	}()
	err := cmd.Wait()
	cause := context.Cause(ctx)
	stop(nil)
	<-watched
	endGroup(cmd)
	switch {
	case errors.Is(cause, errTime):
		return errs.Unavailable.New("docgen.timeout", "seconds", int(p.o.Limit.Seconds()))
	case errors.Is(cause, errMemory):
		return errs.Unavailable.New("docgen.memory", "mebibytes", p.o.Memory>>20)
	case cause != nil:
		return cause
	case err != nil:
		return errs.Unavailable.Wrap(err, "docgen.failed")
	}
	return nil
}

var (
	errTime   = errors.New("the browser took too long")
	errMemory = errors.New("the browser took too much memory")
)

func arguments(dir, page, pdf string) []string {
	return []string{
		"--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
		"--user-data-dir=" + filepath.Join(dir, "profile"),
		"--no-first-run", "--no-default-browser-check", "--disable-extensions", "--disable-sync", "--disable-component-update",
		"--disable-default-apps", "--disable-dev-shm-usage", "--disable-breakpad", "--disable-crash-reporter",
		"--host-resolver-rules=MAP * ~NOTFOUND", // no name is ever looked up
		"--proxy-server=127.0.0.1:9",            // and nothing goes to an address
		"--disable-pdf-tagging",                 // half the time and a third of the bytes; nobody listens to paper
		"--no-pdf-header-footer", "--print-to-pdf=" + pdf,
		(&url.URL{Scheme: "file", Path: page}).String(),
	}
}
