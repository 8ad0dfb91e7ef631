package quality_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ruhu/internal/db"
	"ruhu/internal/db/dbtest"
	"ruhu/internal/id"
	"ruhu/internal/quality"
	st "ruhu/internal/submission/submissiontest"
)

const signed = `signatures:
  - kind: household
    steps:
      - {code: household, title: {zh: 被访户, en: Household}, item: photo, drawn: true, sign_for: [supervisor]}
      - {code: enumerator, title: {zh: 调查员, en: Enumerator}, item: enumerator_1, drawing: hand}
      - {code: first, title: {zh: 复核, en: Re-check}, level: first}
      - {code: second, title: {zh: 镇办, en: Township}, level: second}
`

// stroke draws a thick line from one place to another on a sheet.
func stroke(t *testing.T, w *st.World, level png.CompressionLevel, x0, y0, x1, y1 int) string {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, 360, 140))
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	for i := range 1000 {
		x, y := x0+(x1-x0)*i/1000, y0+(y1-y0)*i*i/1_000_000
		for d := range 16 {
			img.SetGray(x+d%4, y+d/4, color.Gray{})
		}
	}
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: level}).Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	d, _, err := w.Blobs.Put(t.Context(), &b, 1<<20, "")
	if err != nil {
		t.Fatal(err)
	}
	return string(d) + ".png"
}

func TestASignatureThatWasStoredAnewForAnotherHouseholdIsFound(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := st.NewBy(t, d, 4, st.Book()+signed)
		q := quality.NewService(d, w.Bus, w.Surveys, w.Assigns, w.Reader, w.Blobs)
		q.Listen()
		w.Plan(t)
		names := []string{
			stroke(t, w, png.BestSpeed, 20, 20, 330, 120), stroke(t, w, png.NoCompression, 20, 20, 330, 120), // the same picture in two files
			stroke(t, w, png.BestSpeed, 330, 20, 20, 120), "", // another one, and one that has not come
		}
		names[3] = string(bytes.Repeat([]byte("0"), 64)) + ".png"
		hand := stroke(t, w, png.BestSpeed, 20, 120, 330, 20) // the enumerator's, under every form
		var subs []string
		for i, name := range names {
			subs = append(subs, w.Send(t, w.Visits[i], id.New(), 0, map[string]string{"photo": name, "hand": hand}))
		}
		if _, err := q.Run(t.Context(), w.Office, w.Campaign.ID); err != nil {
			t.Fatal(err)
		}
		p, err := q.List(t.Context(), w.Supervisor, w.Campaign.ID, quality.Filter{Rule: "alike_signature"})
		if err != nil {
			t.Fatal(err)
		}
		got := map[string][]string{}
		for _, f := range p.Items {
			got[f.Submission] = f.Others
		}
		if d := cmp.Diff(map[string][]string{subs[0]: {subs[1]}, subs[1]: {subs[0]}}, got); d != "" {
			t.Error(d)
		}
		for _, rule := range []string{"duplicate_photo", "duplicate_signature"} {
			if p, _ = q.List(t.Context(), w.Supervisor, w.Campaign.ID, quality.Filter{Rule: rule}); len(p.Items) != 0 {
				t.Errorf("%s: a signature is taken for something else: %+v", rule, p.Items)
			}
		}
	})
}
