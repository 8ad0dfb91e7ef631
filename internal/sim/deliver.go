package sim

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// deliver imports the departments' registers as an office does: upload, look at the guessed columns, check, load, wait.
func (p *player) deliver(ctx context.Context) error {
	for i := range p.lists {
		l := &p.lists[i]
		raw, err := l.file(p.world)
		if err != nil {
			return err
		}
		if err := p.importRegister(ctx, l.hint.Kind, l.hint.Name, raw.Bytes, len(l.rows)); err != nil {
			return fmt.Errorf("register %s: %w", l.hint.Kind, err)
		}
	}
	return nil
}

type registerFile struct {
	ID      string `json:"id"`
	State   string `json:"state"`
	Rows    int    `json:"rows"`
	LeftOut int    `json:"left_out"`
	Error   string `json:"error"`
}

func (p *player) importRegister(ctx context.Context, kind, name string, raw []byte, rows int) error {
	var f registerFile
	q := url.Values{"kind": {kind}, "name": {name}}
	if err := p.office.Do(ctx, http.MethodPost, "/campaigns/"+p.campaign+"/registers?"+q.Encode(), Raw{"application/octet-stream", raw}, &f); err != nil {
		return err
	}
	at := "/registers/" + f.ID
	var columns struct {
		Mapping json.RawMessage `json:"mapping"`
	}
	if err := p.office.Do(ctx, http.MethodGet, at+"/columns", nil, &columns); err != nil {
		return err
	}
	// A row that can't be read is left out, as an office does that has no time to write back to the department.
	load := map[string]any{"mapping": columns.Mapping, "skip_broken": true}
	if err := p.office.Do(ctx, http.MethodPost, at+"/check", load, nil); err != nil {
		return err
	}
	if err := p.office.Do(ctx, http.MethodPost, at+"/load", load, nil); err != nil {
		return err
	}
	err := p.waitFor(ctx, "register "+kind, func() (bool, error) {
		err := p.office.Do(ctx, http.MethodGet, at, nil, &f)
		return f.State != "loading" && f.State != "uploaded", err
	})
	if err != nil {
		return err
	}
	if f.State != "current" || f.Rows+f.LeftOut != rows {
		return fmt.Errorf("%s: state %s (%s), %d of %d rows, %d left out", kind, f.State, f.Error, f.Rows, rows, f.LeftOut)
	}
	p.sum.Registers = append(p.sum.Registers, RegisterSum{Kind: kind, File: name, Rows: f.Rows, LeftOut: f.LeftOut})
	return nil
}

// waitFor asks until done says yes.
func (p *player) waitFor(ctx context.Context, what string, done func() (bool, error)) error {
	for range 2400 {
		ok, err := done()
		if err != nil || ok {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
	return errStuck(what)
}
