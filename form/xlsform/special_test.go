package xlsform_test

import (
	"strings"
	"testing"
)

func TestTheSheetOsmGivesTagsAndTheirValues(t *testing.T) {
	t.Parallel()
	got := ok(t, `
## survey
| type | name | label::zh | label::en |
| osm house | where | 房屋 | House |
| osm | road | 路 | Road |
## osm
| list_name | name | label::zh | label::en |
| house | building | 用途 | Use |
| house | name | 名称 | Name |
| building | house | 住房 | Home |
| building | barn | 牲口棚 | Barn |
## settings
| default_language |
| zh |
`)
	body := got[strings.Index(got, "<h:body>"):]
	if strings.Count(body, "<tag ") != 2 || strings.Count(body, "<item>") != 2 || strings.Count(body, `mediatype="osm/*"`) != 2 {
		t.Error(body)
	}
	for _, want := range []string{
		`<label ref="jr:itext('/data/where/building/barn:label')"/>`, `<value>barn</value>`, `<text id="/data/where/house/name:label">`, "牲口棚",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in\n%s", want, got)
		}
	}
}
