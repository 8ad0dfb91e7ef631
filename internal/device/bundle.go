package device

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"hash"
	"io"

	"ruhu/internal/errs"
	"ruhu/internal/id"
)

// bundleMagic begins every package.
const bundleMagic = "RUHUPK01"

// Limits on a package. They bound the work, a real one stays far below.
const (
	MaxBundle  = 512 << 20
	maxHead    = 64 << 10
	maxRowBody = 16 << 20
	maxRows    = 100_000
)

// BundleHead is the first frame: what may be known without a key.
type BundleHead struct {
	Device   string   `json:"device"`
	Account  string   `json:"account"`
	Made     string   `json:"made"` // the phone's clock
	Envelope Envelope `json:"envelope"`
}

// frame is the JSON before each body.
type frame struct {
	T      string `json:"t"` // table; "end" for the last one
	K      string `json:"k,omitempty"`
	Count  int    `json:"count,omitempty"`
	SHA256 string `json:"sha256,omitempty"`
}

// BundleReader reads a package frame by frame.
type BundleReader struct {
	Head BundleHead
	r    *bufio.Reader
	sum  hash.Hash
	rows int
}

var errBundle = errs.Invalid.New("device.bundle")

// ReadBundle reads the head. Returns Invalid "device.bundle" for what is no package.
//
// Layout: 8 bytes magic, then frames of (4 bytes length, JSON, 4 bytes length, body), all lengths big-endian. The first frame is the head with
// an empty body, the last one is {"t":"end"} with the number of rows and the SHA-256 of the SHA-256 of each frame before it (a browser
// digests only what is whole in memory).
func ReadBundle(r io.Reader) (*BundleReader, error) {
	b := &BundleReader{r: bufio.NewReader(r), sum: sha256.New()}
	var magic [len(bundleMagic)]byte
	if _, err := io.ReadFull(b.r, magic[:]); err != nil || string(magic[:]) != bundleMagic {
		return nil, errBundle
	}
	head, raw, err := b.frame()
	if err != nil || len(raw) != 0 || json.Unmarshal(head, &b.Head) != nil {
		return nil, errBundle
	}
	b.add(framed(head, nil))
	for _, s := range []*string{&b.Head.Device, &b.Head.Account} {
		if *s, err = id.Parse(*s); err != nil {
			return nil, errBundle
		}
	}
	return b, nil
}

func (b *BundleReader) add(frame []byte) {
	d := sha256.Sum256(frame)
	b.sum.Write(d[:])
}

func (b *BundleReader) frame() (head, body []byte, err error) {
	if head, err = b.piece(maxHead); err != nil {
		return nil, nil, err
	}
	body, err = b.piece(maxRowBody)
	return head, body, err
}

func (b *BundleReader) piece(limit uint32) ([]byte, error) {
	var n [4]byte
	if _, err := io.ReadFull(b.r, n[:]); err != nil {
		return nil, err
	}
	size := binary.BigEndian.Uint32(n[:])
	if size > limit {
		return nil, errBundle
	}
	// The length is a claim: memory grows with what really comes.
	var out bytes.Buffer
	if _, err := io.CopyN(&out, b.r, int64(size)); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

func framed(head, body []byte) []byte {
	out := binary.BigEndian.AppendUint32(nil, uint32(len(head))) //nolint:gosec // bounded by piece
	out = append(out, head...)
	out = binary.BigEndian.AppendUint32(out, uint32(len(body))) //nolint:gosec // bounded by piece
	return append(out, body...)
}

// Next gives the next sealed row; io.EOF after a proper end. Returns Invalid "device.bundle" for a package that was cut short or
// changed on its way.
func (b *BundleReader) Next() (table, key string, sealed []byte, err error) {
	head, body, err := b.frame()
	if err != nil {
		return "", "", nil, errBundle
	}
	var f frame
	if json.Unmarshal(head, &f) != nil || f.T == "" {
		return "", "", nil, errBundle
	}
	if f.T == "end" {
		if f.Count != b.rows || f.SHA256 != hex.EncodeToString(b.sum.Sum(nil)) {
			return "", "", nil, errBundle
		}
		return "", "", nil, io.EOF
	}
	if b.rows++; b.rows > maxRows {
		return "", "", nil, errBundle
	}
	b.add(framed(head, body))
	return f.T, f.K, body, nil
}

// BundleWriter writes a package; it serves tests, phones have their own.
type BundleWriter struct {
	w    io.Writer
	sum  hash.Hash
	rows int
}

// WriteBundle writes magic and head.
func WriteBundle(w io.Writer, h BundleHead) (*BundleWriter, error) {
	head, err := json.Marshal(h)
	if err != nil {
		return nil, err
	}
	b := &BundleWriter{w: w, sum: sha256.New()}
	if _, err := w.Write([]byte(bundleMagic)); err != nil {
		return nil, err
	}
	return b, b.write(framed(head, nil))
}

// Row adds a sealed row.
func (b *BundleWriter) Row(table, key string, sealed []byte) error {
	head, err := json.Marshal(frame{T: table, K: key})
	if err != nil {
		return err
	}
	b.rows++
	return b.write(framed(head, sealed))
}

// End writes the last frame.
func (b *BundleWriter) End() error {
	head, err := json.Marshal(frame{T: "end", Count: b.rows, SHA256: hex.EncodeToString(b.sum.Sum(nil))})
	if err != nil {
		return err
	}
	_, err = b.w.Write(framed(head, nil))
	return err
}

func (b *BundleWriter) write(p []byte) error {
	d := sha256.Sum256(p)
	b.sum.Write(d[:])
	_, err := b.w.Write(p)
	return err
}

// isEnd reports whether Next has come to a proper end.
func isEnd(err error) bool { return errors.Is(err, io.EOF) }
