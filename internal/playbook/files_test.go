package playbook_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"ruhu/internal/playbook"
)

func TestAFormTakesTheFilesBesideItAlongAndSoDoesItsNextVersion(t *testing.T) {
	t.Parallel()
	form := strings.Replace(smallForm, "| integer |", "| select_one_from_file wards.csv | ward | Ward |\n| integer |", 1)
	fsys := folder(small, form)
	if _, err := playbook.Load(fsys); err == nil || !strings.Contains(err.Error(), "“wards.csv”") {
		t.Errorf("a form without its file: %v", err)
	}
	fsys["forms/wards.csv"] = &fstest.MapFile{Data: []byte("name,label\n1,Stone Bridge\n")}
	pb, err := playbook.Load(fsys)
	if err != nil {
		t.Fatal(err)
	}
	next, wrong := pb.CheckForm("a", "a2.md", []byte(form))
	if len(wrong) > 0 {
		t.Errorf("the next version: %+v", wrong)
	}
	for _, f := range []playbook.Form{pb.Forms[0], next} {
		if !strings.Contains(string(f.XForm), "Stone Bridge") {
			t.Errorf("%s does not hold the choices of its file", f.File)
		}
	}
	other := strings.Replace(form, "wards.csv", "towns.csv", 1)
	if _, wrong = pb.CheckForm("a", "a3.md", []byte(other)); len(wrong) != 1 || wrong[0].Code != "xlsform.no_file" {
		t.Errorf("a version with another file: %+v", wrong)
	}
}
