package roster

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
)

// The canonical text of a roster; docs/listing.md describes it for whoever wants to recompute a digest with other tools.
const formatName = "ruhu-roster 1"

// Digest of the first line pair: what entry 1 is chained to.
func rootDigest(campaign string) string {
	return sum(formatName + "\ncampaign\t" + campaign + "\n")
}

func sum(s string) string {
	h := sha256.Sum256([]byte(s))
	return hex.EncodeToString(h[:])
}

var escaper = strings.NewReplacer(`\`, `\\`, "\t", `\t`, "\n", `\n`, "\r", `\r`)

func row(mark string, fields ...string) string {
	var b strings.Builder
	b.WriteString(mark)
	for _, f := range fields {
		b.WriteByte('\t')
		b.WriteString(escaper.Replace(f))
	}
	b.WriteByte('\n')
	return b.String()
}

// canonical writes a household: its own line, then a line for each member in the order of the bytes.
func canonical(f Full) string {
	tags := slices.Clone(f.Tags)
	slices.Sort(tags)
	ms := make([]string, len(f.Members))
	for i, m := range f.Members {
		ms[i] = row("M", m.Name, string(m.IDNumber), m.Relation, m.Sex, string(m.BirthDate), m.Health, m.Schooling, m.Phone, m.State, m.Reason)
	}
	slices.Sort(ms)
	fields := []string{
		f.Code, string(f.Village), f.Group, f.HeadName, string(f.HeadIDNumber), f.Phone, string(f.Class), number(f.ExitYear),
		number(f.Size), strings.Join(tags, ";"), f.State, f.Struck, f.Origin,
	}
	if f.Position != nil { // lists without positions keep the digests that they had before there were any
		fields = append(fields, f.Position.String())
	}
	return row("H", fields...) + strings.Join(ms, "")
}

// canonicals joins households in the order of their codes.
func canonicals(fs []Full) string {
	slices.SortFunc(fs, func(a, b Full) int { return strings.Compare(a.Code, b.Code) })
	var b strings.Builder
	for _, f := range fs {
		b.WriteString(canonical(f))
	}
	return b.String()
}

// title is the first line of an entry.
func (e Entry) title() string {
	return row("entry", strconv.FormatInt(e.Number, 10), e.Kind, e.At.String(), e.ByName, e.Reason)
}

// chain gives the digest of an entry that follows previous.
func (e Entry) chain(previous, body string) string { return sum(previous + "\n" + e.title() + body) }
