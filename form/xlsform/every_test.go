package xlsform_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"ruhu/form/internal/conform"
	"ruhu/form/xform"
	"ruhu/form/xlsform"
)

func every(t *testing.T) (*xlsform.Workbook, *xlsform.Result) {
	t.Helper()
	src, err := os.ReadFile("testdata/every.md")
	if err != nil {
		t.Fatal(err)
	}
	wb, err := xlsform.Read("every.md", src)
	if err != nil {
		t.Fatal(err)
	}
	wb.Files = func(name string) ([]byte, error) { return os.ReadFile(filepath.Join("testdata", name)) }
	res, ds := xlsform.Convert(wb)
	for _, d := range ds {
		t.Errorf("unexpected: %v", d)
	}
	return wb, res
}

func TestTheFormOfEveryTypeIsWhatThePhoneTests(t *testing.T) {
	t.Parallel()
	_, res := every(t)
	if *conform.Update {
		if err := os.WriteFile("testdata/every.xml", res.XForm, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	was, err := os.ReadFile("testdata/every.xml")
	if err != nil || string(was) != string(res.XForm) {
		t.Errorf("testdata/every.xml is not what every.md becomes (%v): go test ./form/xlsform -run EveryType -update", err)
	}
	f, err := xform.Parse(res.XForm, xform.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(f.Warnings()) > 0 {
		t.Errorf("the engine wonders: %v", f.Warnings())
	}
}

func TestTheFormOfEveryTypeLeavesNoneOut(t *testing.T) {
	t.Parallel()
	wb, _ := every(t)
	var have []string
	survey := wb.Sheet("survey")
	for _, r := range survey.Rows {
		for i, c := range survey.Columns {
			if c.Header == "type" && i < len(r.Cells) {
				words := strings.Fields(r.Cells[i])
				have = append(have, r.Cells[i], strings.Join(words[:min(1, len(words))], ""))
			}
		}
	}
	// What only older converters write, and other names of the same.
	same := []string{"phone number", "uri:deviceid", "uri:username", "uri:email", "uri:phonenumber", "uri:simserial", "uri:subscriberid"}
	for _, name := range xlsform.Types() {
		if !slices.Contains(have, name) && !slices.Contains(same, name) {
			t.Errorf("no question of type %q", name)
		}
	}
}

func TestAFileBesideTheFormIsWrittenIntoIt(t *testing.T) {
	t.Parallel()
	_, res := every(t)
	if strings.Contains(string(res.XForm), "src=\"jr://file") {
		t.Error("the form refers to a file that no phone has")
	}
	f, err := xform.Parse(res.XForm, xform.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s, err := f.NewSession(xform.Env{})
	if err != nil {
		t.Fatal(err)
	}
	n, _ := s.Node("/data/g_one/one_file")
	if len(n.Choices) != 3 || n.Choices[1].Value != "102" || n.Choices[1].Label != "大坪村" {
		t.Errorf("choices of the file: %+v", n.Choices)
	}
}

func TestAFileThatIsMissingOrNoTableIsAMistake(t *testing.T) {
	t.Parallel()
	const src = "## survey\n| type | name | label |\n| select_one_from_file a.csv | a | A |\n| csv-external | b | |\n"
	wb, err := xlsform.Read("form.md", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	wb.Files = func(name string) ([]byte, error) {
		if name == "b.csv" {
			return []byte("bad name,label\n1,x\n"), nil
		}
		return nil, os.ErrNotExist
	}
	_, ds := xlsform.Convert(wb)
	var got []string
	for _, d := range ds {
		got = append(got, d.Code+" "+d.Column)
	}
	slices.Sort(got)
	if want := []string{"xlsform.bad_file name", "xlsform.no_file type"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
