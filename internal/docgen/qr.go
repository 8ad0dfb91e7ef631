package docgen

import (
	"fmt"
	"html/template"
	"strings"

	"github.com/skip2/go-qrcode"
)

// QR gives a QR code of text (error correction M: 15 % may be dirty) as inline SVG with a quiet zone of four modules; its size is set
// by CSS. Returns an error for a text of more than about 2,300 bytes.
func QR(text string) (template.HTML, error) {
	q, err := qrcode.New(text, qrcode.Medium)
	if err != nil {
		return "", fmt.Errorf("qr code: %w", err)
	}
	grid := q.Bitmap() // with the quiet zone
	var path strings.Builder
	for y, row := range grid {
		for x := 0; x < len(row); x++ {
			if !row[x] {
				continue
			}
			from := x
			for x < len(row) && row[x] {
				x++
			}
			fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", from, y, x-from, x-from)
		}
	}
	return template.HTML(fmt.Sprintf( //nolint:gosec // numbers only
		`<svg class="qr" viewBox="0 0 %d %d" shape-rendering="crispEdges"><path d="%s"/></svg>`, len(grid), len(grid), path.String())), nil
}

// QRImage is QR as a PNG of six pixels per module, for a screen.
func QRImage(text string) ([]byte, error) {
	q, err := qrcode.New(text, qrcode.Medium)
	if err != nil {
		return nil, fmt.Errorf("qr code: %w", err)
	}
	b, err := q.PNG(-6)
	if err != nil {
		return nil, fmt.Errorf("qr code: %w", err)
	}
	return b, nil
}
