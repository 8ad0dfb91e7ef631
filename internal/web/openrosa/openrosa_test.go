package openrosa_test

import (
	"bytes"
	"compress/zlib"
	"encoding/base64"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ruhu/internal/device"
	"ruhu/internal/docgen"
	"ruhu/internal/web/openrosa"
)

// The example of RFC 2617, section 3.5, has another nonce than we would give; its arithmetic must be ours.
func TestTheResponseIsComputedAsTheRFCDoes(t *testing.T) {
	t.Parallel()
	d, err := openrosa.ParseDigest(`username="Mufasa", realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", uri="/dir/index.html", ` +
		`qop=auth, nc=00000001, cnonce="0a4f113b", response="6629fae49393a05397450978507c4ef1", opaque="5ccc069c403ebaf9f0171e9517f40e41"`)
	if err != nil || d.User != "Mufasa" {
		t.Fatal(d, err)
	}
	g := openrosa.NewGuard("testrealm@host.com", "/", time.Now)
	fits := false
	err = g.Check(d, "GET", "/dir/index.html", func(proves func(string) bool) error {
		fits = proves("939e7578ed9e3c518a452acee763bce9") && !proves("00000000000000000000000000000000")
		return nil
	})
	if !fits || err != openrosa.ErrStale { //nolint:errorlint // the very value
		t.Errorf("fits %v, %v: the nonce is not ours", fits, err)
	}
}

func nonceOf(t *testing.T, challenge string) string {
	t.Helper()
	_, rest, ok := strings.Cut(challenge, `nonce="`)
	n, _, _ := strings.Cut(rest, `"`)
	if !ok || len(n) < 40 {
		t.Fatalf("challenge %s", challenge)
	}
	return n
}

func TestACountIsTakenOnceAndANonceForAWhile(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 4, 1, 8, 0, 0, 0, time.UTC)
	g := openrosa.NewGuard("r", "/", func() time.Time { return now })
	nonce := nonceOf(t, g.Challenge(false))
	ask := func(nc string) error {
		d, err := openrosa.ParseDigest(`username="u", realm="r", nonce="` + nonce + `", uri="/", qop=auth, nc=` + nc + `, cnonce="c", response="x"`)
		if err != nil {
			t.Fatal(err)
		}
		return g.Check(d, "GET", "/", func(func(string) bool) error { return nil })
	}
	for _, tc := range []struct {
		nc   string
		want error
	}{
		{"00000001", nil},
		{"00000001", openrosa.ErrStale},
		{"00000003", nil},
		{"00000002", nil},
		{"00000002", openrosa.ErrStale},
		{"00000100", nil},
		{"000000c1", nil},
		{"000000c0", openrosa.ErrStale},
		{"00000100", openrosa.ErrStale},
		{"00000000", openrosa.ErrDigest},
		{"1", openrosa.ErrDigest},
		{"zzzzzzzz", openrosa.ErrDigest},
	} {
		if got := ask(tc.nc); got != tc.want { //nolint:errorlint // the very value
			t.Errorf("count %s: %v, want %v", tc.nc, got, tc.want)
		}
	}
	now = now.Add(11 * time.Minute)
	if got := ask("00000200"); got != openrosa.ErrStale { //nolint:errorlint // the very value
		t.Errorf("after eleven minutes: %v", got)
	}
	if !strings.HasSuffix(g.Challenge(true), "stale=true") {
		t.Error("the client is not told")
	}
}

func TestTheCodeOnTheScreenIsWhatCollectReads(t *testing.T) {
	t.Parallel()
	want := openrosa.ForCollect("https://ruhu.example/openrosa/key/990101-abcdefgh.aaaaaaaaaaaaaaaaaaaaa", "张三", "zhang")
	text, err := want.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if reader, err := exec.LookPath("zbarimg"); err == nil { // zbar-tools, which the end-to-end tests need anyway
		png, err := docgen.QRImage(text)
		if err != nil {
			t.Fatal(err)
		}
		at := filepath.Join(t.TempDir(), "code.png")
		if err := os.WriteFile(at, png, 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.CommandContext(t.Context(), reader, "-q", "--raw", at).Output()
		if err != nil {
			t.Fatalf("zbarimg: %v", err)
		}
		text = strings.TrimSpace(string(out))
	}
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	z, err := zlib.NewReader(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]map[string]any
	if err := json.Unmarshal(b, &got); err != nil {
		t.Fatal(err)
	}
	if got["general"]["server_url"] != want.General.ServerURL || got["general"]["form_update_mode"] != "match_exactly" || got["admin"] == nil || got["project"]["name"] != "张三" {
		t.Errorf("settings %s", b)
	}
}

func TestAKeysHA1IsThatOfTheRealm(t *testing.T) {
	t.Parallel()
	if got := device.HA1("Mufasa", "Circle Of Life"); len(got) != 32 || got == device.HA1("Mufasa", "circle of life") {
		t.Errorf("HA1 %s", got)
	}
}

func FuzzReadBody(f *testing.F) {
	whole := "--b\r\nContent-Disposition: form-data; name=\"xml_submission_file\"; filename=\"r.xml\"\r\n\r\n<data/>\r\n" +
		"--b\r\nContent-Disposition: form-data; name=\"p\"; filename=\"../p.jpg\"\r\n\r\nxyz\r\n--b--\r\n"
	f.Add("multipart/form-data; boundary=b", []byte(whole))
	f.Add("multipart/form-data; boundary=b", []byte(whole[:120]))
	f.Add("text/xml", []byte("<data/>"))
	f.Fuzz(func(t *testing.T, ctype string, body []byte) {
		const limit = 1 << 10
		record, err := openrosa.ReadBody(ctype, bytes.NewReader(body), limit, func(name string, r io.Reader) error {
			if name == "" || strings.ContainsAny(name, "/\\\x00\n") || name == ".." {
				t.Errorf("file name %q", name)
			}
			_, err := io.Copy(io.Discard, r)
			return err
		})
		if err == nil && (record == nil || len(record) > limit || len(record) > len(body)) {
			t.Errorf("a record of %d bytes out of %d", len(record), len(body))
		}
	})
}

func FuzzParseDigest(f *testing.F) {
	f.Add(`username="a\"b", realm=r , nonce="n",uri="/",response=x`)
	f.Add(`username="`)
	f.Fuzz(func(t *testing.T, s string) {
		if d, err := openrosa.ParseDigest(s); err == nil && d.User == "" {
			t.Errorf("%q has no user", s)
		}
	})
}
