// Package linktest reads the synthetic registers of the linking benchmark and scores links against their truth. The truth is
// read only for scoring.
package linktest

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"ruhu/internal/match/link"
)

// Base is the register that the others are linked to.
const Base = "hukou"

// Registers are the registers that are linked to the base, hukou.
var Registers = []string{"nps", "dibao", "medins", "survey"}

// columns of the registers, by what they mean.
var columns = map[string][6]string{ // name, number, birth, sex, village, household
	"hukou":  {"name", "id_no", "birth_date", "sex", "village", "hukou_no"},
	"nps":    {"name", "id_no", "", "sex", "village", "household_code"},
	"dibao":  {"name", "id_no", "birth_date", "sex", "village", "case_no"},
	"medins": {"name", "id_no", "birth_date", "sex", "insured_village", ""},
	"survey": {"name", "id_no", "birth_date", "sex", "village", "visit_household"},
}

// Read calls add with every person of a register, in the order of the file.
func Read(dir, register string, add func(link.Person)) error {
	want, ok := columns[register]
	if !ok {
		return fmt.Errorf("no register %s", register)
	}
	return rows(filepath.Join(dir, register+".csv"), func(head map[string]int, row []string) error {
		var at [6]string
		for i, c := range want {
			if c == "" {
				continue
			}
			j, ok := head[c]
			if !ok {
				return fmt.Errorf("no column %s", c)
			}
			at[i] = row[j]
		}
		add(link.Person{Name: at[0], Number: at[1], Birth: at[2], Sex: at[3], Village: at[4], Household: at[5]})
		return nil
	})
}

// Truth is the person of every record of a register.
func Truth(dir, register string) ([]string, error) {
	var out []string
	err := rows(filepath.Join(dir, "truth", register+".csv"), func(head map[string]int, row []string) error {
		out = append(out, row[head["person_id"]])
		return nil
	})
	return out, err
}

func rows(path string, f func(head map[string]int, row []string) error) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	r := csv.NewReader(bufio.NewReaderSize(file, 1<<16))
	r.ReuseRecord = true
	first, err := r.Read()
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	head := map[string]int{}
	for i, c := range first {
		head[c] = i
	}
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		if err := f(head, row); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
}

// Score compares links with the truth, in pairs (record, base record).
type Score struct {
	True, Linked, Right int
	// Partnerless records have no true partner in the base; False of them were linked.
	Partnerless, False int
	Review             int // of the linked, how many wait for a clerk
	RightReview        int
}

// Precision, recall and F1.
func (s Score) Precision() float64 { return float64(s.Right) / float64(s.Linked) }

// Recall is the share of the true pairs that were linked.
func (s Score) Recall() float64 { return float64(s.Right) / float64(s.True) }

// F1 is the harmonic mean of both.
func (s Score) F1() float64 { return 2 * s.Precision() * s.Recall() / (s.Precision() + s.Recall()) }

// Compare scores the links of a register; pairs whose number alone is equal are a clerk's affair and count as not linked.
func Compare(base, register []string, links []link.Link) Score {
	where := map[string]int{}
	for _, p := range base {
		where[p]++
	}
	var s Score
	for _, p := range register {
		s.True += where[p]
		if where[p] == 0 {
			s.Partnerless++
		}
	}
	for _, l := range links {
		if l.Step == link.NumberOnly {
			continue
		}
		s.Linked++
		right := base[l.Person] == register[l.Record]
		if right {
			s.Right++
		}
		if l.Review {
			s.Review++
			if right {
				s.RightReview++
			}
		}
		if where[register[l.Record]] == 0 {
			s.False++
		}
	}
	return s
}
