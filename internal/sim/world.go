package sim

import (
	"fmt"
	"math/rand/v2"
	"sort"
	"time"

	"ruhu/internal/idnumber"
)

// The simulated county. The area code is assigned to no real place.
const (
	countyCode = "990101"
	// CountyName is what the server must call its county.
	CountyName = "云安县"
)

// Place is a region of the simulated county, by its 12-digit code. Old is the name that a village had before it was merged into
// this one, "" for none: lists made before still carry it.
type Place struct {
	Code, Name, Old string
	Lat, Lon        float64 // of villages; made up, in a county of about 60 km across
}

// Member is a person of a household, as they are. Registers may say otherwise.
type Member struct {
	Key                                              string // "P000017", unique in the world, written into no file
	Name, IDNumber, Relation, Sex, Health, Schooling string
	Phone                                            string
	Birth                                            time.Time
	Dead                                             bool // since the lists were made
	Insured                                          bool // medically
}

// age in whole years on the world's first day.
func (m Member) age(w *World) int { return int(w.today.Sub(m.Birth).Hours() / 24 / 365.25) }

// Household is a household as it is.
type Household struct {
	Code, Village, VillageName, Group, Class, Phone string
	Number                                          string // of the household register (户号)
	Listed                                          bool   // on the roster
	ExitYear                                        int
	Tags                                            []string
	Housing                                         string // assessed class of the house: A级 to D级
	Bank                                            string // account for benefits
	Benefit                                         string // 农村低保, 特困供养 or none
	NetIncome                                       int    // yuan a head and year
	Members                                         []Member
	Gone                                            bool     // moved away for good
	Split                                           []Member // who have founded their own household since
}

// Living gives the members who are alive.
func (h Household) Living() []Member {
	var out []Member
	for _, m := range h.Members {
		if !m.Dead {
			out = append(out, m)
		}
	}
	return out
}

// World is everything that exists before the survey begins.
type World struct {
	Places     []Place // county, townships, villages
	Townships  []Place
	Villages   []Place
	Households []Household // on the roster first
	shape      Shape
	rng        *rand.Rand
	today      time.Time
	people     int
	numbers    map[string]bool // identity numbers that are given out
}

var (
	townshipNames = []string{"桂溪镇", "白石镇", "长岭乡", "云台镇", "柳河乡", "铜鼓镇", "青龙乡", "大坪镇", "沙湾乡", "永兴镇", "红岩乡", "安乐镇", "石门乡", "临江镇"}
	villageNames  = []string{
		"清溪", "石桥", "竹山", "枫林", "大塘", "金田", "龙井", "白鹤", "松坪", "花园", "新铺", "双江", "茶亭",
		"月形", "上河", "下湾", "杨柳", "木瓜", "荷叶", "青山", "古楼", "樟树", "九岭", "泉水", "栗坡", "东源",
	}
)

// NewWorld makes a county. today is the first virtual day.
func NewWorld(seed uint64, s Shape, today time.Time) *World {
	w := &World{rng: rand.New(rand.NewPCG(seed, 0x72756875)), shape: s, today: today, numbers: map[string]bool{}}
	w.Places = []Place{{Code: countyCode + "000000", Name: CountyName}}
	for i := range s.Townships {
		name := townshipNames[i%len(townshipNames)]
		if i >= len(townshipNames) {
			name = fmt.Sprintf("%s%d", name, i/len(townshipNames)+1)
		}
		w.Townships = append(w.Townships, Place{Code: fmt.Sprintf("%s%03d000", countyCode, 101+i), Name: name})
	}
	w.Places = append(w.Places, w.Townships...)
	for i := range s.Villages {
		t := w.Townships[i%len(w.Townships)]
		in := i / len(w.Townships) // of its township
		name := villageNames[(in+i%len(w.Townships)*7)%len(villageNames)]
		if in >= len(villageNames) {
			name = fmt.Sprintf("%s%d", name, in/len(villageNames)+1)
		}
		v := Place{Code: fmt.Sprintf("%s%03d", t.Code[:9], 201+in), Name: name + "村"}
		at := i % len(w.Townships) // townships lie on a grid, their villages around them
		v.Lat, v.Lon = 27.5+.15*float64(at/4)+.12*w.rng.Float64(), 110.2+.15*float64(at%4)+.12*w.rng.Float64()
		if i < s.Merged {
			v.Old = "老" + name + "村"
		}
		w.Villages = append(w.Villages, v)
	}
	sort.SliceStable(w.Villages, func(i, j int) bool { return w.Villages[i].Code < w.Villages[j].Code })
	w.Places = append(w.Places, w.Villages...)
	for i := range s.Households + int(float64(s.Households)*s.Others) {
		w.Households = append(w.Households, w.household(i, w.Villages[i%len(w.Villages)], i < s.Households))
	}
	return w
}

// Township gives the township of a village.
func (w *World) Township(village string) Place {
	for _, t := range w.Townships {
		if t.Code[:9] == village[:9] {
			return t
		}
	}
	return Place{}
}

// village gives a village by its code.
func (w *World) village(code string) Place {
	i := sort.Search(len(w.Villages), func(i int) bool { return w.Villages[i].Code >= code })
	if i < len(w.Villages) && w.Villages[i].Code == code {
		return w.Villages[i]
	}
	return Place{}
}

func (w *World) household(i int, v Place, listed bool) Household {
	h := Household{
		Code: fmt.Sprintf("%s%06d", v.Code[:9], i+1), Number: fmt.Sprintf("50%s%07d", v.Code[6:12], 31*i%9_999_991), Village: v.Code,
		VillageName: v.Name, Group: fmt.Sprintf("%d组", 1+w.rng.IntN(12)), Listed: listed,
		Phone:   w.phone(),
		Housing: []string{"A级", "B级", "B级", "C级"}[w.rng.IntN(4)], Bank: fmt.Sprintf("990101%013d", w.rng.Int64N(1e13)),
	}
	c := Share{Word: "一般农户", OnAllowance: w.shape.Unknown}
	if listed {
		c = w.class()
	}
	h.Class = c.Word
	if c.Exited {
		h.ExitYear = 2016 + w.rng.IntN(4)
	}
	h.NetIncome = 4100 + 10*w.rng.IntN(900)
	if h.Benefit = c.Benefit; h.Benefit == "" && w.chance(c.OnAllowance) {
		h.Benefit = "农村低保"
	}
	tags := make([]string, 0, len(c.Tags))
	for t := range c.Tags {
		tags = append(tags, t)
	}
	sort.Strings(tags) // a map has no order, a seed must
	for _, t := range tags {
		if w.chance(c.Tags[t]) {
			h.Tags = append(h.Tags, t)
		}
	}
	w.family(&h, c.Alone)
	h.Gone = w.chance(w.shape.Gone)
	if !h.Gone && len(h.Members) > 3 && w.chance(w.shape.Split) {
		for _, m := range h.Members {
			if m.Relation == "之子" && m.age(w) >= 22 {
				h.Split = append(h.Split, m)
				break
			}
		}
	}
	return h
}

func (w *World) family(h *Household, alone bool) {
	surname := pick(w.rng, surnames)
	headAge := 34 + w.rng.IntN(44)
	h.Members = append(h.Members, w.member(surname, "户主", headAge, w.rng.IntN(5) > 0))
	if alone {
		return
	}
	if w.rng.IntN(10) < 7 {
		h.Members = append(h.Members, w.member(pick(w.rng, surnames), "配偶", headAge-4+w.rng.IntN(7), h.Members[0].Sex == "女"))
	}
	for range []int{0, 1, 1, 2, 2, 3}[w.rng.IntN(6)] {
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
	for i := range h.Members { // the head lives: who follows a dead one is another story
		h.Members[i].Dead = i > 0 && h.Members[i].age(w) > 60 && w.chance(w.shape.Dead)
	}
}

func (w *World) class() Share {
	total := 0
	for _, c := range w.shape.Classes {
		total += c.Weight
	}
	n := w.rng.IntN(max(total, 1))
	for _, c := range w.shape.Classes {
		if n < c.Weight {
			return c
		}
		n -= c.Weight
	}
	return w.shape.Classes[0]
}

func (w *World) member(surname, relation string, age int, male bool) Member {
	birth := w.today.AddDate(-age, 0, -1-w.rng.IntN(360))
	w.people++
	m := Member{Key: fmt.Sprintf("P%06d", w.people), Name: w.personName(surname, male), Relation: relation, Birth: birth, Sex: "女", Health: "健康", Phone: w.phone()}
	if male {
		m.Sex = "男"
	}
	m.IDNumber, m.Insured = w.idNumber(birth, male), w.rng.IntN(25) > 0
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

// idNumber makes an 18-digit number with a right check digit (GB 11643-1999) that nobody else has.
func (w *World) idNumber(birth time.Time, male bool) string {
	for {
		order := 2 * w.rng.IntN(500)
		if male {
			order++
		}
		s := fmt.Sprintf("%s%s%03d", countyCode, birth.Format("20060102"), order)
		if s += string(idnumber.CheckChar(s)); !w.numbers[s] {
			w.numbers[s] = true
			return s
		}
	}
}

// phone makes a number that begins with 100: none of those is given out.
func (w *World) phone() string { return fmt.Sprintf("100%08d", w.rng.IntN(100_000_000)) }

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

// chance is true with so many percent.
func (w *World) chance(percent float64) bool { return w.rng.Float64()*100 < percent }

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

var (
	surnames = []string{
		"王", "李", "张", "刘", "陈", "杨", "黄", "赵", "周", "吴", "徐", "孙", "马", "朱", "胡", "郭", "何", "林", "罗", "高",
		"梁", "宋", "唐", "许", "韩", "冯", "邓", "曹", "彭", "曾", "肖", "田", "董", "潘", "袁", "蔡", "蒋", "余", "叶", "欧阳",
	}
	maleGiven   = []string{"伟", "强", "军", "平", "建", "国", "志", "明", "春", "云", "林", "山", "福", "德", "文", "斌", "东", "辉", "海", "成"}
	femaleGiven = []string{"秀", "英", "兰", "珍", "梅", "玉", "香", "莲", "芳", "娥", "桂", "凤", "琴", "红", "霞", "萍", "春", "云", "慧", "静"}
)
