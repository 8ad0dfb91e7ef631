package measure_test

import (
	"image"
	"image/color"
	"math"
	"math/rand/v2"
	"testing"

	"ruhu/internal/quality/measure"
)

// scribble draws a line of its own on a picture; its shape follows from the seed.
func scribble(seed uint64, width, height, moved int) image.Image {
	r := rand.New(rand.NewPCG(seed, 1))
	img := image.NewGray(image.Rect(0, 0, width+moved, height+moved))
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	a, b, c := 1+r.Float64()*3, 2+r.Float64()*6, r.Float64()*6
	for i := range 4000 {
		t := float64(i) / 4000
		x := float64(width) * (0.1 + 0.8*t + 0.05*math.Sin(b*9*t+c))
		y := float64(height) * (0.5 + 0.3*math.Sin(a*7*t+c)*math.Cos(b*3*t))
		for d := range 9 {
			img.SetGray(int(x)+d%3+moved, int(y)+d/3+moved, color.Gray{})
		}
	}
	return img
}

func TestASignatureThatWasMovedOrScaledHasTheSameShapeAndAnotherHasNot(t *testing.T) {
	t.Parallel()
	var shapes []measure.Ink
	for seed := range uint64(60) {
		ink, ok := measure.InkOf(scribble(seed, 360, 140, 0))
		if !ok {
			t.Fatalf("signature %d has no ink", seed)
		}
		for what, img := range map[string]image.Image{"moved": scribble(seed, 360, 140, 11), "scaled": scribble(seed, 540, 210, 0)} {
			if other, _ := measure.InkOf(img); ink.Distance(other) > 16 {
				t.Errorf("signature %d, %s: %d of %d cells differ", seed, what, ink.Distance(other), measure.InkBits)
			} else if what == "moved" && ink != other {
				t.Errorf("signature %d, moved: %d cells differ", seed, ink.Distance(other))
			}
		}
		shapes = append(shapes, ink)
	}
	for i, a := range shapes {
		for j, b := range shapes[:i] {
			if a.Distance(b) <= 8 {
				t.Errorf("signatures %d and %d differ in %d cells only", i, j, a.Distance(b))
			}
		}
	}
	if _, ok := measure.InkOf(image.NewNRGBA(image.Rect(0, 0, 300, 100))); ok {
		t.Error("an empty picture has a shape")
	}
}
