package sim

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"ruhu/form/xform"
	"ruhu/internal/playbook"
	"ruhu/playbooks"
)

var today = time.Date(2026, 4, 13, 8, 0, 0, 0, time.UTC)

func township(villages, households int) Shape {
	return Shape{}.over(Options{Villages: villages, Households: households})
}

func TestTheSameSeedMakesTheSameTownshipAndAnotherSeedAnother(t *testing.T) {
	t.Parallel()
	same := fmt.Sprint(NewWorld(7, township(26, 100), today).Households)
	if again := fmt.Sprint(NewWorld(7, township(26, 100), today).Households); again != same {
		t.Error("the same seed made another township")
	}
	if other := fmt.Sprint(NewWorld(8, township(26, 100), today).Households); other == same {
		t.Error("another seed made the same township")
	}
}

func TestIDNumbersHaveARightCheckDigitAndBirthDate(t *testing.T) {
	t.Parallel()
	weights := []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2, 1}
	for _, h := range NewWorld(1, township(5, 50), today).Households {
		for _, m := range h.Members {
			sum := 0
			for i, c := range m.IDNumber {
				d := int(c - '0')
				if c == 'X' {
					d = 10
				}
				sum += d * weights[i]
			}
			if len(m.IDNumber) != 18 || sum%11 != 1 || m.IDNumber[6:14] != m.Birth.Format("20060102") || m.IDNumber[:6] != countyCode {
				t.Fatalf("bad number %s of somebody born %s", m.IDNumber, m.Birth)
			}
		}
	}
}

func TestTheWorkbookHasARowPerPerson(t *testing.T) {
	t.Parallel()
	w := NewWorld(1, township(3, 20), today)
	people := 0
	for _, h := range w.Households {
		people += len(h.Members)
	}
	raw, err := w.Workbook()
	if err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	rows, err := f.GetRows(f.GetSheetName(0))
	if err != nil || len(rows) != people+2 {
		t.Errorf("%d rows for %d people, %v", len(rows), people, err)
	}
}

// Every playbook's simulated households must be able to complete every form of it, and the server must agree.
func TestSimulatedHouseholdsCompleteEveryForm(t *testing.T) {
	t.Parallel()
	lib := playbook.NewLibrary(playbooks.FS)
	ids, err := lib.IDs()
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range ids {
		pb, err := lib.Load(id)
		if err != nil {
			t.Fatal(err)
		}
		h, err := loadHints(playbooks.FS, id)
		if err != nil {
			t.Fatal(err)
		}
		for _, pf := range pb.Forms {
			t.Run(id+"/"+pf.Code, func(t *testing.T) {
				t.Parallel()
				f, err := xform.Parse(pf.XForm, xform.Options{})
				if err != nil {
					t.Fatal(err)
				}
				for name := range h.Answers[pf.Code] {
					if !named(f, name) {
						t.Errorf("simulation.yaml answers %s, which the form does not ask", name)
					}
				}
				for i := range 150 {
					fillOnce(t, f, h, pf.Code, uint64(i))
				}
			})
		}
	}
}

func named(f *xform.Form, name string) bool {
	for _, n := range f.Nodes() {
		if suffix(n.Path) == name {
			return true
		}
	}
	return false
}

func fillOnce(t *testing.T, f *xform.Form, h hints, code string, seed uint64) {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 1))
	fixed := map[string]string{"enumerator_1": "a", "enumerator_2": "b"}
	for i, fault := range h.Faults {
		if fault.Form == code && uint64(i) == seed {
			for k, v := range fault.Answers {
				fixed[k] = v
			}
		}
	}
	prefill := map[string]string{
		"household.id": "1", "household.head_name": "王春", "household.head_id_number": "990101197001010017", "household.size": "4", "household.class": "marginal",
		"household.village": "清溪村", "household.group": "1组", "household.county": "云安县", "household.township": "桂溪镇", "household.phone": "10000000000",
	}
	fl := newFiller(f, h.Answers[code], fixed, r)
	fl.visit = visit{from: today, minutes: 30, place: spot{27.5, 110.2}.fix(r)}
	env := fl.phone(time.UTC, "e01")
	env.Prefill = prefill
	xml, err := fl.fill(env)
	if err != nil {
		t.Fatalf("seed %d: %v", seed, err)
	}
	check := func(what string, xml []byte) {
		report, err := f.Validate(xml, env)
		if err != nil {
			t.Fatalf("seed %d, %s: %v\n%s", seed, what, err, xml)
		}
		for _, fd := range report.Findings {
			if fd.Severity == "error" || fd.Reason == "" {
				t.Errorf("seed %d, %s: %+v\n%s", seed, what, fd, xml)
			}
		}
	}
	check("filled", xml)
	env.Instance = xml
	mended, err := fl.mend(env)
	if err != nil {
		t.Fatalf("seed %d: %v", seed, err)
	}
	if bytes.Equal(mended, xml) {
		t.Errorf("seed %d: mending changed nothing", seed)
	}
	check("mended", mended)
}
