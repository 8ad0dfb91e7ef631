// Package playbooks carries the playbooks that come with the program.
//
// A playbook is a folder: playbook.yaml and the files that it names. The folders are embedded, so that the binary runs
// alone; a township's own playbook is a folder on disk of the same shape. Package internal/playbook reads both.
package playbooks

import "embed"

// FS holds one folder per playbook, named by the playbook's id.
//
//go:embed */playbook.yaml */forms */simulation.yaml
var FS embed.FS
