// Package small makes small pictures of photographs: bytes in, bytes out. What comes out is a JPEG that was drawn anew, so that nothing of the
// camera's notes (place, time, device) is in it.
package small

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	_ "image/gif" // other apps send what they like
	"image/jpeg"
	_ "image/png"
	"io"
)

// Longest is the longer side of a small picture in pixels: the width of a phone's screen, enough to know a house again.
const Longest = 320

// MaxBytes is the largest small picture.
const MaxBytes = 20 << 10

// maxPixels is what is decoded at most: four bytes each lie in memory. A phone's camera has 12 or 48 million, ours send 2.
const maxPixels = 50_000_000

// ErrPicture means that the bytes are no picture that can be read here. It stays so: the same bytes need not be tried again.
var ErrPicture = errors.New("no picture that can be read")

// tries are the sides and qualities that are tried until a picture is small enough. The last fits always: 160 × 160 pixels of noise do.
var tries = []struct{ side, quality int }{{Longest, 72}, {Longest, 60}, {Longest, 48}, {240, 50}, {200, 40}, {160, 30}}

// Of makes the small picture of a photograph, upright. Returns ErrPicture.
func Of(r io.ReadSeeker) ([]byte, error) {
	head, kind, err := image.DecodeConfig(r)
	if err != nil || head.Width < 1 || head.Height < 1 || head.Width > maxPixels/head.Height {
		return nil, ErrPicture
	}
	turn := 1
	if kind == "jpeg" {
		if _, err := r.Seek(0, io.SeekStart); err != nil {
			return nil, fmt.Errorf("read picture: %w", err)
		}
		turn = orientation(io.LimitReader(r, maxNotes))
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return nil, fmt.Errorf("read picture: %w", err)
	}
	img, _, err := image.Decode(r)
	if err != nil {
		return nil, ErrPicture
	}
	var out bytes.Buffer
	for _, t := range tries {
		out.Reset()
		if err := jpeg.Encode(&out, upright(shrink(img, t.side), turn), &jpeg.Options{Quality: t.quality}); err != nil {
			return nil, fmt.Errorf("draw picture: %w", err)
		}
		if out.Len() <= MaxBytes {
			return out.Bytes(), nil
		}
	}
	return nil, ErrPicture
}

// shrink gives a picture whose longer side has at most side pixels; each is the mean of those it stands for, on white where they are
// transparent. A smaller picture keeps its size.
func shrink(img image.Image, side int) *image.RGBA {
	b := img.Bounds()
	w, h := b.Dx(), b.Dy()
	tw, th := w, h
	if long := max(w, h); long > side {
		tw, th = max(1, w*side/long), max(1, h*side/long)
	}
	out := image.NewRGBA(image.Rect(0, 0, tw, th))
	for y := range th {
		y0, y1 := b.Min.Y+y*h/th, b.Min.Y+(y+1)*h/th
		for x := range tw {
			out.SetRGBA(x, y, mean(img, b.Min.X+x*w/tw, b.Min.X+(x+1)*w/tw, y0, y1))
		}
	}
	return out
}

func mean(img image.Image, x0, x1, y0, y1 int) color.RGBA {
	var r, g, b, n uint64
	if photo, ok := img.(*image.YCbCr); ok { // what cameras give, without an interface's call for each pixel
		for y := y0; y < y1; y++ {
			for x := x0; x < x1; x++ {
				i, j := photo.YOffset(x, y), photo.COffset(x, y)
				pr, pg, pb := color.YCbCrToRGB(photo.Y[i], photo.Cb[j], photo.Cr[j])
				r, g, b, n = r+uint64(pr), g+uint64(pg), b+uint64(pb), n+1
			}
		}
		return color.RGBA{uint8(r / n), uint8(g / n), uint8(b / n), 0xff}
	}
	for y := y0; y < y1; y++ {
		for x := x0; x < x1; x++ {
			pr, pg, pb, pa := img.At(x, y).RGBA()
			white := uint64(0xffff - pa)
			r, g, b, n = r+uint64(pr)+white, g+uint64(pg)+white, b+uint64(pb)+white, n+1
		}
	}
	return color.RGBA{uint8(r / n >> 8), uint8(g / n >> 8), uint8(b / n >> 8), 0xff}
}

// upright turns a picture as the camera's note says (EXIF 2.32, table 6: 1 is upright).
func upright(img *image.RGBA, turn int) *image.RGBA {
	if turn < 2 || turn > 8 {
		return img
	}
	w, h := img.Rect.Dx(), img.Rect.Dy()
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	if turn >= 5 {
		out = image.NewRGBA(image.Rect(0, 0, h, w))
	}
	for y := range h {
		for x := range w {
			to := [...][2]int{2: {w - 1 - x, y}, 3: {w - 1 - x, h - 1 - y}, 4: {x, h - 1 - y}, 5: {y, x}, 6: {h - 1 - y, x}, 7: {h - 1 - y, w - 1 - x}, 8: {y, w - 1 - x}}[turn]
			out.SetRGBA(to[0], to[1], img.RGBAAt(x, y))
		}
	}
	return out
}
