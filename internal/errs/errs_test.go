package errs_test

import (
	"errors"
	"fmt"
	"testing"

	"ruhu/internal/errs"
)

func TestErrorKeepsKindCodeAndCauseThroughWrapping(t *testing.T) {
	t.Parallel()
	cause := errors.New("disk gone")
	err := fmt.Errorf("open: %w", errs.Unavailable.Wrap(cause, "db.busy"))
	if !errs.Is(err, errs.Unavailable) || errs.CodeOf(err) != "db.busy" || !errors.Is(err, cause) {
		t.Fatalf("lost something on the way: %v", err)
	}
	if errs.KindOf(cause) != errs.Internal || errs.CodeOf(cause) != "internal" {
		t.Fatal("a foreign error must be internal")
	}
	if errs.Is(nil, errs.Internal) || errs.CodeOf(nil) != "" {
		t.Fatal("nil is no error")
	}
}

func TestMessageFillsFieldsInBothLanguages(t *testing.T) {
	t.Parallel()
	e := errs.Conflict.New("db.newer", "found", 9, "known", 7)
	if got, want := e.Message("zh-CN"), "数据库的版本（9）比本程序（7）新，请升级程序"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := e.Message("en"), "The database (version 9) is newer than this program (version 7); upgrade the program"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := errs.NotFound.New("no.such_code").Message("zh"); got != "no.such_code" {
		t.Errorf("a missing sentence gives the code, got %q", got)
	}
	if got, want := e.Error(), "db.newer (found=9, known=7)"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestEveryMessageSpeaksBothLanguages(t *testing.T) {
	t.Parallel()
	all, err := errs.Catalog()
	if err != nil {
		t.Fatal(err)
	}
	for code, text := range all {
		if text.ZH == "" || text.EN == "" {
			t.Errorf("%s lacks a language", code)
		}
	}
}
