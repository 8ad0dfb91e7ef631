package draw

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"ruhu/internal/errs"
)

// Frame is what a sample is drawn from: townships with their villages and households.
type Frame struct {
	Villages   []Village   // by township and code
	Households []Household // by village and code
}

// Village of the frame.
type Village struct {
	Township string
	Group    string // of townships, in the plan
	Code     string
	Type     string // kind of village, in the plan; "" where the plan has no rule about it
}

// Household of the frame. Tags are in order and without repetition.
type Household struct {
	Village string
	Code    string
	Class   string
	Tags    []string
	Persons int
}

func (h Household) hasOne(tags []string) bool {
	for _, t := range tags {
		if slices.Contains(h.Tags, t) {
			return true
		}
	}
	return false
}

var frameHeader = []string{"township", "group", "village", "type", "household", "class", "tags", "persons"}

// sep parts the tags of a household; no tag may hold it.
const sep = ";"

// CSV writes the frame in its one canonical form: UTF-8, commas, a line feed after each row, a header, rows by township, village and
// household code as bytes. Its SHA-256 is the frame's digest. It holds no names and no ID numbers.
func (f Frame) CSV() []byte {
	f.sort()
	village := map[string]Village{}
	for _, v := range f.Villages {
		village[v.Code] = v
	}
	var buf bytes.Buffer
	w := csv.NewWriter(&buf)
	_ = w.Write(frameHeader)
	for _, h := range f.Households {
		v := village[h.Village]
		_ = w.Write([]string{v.Township, v.Group, v.Code, v.Type, h.Code, h.Class, strings.Join(h.Tags, sep), strconv.Itoa(h.Persons)})
	}
	w.Flush()
	return buf.Bytes()
}

func (f Frame) sort() {
	slices.SortFunc(f.Villages, func(a, b Village) int {
		return cmp.Or(cmp.Compare(a.Township, b.Township), cmp.Compare(a.Code, b.Code))
	})
	at := map[string]int{}
	for i, v := range f.Villages {
		at[v.Code] = i
	}
	for _, h := range f.Households {
		slices.Sort(h.Tags)
	}
	slices.SortFunc(f.Households, func(a, b Household) int {
		return cmp.Or(cmp.Compare(at[a.Village], at[b.Village]), cmp.Compare(a.Code, b.Code))
	})
}

// Digest is the SHA-256 of bytes in hexadecimal.
func Digest(file []byte) string {
	sum := sha256.Sum256(file)
	return hex.EncodeToString(sum[:])
}

// ReadFrame reads what CSV wrote. Returns Invalid "sampling.frame" with the line and what is wrong: a column too many or too few, a
// household twice, a village in two townships, a number that is none, rows out of order.
func ReadFrame(file []byte) (Frame, error) {
	bad := func(line int, what string) (Frame, error) {
		return Frame{}, errs.Invalid.New("sampling.frame", "line", line, "what", what)
	}
	r := csv.NewReader(bytes.NewReader(file))
	r.FieldsPerRecord = len(frameHeader)
	head, err := r.Read()
	if err != nil || !slices.Equal(head, frameHeader) {
		return bad(1, strings.Join(frameHeader, ","))
	}
	var f Frame
	villages, seen := map[string]Village{}, map[string]bool{}
	for line := 2; ; line++ {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return bad(line, err.Error())
		}
		v := Village{Township: row[0], Group: row[1], Code: row[2], Type: row[3]}
		h := Household{Village: v.Code, Code: row[4], Class: row[5]}
		if row[6] != "" {
			h.Tags = strings.Split(row[6], sep)
		}
		if h.Persons, err = strconv.Atoi(row[7]); err != nil || h.Persons < 0 {
			return bad(line, "persons")
		}
		if v.Township == "" || v.Code == "" || h.Code == "" || h.Class == "" {
			return bad(line, "empty")
		}
		if old, ok := villages[v.Code]; ok && old != v {
			return bad(line, "village "+v.Code)
		} else if !ok {
			villages[v.Code] = v
			f.Villages = append(f.Villages, v)
		}
		if seen[h.Code] {
			return bad(line, "household "+h.Code)
		}
		seen[h.Code] = true
		f.Households = append(f.Households, h)
	}
	if len(f.Households) == 0 {
		return bad(2, "empty")
	}
	if !bytes.Equal(f.CSV(), file) {
		return bad(0, "not canonical")
	}
	return f, nil
}

func sortHouseholds(hs []Household) {
	slices.SortFunc(hs, func(a, b Household) int { return cmp.Compare(a.Code, b.Code) })
}
