package docgen

import (
	"fmt"
	"html/template"
	"strings"
)

// Sides says how sheets are printed.
type Sides int

// The ways to print a sheet.
const (
	TwoSided Sides = iota // sections begin on a front page, for which empty pages are put in; numbers stand outside
	OneSided
)

// Layout is the page of a document.
type Layout struct {
	Sides     Sides
	Landscape bool
	// Dense takes narrower margins than GB/T 9704 (37, 26, 35, 28 mm): forms and tables need the room. The binding edge stays wider.
	Dense bool
	Foot  string // small print in the middle of every footer
}

// Section is a part with a running header and page numbers of its own.
type Section struct {
	Left, Right string // of the header
}

// Fonts of documents, Noto CJK first; the fallbacks are for machines that print for a look only.
const (
	Serif = `"Noto Serif CJK SC","Source Han Serif SC","SimSun",serif`
	Sans  = `"Noto Sans CJK SC","Source Han Sans SC","SimHei",sans-serif`
)

// Style gives the CSS of pages: size, margins, headers, page numbers. The HTML element of the i-th section has the class of
// Class(i). Numbers begin at 1 in each section; they are written — 1 — as official documents have them, outside on two-sided sheets.
func Style(l Layout, sections []Section) template.CSS {
	var b strings.Builder
	size := "A4"
	if l.Landscape {
		size = "A4 landscape"
	}
	top, right, bottom, left := 37, 26, 35, 28
	if l.Dense {
		top, right, bottom, left = 20, 15, 18, 20
	}
	if l.Sides == TwoSided { // empty pages are put in later, so that nothing may depend on which side a page falls: half of both
		left, right = (left+right+1)/2, (left+right+1)/2
	}
	fmt.Fprintf(&b, "@page{size:%s;margin:%dmm %dmm %dmm %dmm;", size, top, right, bottom, left)
	for _, at := range []string{"top-left", "top-right", "bottom-left", "bottom-center", "bottom-right"} {
		fmt.Fprintf(&b, "@%s{font:8.5pt %s;color:#333;", at, Sans)
		if strings.HasPrefix(at, "top") {
			b.WriteString("vertical-align:bottom;padding-bottom:2mm;white-space:nowrap;")
		} else {
			b.WriteString("vertical-align:top;padding-top:3mm;white-space:nowrap;")
		}
		if at == "bottom-center" {
			fmt.Fprintf(&b, "font-size:7.5pt;color:#555;content:%s", cssString(l.Foot))
		}
		b.WriteString("}")
	}
	b.WriteString("}")
	b.WriteString(sideStyles())
	for i, s := range sections {
		n := `"— " counter(n` + fmt.Sprint(i) + `) " —"`
		fmt.Fprintf(&b, "@page s%d{counter-increment:n%d;@top-left{content:%s}@top-right{content:%s}}", i, i, cssString(s.Left), cssString(s.Right))
		if l.Sides == TwoSided {
			fmt.Fprintf(&b, "@page s%d{@bottom-right{content:counter(n%d,front)}@bottom-left{content:counter(n%d,back)}}", i, i, i)
		} else {
			fmt.Fprintf(&b, "@page s%d{@bottom-right{content:%s}}", i, n)
		}
		fmt.Fprintf(&b, ".s%d{page:s%d}", i, i)
	}
	b.WriteString(".section{break-before:page}.section:first-of-type{break-before:auto}")
	return template.CSS(b.String()) //nolint:gosec // numbers of ours, and text through cssString
}

// sideStyles are two ways to write page numbers: one writes the odd ones only, for the outside of front pages, the other the even ones. By
// the section's own number a page knows its side, whatever side Chromium thinks it on. Beyond the 200th page every number stands on both.
func sideStyles() string {
	var front, back strings.Builder
	for n := 1; n <= 200; n++ {
		s := fmt.Sprintf("\"— %d —\" ", n)
		if n%2 == 1 {
			front.WriteString(s)
			back.WriteString(`"" `)
		} else {
			front.WriteString(`"" `)
			back.WriteString(s)
		}
	}
	const rule = `@counter-style %s{system:fixed 1;symbols:%s;prefix:"";suffix:""}`
	return fmt.Sprintf(rule, "front", front.String()) + fmt.Sprintf(rule, "back", back.String())
}

// Class names the i-th section.
func Class(i int) string { return fmt.Sprintf("section s%d", i) }

// Anchor is the id of the i-th section's element. Its first line holds a link to itself, <a href="#…">, so that the PDF tells on which page
// a section begins; see TwoSided.
func Anchor(i int) string { return fmt.Sprintf("s%d", i) }

// cssString writes any text as a CSS string that cannot end its style element: everything but letters, digits and what is beyond ASCII
// becomes an escape.
func cssString(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9', r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r > 0x9f && r != 0x2028 && r != 0x2029:
			b.WriteRune(r)
		case r < 0x20, r >= 0x7f && r <= 0x9f:
			b.WriteByte(' ')
		default:
			fmt.Fprintf(&b, `\%06x`, r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// Head is what every document begins with: its character set, and the rule that it may load nothing.
const Head = template.HTML(`<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">`)
