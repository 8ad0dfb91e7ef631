package playbook_test

import (
	"strings"
	"testing"

	"ruhu/internal/playbook"
)

func TestSuspectsNameRegistersThatThereAre(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"{code: a, title: {zh: 甲, en: A}, in: national, not_in: roster}":                                          "",
		"{code: a, title: {zh: 甲, en: A}, in: national, not_in: nowhere}":                                         "playbook.unknown_register",
		"{code: a, title: {zh: 甲, en: A}, in: national, not_in: national}":                                        "playbook.suspects_same",
		"{code: a, title: {zh: 甲, en: A}, in: national, not_in: roster, field: colour, any: [red]}":               "playbook.suspects_field",
		"{code: a, title: {zh: 甲, en: A}, in: roster, not_in: national, field: name, any: [red]}":                 "playbook.suspects_field",
		"{code: a, title: {zh: 甲, en: A}, in: national, not_in: roster, field: size, any: ['1'], tag: suspect_1}": "",
		"{code: a, title: {zh: 甲, en: A}, in: national, not_in: roster, tag: missed}":                             "playbook.suspects_tag",
		"{code: a, title: {zh: 甲, en: A}, in: national, not_in: roster, class: rich}":                             "playbook.unknown_class",
		"{code: a, title: {zh: 甲, en: A}, in: national, not_in: roster, class: poor}":                             "",
	} {
		files := folder(registered+"suspects:\n  - "+text+"\n", smallForm)
		var got []string
		for _, m := range playbook.Check(files) {
			got = append(got, m.Code)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %v, want %q", text, got, want)
		}
		if want == "" {
			pb, err := playbook.Load(files)
			if err != nil {
				t.Fatal(err)
			}
			s, ok := pb.Suspect("a")
			if !ok || s.VisitTag() == "" || s.Tag == "" && s.VisitTag() != playbook.DefaultSuspectTag {
				t.Errorf("%s: %+v", text, s)
			}
		}
	}
}
