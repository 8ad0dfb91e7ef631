package roster

import (
	"bufio"
	"bytes"
	"io"
	"strconv"
	"strings"

	"ruhu/internal/errs"
)

// Verdict is what recomputing an exported roster found.
type Verdict struct {
	Campaign string        `json:"campaign"`
	Entries  []EntryResult `json:"entries"`
	Listed   int           `json:"listed"` // households on the list after the last entry
	Struck   int           `json:"struck"`
	Digest   string        `json:"digest"` // of the last entry, as recomputed
	OK       bool          `json:"ok"`     // every entry has the digest that the file gives it
}

// EntryResult is one entry of the file.
type EntryResult struct {
	Number     int64  `json:"number"`
	Kind       string `json:"kind"`
	Households int    `json:"households"`
	Stated     string `json:"stated"`
	Computed   string `json:"computed"`
}

const maxLine = 1 << 20

// Verify recomputes the digests of an export (see Service.Export) from nothing but its text, and replays the entries to count the households.
// Returns Invalid "roster.export_format" (line) for a text that is no export.
func Verify(r io.Reader) (Verdict, error) {
	v := Verdict{OK: true}
	sc := bufio.NewScanner(r)
	sc.Buffer(make([]byte, 64<<10), maxLine)
	sc.Split(wholeLines)
	line, previous := 0, ""
	var block strings.Builder // the entry so far, chained to previous
	var now *EntryResult
	state := map[string]string{}
	for sc.Scan() {
		line++
		text := sc.Text()
		mark, rest, _ := strings.Cut(strings.TrimSuffix(text, "\n"), "\t")
		bad := errs.Invalid.New("roster.export_format", "line", line)
		fields := strings.Split(rest, "\t")
		switch {
		case line == 1:
			if strings.TrimPrefix(text, "\ufeff") != formatName+"\n" {
				return v, bad
			}
		case line == 2:
			if mark != "campaign" {
				return v, bad
			}
			v.Campaign, previous = rest, rootDigest(rest)
		case mark == "entry" && now == nil && len(fields) == 5:
			n, err := strconv.ParseInt(fields[0], 10, 64)
			if err != nil || n != int64(len(v.Entries)+1) {
				return v, bad
			}
			v.Entries = append(v.Entries, EntryResult{Number: n, Kind: fields[1]})
			now = &v.Entries[len(v.Entries)-1]
			block.Reset()
			block.WriteString(previous + "\n" + text)
		case mark == "H" && now != nil && (len(fields) == 13 || len(fields) == 14):
			now.Households++
			state[fields[0]] = fields[10]
			block.WriteString(text)
		case mark == "M" && now != nil && now.Households > 0:
			block.WriteString(text)
		case mark == "digest" && now != nil:
			now.Stated, now.Computed = rest, sum(block.String())
			v.OK = v.OK && now.Stated == now.Computed
			previous, v.Digest, now = now.Computed, now.Computed, nil
		default:
			return v, bad
		}
	}
	if err := sc.Err(); err != nil {
		return v, errs.Invalid.Wrap(err, "roster.export_format", "line", line+1)
	}
	if now != nil || len(v.Entries) == 0 {
		return v, errs.Invalid.New("roster.export_format", "line", line+1)
	}
	for _, s := range state {
		if s == Struck {
			v.Struck++
		} else {
			v.Listed++
		}
	}
	return v, nil
}

// wholeLines splits after each line feed and keeps it: a digest is over bytes. A last line without one is passed on as it is.
func wholeLines(data []byte, atEOF bool) (advance int, token []byte, err error) {
	if i := bytes.IndexByte(data, '\n'); i >= 0 {
		return i + 1, data[:i+1], nil
	}
	if atEOF && len(data) > 0 {
		return len(data), data, nil
	}
	return 0, nil, nil
}
