package device

import (
	"crypto/cipher"
	"crypto/rand"
	"encoding/binary"
	"encoding/json"

	"ruhu/internal/errs"
)

// sealVersion is the first byte of every sealed row.
const sealVersion = 1

// rowAAD binds a sealed row to its place, so that rows cannot be exchanged.
func rowAAD(device, table, key string) []byte {
	return []byte("ruhu row v1\n" + device + "\n" + table + "\n" + key)
}

// Row is a decrypted row: a JSON value, and bytes where the row holds a picture.
type Row struct {
	Table, Key string
	Value      json.RawMessage
	Bytes      []byte
}

// Opener decrypts the rows of one device.
type Opener struct {
	gcm    cipher.AEAD
	device string
}

// NewOpener takes the device's data key of 32 bytes. Returns Invalid "device.envelope" for another length.
func NewOpener(dataKey []byte, device string) (*Opener, error) {
	if len(dataKey) != dataKeyBytes {
		return nil, errs.Invalid.New("device.envelope")
	}
	gcm, err := gcmOf(dataKey)
	return &Opener{gcm, device}, err
}

// Open decrypts a row: version, nonce, ciphertext of (length of the JSON in 4 bytes, JSON, bytes). Returns Invalid "device.row" when it was
// changed, belongs to another place or another key.
func (o *Opener) Open(table, key string, sealed []byte) (Row, error) {
	bad := errs.Invalid.New("device.row", "table", table)
	if len(sealed) < 1+nonceBytes || sealed[0] != sealVersion {
		return Row{}, bad
	}
	plain, err := o.gcm.Open(nil, sealed[1:1+nonceBytes], sealed[1+nonceBytes:], rowAAD(o.device, table, key))
	if err != nil || len(plain) < 4 {
		return Row{}, bad
	}
	n := binary.BigEndian.Uint32(plain)
	if uint64(n) > uint64(len(plain)-4) || !json.Valid(plain[4:4+n]) {
		return Row{}, bad
	}
	return Row{table, key, plain[4 : 4+n], plain[4+n:]}, nil
}

// Seal encrypts a row as the phone does; it serves tests.
func (o *Opener) Seal(r Row) []byte {
	plain := binary.BigEndian.AppendUint32(nil, uint32(len(r.Value))) //nolint:gosec // rows are small
	plain = append(append(plain, r.Value...), r.Bytes...)
	out := make([]byte, 1+nonceBytes, 1+nonceBytes+len(plain)+16)
	out[0] = sealVersion
	_, _ = rand.Read(out[1:]) // never fails since Go 1.24
	return o.gcm.Seal(out, out[1:], plain, rowAAD(o.device, r.Table, r.Key))
}
