package openrosa

import (
	"crypto/md5" //nolint:gosec // the protocol knows no other hash
	"encoding/hex"
	"encoding/xml"
	"net/http"
)

// Version is what every request and answer bears in X-OpenRosa-Version.
const Version = "1.0"

// Head sets the headers of every answer. net/http adds the date.
func Head(h http.Header, lang string) {
	h.Set("X-OpenRosa-Version", Version)
	h.Set("Content-Language", lang)
	h.Set("Vary", "Accept-Language")
	h.Set("Cache-Control", "no-store")
}

// Form is a line of the form list.
type Form struct {
	ID          string `xml:"formID"`
	Name        string `xml:"name"`
	Version     string `xml:"version"`
	Hash        string `xml:"hash"`
	Description string `xml:"descriptionText,omitempty"`
	Download    string `xml:"downloadUrl"`
	Manifest    string `xml:"manifestUrl,omitempty"`
}

// FormList writes the list of forms.
func FormList(forms []Form) ([]byte, error) {
	return document(struct {
		XMLName xml.Name `xml:"http://openrosa.org/xforms/xformsList xforms"`
		Forms   []Form   `xml:"xform"`
	}{Forms: forms})
}

// File is a line of a manifest. Type is entityList, or "".
type File struct {
	Type     string `xml:"type,attr,omitempty"`
	Name     string `xml:"filename"`
	Hash     string `xml:"hash"`
	Download string `xml:"downloadUrl"`
}

// Manifest writes the list of files that come with a form.
func Manifest(files []File) ([]byte, error) {
	return document(struct {
		XMLName xml.Name `xml:"http://openrosa.org/xforms/xformsManifest manifest"`
		Files   []File   `xml:"mediaFile"`
	}{Files: files})
}

// Hash is the hash of a file as clients compare it.
func Hash(b []byte) string {
	sum := md5.Sum(b) //nolint:gosec // see the import
	return "md5:" + hex.EncodeToString(sum[:])
}

// Receipt says in an answer what was kept. Clients ignore what they do not know; a person who compares has the digest.
type Receipt struct {
	XMLName    xml.Name `xml:"https://ruhu.dev/xforms receipt"`
	InstanceID string   `xml:"instanceID,attr"`
	Revision   int      `xml:"revision,attr"`
	Digest     string   `xml:"sha256,attr"`
	ReceivedAt string   `xml:"receivedAt,attr"`
	Duplicate  bool     `xml:"duplicate,attr"`
	State      string   `xml:"state,attr"`
}

// Answer writes the envelope of a submission's answer, or of an error. nature groups messages of one kind.
func Answer(nature, message string, r *Receipt) ([]byte, error) {
	type said struct {
		Nature string `xml:"nature,attr,omitempty"`
		Text   string `xml:",chardata"`
	}
	return document(struct {
		XMLName xml.Name `xml:"http://openrosa.org/http/response OpenRosaResponse"`
		Message said     `xml:"message"`
		Receipt *Receipt
	}{Message: said{nature, message}, Receipt: r})
}

func document(v any) ([]byte, error) {
	b, err := xml.Marshal(v)
	return append([]byte(xml.Header), b...), err
}
