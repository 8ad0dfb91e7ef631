package tlog

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// ErrCheckpoint is wrapped by every complaint about a checkpoint.
var ErrCheckpoint = errors.New("checkpoint")

// NewKey makes a key pair for the log called origin: the signer's secret and what a verifier is given. Both are one line of text.
func NewKey(origin string) (secret, verifier string, err error) {
	return note.GenerateKey(rand.Reader, origin)
}

// Sign writes a signed checkpoint.
func Sign(origin, secret string, h Head) (string, error) {
	s, err := note.NewSigner(secret)
	if err != nil {
		return "", fmt.Errorf("%w: key: %w", ErrCheckpoint, err)
	}
	text := origin + "\n" + strconv.FormatInt(h.Size, 10) + "\n" + base64.StdEncoding.EncodeToString(h.Root[:]) + "\n"
	signed, err := note.Sign(&note.Note{Text: text}, s)
	if err != nil {
		return "", fmt.Errorf("%w: sign: %w", ErrCheckpoint, err)
	}
	return string(signed), nil
}

// Open checks the signature of a checkpoint and gives what it says. Returns an error that wraps ErrCheckpoint.
func Open(origin, verifier, signed string) (Head, error) {
	v, err := note.NewVerifier(verifier)
	if err != nil {
		return Head{}, fmt.Errorf("%w: key: %w", ErrCheckpoint, err)
	}
	n, err := note.Open([]byte(signed), note.VerifierList(v))
	if err != nil {
		return Head{}, fmt.Errorf("%w: %w", ErrCheckpoint, err)
	}
	lines := strings.Split(n.Text, "\n") // later lines are extensions
	if len(lines) < 4 || lines[0] != origin {
		return Head{}, fmt.Errorf("%w: it is not of %s", ErrCheckpoint, origin)
	}
	var h Head
	h.Size, err = strconv.ParseInt(lines[1], 10, 64)
	root, err2 := base64.StdEncoding.DecodeString(lines[2])
	if err != nil || err2 != nil || h.Size < 0 || len(root) != len(h.Root) || lines[1] != strconv.FormatInt(h.Size, 10) {
		return Head{}, fmt.Errorf("%w: size or root is not readable", ErrCheckpoint)
	}
	copy(h.Root[:], root)
	return h, nil
}
