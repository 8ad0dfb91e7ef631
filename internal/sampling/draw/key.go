package draw

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math/big"
	"slices"
)

// Key is RULE-H: hex(SHA-256(seed|stage|stratum|unit)), all UTF-8. Stage V draws villages of a stratum, H households of one.
func Key(seed, stage, stratum, unit string) string {
	k := digest(seed, stage, stratum, unit)
	return hex.EncodeToString(k[:])
}

func digest(seed, stage, stratum, unit string) [sha256.Size]byte {
	return sha256.Sum256([]byte(seed + "|" + stage + "|" + stratum + "|" + unit))
}

// shuffled orders units by their key, ties by code: the first n are the sample, the rest the replacements.
func shuffled(seed, stage, stratum string, units []string) []string {
	type keyed struct {
		key  [sha256.Size]byte
		unit string
	}
	ks := make([]keyed, len(units))
	for i, u := range units {
		ks[i] = keyed{digest(seed, stage, stratum, u), u}
	}
	slices.SortFunc(ks, func(a, b keyed) int { return cmp.Or(bytes.Compare(a.key[:], b.key[:]), cmp.Compare(a.unit, b.unit)) })
	out := make([]string, len(ks))
	for i, k := range ks {
		out[i] = k.unit
	}
	return out
}

// start is the random start of a systematic draw, 0 ≤ u < 1: the first 64 bits of the key of the unit "start".
func start(seed, stage, stratum string) *big.Rat {
	k := digest(seed, stage, stratum, "start")
	u := new(big.Int).SetUint64(binary.BigEndian.Uint64(k[:8]))
	return new(big.Rat).SetFrac(u, new(big.Int).Lsh(big.NewInt(1), 64))
}

// systematic picks n of the sizes: the units that hold the points (u+k)·T/n on the line of their sizes, T = Σ sizes, k = 0 … n−1.
// A unit that is larger than T/n would be hit twice; the caller takes those out before.
func systematic(u *big.Rat, sizes []int64, n int) []int {
	total := int64(0)
	for _, s := range sizes {
		total += s
	}
	var out []int
	i, end := 0, int64(0)
	if len(sizes) > 0 {
		end = sizes[0]
	}
	step := big.NewRat(total, int64(max(1, n)))
	for k := range n {
		point := new(big.Rat).Mul(new(big.Rat).Add(u, new(big.Rat).SetInt64(int64(k))), step)
		for point.Cmp(new(big.Rat).SetInt64(end)) >= 0 {
			i++
			end += sizes[i]
		}
		out = append(out, i)
	}
	return out
}
