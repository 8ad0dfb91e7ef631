package link

import (
	"cmp"
	"slices"
)

// Step says how a link was found.
type Step int8

// The deterministic steps in their order, then the ways of the model.
const (
	None            Step = iota
	SameNumber           // valid number equal, names compatible
	NameBirthPlace       // name, sex, birth, village
	SoundBirthTown       // pinyin, sex, birth, township
	NameBirth            // name, sex, birth
	NearNameBirth        // village, birth, sex, surname and at most one other character
	NameYear             // name, village, sex, year of birth
	SoundYear            // pinyin, village, sex, year of birth
	SoundNumber          // village, pinyin, sex, number one edit apart
	SoundNearBirth       // pinyin, village, sex, birth within 60 days
	OwnersHousehold      // the number is another member's of the household in which this name is found
	Model                // Fellegi–Sunter over the fields
	ModelHousehold       // Fellegi–Sunter with the household as evidence
	NumberOnly           // the number is equal and the names are not: never linked without a clerk
	Steps
)

// rules tells which deterministic steps a pair satisfies, as a set of bits.
func rules(l Levels, conflict bool) (set uint16) {
	put := func(s Step, ok bool) {
		if ok {
			set |= 1 << s
		}
	}
	sex, village, sound := l[Sex] == SexSame, l[Village] == VillageSame, l[Name] == NameSame || l[Name] == NamePinyin
	year := l[Birth] >= BirthSame && l[Birth] <= BirthYear
	put(SameNumber, l[Number] == NumberSame && l[Name] >= NameSame && l[Name] < NameElse)
	put(NameBirthPlace, l[Name] == NameSame && sex && l[Birth] == BirthSame && village)
	if conflict {
		return set
	}
	put(SoundBirthTown, sound && sex && l[Birth] == BirthSame && (village || l[Village] == VillageTownship))
	put(NameBirth, l[Name] == NameSame && sex && l[Birth] == BirthSame)
	put(NearNameBirth, village && l[Birth] == BirthSame && sex && l[Name] >= NameSame && l[Name] <= NameSurname)
	put(NameYear, l[Name] == NameSame && village && sex && year)
	put(SoundYear, sound && village && sex && year)
	put(SoundNumber, sound && village && sex && l[Number] == NumberEdit1)
	put(SoundNearBirth, sound && village && sex && (l[Birth] == BirthSame || l[Birth] == BirthNear))
	return set
}

// conflict reports that both numbers are valid and nowhere near each other: two people, unless the model has more to say.
func (x *run) conflict(i int, p *pair) bool {
	return x.recs[i].number != 0 && x.Base.recs[p.base].number != 0 && p.levels[Number] == NumberElse
}

// cascade links what is certain: step after step, only records that are not yet linked, and only where the pair is the only
// one on both sides.
func (x *run) cascade() {
	x.cascadeStep(SameNumber)
	x.ownersHousehold()
	for s := NameBirthPlace; s <= SoundNearBirth; s++ {
		x.cascadeStep(s)
	}
}

// claim is a record that asks for a person.
type claim struct{ base, record int32 }

func (x *run) cascadeStep(s Step) {
	var claims []claim
	for i := range x.recs {
		if x.linked[i] >= 0 {
			continue
		}
		only, n := int32(-1), 0
		for j := range x.pairs[i] {
			if p := &x.pairs[i][j]; p.rules&(1<<s) != 0 && x.free(i, p.base) {
				only = p.base
				n++
			}
		}
		if n == 1 {
			claims = append(claims, claim{only, int32(i)})
		}
	}
	x.settle(claims, s)
}

// ownersHousehold links records that bear the number of another member of their household: the household is the owner's, and
// in it one person has the record's name.
func (x *run) ownersHousehold() {
	var claims []claim
	for i := range x.recs {
		if x.linked[i] >= 0 || x.owner[i] < 0 {
			continue
		}
		only, n := int32(-1), 0
		for _, m := range x.households[x.Base.recs[x.owner[i]].household] {
			b := &x.Base.recs[m]
			if l := x.d.nameLevel(x.recs[i].name, b.name); (l == NameSame || l == NamePinyin) && m != x.owner[i] && sexLevel(&x.recs[i], b) != SexElse && x.free(i, m) {
				only = m
				n++
			}
		}
		if n == 1 {
			claims = append(claims, claim{only, int32(i)})
		}
	}
	x.settle(claims, OwnersHousehold)
}

// settle links the claims on each person: one record, or several that are the same entry more than once.
func (x *run) settle(claims []claim, s Step) {
	slices.SortFunc(claims, func(a, b claim) int { return cmp.Or(cmp.Compare(a.base, b.base), cmp.Compare(a.record, b.record)) })
	for len(claims) > 0 {
		n, same := 1, true
		for n < len(claims) && claims[n].base == claims[0].base {
			same = same && x.duplicates(claims[0].record, claims[n].record)
			n++
		}
		if same {
			for _, c := range claims[:n] {
				x.link(c.record, c.base, s)
			}
		}
		claims = claims[n:]
	}
}

func (x *run) link(i, b int32, s Step) {
	x.linked[i], x.step[i] = b, s
	if x.taken[b] < 0 {
		x.taken[b] = i
		return
	}
	x.more[b] = append(x.more[b], i)
}

func (x *run) unlink(i int32) {
	b := x.linked[i]
	x.linked[i], x.step[i] = -1, None
	rest := slices.DeleteFunc(x.more[b], func(r int32) bool { return r == i })
	if x.taken[b] == i {
		x.taken[b] = -1
		if len(rest) > 0 {
			x.taken[b], rest = rest[0], rest[1:]
		}
	}
	x.more[b] = rest
}

// free reports whether a base person can still be linked to a record: nobody is linked, or only the same entry again.
func (x *run) free(i int, b int32) bool {
	if x.taken[b] < 0 {
		return true
	}
	if !x.duplicates(int32(i), x.taken[b]) {
		return false
	}
	for _, other := range x.more[b] {
		if !x.duplicates(int32(i), other) {
			return false
		}
	}
	return true
}

// duplicates reports whether two records of the register are one person entered twice: compatible names and the same valid
// number, or the same syllables, sex and full date of birth.
func (x *run) duplicates(i, j int32) bool {
	a, b := &x.recs[i], &x.recs[j]
	name := x.d.nameLevel(a.name, b.name)
	if name == Missing || name == NameElse {
		return false
	}
	return a.number != 0 && a.number == b.number ||
		name <= NamePinyin && sexLevel(a, b) == SexSame && birthLevel(a, b) == BirthSame
}
