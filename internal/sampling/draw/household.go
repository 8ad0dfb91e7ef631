package draw

// Allocation is what a village's second stage takes: for each stratum how many there are and how many are drawn.
type Allocation struct {
	Stratum   string
	Quota     string
	Have      int  // M
	Draw      int  // m
	Certainty bool // named so by the plan
}

// allocate is RULE-S with the split of a quota by priority. have counts the village's households per stratum. short is how many
// households the quotas lack after every class has helped: the village is taken whole.
//
//	a = min(q, A) for each quota; D = Σq − Σa; then, in the order of making up: add = min(D, A − a)
//	other = min(min_other, A_other, a); priority = min(a − other, A_priority); other = min(a − priority, A_other)
func (p Plan) allocate(have map[string]int) (out []Allocation, short int) {
	certain := map[string]int{} // quota → its certainty households
	for _, c := range p.Certainty {
		certain[c.Quota] += have[c.Code]
		if n := have[c.Code]; n > 0 {
			out = append(out, Allocation{c.Code, c.Quota, n, n, true})
		}
	}
	avail, want := map[string]int{}, map[string]int{}
	for _, q := range p.Quotas {
		avail[q.Code], want[q.Code] = have[q.Code], q.Households
		if q.Priority != nil {
			avail[q.Code] = have[q.Priority.Stratum] + have[q.Priority.Other]
		}
		if p.CertaintyCounts {
			want[q.Code] = max(0, q.Households-certain[q.Code])
		}
	}
	take := map[string]int{}
	for code, q := range want {
		take[code] = min(q, avail[code])
		short += q - take[code]
	}
	for _, code := range p.ShortfallOrder {
		add := min(short, avail[code]-take[code])
		take[code] += add
		short -= add
	}
	add := func(stratum, quota string, n int) {
		if have[stratum] > 0 {
			out = append(out, Allocation{stratum, quota, have[stratum], n, false})
		}
	}
	for _, q := range p.Quotas {
		if q.Priority == nil {
			add(q.Code, q.Code, take[q.Code])
			continue
		}
		a, first, others := take[q.Code], have[q.Priority.Stratum], have[q.Priority.Other]
		other := min(q.Priority.MinOther, others, a)
		priority := min(a-other, first)
		other = min(a-priority, others)
		add(q.Priority.Stratum, q.Code, priority)
		add(q.Priority.Other, q.Code, other)
	}
	return out, short
}
