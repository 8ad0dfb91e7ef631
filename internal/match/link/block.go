package link

// A block is a set of records that share a key; only records of one block are compared. The union of the blocks is what the
// linker looks at.
type block uint8

const (
	byNumber         block = 1 << iota
	byPinyinVillage        // contains same name and village
	byPinyinBirth          // a full date
	byBirthVillage         // a full date
	byPinyinYearTown       // year of birth, township
	bySurnameYear          // surname, village, year, sex
	byHousehold            // member of the household that others of the record's household were linked to, or of the number's owner
	blockKinds       = 6   // those with an index
)

// maxBlock bounds how many candidates one key may give: beyond it the key says nothing (a whole village born on 1 January).
const maxBlock = 400

// index finds base records by key: a chained hash table in two flat slices.
type index struct {
	mask uint64
	head []int32 // by bucket: entry + 1
	next []int32
	keys []uint64
	recs []int32
}

func newIndex(n int) *index {
	size := 1
	for size < n+n/2 {
		size *= 2
	}
	return &index{mask: uint64(size - 1), head: make([]int32, size), next: make([]int32, 0, n), keys: make([]uint64, 0, n), recs: make([]int32, 0, n)}
}

func (x *index) add(key uint64, rec int32) {
	b := key & x.mask
	x.next = append(x.next, x.head[b])
	x.keys = append(x.keys, key)
	x.recs = append(x.recs, rec)
	x.head[b] = int32(len(x.recs))
}

// each calls f with the base records of a key.
func (x *index) each(key uint64, f func(rec int32)) {
	for e := x.head[key&x.mask]; e != 0; e = x.next[e-1] {
		if x.keys[e-1] == key {
			f(x.recs[e-1])
		}
	}
}

// blockKeys appends the keys of a record in one kind of block.
func (d *dict) blockKeys(r *rec, kind block, keys []uint64) []uint64 {
	readings := d.keysOf(r.name)
	switch kind {
	case byNumber:
		if r.number != 0 {
			keys = append(keys, mix(1, r.number))
		}
	case byPinyinVillage:
		if r.village != 0 {
			for _, k := range readings {
				keys = append(keys, mix(k, uint64(r.village)))
			}
		}
	case byPinyinBirth:
		for _, b := range r.births {
			if b.full() {
				for _, k := range readings {
					keys = append(keys, mix(k, uint64(b)))
				}
			}
		}
	case byBirthVillage:
		for _, b := range r.births {
			if b.full() && r.village != 0 {
				keys = append(keys, mix(uint64(b), uint64(r.village)))
			}
		}
	case byPinyinYearTown:
		if r.village != 0 {
			for i, b := range r.births {
				if b != 0 && (i == 0 || b.year() != r.births[0].year()) {
					for _, k := range readings {
						keys = append(keys, mix(mix(k, uint64(b.year())), uint64(d.townships[r.village])))
					}
				}
			}
		}
	case bySurnameYear:
		if r.village != 0 && r.name != 0 {
			surname := uint64(d.runesOf(r.name)[0]) // the first character stands for the surname
			for i, b := range r.births {
				if b != 0 && (i == 0 || b.year() != r.births[0].year()) {
					keys = append(keys, mix(mix(surname, uint64(b.year())), mix(uint64(r.village), uint64(r.sex))))
				}
			}
		}
	}
	return keys
}
