package submission_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ruhu/internal/submission"
)

var digest = strings.Repeat("a1", 32)

func TestScanFindsIdFormAndFiles(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		src  string
		want submission.Header
	}{
		"a plain instance": {
			`<?xml version="1.0"?><data id="f" version="7"><g><p>` + digest + `.jpg</p><q>1</q></g><meta><instanceID>uuid:1</instanceID></meta></data>`,
			submission.Header{InstanceID: "uuid:1", FormID: "f", Version: "7", Files: []string{digest + ".jpg"}},
		},
		"prefixes and single quotes": {
			`<data xmlns:orx='http://openrosa.org/xforms' id = 'f>1'><orx:meta><orx:instanceID> uuid:2 </orx:instanceID></orx:meta></data>`,
			submission.Header{InstanceID: "uuid:2", FormID: "f>1"},
		},
		"a file named twice counts once": {
			`<d id="f"><a>` + digest + `.png</a><b>` + digest + `.png</b></d>`,
			submission.Header{FormID: "f", Files: []string{digest + ".png"}},
		},
		"a record that was keyed from paper": {
			`<d id="f" xmlns:ruhu="https://ruhu.dev/xforms"><capture>paper</capture><meta><instanceID>uuid:5</instanceID><ruhu:capture>paper</ruhu:capture></meta></d>`,
			submission.Header{InstanceID: "uuid:5", FormID: "f", Capture: "paper"},
		},
		"a way of capture that nobody knows": {
			`<d id="f"><capture>paper</capture><meta><instanceID>uuid:6</instanceID><capture>telepathy</capture></meta></d>`,
			submission.Header{InstanceID: "uuid:6", FormID: "f"},
		},
		"an id elsewhere is not the instance id": {
			`<d id="f"><instanceID>uuid:3</instanceID><x><meta><instanceID>uuid:4</instanceID></meta></x></d>`,
			submission.Header{FormID: "f"},
		},
		"an attribute whose name ends in id": {
			`<d formid="no" id="yes"/>`,
			submission.Header{FormID: "yes"},
		},
		"comments and CDATA are passed over": {
			`<d id="f"><!-- <x> --><a><![CDATA[<b>]]></a></d>`,
			submission.Header{FormID: "f"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := submission.Scan([]byte(tc.src))
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(tc.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestScanRefusesWhatIsNoInstance(t *testing.T) {
	t.Parallel()
	for name, src := range map[string]string{
		"nothing":             "",
		"no markup":           "hello",
		"an open element":     "<a><b></b>",
		"a wrong end":         "<a></b>",
		"an end alone":        "</a>",
		"two roots":           "<a/><b/>",
		"an unfinished tag":   "<a",
		"an empty tag":        "<>",
		"a document type":     `<!DOCTYPE lolz [<!ENTITY lol "lol">]><a>&lol;</a>`,
		"a very deep nesting": strings.Repeat("<a>", 100) + strings.Repeat("</a>", 100),
		"binary":              "\x00\x01<\x02",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if h, err := submission.Scan([]byte(src)); err == nil {
				t.Errorf("got %+v, want an error", h)
			}
		})
	}
}

func FuzzScan(f *testing.F) {
	f.Add([]byte(`<d id="f" version='1'><meta><instanceID>uuid:1</instanceID></meta><p>` + digest + `.jpg</p></d>`))
	f.Add([]byte(`<!DOCTYPE a><a/>`))
	f.Add([]byte(`<a b="<"></a >`))
	f.Add([]byte(`<a/ ><!----><?x?>`))
	f.Fuzz(func(t *testing.T, src []byte) {
		h, _ := submission.Scan(src)
		if len(h.InstanceID) > 200 || strings.ContainsRune(h.InstanceID, 0) {
			t.Errorf("unsafe id %q", h.InstanceID)
		}
		for _, n := range h.Files {
			if len(n) < 66 || strings.ContainsAny(n, "/\\ ") {
				t.Errorf("unsafe file name %q", n)
			}
		}
	})
}
