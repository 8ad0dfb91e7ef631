package link

import "sync"

// Base is a register that others are linked to, prepared once. It is not safe for use by several goroutines: linking a
// register adds its names to the dictionary.
type Base struct {
	d          *dict
	recs       []rec
	index      [blockKinds]*index
	households map[int32][]int32 // household -> members
	nameCount  map[int32]int32   // how many records have a name
}

// NewBase prepares the base register. A link names its persons by their place in the slice.
func NewBase(persons []Person) *Base {
	b := Builder{}
	for _, p := range persons {
		b.Add(p)
	}
	return b.Base()
}

// Builder prepares persons one by one, so that the rows of a large register need not be held as text.
type Builder struct {
	d    *dict
	recs []rec
}

// Add prepares the next person.
func (b *Builder) Add(p Person) {
	if b.d == nil {
		b.d = newDict()
	}
	b.recs = append(b.recs, b.d.prepare(p))
}

// Base ends the building and makes the indexes.
func (b *Builder) Base() *Base {
	if b.d == nil {
		b.d = newDict()
	}
	base := &Base{d: b.d, recs: b.recs, households: map[int32][]int32{}, nameCount: map[int32]int32{}}
	var all sync.WaitGroup
	for k := range blockKinds {
		all.Go(func() {
			var keys []uint64
			n := 0
			for i := range base.recs {
				keys = base.d.blockKeys(&base.recs[i], 1<<k, keys[:0])
				n += len(keys)
			}
			x := newIndex(n)
			for i := range base.recs {
				keys = base.d.blockKeys(&base.recs[i], 1<<k, keys[:0])
				for j, key := range keys {
					if j == 0 || key != keys[j-1] {
						x.add(key, int32(i))
					}
				}
			}
			base.index[k] = x
		})
	}
	for i := range base.recs {
		r := &base.recs[i]
		base.nameCount[r.name]++
		if r.household != 0 {
			base.households[r.household] = append(base.households[r.household], int32(i))
		}
	}
	all.Wait()
	return base
}

// Len is the number of persons in the base.
func (b *Base) Len() int { return len(b.recs) }

// Register is a register to be linked to a Base, prepared with the base's dictionary.
type Register struct {
	base *Base
	recs []rec
}

// Register begins a register to be linked.
func (b *Base) Register() *Register { return &Register{base: b} }

// Add prepares the next person of the register.
func (r *Register) Add(p Person) { r.recs = append(r.recs, r.base.d.prepare(p)) }
