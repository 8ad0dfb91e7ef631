package openrosa

import (
	"crypto/hmac"
	"crypto/md5" //nolint:gosec // digest authentication is defined with it
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Limits of nonces: how long one is good, how many are remembered, and how far behind the highest a count may arrive (a client may use several
// connections at once).
const (
	nonceLife = 10 * time.Minute
	maxNonces = 20_000
	window    = 64
)

// Guard gives nonces and takes each count of each of them once (RFC 2617). Nonces are signed with a key that lives as long as the Guard: after a restart
// clients are told that theirs are stale, and answer the next without asking the person.
type Guard struct {
	realm, domain string
	key           []byte
	now           func() time.Time

	mu   sync.Mutex
	used map[string]*counts
}

// counts are the request counts that were seen with a nonce: the highest, and which of those below it.
type counts struct {
	high uint64
	seen uint64 // bit i: high-i
	till time.Time
}

// NewGuard makes a Guard. domain is the address below which clients may send what they know unasked.
func NewGuard(realm, domain string, now func() time.Time) *Guard {
	key := make([]byte, 32)
	_, _ = rand.Read(key) // never fails
	return &Guard{realm: realm, domain: domain, key: key, now: now, used: map[string]*counts{}}
}

// Challenge is a value for WWW-Authenticate.
func (g *Guard) Challenge(stale bool) string {
	c := `Digest realm="` + g.realm + `", domain="` + g.domain + `", qop="auth", algorithm=MD5, nonce="` + g.nonce() + `"`
	if stale {
		c += `, stale=true`
	}
	return c
}

// nonce is time, 16 random bytes and a signature.
func (g *Guard) nonce() string {
	b := make([]byte, 24, 24+sha256.Size)
	binary.BigEndian.PutUint64(b, uint64(g.now().UnixMilli())) //nolint:gosec // after 1970
	_, _ = rand.Read(b[8:])                                    // never fails
	return base64.RawURLEncoding.EncodeToString(append(b, g.sign(b)...))
}

func (g *Guard) sign(b []byte) []byte {
	m := hmac.New(sha256.New, g.key)
	_, _ = m.Write(b) // a hash never fails
	return m.Sum(nil)
}

// Errors of Check. After ErrStale the client should try again with a new nonce; after ErrDigest it must ask the person.
var (
	ErrStale  = errors.New("nonce is stale or its count was used")
	ErrDigest = errors.New("digest does not fit")
)

// Digest is an Authorization header that has been read.
type Digest struct {
	User                                     string
	nonce, uri, qop, nc, cnonce, resp, realm string
}

// ParseDigest reads what stands behind "Digest " in an Authorization header.
func ParseDigest(s string) (Digest, error) {
	var d Digest
	f, err := params(s)
	if err != nil {
		return d, err
	}
	d = Digest{f["username"], f["nonce"], f["uri"], f["qop"], f["nc"], f["cnonce"], f["response"], f["realm"]}
	if a := f["algorithm"]; d.User == "" || d.nonce == "" || d.uri == "" || d.resp == "" || a != "" && !strings.EqualFold(a, "MD5") {
		return d, ErrDigest
	}
	return d, nil
}

// Check looks at realm, address, nonce and count of a request, and then whether the response follows from the person's HA1, which verify is asked to
// find and to hand to the function it gets. The count is spent only by a response that fits: nobody can spend another's.
func (g *Guard) Check(d Digest, method, uri string, verify func(proves func(ha1 string) bool) error) error {
	if d.realm != g.realm || d.qop != "auth" || d.uri != uri {
		return ErrDigest
	}
	n, err := strconv.ParseUint(d.nc, 16, 32)
	if err != nil || n == 0 || len(d.nc) != 8 || d.cnonce == "" {
		return ErrDigest
	}
	till, ok := g.own(d.nonce)
	if err := verify(func(ha1 string) bool {
		want := hash(ha1, d.nonce, d.nc, d.cnonce, d.qop, hash(method, d.uri))
		return subtle.ConstantTimeCompare([]byte(want), []byte(strings.ToLower(d.resp))) == 1
	}); err != nil {
		return err
	}
	if !ok || !g.spend(d.nonce, n, till) {
		return ErrStale
	}
	return nil
}

// own tells whether a nonce is ours and young enough, and until when.
func (g *Guard) own(nonce string) (time.Time, bool) {
	b, err := base64.RawURLEncoding.DecodeString(nonce)
	if err != nil || len(b) != 24+sha256.Size || !hmac.Equal(b[24:], g.sign(b[:24])) {
		return time.Time{}, false
	}
	till := time.UnixMilli(int64(binary.BigEndian.Uint64(b))).Add(nonceLife) //nolint:gosec // we wrote it
	return till, g.now().Before(till)
}

// spend takes a count of a nonce; false when it was taken, or is too far behind.
func (g *Guard) spend(nonce string, n uint64, till time.Time) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	c := g.used[nonce]
	if c == nil {
		if len(g.used) >= maxNonces {
			g.forget()
		}
		c = &counts{till: till}
		g.used[nonce] = c
	}
	if n > c.high {
		c.seen = c.seen<<(n-c.high) | 1 // a shift by 64 and more leaves nothing, as it should
		c.high = n
		return true
	}
	bit := uint64(1) << (c.high - n)
	if c.high-n >= window || c.seen&bit != 0 {
		return false
	}
	c.seen |= bit
	return true
}

// forget drops nonces that have run out. When all are young, a flood is under way: all are dropped with the key, so that none can be used twice.
func (g *Guard) forget() {
	now := g.now()
	for k, c := range g.used {
		if !now.Before(c.till) {
			delete(g.used, k)
		}
	}
	if len(g.used) >= maxNonces {
		_, _ = rand.Read(g.key) // never fails
		g.used = map[string]*counts{}
	}
}

func hash(parts ...string) string {
	sum := md5.Sum([]byte(strings.Join(parts, ":"))) //nolint:gosec // see the import
	return hex.EncodeToString(sum[:])
}

// params reads a list of name=value and name="value".
func params(s string) (map[string]string, error) {
	out := map[string]string{}
	for s = strings.TrimLeft(s, " \t,"); s != ""; s = strings.TrimLeft(s, " \t,") {
		name, rest, ok := strings.Cut(s, "=")
		name = strings.ToLower(strings.TrimSpace(name))
		if !ok || name == "" || len(out) > 20 {
			return nil, ErrDigest
		}
		var v strings.Builder
		rest = strings.TrimLeft(rest, " \t")
		if strings.HasPrefix(rest, `"`) {
			i := 1
			for ; i < len(rest) && rest[i] != '"'; i++ {
				if rest[i] == '\\' && i+1 < len(rest) {
					i++
				}
				v.WriteByte(rest[i])
			}
			if i >= len(rest) {
				return nil, ErrDigest
			}
			s = rest[i+1:]
		} else {
			var plain string
			plain, s, _ = strings.Cut(rest, ",")
			v.WriteString(strings.TrimSpace(plain))
		}
		if _, twice := out[name]; twice {
			return nil, ErrDigest
		}
		out[name] = v.String()
	}
	return out, nil
}
