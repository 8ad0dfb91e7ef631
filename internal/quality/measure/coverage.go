package measure

import (
	"math"
	"sort"
)

// Counted is what the first survey counted in a stratum, and how much of it was imputed.
type Counted struct {
	Stratum      string
	Count, Wrote float64 // Wrote: imputed
}

// PRecord is a person found by the independent check.
type PRecord struct {
	Stratum, Cluster string
	Weight           float64
	Mover            string // nonmover, outmover, inmover
	Matched          bool
}

// ERecord is a person of the first survey whom the check looked up.
type ERecord struct {
	Stratum, Cluster string
	Weight           float64
	Correct          bool
}

// Coverage of a stratum by the dual-system estimate: DSE = (C − I)·(CE/Ne)·(Np/M), Np and M over non-movers and out-movers.
type Coverage struct {
	Stratum                   string
	Count, Np, M, Ne, CE, DSE float64
	NetError                  float64 // Count − DSE
	NetUndercoverage          float64 // (DSE − Count)/DSE
	Erroneous, Omissions      float64
	Gross                     float64 // erroneous + imputed + omissions
}

// DualSystem is the estimate over all strata; SE by the jackknife that deletes one cluster at a time.
type DualSystem struct {
	Strata                             []Coverage
	Count, DSE, SE                     float64
	NetUndercoverage, Gross, GrossRate float64
}

// sums of one cluster in one stratum.
type sums struct{ np, m, ne, ce float64 }

func (s *sums) add(o sums, f float64) {
	s.np += f * o.np
	s.m += f * o.m
	s.ne += f * o.ne
	s.ce += f * o.ce
}

func (s sums) dse(c Counted) float64 { return (c.Count - c.Wrote) * (s.ce / s.ne) * (s.np / s.m) }

// EstimateCoverage needs records of both samples in every stratum; figures of a stratum without them are NaN.
func EstimateCoverage(counted []Counted, p []PRecord, e []ERecord) DualSystem {
	clusters := map[string]map[string]*sums{}
	at := func(stratum, cluster string) *sums {
		if clusters[stratum] == nil {
			clusters[stratum] = map[string]*sums{}
		}
		if clusters[stratum][cluster] == nil {
			clusters[stratum][cluster] = &sums{}
		}
		return clusters[stratum][cluster]
	}
	for _, r := range p {
		if r.Mover != "nonmover" && r.Mover != "outmover" {
			continue
		}
		s := at(r.Stratum, r.Cluster)
		s.np += r.Weight
		if r.Matched {
			s.m += r.Weight
		}
	}
	for _, r := range e {
		s := at(r.Stratum, r.Cluster)
		s.ne += r.Weight
		if r.Correct {
			s.ce += r.Weight
		}
	}
	var d DualSystem
	variance := 0.0
	for _, c := range counted {
		total, names := sums{}, make([]string, 0, len(clusters[c.Stratum]))
		for name := range clusters[c.Stratum] {
			names = append(names, name)
		}
		sort.Strings(names) // sums of floating numbers depend on their order
		for _, name := range names {
			total.add(*clusters[c.Stratum][name], 1)
		}
		dse := total.dse(c)
		k := float64(len(names))
		var without []float64
		for _, name := range names {
			rest := total
			rest.add(*clusters[c.Stratum][name], -1)
			without = append(without, rest.dse(c))
		}
		m := Mean(without)
		for _, x := range without {
			variance += (k - 1) / k * (x - m) * (x - m)
		}
		correct := (c.Count - c.Wrote) * total.ce / total.ne
		s := Coverage{
			Stratum: c.Stratum, Count: c.Count, Np: total.np, M: total.m, Ne: total.ne, CE: total.ce, DSE: dse,
			NetError: c.Count - dse, NetUndercoverage: (dse - c.Count) / dse, Erroneous: c.Count - c.Wrote - correct, Omissions: dse - correct,
		}
		s.Gross = s.Erroneous + c.Wrote + s.Omissions
		d.Strata = append(d.Strata, s)
		d.Count += s.Count
		d.DSE += s.DSE
		d.Gross += s.Gross
	}
	d.SE = math.Sqrt(variance)
	d.NetUndercoverage = (d.DSE - d.Count) / d.DSE
	d.GrossRate = d.Gross / d.DSE
	return d
}

// TwoLists estimates how many there are from two independent lists: a register and a listing.
type TwoLists struct {
	Petersen        float64
	Chapman, SE     float64 // nearly without bias, also for short lists
	NetErrorOfFirst float64 // n1 − Petersen
	CoverageOfFirst float64 // of the second list, the part that is in the first
}

// CompareLists takes the sizes of both lists and how many are in both.
func CompareLists(n1, n2, m float64) TwoLists {
	v := (n1 + 1) * (n2 + 1) * (n1 - m) * (n2 - m) / ((m + 1) * (m + 1) * (m + 2))
	p := n1 * n2 / m
	return TwoLists{Petersen: p, Chapman: (n1+1)*(n2+1)/(m+1) - 1, SE: math.Sqrt(v), NetErrorOfFirst: n1 - p, CoverageOfFirst: m / n2}
}

// ListPair are the sizes of two lists of a stratum, and how many are in both.
type ListPair struct{ First, Second, Both float64 }

// SumLists adds strata up that were listed independently of each other: estimates and variances are sums, the coverage is that of all second lists
// together. Petersen's estimate is left out: a stratum without a match has none.
func SumLists(strata []ListPair) TwoLists {
	var sum TwoLists
	var n1, n2, m, v float64
	for _, s := range strata {
		t := CompareLists(s.First, s.Second, s.Both)
		sum.Chapman += t.Chapman
		v += t.SE * t.SE
		n1, n2, m = n1+s.First, n2+s.Second, m+s.Both
	}
	sum.SE = math.Sqrt(v)
	sum.NetErrorOfFirst = n1 - sum.Chapman
	if n2 > 0 {
		sum.CoverageOfFirst = m / n2
	}
	return sum
}
