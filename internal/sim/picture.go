package sim

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math"
	"math/rand/v2"
)

// hand is how somebody signs: a scribble that comes out nearly the same each time.
type hand struct{ a, b, c float64 }

func newHand(r *rand.Rand) hand { return hand{1 + r.Float64()*2, 3 + r.Float64()*4, r.Float64() * 6} }

// again is the hand when it signs once more.
func (h hand) again(r *rand.Rand, varies float64) hand {
	return hand{h.a + varies*r.NormFloat64(), h.b + varies*r.NormFloat64(), h.c + varies*r.NormFloat64()}
}

// signature draws the scribble of a hand.
func (h hand) signature() ([]byte, error) {
	const width, height = 360, 140
	img := image.NewPaletted(image.Rect(0, 0, width, height), color.Palette{color.White, color.Black})
	for i := range 4000 {
		t := float64(i) / 4000
		x := 20 + t*(width-40) + 14*math.Sin(h.b*9*t+h.c)
		y := height/2 + 34*math.Sin(h.a*7*t+h.c)*math.Cos(h.b*3*t) + 10*math.Sin(23*t)
		for dx := range 3 {
			for dy := range 3 {
				img.SetColorIndex(int(x)+dx, int(y)+dy, 1)
			}
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		return nil, fmt.Errorf("draw signature: %w", err)
	}
	return out.Bytes(), nil
}

// housePicture draws a house before hills. It is plainly a drawing: nobody can take it for evidence.
func housePicture(r *rand.Rand) ([]byte, error) {
	const w, h = 640, 480
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	wall := color.RGBA{uint8(190 + r.IntN(50)), uint8(170 + r.IntN(50)), uint8(140 + r.IntN(40)), 255}
	roof := color.RGBA{uint8(90 + r.IntN(60)), uint8(60 + r.IntN(40)), 60, 255}
	hill := r.Float64() * 6
	for y := range h {
		for x := range w {
			c := color.RGBA{uint8(170 + y/8), uint8(205 + y/16), 235, 255}
			if float64(y) > 210+40*math.Sin(float64(x)/90+hill) {
				c = color.RGBA{95, 140, 90, 255}
			}
			if y > 380 {
				c = color.RGBA{150, 130, 100, 255}
			}
			if x > 170 && x < 470 && y > 230 && y < 400 {
				c = wall
			}
			if y >= 150 && y <= 230 && abs(x-320) < 60+(y-150)*3/2+20 {
				c = roof
			}
			if x > 295 && x < 345 && y > 300 && y < 400 || (x > 205 && x < 255 || x > 385 && x < 435) && y > 270 && y < 320 {
				c = color.RGBA{80, 70, 65, 255}
			}
			img.SetRGBA(x, y, c)
		}
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: 70}); err != nil {
		return nil, fmt.Errorf("draw picture: %w", err)
	}
	return out.Bytes(), nil
}

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}
