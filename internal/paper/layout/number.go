package layout

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// numbered matches the number that a label begins with: "4. …", "4—1. …", "1、…", "12-3 …", "A3. …".
var numbered = regexp.MustCompile(`^\s*([A-Z]?\d{1,3}(?:\s?[—–\-.．]\s?\d{1,3}){0,3}[a-z]?)(?:[.．、:：]\s*|\s+)(\S.*)$`)

// split takes the number off a label.
func split(label string) (number, rest string) {
	label = strings.TrimSpace(label)
	if m := numbered.FindStringSubmatch(label); m != nil {
		return strings.ReplaceAll(m[1], " ", ""), m[2]
	}
	return "", label
}

// mark is the sign of an option on paper: a number in a circle where the code is one from 0 to 20, as official forms have it, else the
// code if it is short, else the place in the list.
func mark(value string, place int) string {
	n, err := strconv.Atoi(value)
	switch {
	case err == nil && n == 0 && value == "0":
		return "⓪"
	case err == nil && n >= 1 && n <= 20 && value == strconv.Itoa(n):
		return string(rune('①' + n - 1))
	case err == nil || utf8.RuneCountInString(value) <= 2:
		return value + "."
	}
	return strconv.Itoa(place+1) + "."
}

// short cuts a label to be named by.
func short(label string) string {
	label, _, _ = strings.Cut(label, "（")
	label, _, _ = strings.Cut(label, "(")
	label = strings.TrimRight(strings.TrimSpace(label), "?？:：")
	if r := []rune(label); len(r) > 14 {
		return string(r[:13]) + "…"
	}
	return label
}

var upper = regexp.MustCompile(`^\s*(?:.*\band\s+)?\.\s*<(=?)\s*(\d{1,12})\b`)

// digits is the number of boxes that a number needs: those of its upper limit where the constraint has one, else three for a count and
// seven for an amount, as much as a household's year comes to.
func digits(constraint string, decimal bool) int {
	if m := upper.FindStringSubmatch(constraint); m != nil {
		if n, err := strconv.ParseInt(m[2], 10, 64); err == nil && n > 0 {
			if m[1] == "" && !decimal {
				n-- // "below 100" has two digits
			}
			return len(strconv.FormatInt(n, 10))
		}
	}
	if decimal {
		return 7
	}
	return 3
}
