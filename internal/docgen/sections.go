package docgen

import (
	"bytes"
	"regexp"
	"strconv"
)

var (
	pagesNode = regexp.MustCompile(`(\d+) 0 obj\s*<</Type /Pages\s[^>]*?/Kids \[([^\]]*)\]`)
	catalog   = regexp.MustCompile(`<</Type /Catalog\s[^>]*?/Pages (\d+) 0 R`)
	anchor    = regexp.MustCompile(`/s(\d+) \[(\d+) 0 R `)
	kid       = regexp.MustCompile(`(\d+) 0 R`)
)

// pagesOf counts the pages of each of n sections in a PDF that Chromium wrote, by the places that the sections' anchors lead to. ok is false
// when the file does not say it.
func pagesOf(pdf []byte, n int) (_ []int, ok bool) {
	kids := map[string][]string{}
	for _, m := range pagesNode.FindAllSubmatch(pdf, -1) {
		for _, k := range kid.FindAllSubmatch(m[2], -1) {
			kids[string(m[1])] = append(kids[string(m[1])], string(k[1]))
		}
	}
	root := catalog.FindSubmatch(pdf)
	at := bytes.Index(pdf, []byte("/s0 ["))
	if root == nil || at < 0 || n == 0 {
		return nil, false
	}
	place := map[string]int{} // page object → number, from 0
	var walk func(obj string, depth int)
	walk = func(obj string, depth int) {
		below, inner := kids[obj]
		if !inner {
			place[obj] = len(place)
		}
		for _, k := range below {
			if depth < 20 {
				walk(k, depth+1)
			}
		}
	}
	walk(string(root[1]), 0)
	begins := make([]int, n)
	seen := 0
	for _, m := range anchor.FindAllSubmatch(pdf[at:], -1) {
		i, err := strconv.Atoi(string(m[1]))
		p, known := place[string(m[2])]
		if err == nil && known && i < n {
			begins[i] = p
			seen++
		}
	}
	if seen != n {
		return nil, false
	}
	out := make([]int, n)
	for i := range out {
		end := len(place)
		if i+1 < n {
			end = begins[i+1]
		}
		if out[i] = end - begins[i]; out[i] < 1 {
			return nil, false
		}
	}
	return out, true
}

// odd tells after which sections an empty page is needed so that the next one begins on a front page; nil when none is.
func odd(pages []int) []bool {
	var out []bool
	for i, n := range pages[:max(0, len(pages)-1)] {
		if n%2 == 1 {
			if out == nil {
				out = make([]bool, len(pages))
			}
			out[i] = true
		}
	}
	return out
}
