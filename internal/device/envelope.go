package device

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"

	"ruhu/internal/errs"
)

// Envelope is a data key wrapped to a public key: ephemeral P-256 ECDH, HKDF-SHA256 with the ephemeral point as salt, AES-256-GCM.
// Bytes are base64 in JSON.
type Envelope struct {
	Key     string `json:"key"`     // id of the county's key
	Point   []byte `json:"point"`   // ephemeral public key, uncompressed, 65 bytes
	Nonce   []byte `json:"nonce"`   // 12 bytes
	Wrapped []byte `json:"wrapped"` // data key with tag, 48 bytes
}

const (
	envelopeInfo = "ruhu office key v1"
	dataKeyBytes = 32
	nonceBytes   = 12
)

// boundTo is the additional data that binds an envelope to the device and the person it was made for.
func boundTo(account, device string) []byte {
	return []byte("ruhu envelope v1\n" + account + "\n" + device)
}

// Wrap puts a data key into an envelope. The phone does the same in its own words; here it serves tests.
func Wrap(public *ecdh.PublicKey, keyID, account, device string, dataKey []byte) (Envelope, error) {
	once, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		return Envelope{}, err
	}
	shared, err := once.ECDH(public)
	if err != nil {
		return Envelope{}, err
	}
	e := Envelope{Key: keyID, Point: once.PublicKey().Bytes(), Nonce: make([]byte, nonceBytes)}
	_, _ = rand.Read(e.Nonce) // never fails since Go 1.24
	gcm, err := envelopeCipher(shared, e.Point)
	if err != nil {
		return Envelope{}, err
	}
	e.Wrapped = gcm.Seal(nil, e.Nonce, dataKey, boundTo(account, device))
	return e, nil
}

// unwrap takes the data key out. Returns Invalid "device.envelope" when it was not made for this key, person and device.
func (e Envelope) unwrap(private *ecdh.PrivateKey, account, device string) ([]byte, error) {
	point, err := ecdh.P256().NewPublicKey(e.Point)
	if err != nil || len(e.Nonce) != nonceBytes {
		return nil, errs.Invalid.New("device.envelope")
	}
	shared, err := private.ECDH(point)
	if err != nil {
		return nil, errs.Invalid.Wrap(err, "device.envelope")
	}
	gcm, err := envelopeCipher(shared, e.Point)
	if err != nil {
		return nil, err
	}
	key, err := gcm.Open(nil, e.Nonce, e.Wrapped, boundTo(account, device))
	if err != nil || len(key) != dataKeyBytes {
		return nil, errs.Invalid.New("device.envelope")
	}
	return key, nil
}

func envelopeCipher(shared, point []byte) (cipher.AEAD, error) {
	key, err := hkdf.Key(sha256.New, shared, point, envelopeInfo, 32)
	if err != nil {
		return nil, err
	}
	return gcmOf(key)
}

func gcmOf(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}
