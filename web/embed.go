//go:build !noui

// Package frontend carries the two built front ends: the console for offices and the app for phones.
//
// The folders are made by `npm run build`; only their .gitkeep is committed, so the program builds without Node and then
// says that the front end is missing. The build tag noui leaves them out altogether.
package frontend

import "embed"

//go:embed all:apps/console/dist all:apps/field/dist
var files embed.FS
