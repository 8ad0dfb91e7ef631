package collect_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"ruhu/form/collect"
	"ruhu/form/xform"
)

func TestEveryQuestionTypeReachesOtherAppsAsItIs(t *testing.T) {
	t.Parallel()
	src, err := os.ReadFile("../xlsform/testdata/every.xml")
	if err != nil {
		t.Fatal(err)
	}
	out, err := collect.Make(src, strings.Repeat("a", 64))
	if err != nil {
		t.Fatal(err)
	}
	was, is := parse(t, src, list), parse(t, out.Client, list)
	refs := func(f *xform.Form) (all []string) {
		var walk func([]*xform.Control)
		walk = func(cs []*xform.Control) {
			for _, c := range cs {
				all = append(all, c.Type+" "+c.Mediatype+" "+c.Appearance+" "+c.Ref)
				walk(c.Children)
			}
		}
		walk(f.Body())
		return all
	}
	have := refs(is)
	for _, r := range refs(was) {
		if !slices.Contains(have, r) {
			t.Errorf("%s is not in it", r)
		}
	}
	for _, want := range []string{`mediatype="osm/*"`, `<tag key="building:levels">`, `<value>farm_auxiliary</value>`, "石桥村"} {
		if !strings.Contains(string(out.Client), want) {
			t.Errorf("no %s in it", want)
		}
	}
}
