// Command ruhu-peer is our side of the comparison with the peer engine (web/peer): it plays forms and measures itself.
//
// It reads one JSON request a line and answers with one JSON line:
//
//	{"op":"case","seed":7}                     a random form with a plan, {"case":…}
//	{"op":"play","case":…}                     the form as XML and our trace, {"xml":…,"trace":[…]}
//	{"op":"sized","kind":"survey","n":60,"m":5} a form of a given size with answers, {"xml":…,"steps":…}
//	{"op":"bench","xml":…,"steps":…,"ms":300}  figures, see Figures
//
// A form that cannot be loaded is {"error":…}.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	_ "time/tzdata"

	"ruhu/form/formgen"
	"ruhu/form/xform"
	"ruhu/form/xform/trace"
)

type request struct {
	Op          string        `json:"op"`
	Seed        uint64        `json:"seed"`
	Case        *formgen.Case `json:"case"`
	Kind        string        `json:"kind"`
	N, M        int
	XML         string            `json:"xml"`
	Attachments map[string]string `json:"attachments"` // URI → text
	Steps       []trace.Step      `json:"steps"`
	MS          int               `json:"ms"`
}

type response struct {
	Case    *formgen.Case     `json:"case,omitempty"`
	XML     string            `json:"xml,omitempty"`
	Trace   []json.RawMessage `json:"trace,omitempty"`
	Steps   []trace.Step      `json:"steps,omitempty"`
	Figures *Figures          `json:"figures,omitempty"`
	Error   string            `json:"error,omitempty"`
}

func main() {
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	for {
		line, err := in.ReadBytes('\n')
		if err != nil {
			return
		}
		var q request
		r := response{}
		if err = json.Unmarshal(line, &q); err == nil {
			r, err = answer(&q)
		}
		if err != nil {
			r.Error = err.Error()
		}
		if err := out.Encode(r); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}

func answer(q *request) (response, error) {
	switch q.Op {
	case "case":
		c := formgen.Random(q.Seed)
		return response{Case: &c}, nil
	case "play":
		return play(q.Case)
	case "sized":
		f, steps := formgen.Sized(q.Kind, q.N, q.M)
		return response{XML: string(f.XML()), Steps: steps}, nil
	case "bench":
		f, err := measure(q)
		return response{Figures: f}, err
	}
	return response{}, fmt.Errorf("unknown operation %q", q.Op)
}

func play(c *formgen.Case) (response, error) {
	r := response{XML: string(c.Form.XML())}
	f, err := xform.Parse([]byte(r.XML), xform.Options{})
	if err != nil {
		return r, err
	}
	var b bytes.Buffer
	if err := trace.Run(f, &c.Plan, &b); err != nil {
		return r, err
	}
	for line := range bytes.Lines(b.Bytes()) {
		r.Trace = append(r.Trace, json.RawMessage(bytes.TrimSpace(line)))
	}
	return r, nil
}
