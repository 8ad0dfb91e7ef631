package xpath

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"unicode/utf8"
)

// makeDigest compiles digest(data, algorithm, encoding?): MD5, SHA-1, SHA-256,
// SHA-384 or SHA-512 of the UTF-8 text, as base64 (default) or hex.
func makeDigest(_ *compiler, x *call, a []*prog) *prog {
	return stringProg(func(m *machine) string {
		data := []byte(a[0].str(m))
		var sum []byte
		switch strings.ToUpper(a[1].str(m)) {
		case "MD5":
			h := md5.Sum(data)
			sum = h[:]
		case "SHA-1", "SHA1":
			h := sha1.Sum(data)
			sum = h[:]
		case "SHA-256", "SHA256":
			h := sha256.Sum256(data)
			sum = h[:]
		case "SHA-384", "SHA384":
			h := sha512.Sum384(data)
			sum = h[:]
		case "SHA-512", "SHA512":
			h := sha512.Sum512(data)
			sum = h[:]
		default:
			m.fail(x, "the algorithm must be MD5, SHA-1, SHA-256, SHA-384 or SHA-512", nil)
			return ""
		}
		enc := "base64"
		if len(a) == 3 {
			enc = strings.ToLower(a[2].str(m))
		}
		switch enc {
		case "base64", "":
			return base64.StdEncoding.EncodeToString(sum)
		case "hex":
			return hex.EncodeToString(sum)
		}
		m.fail(x, "the encoding must be base64 or hex", nil)
		return ""
	})
}

// base64Decode decodes UTF-8 text; what cannot be decoded is "".
func base64Decode(s string) string {
	s = strings.TrimRight(strings.Join(strings.Fields(s), ""), "=")
	b, err := base64.RawStdEncoding.DecodeString(s)
	if err != nil || !utf8.Valid(b) {
		return ""
	}
	return string(b)
}
