// Package sim plays a township: it makes up regions, people and a roster file from a seed, opens the accounts, and then
// lets everybody do their work through the real HTTP API, day by day on a virtual clock: the office imports and plans, teams
// visit and send, supervisors return and approve, villages mend what was found.
//
// Nothing is written into the database behind the server's back; what the simulation can't do through the API, a person
// could not do either. The same seed gives the same township.
//
// Household and member names are drawn at random from common characters, and ID numbers carry the area code 990101,
// which is assigned to no place, so that no simulated person can be a real one.
//
// How households answer is data of the playbook: simulation.yaml, read by hints.go.
//
// sim owns no table.
package sim
