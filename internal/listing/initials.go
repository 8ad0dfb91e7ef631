package listing

import (
	"strings"

	"github.com/mozillazg/go-pinyin"
)

const maxReadings = 8

// Initials gives the first letters of a name's pinyin, for searching by keyboard: 张三 is "zs". A character with several readings gives
// several: 曾乐 is "zl", "cl", "zy", "cy". At most eight.
func Initials(name string) []string {
	args := pinyin.Args{Style: pinyin.FirstLetter, Heteronym: true}
	out := []string{""}
	for _, r := range name {
		letters := map[string]bool{}
		var order []string
		for _, l := range pinyin.SinglePinyin(r, args) {
			if l != "" && !letters[l] {
				letters[l] = true
				order = append(order, l)
			}
		}
		if len(order) == 0 { // no Chinese character: itself
			order = []string{strings.ToLower(string(r))}
		}
		var next []string
		for _, l := range order {
			for _, o := range out {
				if len(next) < maxReadings {
					next = append(next, o+l)
				}
			}
		}
		out = next
	}
	return out
}
