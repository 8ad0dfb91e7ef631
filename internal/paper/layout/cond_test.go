package layout

import "testing"

func TestConditionsAreSaidInWords(t *testing.T) {
	t.Parallel()
	n := namer{
		lang:  "zh",
		names: map[string]string{"/d/g/q4": "第4题", "/d/g/q4_1": "第4—1题", "/d/size": "“人口”", "/d/mode": "“方式”"},
		marks: map[string]map[string]string{"/d/g/q4": {"1": "①", "2": "②", "3": "③"}, "/d/g/q4_1": {"1": "①", "2": "②"}, "/d/mode": {"1": "①"}},
	}
	for src, want := range map[string]string{
		` /d/g/q4  = '1'`:                "第4题选①",
		`/d/g/q4 = 1`:                    "第4题选①",
		`'1' = ../q4`:                    "第4题选①",
		`../q4 = '1' and  ../q4_1 = "2"`: "第4题选①且第4—1题选②",
		`/d/g/q4 = '1' or /d/g/q4 = '2'`: "第4题选①或②",
		`( /d/g/q4 = '1' or  /d/g/q4 = '2') and  /d/g/q4_1  = '2'`: "第4题选①或②且第4—1题选②",
		`/d/g/q4 = '1' and (/d/g/q4_1 = '2' or /d/size > 3)`:       "第4题选①且（第4—1题选②或“人口”大于3）",
		`/d/mode != '' and /d/mode != '1'`:                         "“方式”不是①",
		`/d/size != ''`:                                            "“人口”已填写",
		`selected(/d/g/q4, '3')`:                                   "第4题选③",
		`not(selected(/d/g/q4, '3'))`:                              "第4题未选③",
		`/d/size = 4`:                                              "“人口”为4",
		`/d/g/q4 = '9'`:                                            "", // no such option
		`/d/other = '1'`:                                           "", // no such question
		`count(/d/m) > 2`:                                          "",
		`/d/size + 1 > 2`:                                          "",
		`/d/g/q4 = /d/g/q4_1`:                                      "",
		`/d/m[1]/x = '1'`:                                          "",
		`/d/g/q4 = '1' and count(/d/m) > 2`:                        "",
		`(`:                                                        "",
		``:                                                         "",
		`true()`:                                                   "",
		`/d/g/q4 = '1`:                                             "",
		`not(/d/g/q4 = '1' and /d/size = 2)`:                       "",
		`../../../../../x = '1'`:                                   "",
		`selected(/d/g/q4 '3')`:                                    "",
		`/d/g/q4 = '1' android`:                                    "",
	} {
		if got := n.say(parse(src, "/d/g/x")); got != want {
			t.Errorf("%s: %q, want %q", src, got, want)
		}
	}
}

func TestConditionsAreWorkedOutAsFarAsIsKnown(t *testing.T) {
	t.Parallel()
	known := map[string]string{"/d/a": "1", "/d/n": "12", "/d/s": "1 3", "/d/e": ""}
	for src, want := range map[string]verdict{
		`/d/a = '1'`: yes, `/d/a = 1.0`: yes, `/d/a != '1'`: no, `/d/n > 3`: yes, `/d/n <= 3`: no, `3 < /d/n`: yes, `/d/n >= 12`: yes,
		`selected(/d/s, '3')`: yes, `selected(/d/s, '2')`: no, `/d/e = ''`: yes, `/d/e > 0`: no,
		`/d/x = '1'`: unknown, `/d/x = '1' and /d/a = '2'`: no, `/d/x = '1' or /d/a = '1'`: yes, `/d/x = '1' or /d/a = '2'`: unknown,
		`not(/d/a = '1')`: no, `not(/d/x = '1')`: unknown, `true()`: yes, `false()`: no,
	} {
		c := parse(src, "/d/y")
		if c == nil {
			t.Fatalf("%s is not read", src)
		}
		if got := c.holds(known); got != want {
			t.Errorf("%s: %d, want %d", src, got, want)
		}
	}
}

func FuzzConditions(f *testing.F) {
	f.Add("( /d/a = '1' or not(selected(../b, 'x'))) and 3 < .", "/d/c")
	f.Fuzz(func(t *testing.T, src, base string) {
		if c := parse(src, base); c != nil {
			c.holds(map[string]string{"/d/a": "1"})
			namer{lang: "zh"}.say(c)
		}
	})
}

func TestEveryWordIsThereInBothLanguages(t *testing.T) {
	t.Parallel()
	for key, m := range locale {
		if m["zh"] == "" || m["en"] == "" || len(m) != 2 {
			t.Errorf("%s: %v", key, m)
		}
	}
}
