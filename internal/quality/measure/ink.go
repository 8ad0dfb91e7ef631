package measure

import (
	"image"
	"image/color"
	"math/bits"
)

// Ink is the shape of a signature: where in the box around its strokes there is more ink than in the middle of its cells, 16 cells wide and 8
// high. Moving, scaling and storing a picture anew leave it nearly as it is; another signature has another.
type Ink [2]uint64

// InkBits is how many bits an Ink has.
const InkBits = 128

const (
	inkColumns, inkRows = 16, 8
	leastInk            = 100 // pixels; fewer are no signature
)

// InkOf gives the shape of what is drawn dark on a light or clear ground; false when there is next to nothing.
func InkOf(img image.Image) (Ink, bool) {
	b := img.Bounds()
	box := image.Rectangle{}
	n := 0
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			if dark(img.At(x, y)) {
				box = box.Union(image.Rect(x, y, x+1, y+1))
				n++
			}
		}
	}
	var out Ink
	if n < leastInk || box.Dx() < inkColumns || box.Dy() < inkRows {
		return out, false
	}
	var cells [inkColumns * inkRows]float64
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			if dark(img.At(x, y)) {
				cells[(y-box.Min.Y)*inkRows/box.Dy()*inkColumns+(x-box.Min.X)*inkColumns/box.Dx()]++
			}
		}
	}
	middle := Median(cells[:])
	for i, c := range cells {
		if c > middle {
			out[i/64] |= 1 << (i % 64)
		}
	}
	return out, true
}

// Distance is in how many cells two shapes differ.
func (a Ink) Distance(b Ink) int { return bits.OnesCount64(a[0]^b[0]) + bits.OnesCount64(a[1]^b[1]) }

func dark(c color.Color) bool {
	r, g, b, a := c.RGBA() // premultiplied: on a clear ground all are 0
	return a > 0x7fff && r+g+b < 3*0x7fff
}
