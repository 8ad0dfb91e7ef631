package review

import (
	"testing"
	"time"

	"ruhu/form/xform"
)

const listForm = `<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:ruhu="https://ruhu.dev/xforms">
<h:head><model><instance><data id="m"><id/><meta><instanceID/></meta></data></instance>
<bind nodeset="/data/id" ruhu:prefill="household.head_id_number" ruhu:pii="id_number"/></model></h:head>
<h:body><input ref="/data/id"><label>证件号码</label></input></h:body></h:html>`

func TestWhatIsSaidOfALockedAnswerReachesTheReviewerWithoutItsNumbersWhereTheyAreHidden(t *testing.T) {
	t.Parallel()
	f, err := xform.Parse([]byte(listForm), xform.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s, err := f.NewSession(xform.Env{Prefill: map[string]string{"household.head_id_number": "110101190001011009"}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Verify("/data/id", "身份证上是 11010119000101102X"); err != nil {
		t.Fatal(err)
	}
	b, err := s.XML()
	if err != nil {
		t.Fatal(err)
	}
	read := func(mask bool) Register {
		p := sheet{form: f, zone: time.UTC, lang: "zh", mask: mask}.read(b, time.Unix(0, 0))
		if p == nil || p.answers["/data/id"].Register == nil {
			t.Fatalf("got %+v", p)
		}
		return *p.answers["/data/id"].Register
	}
	if got, want := read(false), (Register{Was: "110101190001011009", Reason: "身份证上是 11010119000101102X"}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if got, want := read(true), (Register{Was: "1101************09", Reason: "身份证上是 1101************2X"}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}
