package device

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"math/big"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"ruhu/internal/db"
	"ruhu/internal/errs"
)

// Badge is what a phone shows for another one to scan: who holds it, which phone it is, and the minute, signed with the phone's key. The layout is
// in docs/sync.md; the phone's half is web/apps/field/src/badge.
type Badge struct {
	Account, Device string
	Minute          int64 // since 1970
	signature       []byte
}

const (
	badgePrefix    = "RUHU1:"
	badgeBytes     = 16 + 16 + 4 + signatureBytes
	signatureBytes = 64
	// BadgeMinutes is how far the clocks of two phones may be apart.
	BadgeMinutes = 2
)

var base32NoPad = base32.StdEncoding.WithPadding(base32.NoPadding)

// ReadBadge reads the text of a code. Returns Invalid "device.badge_unreadable".
func ReadBadge(text string) (Badge, error) {
	bad := errs.Invalid.New("device.badge_unreadable")
	body, ok := strings.CutPrefix(text, badgePrefix)
	b, err := base32NoPad.DecodeString(body)
	if !ok || err != nil || len(b) != badgeBytes || len(body) != base32NoPad.EncodedLen(badgeBytes) {
		return Badge{}, bad
	}
	account, _ := uuid.FromBytes(b[:16])  // of 16 bytes
	device, _ := uuid.FromBytes(b[16:32]) // of 16 bytes
	return Badge{account.String(), device.String(), int64(binary.BigEndian.Uint32(b[32:36])), b[36:]}, nil
}

// Text is the code of a badge with a signature (r and s, 32 bytes each); it serves tests, phones have their own.
func (b Badge) Text(sign func(signed []byte) []byte) string {
	account, device := uuid.MustParse(b.Account), uuid.MustParse(b.Device)
	raw := binary.BigEndian.AppendUint32(append(account[:], device[:]...), uint32(b.Minute)) //nolint:gosec // until 10137
	return badgePrefix + base32NoPad.EncodeToString(append(raw, sign(b.signed())...))
}

// signed is what the phone signs.
func (b Badge) signed() []byte {
	return []byte("ruhu badge v1\n" + b.Account + "\n" + b.Device + "\n" + strconv.FormatInt(b.Minute, 10))
}

// At is the beginning of the minute.
func (b Badge) At() time.Time { return time.Unix(b.Minute*60, 0) }

// SignedBy reports whether the key of point made the signature.
func (b Badge) SignedBy(point []byte) bool {
	key, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), point)
	if err != nil {
		return false
	}
	sum := sha256.Sum256(b.signed())
	r, s := new(big.Int).SetBytes(b.signature[:32]), new(big.Int).SetBytes(b.signature[32:])
	return ecdsa.Verify(key, sum[:], r, s)
}

// BadgeKey is a phone's public key.
type BadgeKey struct {
	Account string
	Device  string
	Point   []byte
	Ended   db.Time // zero: it is good
}

// Check says why a badge does not confirm what somebody else noted at a time; nil when it does. keys are those of its device. Returns Conflict
// "device.badge_unknown", "device.badge_forged", "device.badge_ended", "device.badge_time".
func (b Badge) Check(keys []BadgeKey, at time.Time) error {
	code := "device.badge_unknown"
	for _, k := range keys {
		switch {
		case k.Device != b.Device || k.Account != b.Account:
		case !b.SignedBy(k.Point):
			code = "device.badge_forged"
		case !k.Ended.IsZero() && !b.At().Before(k.Ended.Time()):
			return errs.Conflict.New("device.badge_ended")
		default:
			if off := at.Unix()/60 - b.Minute; off < -BadgeMinutes || off > BadgeMinutes {
				return errs.Conflict.New("device.badge_time", "minutes", max(off, -off))
			}
			return nil
		}
	}
	return errs.Conflict.New(code)
}
