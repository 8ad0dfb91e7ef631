package xform

import (
	"slices"
	"testing"
)

func TestCompareTellsWhatAVersionChanges(t *testing.T) {
	t.Parallel()
	list := func(id string) string {
		return `<itemset nodeset="instance('` + id + `')/root/item"><value ref="name"/><label ref="label"/></itemset>`
	}
	old := version(t, "1", `<a/><g><b/><k/></g><c/><d/><w/><m jr:template=""><x/></m>`,
		`<bind nodeset="/data/a" type="int"/><bind nodeset="/data/d" constraint=". &gt; 0"/><bind nodeset="/data/m/x" ruhu:prefill="member.name"/>`,
		ask("/data/a", "人数")+ask("/data/g/b", "住址")+choose("select1", "/data/c", "房", "1", "砖", "2", "土", "3", "木")+ask("/data/d", "丁")+
			`<select1 ref="/data/w"><label>组</label>`+list("wards")+`</select1><group><repeat nodeset="/data/m">`+ask("/data/m/x", "姓名")+`</repeat></group>`)
	now := version(t, "2", `<a/><g><k/></g><b/><c/><e/><w/><m jr:template=""><x/></m>`,
		`<bind nodeset="/data/a" type="int" required="true()"/><bind nodeset="/data/e" relevant="/data/a &gt; 1"/><bind nodeset="/data/m/x" ruhu:prefill="member.name"/>`,
		ask("/data/a", "常住人数")+ask("/data/b", "住址")+choose("select1", "/data/c", "房", "1", "砖混", "3", "木", "4", "其他")+ask("/data/e", "戊")+
			`<select1 ref="/data/w"><label>组</label>`+list("wards")+`</select1><group><repeat nodeset="/data/m">`+ask("/data/m/x", "姓名")+`</repeat></group>`)
	var got []string
	for _, r := range now.Compare(old, "") {
		got = append(got, r.Kind+" "+r.Was+">"+r.Path+" "+r.Type+" "+r.Label)
		for _, e := range r.Edits {
			got = append(got, "  "+e.What+": "+e.Before+" > "+e.After)
		}
	}
	want := []string{
		"changed /data/a>/data/a input 常住人数", "  label: 人数 > 常住人数", "  required:  > true()",
		"changed /data/g/b>/data/b input 住址", "  place: /data/g/b > /data/b",
		"changed /data/c>/data/c select1 房", "  choices: 1 砖、2 土 > 1 砖混、4 其他",
		"added >/data/e input 戊", "removed /data/d> input 丁",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if got := now.Compare(now, "zh"); len(got) > 0 {
		t.Errorf("a form differs from itself: %+v", got)
	}
}
