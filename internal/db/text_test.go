package db_test

import (
	"testing"

	"ruhu/internal/db"
)

func TestClipMakesATextStorable(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"": "", " 甲 乙 ": "甲 乙", "甲\x00乙": "甲乙", "甲\xff乙": "甲�乙", "一二三四五": "一二三", "\t一二三\n": "一二三",
	} {
		if got := db.Clip(in, 3); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
