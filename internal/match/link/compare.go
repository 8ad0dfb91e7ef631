package link

import "slices"

// Field is one thing that two records are compared in.
type Field int

// The fields, in the order of Levels.
const (
	Number Field = iota
	Name
	Birth
	Village
	Sex
	Fields // their count
)

// Level of agreement in a field: 0 is the best. Missing means that one side does not know.
type Level int8

// Missing adds nothing to the weight.
const Missing Level = -1

// The levels per field, best first; the last of each field is "else".
const (
	NumberSame  Level = 0 // both valid and equal
	NumberEdit1 Level = 1 // one digit or one swap of neighbours apart, or rounded by a spreadsheet
	NumberEdit3 Level = 2 // up to three
	NumberElse  Level = 3

	NameSame    Level = 0
	NamePinyin  Level = 1 // same syllables, tones aside
	NameSurname Level = 2 // same surname, one character differs, is missing or unknown
	NameNear    Level = 3 // one character differs elsewhere, or the same characters in another order
	NameElse    Level = 4

	BirthSame   Level = 0
	BirthNear   Level = 1 // within 60 days (a lunar date given as solar), or day and month swapped
	BirthYear   Level = 2
	BirthYears2 Level = 3 // within two years
	BirthElse   Level = 4

	VillageSame     Level = 0
	VillageTownship Level = 1
	VillageElse     Level = 2

	SexSame Level = 0
	SexElse Level = 1
)

// levelCount is the number of levels per field.
var levelCount = [Fields]int{4, 5, 5, 3, 2}

// Levels is the result of comparing two records.
type Levels [Fields]Level

// nameLevel compares two names of the dictionary.
func (d *dict) nameLevel(i, j int32) Level {
	if i == 0 || j == 0 {
		return Missing
	}
	if i == j {
		return NameSame
	}
	a, b := d.runesOf(i), d.runesOf(j)
	if len(a) == len(b) {
		different, wild, homophone := 0, 0, true
		for k := range a {
			if a[k] == b[k] {
				continue
			}
			different++
			if a[k] == Unknown || b[k] == Unknown {
				wild++
			}
			homophone = homophone && share(d.readings[a[k]], d.readings[b[k]])
		}
		switch {
		case homophone:
			return NamePinyin
		case different == 1:
			return d.oneOff(i, j)
		case different == wild || sameBag(a, b):
			return NameNear
		}
		return NameElse
	}
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) == 1 && dropped(a, b) {
		return d.oneOff(i, j)
	}
	return NameElse
}

// oneOff grades a difference of one character by whether the surname is the same.
func (d *dict) oneOff(i, j int32) Level {
	a, b := d.runesOf(i), d.runesOf(j)
	if slices.Equal(a[:d.names[i].surname], b[:d.names[j].surname]) {
		return NameSurname
	}
	return NameNear
}

// share reports whether two sorted sets of syllables have one in common.
func share(a, b []int32) bool {
	for _, x := range a {
		for _, y := range b {
			if x == y {
				return true
			}
		}
	}
	return false
}

// dropped reports whether a is b without one character.
func dropped(a, b []rune) bool {
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	return slices.Equal(a[i:], b[i+1:])
}

func sameBag(a, b []rune) bool {
	count := func(in []rune, r rune) (n int) {
		for _, x := range in {
			if x == r {
				n++
			}
		}
		return n
	}
	for _, r := range a {
		if count(a, r) != count(b, r) {
			return false
		}
	}
	return true
}

// CompareNames gives the level of two names as they stand in registers.
func CompareNames(a, b string) Level {
	d := newDict()
	return d.nameLevel(d.name(a), d.name(b))
}

// numberLevel compares two numbers: valid ones by value, others by the characters that stand there.
func numberLevel(a, b *rec) Level {
	x, y := a.digits(), b.digits()
	switch {
	case x == "" || y == "":
		return Missing
	case a.number != 0 && a.number == b.number:
		return NumberSame
	}
	if len(x) == 18 && len(y) == 18 && x[:15] == y[:15] && (x[15:] == "000" || y[15:] == "000") {
		return NumberEdit1
	}
	switch e := edits(x, y); {
	case e <= 1:
		return NumberEdit1
	case e <= 3:
		return NumberEdit3
	}
	return NumberElse
}

// edits is the OSA distance of two numbers, or 4 when it is more than 3.
func edits(x, y string) int {
	if len(x)-len(y) > 3 || len(y)-len(x) > 3 {
		return 4
	}
	if len(x) == 18 && len(y) == 18 { // nearly always: count first, the table only for what may be near
		same := 0
		for i := range 18 {
			if x[i] == y[i] || i > 0 && x[i] == y[i-1] || i < 17 && x[i] == y[i+1] {
				same++
			}
		}
		if same < 14 {
			return 4
		}
	}
	const n = 25
	if len(x) >= n || len(y) >= n {
		return 4
	}
	var rows [3][n]int
	before, last, now := &rows[0], &rows[1], &rows[2]
	for j := range len(y) + 1 {
		last[j] = j
	}
	for i := 1; i <= len(x); i++ {
		now[0] = i
		best := i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			now[j] = min(last[j]+1, now[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				now[j] = min(now[j], before[j-2]+1)
			}
			best = min(best, now[j])
		}
		if best > 3 {
			return 4
		}
		before, last, now = last, now, before
	}
	return min(4, last[len(y)])
}

// birthLevel takes the best agreement of the dates that either side has (inside the number, and in a column of its own).
func birthLevel(a, b *rec) Level {
	best := Missing
	for _, x := range a.births {
		for _, y := range b.births {
			if l := dayLevel(x, y); l != Missing && (best == Missing || l < best) {
				best = l
			}
		}
	}
	return best
}

// villageLevel compares by code, then by township (the first 9 digits).
func (d *dict) villageLevel(a, b int32) Level {
	switch {
	case a == 0 || b == 0:
		return Missing
	case a == b:
		return VillageSame
	case d.townships[a] == d.townships[b]:
		return VillageTownship
	}
	return VillageElse
}

func sexLevel(a, b *rec) Level {
	switch {
	case a.sex == 0 || b.sex == 0:
		return Missing
	case a.sex == b.sex:
		return SexSame
	}
	return SexElse
}

func (d *dict) compare(a, b *rec) Levels {
	return Levels{Number: numberLevel(a, b), Name: d.nameLevel(a.name, b.name), Birth: birthLevel(a, b), Village: d.villageLevel(a.village, b.village), Sex: sexLevel(a, b)}
}
