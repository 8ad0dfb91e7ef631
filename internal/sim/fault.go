package sim

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Fault is a mistake that was planted into a register. Truth is written beside the simulation's results and never sent.
type Fault struct {
	Kind      string `json:"kind"`
	Register  string `json:"register"`
	Row       int    `json:"row"`       // of the file, 1 is the first; 0 where the fault is that there is no row
	Person    string `json:"person"`    // Member.Key; "" for a whole household or somebody who does not exist
	Household string `json:"household"` // Household.Code
	Field     string `json:"field,omitempty"`
	Was       string `json:"was,omitempty"` // the truth
	Is        string `json:"is,omitempty"`  // what the register says
	mark      string
}

// markOf is where an entry keeps the mark that its faults name it by.
const markOf = "\x00mark"

// The kinds of faults, and what each does. Names are those of simulation.yaml and of docs/simulation.md.
var (
	// A number or a name is written so that the row no longer says at first sight whose it is. A row has at most one of these, so that
	// what became of each kind can be counted.
	identityFaults = map[string]func(w *World, e *entry) (field, is string){
		"id_digit": func(w *World, e *entry) (string, string) {
			b := []byte(e.m.IDNumber)
			i := 6 + w.rng.IntN(11)
			b[i] = '0' + (b[i]-'0'+1+byte(w.rng.IntN(9)))%10
			return "id_number", string(b)
		},
		"id_swap": func(w *World, e *entry) (string, string) {
			b := []byte(e.m.IDNumber)
			for range 40 {
				if i := 6 + w.rng.IntN(10); b[i] != b[i+1] {
					b[i], b[i+1] = b[i+1], b[i]
					return "id_number", string(b)
				}
			}
			return "", ""
		},
		"id_15": func(_ *World, e *entry) (string, string) {
			if !strings.HasPrefix(e.m.IDNumber[6:], "19") {
				return "", ""
			}
			return "id_number", e.m.IDNumber[:6] + e.m.IDNumber[8:17]
		},
		"id_fullwidth": func(_ *World, e *entry) (string, string) {
			return "id_number", strings.Map(func(r rune) rune { return r + 0xFEE0 }, e.m.IDNumber)
		},
		"id_missing": func(*World, *entry) (string, string) { return "id_number", "" },
		"id_excel":   func(_ *World, e *entry) (string, string) { return "id_number", e.m.IDNumber[:15] + "000" },
		"id_other": func(w *World, e *entry) (string, string) {
			for range 20 {
				if o := pick(w.rng, e.h.Members); o.Key != e.m.Key {
					return "id_number", o.IDNumber
				}
			}
			return "", ""
		},
		"name_homophone": func(w *World, e *entry) (string, string) { return "name", replaced(w, e.m.Name, homophones) },
		"name_variant":   func(w *World, e *entry) (string, string) { return "name", replaced(w, e.m.Name, variants) },
		"name_swap": func(_ *World, e *entry) (string, string) {
			r := []rune(e.m.Name)
			n := len(r)
			if n < 3 || r[n-1] == r[n-2] {
				return "", ""
			}
			r[n-1], r[n-2] = r[n-2], r[n-1]
			return "name", string(r)
		},
		"name_space": func(_ *World, e *entry) (string, string) {
			r := []rune(e.m.Name)
			return "name", string(r[:1]) + "　" + string(r[1:])
		},
	}

	// A household's figure differs from what is true. All rows of the household say the same.
	valueFaults = map[string]func(w *World, h *Household) (field, is string){
		"wrong_class": func(w *World, h *Household) (string, string) {
			for range 20 {
				if c := pick(w.rng, w.shape.Classes).Word; c != h.Class {
					return "class", c
				}
			}
			return "", ""
		},
		"wrong_exit_year": func(_ *World, h *Household) (string, string) {
			if h.ExitYear == 0 {
				return "", ""
			}
			return "exit_year", strconv.Itoa(h.ExitYear - 1)
		},
		"wrong_size": func(_ *World, h *Household) (string, string) { return "size", strconv.Itoa(len(h.Members) + 1) },
		"wrong_housing": func(_ *World, h *Household) (string, string) {
			return "housing", map[string]string{"A级": "C级", "B级": "D级", "C级": "B级"}[h.Housing]
		},
		"wrong_income": func(_ *World, h *Household) (string, string) {
			return "net_income", strconv.Itoa(h.NetIncome * 13 / 10)
		},
		"wrong_benefit": func(_ *World, h *Household) (string, string) {
			return "on_benefit", map[bool]string{true: "否", false: "是"}[h.Benefit != ""]
		},
		"wrong_bank": func(w *World, h *Household) (string, string) {
			b := []byte(h.Bank)
			i := len(b) - 1 - w.rng.IntN(6)
			b[i] = '0' + (b[i]-'0'+1+byte(w.rng.IntN(9)))%10
			return "bank", string(b)
		},
	}
)

// spoil plants a register's faults. Kinds are taken in the order of their names: a map has none, a seed must.
func (w *World) spoil(l *list) {
	w.bury(l)
	for i := range l.rows {
		l.rows[i].values[markOf] = strconv.Itoa(i)
	}
	taken := map[int]bool{}
	for _, kind := range slices.Sorted(maps.Keys(l.hint.Faults)) {
		percent := l.hint.Faults[kind]
		switch {
		case identityFaults[kind] != nil:
			w.spoilIdentity(l, kind, percent, taken)
		case valueFaults[kind] != nil:
			w.spoilValues(l, kind, percent)
		}
	}
	w.add(l, taken)
}

// bury takes most of the dead out (dead_listed is the share that stays) and leaves out newborn children.
func (w *World) bury(l *list) {
	kept := l.rows[:0]
	for _, e := range l.rows {
		f := Fault{Register: l.hint.Kind, Person: e.m.Key, Household: e.h.Code}
		switch {
		case e.m.Dead && !w.chance(l.hint.Faults["dead_listed"]):
			continue
		case e.m.Dead:
			f.Kind, f.mark = "dead_listed", strconv.Itoa(len(kept))
			l.faults = append(l.faults, f)
		case e.m.age(w) < 2 && w.chance(l.hint.Faults["newborn_missing"]):
			f.Kind = "newborn_missing"
			l.faults = append(l.faults, f)
			continue
		case w.chance(l.hint.Faults["absent"]):
			f.Kind = "absent"
			l.faults = append(l.faults, f)
			continue
		}
		kept = append(kept, e)
	}
	l.rows = kept
	unknown := map[string]bool{}
	for i, e := range l.rows {
		if l.hint.Benefit && !e.h.Listed && !unknown[e.h.Code] {
			unknown[e.h.Code] = true
			l.faults = append(l.faults, Fault{Kind: "unknown_household", Register: l.hint.Kind, Household: e.h.Code, Is: e.h.Benefit, mark: strconv.Itoa(i)})
		}
	}
}

func (w *World) spoilIdentity(l *list, kind string, percent float64, taken map[int]bool) {
	n := rate(percent, len(l.rows))
	for range 30 * n {
		if n == 0 {
			return
		}
		i := w.rng.IntN(len(l.rows))
		e := &l.rows[i]
		if taken[i] || e.m.Dead {
			continue
		}
		field, is := identityFaults[kind](w, e)
		if field == "" || is == "" && kind != "id_missing" {
			continue
		}
		was := e.truth(w, columnHint{Value: field})
		taken[i] = true
		e.values[field] = is
		l.faults = append(l.faults, Fault{Kind: kind, Register: l.hint.Kind, Person: e.m.Key, Household: e.h.Code, Field: field, Was: was, Is: is, mark: e.values[markOf]})
		n--
	}
}

func (w *World) spoilValues(l *list, kind string, percent float64) {
	rows := map[string][]int{}
	var codes []string
	for i, e := range l.rows {
		if rows[e.h.Code] == nil {
			codes = append(codes, e.h.Code)
		}
		rows[e.h.Code] = append(rows[e.h.Code], i)
	}
	n := rate(percent, len(codes))
	for range 30 * n {
		if n == 0 {
			return
		}
		code := pick(w.rng, codes)
		first := &l.rows[rows[code][0]]
		field, is := valueFaults[kind](w, first.h)
		if _, done := first.values[field]; field == "" || is == "" || done {
			continue
		}
		for _, i := range rows[code] {
			l.rows[i].values[field] = is
		}
		l.faults = append(l.faults, Fault{
			Kind: kind, Register: l.hint.Kind, Household: code, Field: field, Was: first.truth(w, columnHint{Value: field}), Is: is, mark: first.values[markOf],
		})
		n--
	}
}

// add plants what changes the number or the place of rows: people twice, people whom nobody else knows, villages from before a merger,
// people listed where they do not live.
func (w *World) add(l *list, taken map[int]bool) {
	plant := func(kind string, do func(i int, e entry, f *Fault) bool) {
		n := rate(l.hint.Faults[kind], len(l.rows))
		for range 30 * n {
			if n == 0 {
				return
			}
			i := w.rng.IntN(len(l.rows))
			e := l.rows[i]
			f := Fault{Kind: kind, Register: l.hint.Kind, Person: e.m.Key, Household: e.h.Code, mark: e.values[markOf]}
			if taken[i] || e.m.Dead || !do(i, e, &f) {
				continue
			}
			taken[i] = true
			l.faults = append(l.faults, f)
			n--
		}
	}
	plant("old_village", func(i int, e entry, f *Fault) bool {
		old := w.village(e.h.Village).Old
		f.Field, f.Was, f.Is = "village", e.h.VillageName, old
		if old != "" {
			l.rows[i].values["village"] = old
		}
		return old != ""
	})
	plant("moved", func(i int, e entry, f *Fault) bool {
		v := pick(w.rng, w.Villages)
		if v.Name == e.h.VillageName { // itself, or one of the same name in another township
			return false
		}
		f.Field, f.Was, f.Is = "village", e.h.VillageName, v.Name
		l.rows[i].values["village"], l.rows[i].values["village_code"], l.rows[i].values["township"] = v.Name, v.Code, w.Township(v.Code).Name
		return true
	})
	plant("duplicate", func(_ int, e entry, f *Fault) bool {
		e.values = maps.Clone(e.values)
		e.values[markOf] = fmt.Sprintf("again-%d", len(l.rows))
		f.mark = e.values[markOf]
		l.rows = append(l.rows, e)
		taken[len(l.rows)-1] = true
		return true
	})
	plant("stranger", func(_ int, e entry, f *Fault) bool {
		age, male := 1+w.rng.IntN(70), w.rng.IntN(2) == 0
		m := w.member(pick(w.rng, surnames), "其他", age, male)
		f.Person, f.mark, f.Is = "", fmt.Sprintf("stranger-%d", len(l.rows)), m.Name
		l.rows = append(l.rows, entry{h: e.h, m: m, values: map[string]string{markOf: f.mark}})
		taken[len(l.rows)-1] = true
		return true
	})
}

// replaced changes one character of the given name that the table has; "" if there is none.
func replaced(w *World, name string, table map[rune]string) string {
	r := []rune(name)
	var at []int
	for i := 1; i < len(r); i++ {
		if table[r[i]] != "" {
			at = append(at, i)
		}
	}
	if len(at) == 0 {
		return ""
	}
	i := pick(w.rng, at)
	r[i] = pick(w.rng, []rune(table[r[i]]))
	return string(r)
}

// For the given names of this package: characters that sound alike, and other forms of the same character.
var (
	homophones = map[rune]string{
		'伟': "卫维", '强': "蔷", '军': "君俊", '平': "萍", '建': "健", '国': "果", '志': "智", '明': "铭", '春': "纯", '林': "琳", '山': "珊", '福': "富", '德': "得",
		'文': "雯", '斌': "彬", '东': "冬", '辉': "晖", '成': "诚", '秀': "绣", '英': "瑛", '兰': "岚", '珍': "贞", '梅': "媚", '玉': "育", '香': "湘", '芳': "方",
		'桂': "贵", '琴': "芹", '红': "虹", '霞': "侠", '萍': "平", '慧': "惠", '静': "靖", '云': "芸",
	}
	variants = map[rune]string{
		'强': "強", '国': "國", '伟': "偉", '军': "軍", '东': "東", '辉': "輝", '兰': "蘭", '珍': "珎", '凤': "鳳", '红': "紅", '静': "靜", '云': "雲", '莲': "蓮", '德': "徳",
	}
)
