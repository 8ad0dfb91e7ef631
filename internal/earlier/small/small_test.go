package small_test

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"strings"
	"testing"

	"ruhu/internal/earlier/small"
)

// photo draws a wide picture whose left upper corner is red, in any detail.
func photo(t *testing.T, w, h int, noise float64) *image.RGBA {
	t.Helper()
	r := rand.New(rand.NewPCG(1, 2))
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{60, 160, 90, 255}
			if x < w/3 && y < h/3 {
				c = color.RGBA{220, 30, 30, 255}
			}
			if r.Float64() < noise {
				c = color.RGBA{uint8(r.UintN(256)), uint8(r.UintN(256)), uint8(r.UintN(256)), 255}
			}
			img.SetRGBA(x, y, c)
		}
	}
	return img
}

// withNotes puts EXIF notes of a camera into a JPEG: how it was held, and a text that must not come through.
func withNotes(t *testing.T, img image.Image, order binary.ByteOrder, turn uint16) []byte {
	t.Helper()
	var plain bytes.Buffer
	if err := jpeg.Encode(&plain, img, &jpeg.Options{Quality: 90}); err != nil {
		t.Fatal(err)
	}
	mark := "II*\x00"
	if order == binary.BigEndian {
		mark = "MM\x00*"
	}
	tiff := append([]byte(mark), 0, 0, 0, 0)
	order.PutUint32(tiff[4:], 8)
	entry := make([]byte, 2+2*12+4)
	order.PutUint16(entry, 2)
	order.PutUint16(entry[2:], 0x010f) // the maker
	order.PutUint16(entry[14:], 0x0112)
	order.PutUint16(entry[16:], 3)
	order.PutUint32(entry[18:], 1)
	order.PutUint16(entry[22:], turn)
	notes := "Exif\x00\x00" + string(tiff) + string(entry) + "GPS 29.5 111.2"
	out := []byte{0xff, 0xd8, 0xff, 0xe1, 0, 0}
	binary.BigEndian.PutUint16(out[4:], uint16(len(notes)+2))
	return append(append(out, notes...), plain.Bytes()[2:]...)
}

func decoded(t *testing.T, b []byte) image.Image {
	t.Helper()
	img, kind, err := image.Decode(bytes.NewReader(b))
	if err != nil || kind != "jpeg" {
		t.Fatalf("%s, %v", kind, err)
	}
	return img
}

// corner tells in which corner the red is.
func corner(img image.Image) string {
	b := img.Bounds()
	for name, p := range map[string]image.Point{
		"top left": {b.Dx() / 8, b.Dy() / 8}, "top right": {b.Dx() * 7 / 8, b.Dy() / 8},
		"bottom left": {b.Dx() / 8, b.Dy() * 7 / 8}, "bottom right": {b.Dx() * 7 / 8, b.Dy() * 7 / 8},
	} {
		if r, g, _, _ := img.At(p.X, p.Y).RGBA(); r > 2*g {
			return name
		}
	}
	return "nowhere"
}

func TestEveryWayOfHoldingTheCameraComesOutUpright(t *testing.T) {
	t.Parallel()
	img := photo(t, 900, 600, 0)
	for turn, want := range map[uint16]string{
		0: "top left", 1: "top left", 2: "top right", 3: "bottom right", 4: "bottom left",
		5: "top left", 6: "top right", 7: "bottom right", 8: "bottom left", 9: "top left",
	} {
		for _, order := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
			got, err := small.Of(bytes.NewReader(withNotes(t, img, order, turn)))
			if err != nil {
				t.Fatal(err)
			}
			out := decoded(t, got)
			wide := out.Bounds().Dx() == small.Longest && out.Bounds().Dy() == 213
			high := out.Bounds().Dy() == small.Longest && out.Bounds().Dx() == 213
			if corner(out) != want || (turn >= 5 && turn <= 8) != high || high == wide {
				t.Errorf("turn %d, %v: red is %s in %v, want %s", turn, order, corner(out), out.Bounds(), want)
			}
		}
	}
}

func TestNothingOfTheCamerasNotesIsLeft(t *testing.T) {
	t.Parallel()
	in := withNotes(t, photo(t, 1600, 1200, 0.1), binary.LittleEndian, 6)
	if !bytes.Contains(in, []byte("GPS 29.5")) {
		t.Fatal("the picture has no notes to lose")
	}
	got, err := small.Of(bytes.NewReader(in))
	if err != nil {
		t.Fatal(err)
	}
	for _, trace := range []string{"Exif", "GPS", "II*", "MM\x00*", "http"} {
		if strings.Contains(string(got), trace) {
			t.Errorf("%q came through", trace)
		}
	}
}

func TestTheSmallPictureIsSmallWhateverIsOnIt(t *testing.T) {
	t.Parallel()
	for _, noise := range []float64{0, 0.2, 1} {
		got, err := small.Of(bytes.NewReader(withNotes(t, photo(t, 1600, 1200, noise), binary.LittleEndian, 1)))
		if err != nil || len(got) > small.MaxBytes {
			t.Errorf("noise %v: %d bytes, %v", noise, len(got), err)
		}
	}
	// One pixel for each: nothing evens the noise out.
	got, err := small.Of(bytes.NewReader(withNotes(t, photo(t, 320, 320, 1), binary.LittleEndian, 1)))
	if err != nil || len(got) > small.MaxBytes {
		t.Errorf("small noise: %d bytes, %v", len(got), err)
	}
}

func TestOtherKindsAndStrangeShapesAreDrawnToo(t *testing.T) {
	t.Parallel()
	clear := image.NewNRGBA(image.Rect(0, 0, 4000, 3)) // transparent: as on white paper
	var b bytes.Buffer
	if err := png.Encode(&b, clear); err != nil {
		t.Fatal(err)
	}
	got, err := small.Of(bytes.NewReader(b.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	out := decoded(t, got)
	if r, _, _, _ := out.At(5, 0).RGBA(); out.Bounds().Dx() != small.Longest || out.Bounds().Dy() != 1 || r < 0xf000 {
		t.Errorf("%v, red %x", out.Bounds(), r)
	}
	tiny, err := small.Of(bytes.NewReader(withNotes(t, photo(t, 30, 20, 0), binary.LittleEndian, 1)))
	if err != nil || decoded(t, tiny).Bounds().Dx() != 30 {
		t.Errorf("a picture that is small already: %v", err)
	}
}

func TestWhatIsNoPictureIsSaidToBeNone(t *testing.T) {
	t.Parallel()
	whole := withNotes(t, photo(t, 400, 300, 0.5), binary.LittleEndian, 1)
	for name, b := range map[string][]byte{
		"nothing": nil, "text": []byte("no picture"), "cut off": whole[:len(whole)/2],
		"a bomb": large(t),
	} {
		if _, err := small.Of(bytes.NewReader(b)); err != small.ErrPicture { //nolint:errorlint // it must be this very one
			t.Errorf("%s: %v", name, err)
		}
	}
}

// large draws more pixels than are decoded; as a file it is small.
func large(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewPaletted(image.Rect(0, 0, 8000, 7000), color.Palette{color.White, color.Black})); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func FuzzOf(f *testing.F) {
	f.Add([]byte("\xff\xd8\xff\xe1\x00\x10Exif\x00\x00II*\x00\x08\x00\x00\x00\xff\xff"))
	f.Fuzz(func(t *testing.T, b []byte) {
		got, err := small.Of(bytes.NewReader(b))
		if err == nil && len(got) > small.MaxBytes {
			t.Errorf("%d bytes", len(got))
		}
	})
}
