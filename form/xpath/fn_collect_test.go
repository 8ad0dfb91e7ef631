package xpath_test

import (
	"crypto/ed25519"
	"encoding/base64"
	"testing"

	"ruhu/form/xpath"
)

func TestFunctionsOfCollect(t *testing.T) {
	t.Parallel()
	key := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	text := func(b []byte) string { return "'" + base64.StdEncoding.EncodeToString(b) + "'" }
	signed := append(ed25519.Sign(key, []byte("户主")), "户主"...)
	forged := append(ed25519.Sign(key, []byte("户主")), "别人"...)
	pub := text(key.Public().(ed25519.PublicKey))
	for expr, want := range map[string]string{
		"is-selected('a b', 'b')": "true",
		"is-selected('a b', 'c')": "false",
		"depend('x', 'y', 'z')":   "x",
		"depend(1 + 1)":           "2",
		"version()":               "2026-03",
		"extract-signed(" + text(signed) + "," + pub + ")": "户主",
		"extract-signed(" + text(forged) + "," + pub + ")": "",
		"extract-signed('', " + pub + ")":                  "",
		"extract-signed(" + text(signed) + ", 'AA==')":     "",
		"intersects('0 0;0 2;2 2;2 0;0 0')":                "false",
		"intersects('0 0;2 2;0 2;2 0')":                    "true",
		"intersects('0 0;2 2;0 2;2 0;0 0')":                "true",
		"intersects('0 0;0 2;0 1')":                        "true",
		"intersects('0 0;0 1;0 2')":                        "false",
		"intersects('0 0;0 2;1 1;0 1')":                    "true",
		"intersects('0 0')":                                "false",
		"intersects('')":                                   "false",
		"intersects('nowhere')":                            "false",
	} {
		e, err := xpath.Compile(expr, nil)
		if err != nil {
			t.Fatal(err)
		}
		got, err := e.EvalString(&xpath.Context{Env: &xpath.Env{Version: "2026-03"}})
		if err != nil || got != want {
			t.Errorf("%s = %q, %v; want %q", expr, got, err, want)
		}
	}
}
