package openrosa

import (
	"bytes"
	"compress/zlib"
	"encoding/base64"
	"encoding/json"
	"fmt"
)

// Settings are what ODK Collect is told by a QR code. What is left out keeps its default, so only what differs is said. The keys are Collect's
// (https://docs.getodk.org/collect-import-export/).
type Settings struct {
	General General        `json:"general"`
	Admin   map[string]any `json:"admin"` // must be there, even if empty
	Project Project        `json:"project"`
}

// General are the settings that are not protected.
type General struct {
	ServerURL      string `json:"server_url"`
	FormUpdateMode string `json:"form_update_mode"`
	Autosend       string `json:"autosend"`
	Username       string `json:"metadata_username"`
}

// Project is how Collect shows what it was set up for.
type Project struct {
	Name string `json:"name"`
	Icon string `json:"icon"`
}

// ForCollect gives the settings of a person: the forms on the phone follow the server, and finished ones are sent when there is a network. Sent forms
// stay on the phone, so that a returned one can be edited.
func ForCollect(server, project, person string) Settings {
	return Settings{
		General: General{ServerURL: server, FormUpdateMode: "match_exactly", Autosend: "wifi_and_cellular", Username: person},
		Admin:   map[string]any{}, Project: Project{Name: project, Icon: "入"},
	}
}

// Encode gives the text of the QR code: base64 of zlib of JSON.
func (s Settings) Encode() (string, error) {
	raw, err := json.Marshal(s)
	if err != nil {
		return "", fmt.Errorf("encode settings: %w", err)
	}
	var b bytes.Buffer
	z, _ := zlib.NewWriterLevel(&b, zlib.BestCompression) // the level is a legal one
	if _, err := z.Write(raw); err != nil {
		return "", fmt.Errorf("compress settings: %w", err)
	}
	if err := z.Close(); err != nil {
		return "", fmt.Errorf("compress settings: %w", err)
	}
	return base64.StdEncoding.EncodeToString(b.Bytes()), nil
}
