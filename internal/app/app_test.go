package app_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ruhu/internal/account"
	"ruhu/internal/app"
	"ruhu/internal/db"
	"ruhu/internal/db/dbtest"
	"ruhu/internal/errs"
)

func options() app.Options {
	return app.Options{Cost: account.Cost{Time: 1, Memory: 64}, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
}

func open(t *testing.T, c app.Config) *app.App {
	t.Helper()
	a, err := app.Open(context.Background(), c, options())
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// run serves until the test calls stop, which returns what Run returned.
func run(t *testing.T, a *app.App) (url string, stop func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ready, done := make(chan string, 1), make(chan error, 1)
	go func() { done <- a.Run(ctx, func(u string) { ready <- u }) }()
	select {
	case url = <-ready:
	case err := <-done:
		cancel()
		t.Fatalf("did not serve: %v", err)
	}
	return url, func() error { cancel(); return <-done }
}

func TestAFreshStartMakesAPasswordThatLaterStartsDoNotKnow(t *testing.T) {
	t.Parallel()
	c := app.Default(filepath.Join(t.TempDir(), "data"))
	a := open(t, c)
	if len(a.FirstPassword) < 12 {
		t.Errorf("password %q", a.FirstPassword)
	}
	if _, _, err := a.Web.Accounts.Login(context.Background(), account.FirstAccount, a.FirstPassword, "here"); err != nil {
		t.Errorf("login with the first password: %v", err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	b := open(t, c)
	defer func() { _ = b.Close() }()
	if b.FirstPassword != "" {
		t.Error("the second start made another password")
	}
}

func TestTheServerAnswersAndStops(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		c := app.Default(t.TempDir())
		if d.Dialect() == db.Postgres {
			c.DB = dbtest.PostgresDSN(t)
		}
		a := open(t, c)
		url, stop := run(t, a)
		resp, err := http.Get(url + "/readyz")
		if err != nil {
			t.Fatal(err)
		}
		b, _ := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if resp.StatusCode != http.StatusOK || string(b) != "ready\n" {
			t.Errorf("%d %s", resp.StatusCode, b)
		}
		if err := stop(); err != nil {
			t.Errorf("stop: %v", err)
		}
		<-a.Web.Quit // streams are told to end, by a goroutine of the shutdown's own; without it the test runs into its time limit
		if err := a.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
}

func TestHTTPSMarksTheCookieAsSecure(t *testing.T) {
	t.Parallel()
	c := app.Default(t.TempDir())
	c.TLSCert, c.TLSKey = certificate(t)
	c.AdminPassword = "correct horse"
	a := open(t, c)
	defer func() { _ = a.Close() }()
	url, stop := run(t, a)
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}} //nolint:gosec // our own certificate
	resp, err := client.Post(url+"/api/v1/session", "application/json", strings.NewReader(`{"account":"admin","password":"correct horse"}`))
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if !strings.HasPrefix(url, "https://") || !strings.Contains(resp.Header.Get("Set-Cookie"), "Secure") || resp.Header.Get("Strict-Transport-Security") == "" {
		t.Errorf("%s: %v", url, resp.Header)
	}
	client.CloseIdleConnections()
	if err := stop(); err != nil {
		t.Error(err)
	}
}

func TestBadSettingsAreExplained(t *testing.T) {
	t.Parallel()
	for code, change := range map[string]func(c *app.Config){
		"app.tls_pair":          func(c *app.Config) { c.TLSCert = "x.pem" },
		"app.no_data":           func(c *app.Config) { c.Data = " " },
		"db.dsn":                func(c *app.Config) { c.DB = "mysql://x" },
		"region.code":           func(c *app.Config) { c.County = "12" },
		"account.password_weak": func(c *app.Config) { c.AdminPassword = "short" },
	} {
		c := app.Default(t.TempDir())
		change(&c)
		if a, err := app.Open(context.Background(), c, options()); errs.CodeOf(err) != code {
			t.Errorf("%v, want %s", err, code)
			if a != nil {
				_ = a.Close()
			}
		}
	}
}

// certificate writes a self-signed pair for this test.
func certificate(t *testing.T) (cert, key string) {
	t.Helper()
	priv, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	tmpl := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, &priv.PublicKey, priv)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := x509.MarshalECPrivateKey(priv)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	for path, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "EC PRIVATE KEY", Bytes: raw}} {
		if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return cert, key
}

func TestACalendarFileThatMakesNoSenseStopsTheStart(t *testing.T) {
	t.Parallel()
	c := app.Default(t.TempDir())
	c.Calendar = filepath.Join(c.Data, "calendar.txt")
	if _, err := app.Open(context.Background(), c, options()); err == nil {
		t.Error("a missing calendar was accepted")
	}
	if err := os.WriteFile(c.Calendar, []byte("rest 2027-02-05 2027-02-11 春节\nrest tomorrow 春节\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := app.Open(context.Background(), c, options()); !strings.Contains(errs.CodeOf(err), "calendar.line") {
		t.Errorf("got %v", err)
	}
	if err := os.WriteFile(c.Calendar, []byte("rest 2027-02-05 2027-02-11 春节\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := open(t, c).Close(); err != nil {
		t.Error(err)
	}
}
