package sim

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// A plan lets a team go to one village a day: what is left of three villages finds its days, a fourth village stays.
func TestPostponedVisitsKeepToTheRulesOfThePlan(t *testing.T) {
	t.Parallel()
	villageOn, moved := map[string]string{}, map[string]string{}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/assignments") {
			var items []string
			for i := range 8 {
				items = append(items, fmt.Sprintf(`{"id":"%d","team":{"id":"t"},"household":{"village":{"code":"v%d"}}}`, i, i%4))
			}
			fmt.Fprintf(w, `{"items":[%s],"next":""}`, strings.Join(items, ","))
			return
		}
		var in struct{ Date string }
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
			t.Error(err)
		}
		id := strings.Split(strings.TrimPrefix(r.URL.Path, "/api/v1/assignments/"), "/")[0]
		village := "v" + string('0'+(id[0]-'0')%4)
		if v := villageOn[in.Date]; v != "" && v != village {
			w.WriteHeader(http.StatusConflict)
			fmt.Fprint(w, `{"code":"assign.rule_villages","status":409}`)
			return
		}
		villageOn[in.Date], moved[id] = village, in.Date
		fmt.Fprint(w, `{}`)
	}))
	t.Cleanup(srv.Close)
	p := &player{
		Options: Options{Until: time.Date(2026, 4, 20, 8, 0, 0, 0, time.UTC), Zone: time.UTC}, campaign: "c", lastDay: "2026-04-28",
		office: &Client{base: srv.URL, who: "office", http: srv.Client()},
	}
	if err := p.postpone(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(moved) != 6 || moved["0"] != moved["4"] || moved["0"] == moved["1"] || moved["3"] != "" {
		t.Errorf("%v", moved)
	}
}
