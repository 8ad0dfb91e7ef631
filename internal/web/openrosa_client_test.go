package web_test

import (
	"bytes"
	"crypto/md5" //nolint:gosec // the protocol's
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"ruhu/internal/id"
)

// rosa is a client written from the OpenRosa 1.0 specification. server is what a person would type as the server's address.
type rosa struct {
	t            *testing.T
	server       string
	http         *http.Client
	name, secret string // digest authentication, when there is no key in the address
	challenge    map[string]string
	nc           int
}

type rosaAnswer struct {
	status int
	header http.Header
	body   []byte
}

func (c *rosa) ask(method, address string, body io.Reader, more ...string) rosaAnswer {
	c.t.Helper()
	if !strings.HasPrefix(address, "http") {
		address = c.server + address
	}
	r, err := http.NewRequestWithContext(c.t.Context(), method, address, body)
	if err != nil {
		c.t.Fatal(err)
	}
	r.Header.Set("X-OpenRosa-Version", "1.0")
	r.Header.Set("Date", time.Now().UTC().Format(http.TimeFormat))
	for i := 0; i+1 < len(more); i += 2 {
		r.Header.Set(more[i], more[i+1])
	}
	if c.challenge != nil && r.Header.Get("Authorization") == "" {
		r.Header.Set("Authorization", c.proof(r))
	}
	resp, err := c.http.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	if resp.Header.Get("X-OpenRosa-Version") != "1.0" {
		c.t.Errorf("%s %s: %d without X-OpenRosa-Version", method, address, resp.StatusCode)
	}
	if _, err := http.ParseTime(resp.Header.Get("Date")); err != nil {
		c.t.Errorf("%s %s: date %v", method, address, err)
	}
	return rosaAnswer{resp.StatusCode, resp.Header, b}
}

func md5of(parts ...string) string {
	sum := md5.Sum([]byte(strings.Join(parts, ":"))) //nolint:gosec // the protocol's
	return hex.EncodeToString(sum[:])
}

// proof computes the header of digest authentication (RFC 2617, qop=auth).
func (c *rosa) proof(r *http.Request) string {
	c.nc++
	nc, cnonce, uri := fmt.Sprintf("%08x", c.nc), id.New(), r.URL.RequestURI()
	ha1 := md5of(c.name, c.challenge["realm"], c.secret)
	resp := md5of(ha1, c.challenge["nonce"], nc, cnonce, "auth", md5of(r.Method, uri))
	return fmt.Sprintf(`Digest username="%s", realm="%s", nonce="%s", uri="%s", algorithm=MD5, qop=auth, nc=%s, cnonce="%s", response="%s"`,
		c.name, c.challenge["realm"], c.challenge["nonce"], uri, nc, cnonce, resp)
}

var challengePart = regexp.MustCompile(`(\w+)="?([^",]+)"?`)

// challenged reads the challenge of an answer.
func (c *rosa) challenged(a rosaAnswer) map[string]string {
	c.t.Helper()
	for _, h := range a.header.Values("WWW-Authenticate") {
		if rest, ok := strings.CutPrefix(h, "Digest "); ok {
			out := map[string]string{}
			for _, m := range challengePart.FindAllStringSubmatch(rest, -1) {
				out[m[1]] = m[2]
			}
			return out
		}
	}
	c.t.Fatalf("%d without a digest challenge: %v", a.status, a.header)
	return nil
}

type rosaList struct {
	XMLName xml.Name `xml:"http://openrosa.org/xforms/xformsList xforms"`
	Forms   []struct {
		FormID      string `xml:"formID"`
		Name        string `xml:"name"`
		Version     string `xml:"version"`
		Hash        string `xml:"hash"`
		Description string `xml:"descriptionText"`
		Download    string `xml:"downloadUrl"`
		Manifest    string `xml:"manifestUrl"`
	} `xml:"xform"`
}

type rosaManifest struct {
	XMLName xml.Name `xml:"http://openrosa.org/xforms/xformsManifest manifest"`
	Files   []struct {
		Type     string `xml:"type,attr"`
		Name     string `xml:"filename"`
		Hash     string `xml:"hash"`
		Download string `xml:"downloadUrl"`
	} `xml:"mediaFile"`
}

type rosaReply struct {
	XMLName xml.Name `xml:"http://openrosa.org/http/response OpenRosaResponse"`
	Message string   `xml:"message"`
	Receipt struct {
		InstanceID string `xml:"instanceID,attr"`
		Revision   int    `xml:"revision,attr"`
		Digest     string `xml:"sha256,attr"`
		Duplicate  bool   `xml:"duplicate,attr"`
		State      string `xml:"state,attr"`
	} `xml:"https://ruhu.dev/xforms receipt"`
}

func readXML[T any](t *testing.T, a rosaAnswer) T {
	t.Helper()
	var v T
	if err := xml.Unmarshal(a.body, &v); err != nil || a.header.Get("Content-Type") != "text/xml; charset=utf-8" {
		t.Fatalf("%d %s: %v in %.500s", a.status, a.header.Get("Content-Type"), err, a.body)
	}
	return v
}

func (c *rosa) forms(query string) rosaList {
	c.t.Helper()
	a := c.ask("GET", "/formList"+query, nil)
	if a.status != 200 {
		c.t.Fatalf("form list: %d %s", a.status, a.body)
	}
	return readXML[rosaList](c.t, a)
}

// fetch downloads what a list names and compares its hash.
func (c *rosa) fetch(address, hash string) []byte {
	c.t.Helper()
	a := c.ask("GET", address, nil)
	if a.status != 200 || "md5:"+md5of(string(a.body)) != hash {
		c.t.Fatalf("%s: %d, hash %s of %d bytes", address, a.status, hash, len(a.body))
	}
	return a.body
}

// envelope writes a multipart body: the record first, then files in the order of their names.
func envelope(record []byte, files map[string][]byte) (ctype string, body []byte) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	part := func(field, name, kind string, content []byte) {
		h := textproto.MIMEHeader{"Content-Type": {kind}, "Content-Disposition": {fmt.Sprintf(`form-data; name="%s"; filename="%s"`, field, name)}}
		p, _ := w.CreatePart(h) // a Buffer takes everything
		_, _ = p.Write(content)
	}
	if record != nil {
		part("xml_submission_file", "record.xml", "text/xml", record)
	}
	for _, name := range slices.Sorted(func(yield func(string) bool) {
		for k := range files {
			if !yield(k) {
				return
			}
		}
	}) {
		part(name, name, "image/jpeg", files[name])
	}
	_ = w.WriteField("*isIncomplete*", "yes")
	_ = w.Close()
	return w.FormDataContentType(), b.Bytes()
}

// send posts a record. The reader hides its length, so that the body goes in chunks.
func (c *rosa) send(record []byte, files map[string][]byte) (int, rosaReply) {
	c.t.Helper()
	ctype, body := envelope(record, files)
	a := c.ask("POST", "/submission?deviceID=collect%3Aabc", struct{ io.Reader }{bytes.NewReader(body)}, "Content-Type", ctype)
	if a.header.Get("X-OpenRosa-Accept-Content-Length") == "" {
		c.t.Errorf("%d without a size", a.status)
	}
	return a.status, readXML[rosaReply](c.t, a)
}
