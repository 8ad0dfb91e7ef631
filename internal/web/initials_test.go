package web

import "testing"

func TestANameIsFoundByEveryReadingOfItsCharacters(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"王建国": "wy j g", "单晓华": "cds x h", "曾Ab·": "cz a b", "": "", "９": "９",
	} {
		if got := initials(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}
