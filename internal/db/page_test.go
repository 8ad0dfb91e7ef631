package db_test

import (
	"testing"

	"ruhu/internal/db"
)

func TestAPageIsAsLongAsAskedForWithinItsBounds(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ asked, want int }{
		{-1, db.DefaultPage},
		{0, db.DefaultPage},
		{1, 1},
		{db.MaxPage, db.MaxPage},
		{db.MaxPage + 1, db.DefaultPage},
	} {
		if got := db.PageSize(c.asked); got != c.want {
			t.Errorf("PageSize(%d) = %d, want %d", c.asked, got, c.want)
		}
	}
}
