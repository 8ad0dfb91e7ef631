package assign

// transport moves demands to teams: the pure core of a plan. Villages are sources, teams are sinks; may[v][t] says whether a team
// may go to a village. Units are households or team-days.
type transport struct {
	demand []int // per village
	room   []int // per team
	may    [][]bool
	flow   [][]int // [village][team], the answer
	load   []int   // per team: the sum of its column
	given  []int   // per village: the sum of its row
}

func newTransport(demand, room []int, may [][]bool) *transport {
	t := &transport{demand: demand, room: room, may: may, load: make([]int, len(room)), given: make([]int, len(demand))}
	t.flow = make([][]int, len(demand))
	for v := range demand {
		t.flow[v] = make([]int, len(room))
	}
	return t
}

func (t *transport) add(v, team, n int) {
	t.flow[v][team] += n
	t.load[team] += n
	t.given[v] += n
}

// complete reports whether every demand is met.
func (t *transport) complete() bool {
	for v, d := range t.demand {
		if t.given[v] < d {
			return false
		}
	}
	return true
}

// maximise turns the present flow, which may be empty, into a maximum one: as long as some village is short, it looks for the
// shortest chain "village to a team that may go there, that team gives up another village, which goes to a team …" that ends at a
// team with room (Edmonds and Karp). When no chain is left the flow is maximal, whatever it began with.
// It returns the villages and teams that chains can still reach: their demand does not fit (the minimum cut); empty when all is met.
func (t *transport) maximise() (villages, teams []bool) {
	for {
		fromTeam := make([]int, len(t.demand)) // the team that a village was reached from; -1 is a short village, -2 not reached
		fromVillage := make([]int, len(t.room))
		queue := make([]int, 0, len(t.demand))
		for v := range t.demand {
			fromTeam[v] = -2
			if t.given[v] < t.demand[v] {
				fromTeam[v] = -1
				queue = append(queue, v)
			}
		}
		for i := range fromVillage {
			fromVillage[i] = -1
		}
		end := -1
	search:
		for len(queue) > 0 {
			v := queue[0]
			queue = queue[1:]
			for team, ok := range t.may[v] {
				if !ok || fromVillage[team] >= 0 {
					continue
				}
				fromVillage[team] = v
				if t.load[team] < t.room[team] {
					end = team
					break search
				}
				for w := range t.demand {
					if fromTeam[w] == -2 && t.flow[w][team] > 0 {
						fromTeam[w] = team
						queue = append(queue, w)
					}
				}
			}
		}
		if end < 0 {
			villages, teams = make([]bool, len(t.demand)), make([]bool, len(t.room))
			for v, f := range fromTeam {
				villages[v] = f != -2
			}
			for team, v := range fromVillage {
				teams[team] = v >= 0
			}
			return villages, teams
		}
		t.push(end, fromTeam, fromVillage)
	}
}

// push moves as much as the chain that ends at team allows.
func (t *transport) push(end int, fromTeam, fromVillage []int) {
	n := t.room[end] - t.load[end]
	v := fromVillage[end]
	for fromTeam[v] >= 0 {
		n = min(n, t.flow[v][fromTeam[v]])
		v = fromVillage[fromTeam[v]]
	}
	n = min(n, t.demand[v]-t.given[v])
	team, v := end, fromVillage[end]
	for {
		t.add(v, team, n)
		team = fromTeam[v]
		if team < 0 {
			return
		}
		t.add(v, team, -n)
		v = fromVillage[team]
	}
}
