package sim

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"strings"
	"time"

	"ruhu/internal/errs"
)

// Client speaks to the server as one logged-in person does, over a connection of its own.
type Client struct {
	base     string
	who      string
	password string
	http     *http.Client
}

// Raw is a request body that is not JSON.
type Raw struct {
	Type  string // content type
	Bytes []byte
}

// Login opens a session. Returns Unavailable "sim.api" for any refusal, with the server's code inside.
func Login(ctx context.Context, base, account, password string) (*Client, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, fmt.Errorf("cookie jar: %w", err)
	}
	c := &Client{base: base, who: account, password: password, http: &http.Client{
		Jar: jar, Timeout: 5 * time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: 1},
	}}
	return c, c.open(ctx)
}

func (c *Client) open(ctx context.Context) error {
	return c.send(ctx, http.MethodPost, "/session", map[string]string{"account": c.who, "password": c.password}, nil)
}

// Do sends one request; in is nil, Raw, or a value for JSON; out is nil, *[]byte, or a pointer for JSON. Sessions of offices end
// over night: like a person in the morning, it logs in again then.
func (c *Client) Do(ctx context.Context, method, path string, in, out any) error {
	err := c.send(ctx, method, path, in, out)
	if e, ok := errs.As(err); ok && e.Code == "sim.api" && e.Fields["status"] == http.StatusUnauthorized {
		if err := c.open(ctx); err != nil {
			return err
		}
		return c.send(ctx, method, path, in, out)
	}
	return err
}

// refusedBy reports whether the server said no with a code that begins so.
func refusedBy(err error, code string) bool {
	e, ok := errs.As(err)
	if !ok || e.Code != "sim.api" {
		return false
	}
	answer, _ := e.Fields["answer"].(string)
	return strings.HasPrefix(answer, `{"code":"`+code)
}

func (c *Client) send(ctx context.Context, method, path string, in, out any) error {
	var body io.Reader
	contentType := ""
	switch v := in.(type) {
	case nil:
	case Raw:
		body, contentType = bytes.NewReader(v.Bytes), v.Type
	default:
		b, err := json.Marshal(v)
		if err != nil {
			return fmt.Errorf("%s %s: %w", method, path, err)
		}
		body, contentType = bytes.NewReader(b), "application/json"
	}
	req, err := http.NewRequestWithContext(ctx, method, c.base+"/api/v1"+path, body)
	if err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	if resp.StatusCode >= 300 {
		return errs.Unavailable.New("sim.api", "who", c.who, "method", method, "path", path, "status", resp.StatusCode, "answer", clip(answer))
	}
	switch v := out.(type) {
	case nil:
		return nil
	case *[]byte:
		*v = answer
		return nil
	}
	if err := json.Unmarshal(answer, out); err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	return nil
}

func clip(b []byte) string {
	const limit = 1500
	if len(b) > limit {
		b = b[:limit]
	}
	return string(b)
}
