package xform

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// version is a form out of the rows of its body: each is the instance, the bind and the control of one thing.
func version(t *testing.T, v string, instance, binds, body string) *Form {
	t.Helper()
	f, err := Parse([]byte(`<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:ruhu="https://ruhu.dev/xforms"
 xmlns:jr="http://openrosa.org/javarosa"><h:head><model><instance><data id="f" version="`+v+`">`+instance+`<meta><instanceID/></meta></data></instance>
<instance id="wards"><root><item><name>a</name><label>甲</label></item><item><name>b</name><label>乙</label></item></root></instance>`+binds+`
<bind nodeset="/data/meta/instanceID" jr:preload="uid"/></model></h:head><h:body>`+body+`</h:body></h:html>`), Options{})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func ask(ref, label string) string {
	return `<input ref="` + ref + `"><label>` + label + `</label></input>`
}

func choose(control, ref, label string, choices ...string) string {
	s := `<` + control + ` ref="` + ref + `"><label>` + label + `</label>`
	for i := 0; i < len(choices); i += 2 {
		s += `<item><label>` + choices[i+1] + `</label><value>` + choices[i] + `</value></item>`
	}
	return s + `</` + control + `>`
}

func begin(t *testing.T, f *Form, e Env, answers ...string) *Session {
	t.Helper()
	e.UUID = func() string { return "0191a8c0-0000-7000-8000-000000000001" }
	s, err := f.NewSession(e)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(answers); i += 2 {
		if answers[i+1] == "+" {
			_, err = s.AddRepeat(answers[i])
		} else {
			_, err = s.Set(answers[i], answers[i+1])
		}
		if err != nil {
			t.Fatalf("%s: %v", answers[i], err)
		}
	}
	return s
}

func migrate(t *testing.T, old, now *Form, s *Session, e Env) *Migration {
	t.Helper()
	draft, err := s.Draft()
	if err != nil {
		t.Fatal(err)
	}
	e.Instance = draft
	m, err := now.Migrate(old, e)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func differences(m *Migration) []string {
	out := []string{}
	for _, d := range m.Differences {
		x := d.Kind + " " + d.Was + ">" + d.Ref + " " + d.Label
		if d.Before != "" {
			x += "(" + d.Before + ")"
		}
		if d.Answer != "" {
			x += "=" + d.Answer
		}
		if d.Lost {
			x += " lost"
		}
		out = append(out, x)
	}
	return out
}

func TestAnswersStayWhereTheirQuestionIs(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name      string
		old, now  [3]string // instance, binds, body
		answers   []string
		want      []string
		values    []string // ref, value, …
		prefilled map[string]string
	}{
		{
			name: "a question that is gone, and a new one",
			old:  [3]string{`<a/><b/>`, ``, ask("/data/a", "姓名") + ask("/data/b", "住址")},
			now:  [3]string{`<a/><c>5</c>`, ``, ask("/data/a", "姓名") + ask("/data/c", "人数")}, answers: []string{"/data/a", "某", "/data/b", "村东"},
			want: []string{"gone /data/b> 住址=村东 lost", "new >/data/c 人数"}, values: []string{"/data/a", "某", "/data/c", "5"},
		},
		{
			name: "a question that nobody had answered is not missed",
			old:  [3]string{`<a/><b/>`, ``, ask("/data/a", "姓名") + ask("/data/b", "住址")},
			now:  [3]string{`<a/>`, ``, ask("/data/a", "姓名")}, answers: []string{"/data/a", "某"}, want: []string{}, values: []string{"/data/a", "某"},
		},
		{
			name: "a question in another group",
			old:  [3]string{`<a/><g><b/></g><h><c/></h>`, ``, ask("/data/a", "甲") + ask("/data/g/b", "乙") + ask("/data/h/c", "丙")},
			now:  [3]string{`<a/><g/><h><c/><b/></h>`, ``, ask("/data/a", "甲") + ask("/data/h/c", "丙") + ask("/data/h/b", "乙")}, answers: []string{"/data/g/b", "1"},
			want: []string{"moved /data/g/b>/data/h/b 乙=1"}, values: []string{"/data/h/b", "1"},
		},
		{
			name: "a name that two questions have does not tell which one moved",
			old:  [3]string{`<g><b/></g><h><b/></h>`, ``, ask("/data/g/b", "乙") + ask("/data/h/b", "丙")},
			now:  [3]string{`<h><b/></h><i><b/></i>`, ``, ask("/data/h/b", "丙") + ask("/data/i/b", "丁")}, answers: []string{"/data/g/b", "1", "/data/h/b", "2"},
			want: []string{"gone /data/g/b> 乙=1 lost", "new >/data/i/b 丁"}, values: []string{"/data/h/b", "2", "/data/i/b", ""},
		},
		{
			name: "a number for a text, and a text for a number",
			old:  [3]string{`<a/><b/>`, `<bind nodeset="/data/a" type="int"/>`, ask("/data/a", "甲") + ask("/data/b", "乙")},
			now:  [3]string{`<a/><b/>`, `<bind nodeset="/data/b" type="int"/>`, ask("/data/a", "甲") + ask("/data/b", "乙")}, answers: []string{"/data/a", "3", "/data/b", "三间"},
			want: []string{"type /data/a>/data/a 甲=3", "type /data/b>/data/b 乙=三间 lost"}, values: []string{"/data/a", "3", "/data/b", ""},
		},
		{
			name: "a choice that is none any more, and one with other words",
			old: [3]string{`<a/><b/><c/>`, ``, choose("select1", "/data/a", "甲", "1", "砖", "2", "土") + choose("select", "/data/b", "乙", "1", "低保", "2", "五保", "3", "无") +
				choose("select1", "/data/c", "丙", "1", "是", "2", "否")},
			now: [3]string{`<a/><b/><c/>`, ``, choose("select1", "/data/a", "甲", "1", "砖") + choose("select", "/data/b", "乙", "1", "低保", "3", "无") +
				choose("select1", "/data/c", "丙", "1", "是", "2", "不是")}, answers: []string{"/data/a", "2", "/data/b", "1 2", "/data/c", "2"},
			want:   []string{"choice /data/a>/data/a 甲=土 lost", "choice /data/b>/data/b 乙=五保 lost", "words /data/c>/data/c 丙(否)=不是"},
			values: []string{"/data/a", "", "/data/b", "1", "/data/c", "2"},
		},
		{
			name: "one choice becomes several, and several become one",
			old:  [3]string{`<a/><b/>`, ``, choose("select1", "/data/a", "甲", "1", "砖", "2", "土") + choose("select", "/data/b", "乙", "1", "砖", "2", "土")},
			now:  [3]string{`<a/><b/>`, ``, choose("select", "/data/a", "甲", "1", "砖", "2", "土") + choose("select1", "/data/b", "乙", "1", "砖", "2", "土")}, answers: []string{"/data/a", "2", "/data/b", "1 2"},
			want: []string{"type /data/a>/data/a 甲=土", "type /data/b>/data/b 乙=砖、土 lost"}, values: []string{"/data/a", "2", "/data/b", ""},
		},
		{
			name: "other words",
			old:  [3]string{`<a/>`, ``, ask("/data/a", "去年收入")}, now: [3]string{`<a/>`, ``, ask("/data/a", "今年收入")}, answers: []string{"/data/a", "100"},
			want: []string{"label /data/a>/data/a 今年收入(去年收入)=100"}, values: []string{"/data/a", "100"},
		},
		{
			name: "what is not asked now waits",
			old:  [3]string{`<a/><b/>`, ``, choose("select1", "/data/a", "甲", "1", "是", "2", "否") + ask("/data/b", "乙")},
			now:  [3]string{`<a/><b/>`, `<bind nodeset="/data/b" relevant="/data/a = '1'"/>`, choose("select1", "/data/a", "甲", "1", "是", "2", "否") + ask("/data/b", "乙")}, answers: []string{"/data/a", "2", "/data/b", "x"},
			want: []string{"skipped /data/b>/data/b 乙=x"}, values: []string{"/data/b", ""},
		},
		{
			name: "what is computed now",
			old:  [3]string{`<a/><b/>`, ``, ask("/data/a", "甲") + ask("/data/b", "乙")},
			now:  [3]string{`<a/><b/>`, `<bind nodeset="/data/b" type="int" calculate="/data/a * 2"/>`, ask("/data/a", "甲") + ask("/data/b", "乙")}, answers: []string{"/data/a", "2", "/data/b", "5"},
			want: []string{"computed /data/b>/data/b 乙=5 lost"}, values: []string{"/data/b", "4"},
		},
		{
			name: "a choice that the answers rule out",
			old:  [3]string{`<a/><w/>`, ``, ask("/data/a", "甲") + `<select1 ref="/data/w"><label>组</label><itemset nodeset="instance('wards')/root/item[name != /data/a]"><value ref="name"/><label ref="label"/></itemset></select1>`},
			now:  [3]string{`<a/><w/>`, ``, ask("/data/a", "甲") + `<select1 ref="/data/w"><label>组</label><itemset nodeset="instance('wards')/root/item[name = /data/a]"><value ref="name"/><label ref="label"/></itemset></select1>`}, answers: []string{"/data/a", "a", "/data/w", "b"},
			want: []string{"choice /data/w>/data/w 组=乙 lost"}, values: []string{"/data/w", ""},
		},
		{
			name: "instances keep their order, in a repeat that moved into a group, too",
			old:  [3]string{`<m jr:template=""><who/><job/></m><n jr:template=""><who/></n>`, ``, `<group><repeat nodeset="/data/m">` + ask("/data/m/who", "姓名") + ask("/data/m/job", "务工") + `</repeat></group><group><repeat nodeset="/data/n">` + ask("/data/n/who", "亲属") + `</repeat></group>`},
			now:  [3]string{`<g><m jr:template=""><age>0</age><who/></m></g><n jr:template=""><who/></n>`, ``, `<group><repeat nodeset="/data/g/m">` + ask("/data/g/m/age", "年龄") + ask("/data/g/m/who", "姓名") + `</repeat></group><group><repeat nodeset="/data/n">` + ask("/data/n/who", "亲属") + `</repeat></group>`},
			answers: []string{
				"/data/m", "+", "/data/m", "+", "/data/n", "+", "/data/m[1]/who", "甲", "/data/m[2]/who", "乙", "/data/n[1]/who", "丙", "/data/m[2]/job", "县城",
			},
			want:   []string{"gone /data/m[2]/job> 务工=县城 lost", "new >/data/g/m[1]/age 年龄"},
			values: []string{"/data/g/m[1]/who", "甲", "/data/g/m[2]/who", "乙", "/data/g/m[2]/age", "0", "/data/n[1]/who", "丙"},
		},
		{
			name:    "instances that the count takes away",
			old:     [3]string{`<m jr:template=""><who/></m>`, ``, `<group><repeat nodeset="/data/m">` + ask("/data/m/who", "姓名") + `</repeat></group>`},
			now:     [3]string{`<n>1</n><m jr:template=""><who/></m>`, `<bind nodeset="/data/n" type="int"/>`, ask("/data/n", "人数") + `<group><repeat nodeset="/data/m" jr:count="/data/n">` + ask("/data/m/who", "姓名") + `</repeat></group>`},
			answers: []string{"/data/m", "+", "/data/m", "+", "/data/m[1]/who", "甲", "/data/m[2]/who", "乙"},
			want:    []string{"gone /data/m[2]/who> 姓名=乙 lost", "new >/data/n 人数"}, values: []string{"/data/m[1]/who", "甲"},
		},
		{
			name: "out of a repeat no answer has one place",
			old:  [3]string{`<m jr:template=""><who/></m>`, ``, `<group><repeat nodeset="/data/m">` + ask("/data/m/who", "姓名") + `</repeat></group>`},
			now:  [3]string{`<who/>`, ``, ask("/data/who", "姓名")}, answers: []string{"/data/m", "+", "/data/m[1]/who", "甲"},
			want: []string{"gone /data/m[1]/who> 姓名=甲 lost", "new >/data/who 姓名"}, values: []string{"/data/who", ""},
		},
		{
			name: "a new repeat begins as in a new record",
			old:  [3]string{`<a/>`, ``, ask("/data/a", "甲")},
			now:  [3]string{`<a/><m jr:template=""><b/></m><m><b>1</b></m>`, ``, ask("/data/a", "甲") + `<group><repeat nodeset="/data/m">` + ask("/data/m/b", "乙") + `</repeat></group>`}, answers: []string{"/data/a", "x"},
			want: []string{"new >/data/m[1]/b 乙"}, values: []string{"/data/m[1]/b", "1"},
		},
		{
			name: "the register answers now, with a lock and without",
			old:  [3]string{`<a/><b/><c/>`, ``, ask("/data/a", "电话") + ask("/data/b", "人口") + ask("/data/c", "户主")},
			now: [3]string{
				`<a/><b/><c/><d/>`, `<bind nodeset="/data/a" ruhu:prefill="household.phone"/><bind nodeset="/data/b" ruhu:prefill="household.size" ruhu:prefillEditable="true()"/>
<bind nodeset="/data/c" ruhu:prefill="household.none"/><bind nodeset="/data/d" ruhu:prefill="household.class"/>`,
				ask("/data/a", "电话") + ask("/data/b", "人口") + ask("/data/c", "户主") + ask("/data/d", "属性"),
			},
			answers: []string{"/data/a", "1", "/data/b", "3", "/data/c", "某"}, prefilled: map[string]string{"household.phone": "9", "household.size": "2", "household.class": "general"},
			want: []string{"computed /data/a>/data/a 电话=1 lost"}, values: []string{"/data/a", "9", "/data/b", "3", "/data/c", "某", "/data/d", "general"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			old, now := version(t, "1", c.old[0], c.old[1], c.old[2]), version(t, "2", c.now[0], c.now[1], c.now[2])
			s := begin(t, old, Env{Prefill: c.prefilled}, c.answers...)
			m := migrate(t, old, now, s, Env{Prefill: c.prefilled})
			if got := differences(m); !slices.Equal(got, c.want) {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
			for i := 0; i < len(c.values); i += 2 {
				if got := m.Session.Value(c.values[i]); got != c.values[i+1] {
					t.Errorf("%s = %q, want %q", c.values[i], got, c.values[i+1])
				}
			}
			if got, want := m.Session.Value("/data/meta/instanceID"), s.Value("/data/meta/instanceID"); got != want || got == "" {
				t.Errorf("instance id %q, want %q: it is another form to the server", got, want)
			}
			if xml, err := m.Session.XML(); err != nil || !strings.Contains(string(xml), `version="2"`) {
				t.Errorf("the record does not say which version it is of: %s %v", xml, err)
			}
		})
	}
}

func TestWhatWasSaidBesideAnAnswerGoesAlong(t *testing.T) {
	t.Parallel()
	warn := `<bind nodeset="%s" type="int" ruhu:prefill="household.size" ruhu:prefillEditable="true()" ruhu:warning=". &lt; 10"/>`
	old := version(t, "1", `<g><n/></g><gone/>`, fmt.Sprintf(warn, "/data/g/n"), ask("/data/g/n", "人口")+ask("/data/gone", "旧"))
	now := version(t, "2", `<h><n/></h>`, fmt.Sprintf(warn, "/data/h/n"), ask("/data/h/n", "人口"))
	e := Env{Prefill: map[string]string{"household.size": "4"}}
	s := begin(t, old, e, "/data/g/n", "12")
	for _, err := range []error{
		second(s.Confirm("/data/g/n", "四代同堂")), second(s.Verify("/data/g/n", "新生儿")), s.SetReply("c1", "已核对"), s.SetVisit("guide", "村会计"), s.SetCapture(CapturePaper),
		s.SetVouch(Vouch{"/data/g/n", "a1", "badge", "2026-03-02T08:00:00.000Z", "T"}),
		s.SetTiming(Timing{"/data/g/n", 5000, 2}), s.SetTiming(Timing{"/data/gone", 100, 1}),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	m := migrate(t, old, now, s, e)
	n, _ := m.Session.Node("/data/h/n")
	if n.Warning == nil || n.Warning.Reason != "四代同堂" || n.Transcribed == nil || !n.Transcribed.Checked || n.Transcribed.Reason != "新生儿" {
		t.Errorf("got %+v %+v", n.Warning, n.Transcribed)
	}
	if got := m.Session.Replies()["c1"] + m.Session.Visit().Guide + m.Session.Capture(); got != "已核对村会计paper" {
		t.Errorf("got %s", got)
	}
	if got := m.Session.Vouches(); !slices.Equal(got, []Vouch{{"/data/h/n", "a1", "badge", "2026-03-02T08:00:00.000Z", "T"}}) {
		t.Errorf("vouches: %+v", got)
	}
	want := []Timing{{"/data/gone", 100, 1}, {"/data/h/n", 5000, 2}}
	if got := m.Session.Paradata().Timings; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if m.Moved["/data/g/n"] != "/data/h/n" {
		t.Errorf("moved: %v", m.Moved)
	}
}

func second[T any](_ T, err error) error { return err }

func TestMembersKeepTheirPlaces(t *testing.T) {
	t.Parallel()
	body := func(more string) string {
		return `<group><label>成员</label><repeat nodeset="/data/m">` + ask("/data/m/who", "姓名") + ask("/data/m/job", "务工") + more + `</repeat></group>`
	}
	old := version(t, "1", `<m jr:template=""><who/><job/></m>`, `<bind nodeset="/data/m/who" ruhu:prefill="member.name"/>`, body(""))
	now := version(t, "2", `<m jr:template=""><sex/><who/><job/></m>`, `<bind nodeset="/data/m/who" ruhu:prefill="member.name"/><bind nodeset="/data/m/sex" ruhu:prefill="member.sex"/>`, body(ask("/data/m/sex", "性别")))
	e := Env{Prefill: map[string]string{"member[1].name": "甲", "member[2].name": "乙", "member[1].sex": "1", "member[2].sex": "2", "member[3].sex": "1"}}
	s := begin(t, old, Env{Prefill: map[string]string{"member[1].name": "甲", "member[2].name": "乙"}}, "/data/m", "+", "/data/m[3]/who", "丙", "/data/m[2]/job", "县城")
	m := migrate(t, old, now, s, e)
	if got := differences(m); len(got) != 1 || got[0] != "new >/data/m[3]/sex 性别" {
		t.Errorf("got %q: only the member that the register does not know is asked", got)
	}
	for ref, want := range map[string]string{"/data/m[1]/sex": "1", "/data/m[2]/sex": "2", "/data/m[3]/sex": "", "/data/m[3]/who": "丙", "/data/m[2]/job": "县城"} {
		if got := m.Session.Value(ref); got != want {
			t.Errorf("%s = %q, want %q", ref, got, want)
		}
	}
	for i, want := range []bool{true, true, false} {
		if n, _ := m.Session.Node(fmt.Sprintf("/data/m[%d]", i+1)); n.Prefilled != want {
			t.Errorf("member %d of the register: %v, want %v", i+1, n.Prefilled, want)
		}
	}
}

func TestANewQuestionBeginsAsInANewRecord(t *testing.T) {
	t.Parallel()
	old := version(t, "1", `<a/>`, ``, ask("/data/a", "甲"))
	now := version(t, "2", `<a/><day/><who/><again/>`, `<bind nodeset="/data/day" type="date" jr:preload="date" jr:preloadParams="today"/>
<bind nodeset="/data/who" jr:preload="property" jr:preloadParams="username"/><setvalue event="odk-instance-first-load" ref="/data/again" value="concat(/data/a, '!')"/>
<setvalue event="odk-instance-first-load" ref="/data/a">neu</setvalue>`, ask("/data/a", "甲")+ask("/data/again", "又"))
	e := Env{Username: "u", Now: func() time.Time { return time.Date(2020, 4, 13, 9, 0, 0, 0, time.UTC) }}
	m := migrate(t, old, now, begin(t, old, e, "/data/a", "x"), e)
	for ref, want := range map[string]string{"/data/a": "x", "/data/day": "2020-04-13", "/data/who": "u", "/data/again": "x!"} {
		if got := m.Session.Value(ref); got != want {
			t.Errorf("%s = %q, want %q", ref, got, want)
		}
	}
}

func TestARecordOfAnotherFormIsNotMigrated(t *testing.T) {
	t.Parallel()
	now := version(t, "2", `<a/>`, ``, ask("/data/a", "甲"))
	other, err := Parse([]byte(memberForm), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := now.Migrate(other, Env{Instance: []byte(`<data id="m"/>`)}); code(err) != "xform.wrong_form" {
		t.Errorf("got %v, want xform.wrong_form", err)
	}
	if _, err := now.Migrate(now, Env{Instance: []byte(`<data id="f"><`)}); code(err) != "xform.instance" {
		t.Errorf("got %v, want xform.instance", err)
	}
}
