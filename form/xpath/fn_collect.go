package xpath

import (
	"crypto/ed25519"
	"encoding/base64"
	"strings"
)

// Functions that only JavaRosa and ODK Collect have.
func init() {
	strToBool2("is-selected", selected)
	register(1, -1, func(_ *compiler, _ *call, a []*prog) *prog { return a[0] }, "depend")
	register(0, 0, func(*compiler, *call, []*prog) *prog {
		return stringProg(func(m *machine) string { return m.env.Version })
	}, "version")
	strToStr2("extract-signed", extractSigned)
	register(1, 1, func(_ *compiler, _ *call, a []*prog) *prog {
		return boolProg(func(m *machine) bool {
			pts, ok := m.points(a)
			return ok && m.spend(len(pts)*len(pts)/8) && crossesItself(pts)
		})
	}, "intersects")
}

// extractSigned returns the message in a signed content: base64 of an Ed25519
// signature (64 bytes) and the message behind it. It is "" when the signature is
// not that of the public key (base64).
func extractSigned(content, key string) string {
	c, ok1 := decodeBase64(content)
	k, ok2 := decodeBase64(key)
	if !ok1 || !ok2 || len(k) != ed25519.PublicKeySize || len(c) < ed25519.SignatureSize {
		return ""
	}
	sig, message := c[:ed25519.SignatureSize], c[ed25519.SignatureSize:]
	if !ed25519.Verify(k, message, sig) {
		return ""
	}
	return strings.ToValidUTF8(string(message), "")
}

func decodeBase64(s string) ([]byte, bool) {
	s = strings.TrimRight(strings.Join(strings.Fields(s), ""), "=")
	b, err := base64.RawStdEncoding.DecodeString(s)
	return b, err == nil
}

// crossesItself tells whether two pieces of a line meet elsewhere than where
// one follows the other; the ends of a closed line follow each other too.
func crossesItself(pts []point) bool {
	line := pts[:1:1]
	for _, p := range pts[1:] {
		if p != line[len(line)-1] {
			line = append(line, p)
		}
	}
	n := len(line) - 1 // pieces
	ring := n > 2 && line[0] == line[n]
	for i := range n {
		for j := i + 1; j < n; j++ {
			a, b, c, d := line[i], line[i+1], line[j], line[j+1]
			switch {
			case j == i+1:
				if turn(a, b, d) == 0 && (within(a, b, d) || within(b, d, a)) {
					return true // back along itself
				}
			case ring && i == 0 && j == n-1:
				if turn(a, b, c) == 0 && (within(a, b, c) || within(c, d, b)) {
					return true
				}
			case meet(a, b, c, d):
				return true
			}
		}
	}
	return false
}

// turn is positive when a, b, c turn left, 0 when they are on one line.
func turn(a, b, c point) float64 {
	return (b.lon-a.lon)*(c.lat-a.lat) - (b.lat-a.lat)*(c.lon-a.lon)
}

// within tells whether p, on the line through a and b, is on the piece a–b.
func within(a, b, p point) bool {
	return min(a.lon, b.lon) <= p.lon && p.lon <= max(a.lon, b.lon) && min(a.lat, b.lat) <= p.lat && p.lat <= max(a.lat, b.lat)
}

func meet(a, b, c, d point) bool {
	t1, t2, t3, t4 := turn(a, b, c), turn(a, b, d), turn(c, d, a), turn(c, d, b)
	if (t1 > 0 && t2 < 0 || t1 < 0 && t2 > 0) && (t3 > 0 && t4 < 0 || t3 < 0 && t4 > 0) {
		return true
	}
	return t1 == 0 && within(a, b, c) || t2 == 0 && within(a, b, d) || t3 == 0 && within(c, d, a) || t4 == 0 && within(c, d, b)
}
