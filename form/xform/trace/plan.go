// Package trace runs a plan of steps over a form and writes what the form's
// state is after each step, one JSON object a line. Two engines that are given
// the same plan can then be compared line by line; docs/form-trace.md describes
// both formats.
package trace

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"math"
	"time"

	"ruhu/form/xform"
)

// Plan is a list of steps and the world in which they happen.
type Plan struct {
	Version     int               `json:"version"`
	Form        string            `json:"form"`
	File        string            `json:"file"`
	Env         Env               `json:"env"`
	Attachments map[string]string `json:"attachments"` // jr:// URI → file
	Steps       []Step            `json:"steps"`
	Volatile    []string          `json:"volatile"`
}

// Env freezes the clock, the zone and the device. Now is RFC 3339.
type Env struct {
	TZ          string  `json:"tz"`
	Now         string  `json:"now"`
	Rand        float64 `json:"rand"`
	DeviceID    string  `json:"deviceid"`
	Username    string  `json:"username"`
	Email       string  `json:"email"`
	PhoneNumber string  `json:"phonenumber"`
	Geolocation string  `json:"geolocation"`
}

// Step is one operation: set, add, remove, lang or (ours) confirm.
type Step struct {
	Op    string `json:"op"`
	Ref   string `json:"ref,omitempty"`
	Value string `json:"value,omitempty"`
}

// MarshalJSON keeps an empty value of a set visible: it clears the answer.
func (s Step) MarshalJSON() ([]byte, error) {
	m := map[string]string{"op": s.Op}
	if s.Ref != "" {
		m["ref"] = s.Ref
	}
	if s.Value != "" || s.Op == "set" {
		m["value"] = s.Value
	}
	return json.Marshal(m)
}

// session makes the engine's environment. Chance is a small generator seeded by
// Rand, so that a plan gives the same trace every time.
func (e Env) session() (xform.Env, error) {
	zone, err := time.LoadLocation(e.TZ)
	if err != nil {
		return xform.Env{}, fmt.Errorf("time zone %q: %w", e.TZ, err)
	}
	out := xform.Env{
		Zone: zone, Rand: chance(e.Rand), DeviceID: e.DeviceID, Username: e.Username, Email: e.Email,
		PhoneNumber: e.PhoneNumber, Geopoint: e.Geolocation,
	}
	if e.Now != "" {
		now, err := time.Parse(time.RFC3339, e.Now)
		if err != nil {
			return xform.Env{}, fmt.Errorf("now: %w", err)
		}
		out.Now = func() time.Time { return now }
	}
	return out, nil
}

// chance is the Park-Miller generator that XForms prescribes for randomize().
func chance(seed float64) func() float64 {
	h := fnv.New32a()
	_, _ = fmt.Fprint(h, seed) // a hash never fails
	state := uint64(h.Sum32()%(math.MaxInt32-1)) + 1
	return func() float64 {
		state = state * 16807 % math.MaxInt32
		return float64(state-1) / (math.MaxInt32 - 1)
	}
}
