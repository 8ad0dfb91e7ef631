//go:build noui

// Package frontend is empty under the build tag noui.
package frontend

import "embed"

var files embed.FS
