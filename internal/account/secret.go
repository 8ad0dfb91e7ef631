package account

import (
	"context"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
)

// Cost is what one password hash costs: passes over Memory KiB. The stored hash names its own cost, so that the cost may be
// raised later.
type Cost struct {
	Time, Memory uint32
}

// DefaultCost follows the OWASP advice for argon2id: two passes over 19 MiB.
var DefaultCost = Cost{Time: 2, Memory: 19 << 10}

const hashBytes = 32

// hasher computes argon2id with a limit on how many run at once, so that a crowd at the door costs time, not memory.
type hasher struct {
	cost Cost
	slot chan struct{}
}

func newHasher(c Cost, parallel int) *hasher {
	return &hasher{cost: c, slot: make(chan struct{}, parallel)}
}

func (h *hasher) key(ctx context.Context, password string, salt []byte, c Cost) ([]byte, error) {
	select {
	case h.slot <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-h.slot }()
	return argon2.IDKey([]byte(password), salt, c.Time, c.Memory, 1, hashBytes), nil
}

// hash gives the stored form: $argon2id$v=19$m=19456,t=2,p=1$salt$key.
func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	salt := random(16)
	key, err := h.key(ctx, password, salt, h.cost)
	if err != nil {
		return "", err
	}
	return encode(h.cost, salt, key), nil
}

func encode(c Cost, salt, key []byte) string {
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=1$%s$%s", argon2.Version, c.Memory, c.Time, b64(salt), b64(key))
}

// verify compares in the same time whether or not there is a stored hash: without one it computes a hash all the same.
func (h *hasher) verify(ctx context.Context, password, stored string) (bool, error) {
	c, salt, want, ok := decode(stored)
	if !ok {
		c, salt, want = h.cost, make([]byte, 16), make([]byte, hashBytes)
	}
	got, err := h.key(ctx, password, salt, c)
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(got, want) == 1 && ok, nil
}

func decode(stored string) (c Cost, salt, key []byte, ok bool) {
	part := strings.Split(stored, "$")
	if len(part) != 6 || part[1] != "argon2id" {
		return c, nil, nil, false
	}
	if _, err := fmt.Sscanf(part[3], "m=%d,t=%d,p=1", &c.Memory, &c.Time); err != nil || c.Time == 0 || c.Memory > 1<<20 {
		return c, nil, nil, false
	}
	salt, err1 := base64.RawStdEncoding.DecodeString(part[4])
	key, err2 := base64.RawStdEncoding.DecodeString(part[5])
	return c, salt, key, err1 == nil && err2 == nil && len(key) == hashBytes
}

// PIN is what the phone needs to check a PIN without a network. Salt and Hash are base64 (standard alphabet, padded);
// Hash is PBKDF2-SHA256 of the PIN's digits, 32 bytes.
type PIN struct {
	Salt       string `json:"salt"`
	Iterations int    `json:"iterations"`
	Hash       string `json:"hash"`
}

// pinIterations is the OWASP figure for PBKDF2-SHA256.
const pinIterations = 600_000

func newPIN(digits string) (PIN, error) {
	salt := random(16)
	key, err := pbkdf2.Key(sha256.New, digits, salt, pinIterations, hashBytes)
	if err != nil {
		return PIN{}, fmt.Errorf("hash PIN: %w", err)
	}
	b64 := base64.StdEncoding.EncodeToString
	return PIN{Salt: b64(salt), Iterations: pinIterations, Hash: b64(key)}, nil
}

// random gives n bytes from the system; crypto/rand never fails since Go 1.24.
func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b)
	return b
}

func digestOf(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}
