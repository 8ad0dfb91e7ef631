package authz

import (
	"slices"

	"ruhu/internal/errs"
	"ruhu/internal/region"
)

// Role is what a person is in the survey.
type Role string

// The roles, from the county down (domain.md, S3.3 to S3.9).
const (
	CountyOffice   Role = "county_office"   // 县扶贫办
	GuidanceGroup  Role = "guidance_group"  // 县指导组
	TownshipLeader Role = "township_leader" // 镇领导小组
	TownshipOffice Role = "township_office" // 镇领导小组办公室
	GroupLeader    Role = "group_leader"    // 工作组组长
	Supervisor     Role = "supervisor"      // 复核人员（调查指导员）
	Enumerator     Role = "enumerator"      // 排查人员
	Village        Role = "village"         // 村（社区）、驻村工作队
	Inspector      Role = "inspector"       // 纪委、督查室
)

// Roles lists every role, from the county down.
func Roles() []Role {
	return []Role{CountyOffice, GuidanceGroup, TownshipLeader, TownshipOffice, GroupLeader, Supervisor, Enumerator, Village, Inspector}
}

// Valid reports whether r is one of Roles.
func (r Role) Valid() bool { return slices.Contains(Roles(), r) }

// Actor is the person who acts. Services take it as their second parameter.
type Actor struct {
	ID      string      // account id
	Account string      // login name
	Name    string      // the person's name
	Role    Role        //
	County  string      // 6 digits: the tenant
	Region  region.Code // what the person sees
}

// System is the program itself, for what a handler does without a person. It holds no role, so Can is always false.
func System(county string) Actor { return Actor{Account: "system", Name: "系统", County: county} }

// Can reports whether the actor's role allows x.
func (a Actor) Can(x Action) bool { return slices.Contains(policy[x], a.Role) }

// Require returns Forbidden "authz.forbidden" unless the role allows x.
func (a Actor) Require(x Action) error {
	if a.Can(x) {
		return nil
	}
	return errs.Forbidden.New("authz.forbidden", "action", string(x))
}

// Scope is the half-open range of codes the actor sees, for SQL: village >= lo AND village < hi.
func (a Actor) Scope() (lo, hi region.Code) { return a.Region.Range() }

// Sees reports whether the place c lies in the actor's region.
func (a Actor) Sees(c region.Code) bool { return a.Region.Contains(c) }

// Actions lists what the actor's role allows, in the order of the policy table.
func (a Actor) Actions() []Action {
	var out []Action
	for _, x := range Actions() {
		if a.Can(x) {
			out = append(out, x)
		}
	}
	return out
}
