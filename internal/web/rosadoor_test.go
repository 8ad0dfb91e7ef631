package web

import (
	"crypto/tls"
	"net/http/httptest"
	"testing"
)

func TestWhatGoesOverANetworkMustBeSealed(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		proxy, tls bool
		from       string
		proto      []string
		want       bool
	}{
		"plain, from this machine":       {from: "127.0.0.1:4", want: true},
		"plain, from this machine, IPv6": {from: "[::1]:4", want: true},
		"plain, from elsewhere":          {from: "192.0.2.7:4"},
		"plain, and claims":              {from: "192.0.2.7:4", proto: []string{"https"}},
		"https":                          {from: "192.0.2.7:4", tls: true, want: true},
		"the proxy says https":           {proxy: true, from: "127.0.0.1:4", proto: []string{"https"}, want: true},
		"the proxy says http":            {proxy: true, from: "127.0.0.1:4", proto: []string{"http"}},
		"the proxy says nothing":         {proxy: true, from: "127.0.0.1:4"},
		"the client claims, then proxy":  {proxy: true, from: "127.0.0.1:4", proto: []string{"https, http"}},
		"nobody knows where it is from":  {from: "x"},
	} {
		r := httptest.NewRequest("GET", "/openrosa/formList", nil)
		r.RemoteAddr = tc.from
		if tc.tls {
			r.TLS = &tls.ConnectionState{}
		}
		for _, p := range tc.proto {
			r.Header.Add("X-Forwarded-Proto", p)
		}
		if got := (&Server{Options: Options{TrustProxy: tc.proxy}}).sealed(r); got != tc.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
