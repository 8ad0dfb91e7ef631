package link_test

import (
	"fmt"
	"testing"

	"ruhu/internal/idnumber"
	"ruhu/internal/match/link"
)

func number(birth string, seq int) string {
	s := fmt.Sprintf("990101%s%03d", birth, seq)
	return s + string(idnumber.CheckChar(s))
}

// village makes a base of 400 people in 100 households, and the same people as a register, for tests to spoil.
func village() (base, register []link.Person) {
	surnames, given := []rune("王李张刘陈杨黄赵吴周"), []rune("明华军伟建国强志勇永峰林新宏玉海波平福贵")
	for i := range 400 {
		h := i / 4
		birth := fmt.Sprintf("%d%02d%02d", 1940+i%4*20+h%17, 1+i%12, 1+i%27)
		p := link.Person{
			Name:   string([]rune{surnames[(h*3+i%4*(i%3))%10], given[(i*7+h)%20], given[(i*3+h*11)%20]}),
			Number: number(birth, 1+i), Birth: birth[:4] + "-" + birth[4:6] + "-" + birth[6:], Village: fmt.Sprintf("990101101%03d", 201+h%4), Household: fmt.Sprintf("H%03d", h),
		}
		p.Sex = idnumber.Number(p.Number).Sex()
		base = append(base, p)
		p.Household = fmt.Sprintf("R%03d", h)
		register = append(register, p)
	}
	return base, register
}

func run(base, register []link.Person) (link.Result, map[int32]link.Link) {
	b := link.NewBase(base)
	r := b.Register()
	for _, p := range register {
		r.Add(p)
	}
	res, by := r.Link(), map[int32]link.Link{}
	for _, l := range res.Links {
		by[l.Record] = l
	}
	return res, by
}

func TestEveryKindOfSpoiltEntryFindsItsPersonByTheRightStep(t *testing.T) {
	t.Parallel()
	base, _ := village()
	id := base[40].Number
	cases := map[string]struct {
		spoil func(p *link.Person)
		step  link.Step
	}{
		"as it stands":            {func(p *link.Person) {}, link.SameNumber},
		"15 digits":               {func(p *link.Person) { p.Number = id[:6] + id[8:17] }, link.SameNumber},
		"disability card":         {func(p *link.Person) { p.Number = id + "43" }, link.SameNumber},
		"traditional characters":  {func(p *link.Person) { p.Name = "　" + p.Name + "(户主)" }, link.SameNumber},
		"rounded by spreadsheet":  {func(p *link.Person) { p.Number = id[:15] + "000" }, link.NameBirthPlace},
		"two digits swapped":      {func(p *link.Person) { p.Number, p.Birth = id[:15]+id[16:17]+id[15:16]+id[17:], "" }, link.NameBirthPlace},
		"no number":               {func(p *link.Person) { p.Number = "" }, link.NameBirthPlace},
		"no number, moved":        {func(p *link.Person) { p.Number, p.Village = "", "990102101201" }, link.NameBirth},
		"no number, year only":    {func(p *link.Person) { p.Number, p.Birth = "", p.Birth[:4] }, link.NameYear},
		"a housemate's number":    {func(p *link.Person) { p.Number = base[41].Number }, link.OwnersHousehold},
		"nothing but the name":    {func(p *link.Person) { p.Number, p.Birth, p.Village = "", "", "" }, link.ModelHousehold},
		"number of another house": {func(p *link.Person) { p.Number = base[203].Number }, link.NameBirthPlace},
	}
	for name, c := range cases {
		base, register := village()
		c.spoil(&register[40])
		_, by := run(base, register)
		if l := by[40]; l.Person != 40 || l.Step != c.step {
			t.Errorf("%s: person %d by step %d (%+v), want 40 by %d", name, l.Person, l.Step, l, c.step)
		}
		for i, l := range by {
			if l.Person != i && !l.Review {
				t.Errorf("%s: record %d is linked to %d", name, i, l.Person)
			}
		}
	}
}

func TestANumberWithoutTheNameWaitsForAClerk(t *testing.T) {
	t.Parallel()
	base, register := village()
	register = append(register, link.Person{Name: "艾山江·买买提", Number: base[7].Number, Village: base[7].Village})
	_, by := run(base, register)
	if l := by[400]; l.Step != link.NumberOnly || !l.Review || l.Person != 7 {
		t.Errorf("%+v", l)
	}
	if by[7].Person != 7 || by[7].Step != link.SameNumber {
		t.Errorf("the owner lost his own link: %+v", by[7])
	}
}

func TestAPersonIsLinkedOnceExceptForDoubleEntries(t *testing.T) {
	t.Parallel()
	base, register := village()
	twice := register[9]
	twice.Village = "990102101201"
	namesake := register[9] // another person of the same name, born on another day of the year, without a number
	namesake.Number, namesake.Birth, namesake.Household = "", namesake.Birth[:4]+"-11-30", ""
	register = append(register, twice, namesake)
	_, by := run(base, register)
	if l := by[400]; l.Person != 9 || !l.Duplicate || !by[9].Duplicate {
		t.Errorf("the double entry: %+v %+v", l, by[9])
	}
	if l, ok := by[401]; ok && l.Person == 9 {
		t.Errorf("the namesake took the same person: %+v", l)
	}
}

func TestStrangersAreNotLinkedAtAll(t *testing.T) {
	t.Parallel()
	base, register := village()
	register = append(register, link.Person{Name: "欧阳玥", Number: number("19880808", 8), Birth: "1988-08-08", Sex: "女", Village: "990101101201", Household: "R001"}, link.Person{}, link.Person{Name: "?", Number: "无"})
	_, by := run(base, register)
	for _, i := range []int32{400, 401, 402} {
		if l, ok := by[i]; ok {
			t.Errorf("record %d: %+v", i, l)
		}
	}
	if res, by := run(nil, register); len(by) != 0 || res.Pairs != 0 {
		t.Error("links to nobody")
	}
	if _, by := run(base, nil); len(by) != 0 {
		t.Error("links of nobody")
	}
}

func TestSplitAndMergedHouseholdsAreCandidates(t *testing.T) {
	t.Parallel()
	base, register := village()
	for i := range 4 { // R010 and R011 live together on site
		register[44+i].Household = "R010"
	}
	for i := range 2 { // half of R020 has a household of its own
		register[80+i].Household = "R020S"
	}
	res, _ := run(base, register)
	houses := map[string]link.House{}
	for _, h := range res.Houses {
		houses[h.Household] = h
	}
	if h := houses["R010"]; h.Members != 8 || len(h.Others) != 1 || h.Base != "H010" || h.Others[0] != "H011" {
		t.Errorf("two households in one: %+v", h)
	}
	if h := houses["R020S"]; h.Base != "H020" || len(h.Merged) != 1 || h.Merged[0] != "R020" {
		t.Errorf("a household in two: %+v", h)
	}
	if h := houses["R050"]; h.Base != "H050" || h.Agree != 4 || h.Others != nil || h.Merged != nil {
		t.Errorf("an ordinary household: %+v", h)
	}
}

func TestNamesCompareByCharacterAndBySound(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		want link.Level
	}{
		{"张明华", "張明華", link.NameSame},
		{"曾国强", "增国强", link.NamePinyin},
		{"张明华", "张明花", link.NamePinyin},
		{"李长贵", "李昌贵", link.NamePinyin},
		{"李伟", "李玮", link.NamePinyin},
		{"张明华", "张朋华", link.NameSurname},
		{"张明华", "张华", link.NameSurname},
		{"冯喆", "冯?", link.NameSurname},
		{"张明华", "章明花", link.NamePinyin},
		{"王明华", "主明华", link.NameNear},
		{"张明华", "张华明", link.NameNear},
		{"阿依古丽·买买提", "买买提·阿依古丽", link.NameNear},
		{"欧阳秀英", "司马秀英", link.NameElse},
		{"张明华", "李国强", link.NameElse},
		{"", "李国强", link.Missing},
	} {
		if got := link.CompareNames(c.a, c.b); got != c.want {
			t.Errorf("%s %s: %d, want %d", c.a, c.b, got, c.want)
		}
		if got := link.CompareNames(c.b, c.a); got != c.want {
			t.Errorf("%s %s: %d, want %d", c.b, c.a, got, c.want)
		}
	}
}

func FuzzNames(f *testing.F) {
	f.Add("刘德华(户主)", "劉德華")
	f.Add("?", "·")
	f.Fuzz(func(t *testing.T, a, b string) {
		if link.CompareNames(a, b) != link.CompareNames(b, a) {
			t.Errorf("%q %q: not symmetric", a, b)
		}
		if c := link.CleanName(a); c != "" && link.CompareNames(a, a) != link.NameSame {
			t.Errorf("%q is not itself", a)
		}
	})
}
