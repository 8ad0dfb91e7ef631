//go:build js && wasm

package main

import (
	crand "crypto/rand"
	"encoding/hex"
	"math/rand/v2"
	"syscall/js"
	"time"

	"ruhu/form/xform"
)

// environment reads the options of a session: instance, prefill, now, offset
// (minutes east of UTC), deviceId, username, language. Without now the device's
// clock counts.
func environment(o js.Value) (xform.Env, error) {
	e := xform.Env{
		Now: time.Now, Rand: rand.Float64, UUID: uuid,
		DeviceID: str(o, "deviceId"), Username: str(o, "username"), Language: str(o, "language"),
		Geopoint: str(o, "geopoint"),
	}
	if v := o.Get("offset"); v.Type() == js.TypeNumber {
		e.Zone = time.FixedZone("", v.Int()*60)
	}
	if v := str(o, "now"); v != "" {
		t, err := time.Parse(time.RFC3339, v)
		if err != nil {
			return e, &xform.Error{Code: "xform.options", Msg: "时间格式不对", MsgEN: "now is not an RFC 3339 time", Detail: v}
		}
		e.Now = func() time.Time { return t }
	}
	if v := str(o, "instance"); v != "" {
		e.Instance = []byte(v)
	}
	if v := o.Get("prefill"); v.Type() == js.TypeObject {
		e.Prefill = map[string]string{}
		keys := js.Global().Get("Object").Call("keys", v)
		for i := range keys.Length() {
			k := keys.Index(i).String()
			e.Prefill[k] = str(v, k)
		}
	}
	return e, nil
}

func str(o js.Value, name string) string {
	if v := o.Get(name); v.Type() == js.TypeString {
		return v.String()
	}
	return ""
}

// uuid makes a version 4 UUID from the browser's random source.
func uuid() string {
	var b [16]byte
	_, _ = crand.Read(b[:]) // never fails
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	s := hex.EncodeToString(b[:])
	return s[:8] + "-" + s[8:12] + "-" + s[12:16] + "-" + s[16:20] + "-" + s[20:]
}
