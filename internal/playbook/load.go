package playbook

import (
	"fmt"
	"io/fs"
	"sort"

	"ruhu/internal/errs"
)

// File is the name of a playbook's main file.
const File = "playbook.yaml"

// Load reads the playbook in a folder. With any mistake it returns an error of kind Invalid, code playbook.mistakes,
// whose field mistakes is the []Mistake that Check gives.
func Load(fsys fs.FS) (*Playbook, error) {
	pb, mistakes := read(fsys)
	if len(mistakes) > 0 {
		return nil, errs.Invalid.New("playbook.mistakes", "count", len(mistakes), "first", mistakes[0].String(), "mistakes", mistakes)
	}
	return pb, nil
}

// Check finds every mistake of the playbook in a folder, in the order of files and lines.
func Check(fsys fs.FS) []Mistake {
	_, mistakes := read(fsys)
	return mistakes
}

// Library is a set of playbooks, one folder each.
type Library struct{ fsys fs.FS }

// NewLibrary looks at the folders of fsys that hold a playbook.yaml.
func NewLibrary(fsys fs.FS) *Library { return &Library{fsys} }

// IDs lists the folders that hold a playbook, in order.
func (l *Library) IDs() ([]string, error) {
	entries, err := fs.ReadDir(l.fsys, ".")
	if err != nil {
		return nil, fmt.Errorf("list playbooks: %w", err)
	}
	var ids []string
	for _, e := range entries {
		if _, err := fs.Stat(l.fsys, e.Name()+"/"+File); e.IsDir() && err == nil {
			ids = append(ids, e.Name())
		}
	}
	sort.Strings(ids)
	return ids, nil
}

// Load reads the playbook of that id. Returns NotFound playbook.unknown if there is none, else as Load.
func (l *Library) Load(id string) (*Playbook, error) {
	if !fs.ValidPath(id) {
		return nil, errs.NotFound.New("playbook.unknown", "id", id)
	}
	if _, err := fs.Stat(l.fsys, id+"/"+File); err != nil {
		return nil, errs.NotFound.New("playbook.unknown", "id", id)
	}
	sub, err := fs.Sub(l.fsys, id)
	if err != nil {
		return nil, fmt.Errorf("open playbook %s: %w", id, err)
	}
	return Load(sub)
}
