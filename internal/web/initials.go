package web

import (
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/mozillazg/go-pinyin"
)

// initials gives for each character of a name the letters that its readings begin with, characters separated by spaces: 单晓华 is
// "cds x h". A character that is read in several ways has all of them, so that a name is found however it is said. Phones search by it, which
// spares them a table of readings.
func initials(name string) string {
	if known, ok := knownInitials.Load(name); ok {
		return known.(string)
	}
	args := pinyin.NewArgs()
	args.Style, args.Heteronym = pinyin.FirstLetter, true
	var out []string
	for _, r := range name {
		switch readings := pinyin.SinglePinyin(r, args); {
		case len(readings) > 0:
			slices.Sort(readings)
			out = append(out, strings.Join(slices.Compact(readings), ""))
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			out = append(out, strings.ToLower(string(r)))
		}
	}
	s := strings.Join(out, " ")
	knownInitials.Store(name, s)
	return s
}

// knownInitials remembers names that were looked up: a package has hundreds, and is made again and again.
var knownInitials sync.Map
