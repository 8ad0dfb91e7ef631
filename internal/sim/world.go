package sim

import (
	"fmt"
	"math/rand/v2"
	"time"

	"ruhu/internal/idnumber"
)

// The simulated county and township. The area code is assigned to no real place.
const (
	countyCode   = "990101"
	townshipCode = "990101101000"
)

// Place is a region of the simulated county, by its 12-digit code.
type Place struct{ Code, Name string }

// Member is a person of a household.
type Member struct {
	Name, IDNumber, Relation, Sex, Health, Schooling string
	Birth                                            time.Time
}

// Household is what the national system's export would say about a household.
type Household struct {
	Code, Village, VillageName, Group, Class, Phone string
	ExitYear                                        int
	Members                                         []Member
}

// World is everything that exists before the survey begins.
type World struct {
	Places     []Place // county, township, villages
	Villages   []Place
	Households []Household
	rng        *rand.Rand
	today      time.Time
}

var villageNames = []string{
	"清溪", "石桥", "竹山", "枫林", "大塘", "金田", "龙井", "白鹤", "松坪", "花园", "新铺", "双江", "茶亭",
	"月形", "上河", "下湾", "杨柳", "木瓜", "荷叶", "青山", "古楼", "樟树", "九岭", "泉水", "栗坡", "东源",
}

// NewWorld makes a township of so many villages and households. today is the first virtual day.
func NewWorld(seed uint64, villages, households int, today time.Time) *World {
	w := &World{rng: rand.New(rand.NewPCG(seed, 0x72756875)), today: today}
	w.Places = []Place{
		{Code: countyCode + "000000", Name: "云安县"},
		{Code: townshipCode, Name: "桂溪镇"},
	}
	for i := range villages {
		name := villageNames[i%len(villageNames)]
		if i >= len(villageNames) {
			name = fmt.Sprintf("%s%d", name, i/len(villageNames)+1)
		}
		v := Place{Code: fmt.Sprintf("%s%03d", townshipCode[:9], 201+i), Name: name + "村"}
		w.Places = append(w.Places, v)
		w.Villages = append(w.Villages, v)
	}
	for i := range households {
		w.Households = append(w.Households, w.household(i, w.Villages[i%len(w.Villages)]))
	}
	return w
}

// weighted classes of a roster as S3.1 lists them: registered households first, special groups outside after.
var classes = []struct {
	name   string
	weight int
}{
	{"脱贫户", 62}, {"未脱贫户", 9}, {"边缘户", 9}, {"低保户", 8}, {"特困户", 4}, {"重残户", 4}, {"重病户", 4},
}

func (w *World) household(i int, v Place) Household {
	h := Household{
		Code: fmt.Sprintf("%s%06d", v.Code[:9], i+1), Village: v.Code, VillageName: v.Name,
		Group: fmt.Sprintf("%d组", 1+w.rng.IntN(12)), Class: w.class(),
		Phone: fmt.Sprintf("1%02d%08d", 0, w.rng.IntN(100_000_000)), // numbers that begin with 100 are not given out
	}
	if h.Class == "脱贫户" {
		h.ExitYear = 2014 + w.rng.IntN(6)
	}
	surname := pick(w.rng, surnames)
	headAge := 34 + w.rng.IntN(44)
	h.Members = append(h.Members, w.member(surname, "户主", headAge, w.rng.IntN(5) > 0))
	if w.rng.IntN(10) < 7 && h.Class != "特困户" {
		h.Members = append(h.Members, w.member(pick(w.rng, surnames), "配偶", headAge-4+w.rng.IntN(7), h.Members[0].Sex == "女"))
	}
	children := []int{0, 1, 1, 2, 2, 3}[w.rng.IntN(6)]
	if h.Class == "特困户" {
		children = 0
	}
	for range children {
		if age := headAge - 23 - w.rng.IntN(12); age >= 0 {
			male := w.rng.IntN(2) == 0
			relation := "之女"
			if male {
				relation = "之子"
			}
			h.Members = append(h.Members, w.member(surname, relation, age, male))
		}
	}
	if headAge < 52 && w.rng.IntN(3) == 0 {
		h.Members = append(h.Members, w.member(surname, "之父", headAge+22+w.rng.IntN(8), true))
	}
	return h
}

func (w *World) class() string {
	n := w.rng.IntN(100)
	for _, c := range classes {
		if n < c.weight {
			return c.name
		}
		n -= c.weight
	}
	return classes[0].name
}

func (w *World) member(surname, relation string, age int, male bool) Member {
	birth := w.today.AddDate(-age, 0, -1-w.rng.IntN(360))
	m := Member{Name: w.personName(surname, male), Relation: relation, Birth: birth, Sex: "女", Health: "健康"}
	if male {
		m.Sex = "男"
	}
	m.IDNumber = w.idNumber(birth, male)
	switch n := w.rng.IntN(20); {
	case n < 3:
		m.Health = "长期慢性病"
	case n == 3:
		m.Health = "残疾"
	}
	switch {
	case age < 4:
		m.Schooling = "非在校生"
	case age < 7:
		m.Schooling = "学前教育"
	case age < 13:
		m.Schooling = "小学"
	case age < 16:
		m.Schooling = "初中"
	case age < 19:
		m.Schooling = "高中"
	default:
		m.Schooling = "非在校生"
	}
	return m
}

// idNumber makes an 18-digit number with a right check digit (GB 11643-1999).
func (w *World) idNumber(birth time.Time, male bool) string {
	order := 2 * w.rng.IntN(500)
	if male {
		order++
	}
	s := fmt.Sprintf("%s%s%03d", countyCode, birth.Format("20060102"), order)
	return s + string(idnumber.CheckChar(s))
}

func (w *World) personName(surname string, male bool) string {
	given := femaleGiven
	if male {
		given = maleGiven
	}
	name := surname + pick(w.rng, given)
	if w.rng.IntN(4) > 0 {
		name += pick(w.rng, given)
	}
	return name
}

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

var (
	surnames = []string{
		"王", "李", "张", "刘", "陈", "杨", "黄", "赵", "周", "吴", "徐", "孙", "马", "朱", "胡", "郭", "何", "林", "罗", "高",
		"梁", "宋", "唐", "许", "韩", "冯", "邓", "曹", "彭", "曾", "肖", "田", "董", "潘", "袁", "蔡", "蒋", "余", "叶", "欧阳",
	}
	maleGiven   = []string{"伟", "强", "军", "平", "建", "国", "志", "明", "春", "云", "林", "山", "福", "德", "文", "斌", "东", "辉", "海", "成"}
	femaleGiven = []string{"秀", "英", "兰", "珍", "梅", "玉", "香", "莲", "芳", "娥", "桂", "凤", "琴", "红", "霞", "萍", "春", "云", "慧", "静"}
)
