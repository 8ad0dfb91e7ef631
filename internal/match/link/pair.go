package link

import (
	"runtime"
	"slices"
	"sync"
)

// pair is a record of the register beside a person of the base.
type pair struct {
	base   int32
	levels Levels
	blocks block
	rules  uint16 // the deterministic steps that it satisfies
}

// run is one register being linked: everything by the record's place.
type run struct {
	*Base
	recs     []rec    // the register; a borrowed number has been taken off
	pairs    [][]pair // candidates of each record, by base
	owner    []int32  // base record whose number this record bears without having its name; -1 none
	bearing  []Levels // how it compares with the owner
	nameFreq map[int32]int32
	cut      int // keys passed over because their block was too large

	linked []int32           // base record or -1
	step   []Step            // how
	taken  []int32           // base record -> the first record linked to it, or -1
	more   map[int32][]int32 // further records of the same person
	home   map[int32]map[int32]int32
	params Parameters
	evid   evidence
}

// each runs f over [0, n) in chunks on all processors. f must write only what belongs to its places, so that the result does
// not depend on the order.
func each(n int, f func(lo, hi int)) {
	const chunk = 2048
	next, lock := 0, sync.Mutex{}
	var all sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), n/chunk+1) {
		all.Go(func() {
			for {
				lock.Lock()
				lo := next
				next += chunk
				lock.Unlock()
				if lo >= n {
					return
				}
				f(lo, min(n, lo+chunk))
			}
		})
	}
	all.Wait()
}

// candidates compares every record with the base records that share a block with it.
func (x *run) candidates() {
	x.pairs, x.owner, x.bearing = make([][]pair, len(x.recs)), make([]int32, len(x.recs)), make([]Levels, len(x.recs))
	var lock sync.Mutex
	each(len(x.recs), func(lo, hi int) {
		var keys []uint64
		var near []int32
		cut, seen := 0, map[int32]int{}
		var found, all []pair
		for i := lo; i < hi; i++ {
			x.owner[i] = -1
			x.borrowed(i)
			r := &x.recs[i]
			clear(seen)
			found = found[:0]
			for k := range blockKinds {
				keys = x.d.blockKeys(r, 1<<k, keys[:0])
				for _, key := range keys {
					near = near[:0]
					x.index[k].each(key, func(b int32) { near = append(near, b) })
					if len(near) > maxBlock {
						cut++
						continue
					}
					for _, b := range near {
						if at, ok := seen[b]; ok {
							found[at].blocks |= 1 << k
							continue
						}
						seen[b] = len(found)
						found = append(found, pair{base: b, blocks: 1 << k})
					}
				}
			}
			slices.SortFunc(found, func(a, b pair) int { return int(a.base - b.base) })
			for j := range found {
				p := &found[j]
				p.levels = x.d.compare(r, &x.Base.recs[p.base])
				p.rules = rules(p.levels, x.conflict(i, p))
			}
			start := len(all)
			all = append(all, found...)
			x.pairs[i] = all[start:len(all):len(all)]
		}
		lock.Lock()
		x.cut += cut
		lock.Unlock()
	})
}

// borrowed finds out whether the record bears the number of another person: the names are incompatible (the name veto), or
// they differ and the owner's household has a person of exactly the record's name. Such a number is taken off the record.
func (x *run) borrowed(i int) {
	r := &x.recs[i]
	if r.number == 0 {
		return
	}
	key := x.d.blockKeys(r, byNumber, nil)[0]
	owner, mine := int32(-1), false
	x.index[0].each(key, func(b int32) {
		l := x.d.nameLevel(r.name, x.Base.recs[b].name)
		switch {
		case l == Missing || l <= NamePinyin:
			mine = true
		case l < NameElse && !x.namesake(r, b):
			mine = true
		case owner < 0 || b < owner:
			owner = b
		}
	})
	if mine || owner < 0 {
		return
	}
	x.owner[i] = owner
	x.bearing[i] = x.d.compare(r, &x.Base.recs[owner])
	*r = r.withoutNumber()
}

// namesake reports whether the household of a base record has another person with the record's name.
func (x *run) namesake(r *rec, owner int32) bool {
	for _, m := range x.households[x.Base.recs[owner].household] {
		if m != owner && x.d.nameLevel(r.name, x.Base.recs[m].name) == NameSame {
			return true
		}
	}
	return false
}
