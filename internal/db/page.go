package db

// How long a page of a list is: at most MaxPage rows, DefaultPage when nobody said.
const (
	MaxPage     = 200
	DefaultPage = 50
)

// PageSize gives the number of rows of a page that was asked for with limit: 1 to MaxPage, else DefaultPage. Services ask the
// database for one row more, to see whether another page follows.
func PageSize(limit int) int {
	if limit < 1 || limit > MaxPage {
		return DefaultPage
	}
	return limit
}
