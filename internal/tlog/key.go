package tlog

import (
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// algEd25519 is the byte before an Ed25519 key in a note key line.
const algEd25519 = 1

// VerifierOf gives the public line of a secret key, which package note does not tell. Returns an error that wraps ErrCheckpoint.
func VerifierOf(secret string) (string, error) {
	s, err := note.NewSigner(secret)
	if err != nil {
		return "", fmt.Errorf("%w: key: %w", ErrCheckpoint, err)
	}
	fields := strings.SplitN(secret, "+", 5) // PRIVATE, KEY, name, hash, key; the key itself may hold a plus
	raw, err := base64.StdEncoding.DecodeString(fields[len(fields)-1])
	if err != nil || len(raw) != 1+ed25519.SeedSize || raw[0] != algEd25519 {
		return "", fmt.Errorf("%w: key is not Ed25519", ErrCheckpoint)
	}
	public := ed25519.NewKeyFromSeed(raw[1:]).Public().(ed25519.PublicKey)
	return note.NewEd25519VerifierKey(s.Name(), public)
}
