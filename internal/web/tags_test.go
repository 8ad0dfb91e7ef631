package web

import (
	"slices"
	"testing"

	"ruhu/internal/authz"
	"ruhu/internal/playbook"
)

func TestTagsThatTellOfASuspicionAreForThoseWhoSeeSuspects(t *testing.T) {
	t.Parallel()
	tags := []string{"失联", playbook.DefaultSuspectTag}
	for role, want := range map[authz.Role][]string{
		authz.TownshipOffice: tags, authz.Inspector: tags,
		authz.Village: tags[:1], authz.Enumerator: tags[:1], authz.Supervisor: tags[:1], authz.GroupLeader: tags[:1],
	} {
		if got := shownTags(authz.Actor{Role: role}, tags); !slices.Equal(got, want) {
			t.Errorf("%s sees %v, want %v", role, got, want)
		}
	}
}
