package layout_test

import (
	"context"
	"fmt"
	"io"
	"testing"

	"ruhu/form/xform"
	"ruhu/internal/docgen"
	"ruhu/internal/paper/layout"
	"ruhu/internal/playbook"
	"ruhu/playbooks"
)

// document makes the prefilled forms of n made-up households with the first form of the first playbook.
func document(tb testing.TB, n int, l docgen.Layout) layout.Document {
	tb.Helper()
	lib := playbook.NewLibrary(playbooks.FS)
	ids, err := lib.IDs()
	if err != nil {
		tb.Fatal(err)
	}
	pb, err := lib.Load(ids[0])
	if err != nil {
		tb.Fatal(err)
	}
	f, err := xform.Parse(pb.Forms[0].XForm, xform.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	d := layout.Document{Lang: "zh", Title: "测试", Layout: l}
	for i := range n {
		code := fmt.Sprintf("99010110100%04d", i)
		var ms []layout.Member
		for m := range 4 {
			ms = append(ms, layout.Member{Name: fmt.Sprintf("成员%d", m), Relation: "子女", Sex: "male", IDNumber: "990101199001010000"})
		}
		sh, err := layout.Build(layout.Input{Form: f, Lang: "zh", Members: ms, Spare: 3, Prefill: map[string]string{
			"household.id": code, "household.county": "示例县", "household.township": "示例镇", "household.village": "某村", "household.group": "3组",
			"household.head_name": fmt.Sprintf("户主%d", i), "household.head_id_number": "990101199001010000", "household.phone": "10000000000", "household.size": "4",
		}})
		if err != nil {
			tb.Fatal(err)
		}
		sh.Title = pb.Forms[0].Title.ZH
		sh.Signers = append(sh.Signers, "复核", "镇办审核")
		sh.House = &layout.House{ID: code, Code: code, Village: "某村", Group: "3组", Head: fmt.Sprintf("户主%d", i), Class: "脱贫户", URL: "https://ruhu.example/h/" + code}
		d.Parts = append(d.Parts, layout.Part{Header: docgen.Section{Left: "某村 " + code, Right: sh.Title}, Sheet: &sh})
	}
	return d
}

// BenchmarkForms200 prints the prefilled forms of 200 households into one PDF: layout, and layout with the browser.
func BenchmarkForms200(b *testing.B) {
	b.Run("html", func(b *testing.B) {
		for b.Loop() {
			d := document(b, 200, docgen.Layout{Dense: true})
			if err := layout.Write(io.Discard, d); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("pdf", func(b *testing.B) {
		p := docgen.New(docgen.Options{})
		if err := p.Ready(context.Background()); err != nil {
			b.Skip(err)
		}
		d := document(b, 200, docgen.Layout{Dense: true})
		for b.Loop() {
			n, err := p.Print(context.Background(), docgen.Document{
				Sections: len(d.Parts), Write: func(w io.Writer) error { return layout.Write(w, d) },
			}, io.Discard)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(n), "pdf_bytes")
		}
	})
}
