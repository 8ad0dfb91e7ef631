package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"ruhu/internal/playbook"
	"ruhu/playbooks"
)

// PlaybookCmd lists and checks playbooks.
type PlaybookCmd struct {
	List  PlaybookListCmd  `cmd:"" help:"List the playbooks that come with the program. 列出内置方案。"`
	Check PlaybookCheckCmd `cmd:"" help:"Find every mistake in a playbook folder. 检查方案文件夹。"`
}

// PlaybookListCmd lists the embedded playbooks.
type PlaybookListCmd struct {
	JSON bool `help:"Print JSON." name:"json"`
}

// Run prints id, dates, forms and title of each playbook.
func (c *PlaybookListCmd) Run() error {
	lib := playbook.NewLibrary(playbooks.FS)
	ids, err := lib.IDs()
	if err != nil {
		return err
	}
	type line struct {
		ID    string        `json:"id"`
		Title playbook.Text `json:"title"`
		From  string        `json:"from"`
		To    string        `json:"to"`
		Forms []string      `json:"forms"`
	}
	lines := []line{}
	for _, id := range ids {
		pb, err := lib.Load(id)
		if err != nil {
			return err
		}
		l := line{ID: pb.ID, Title: pb.Title, From: pb.Start().String(), To: pb.Stages[len(pb.Stages)-1].To.String()}
		for _, f := range pb.Forms {
			l.Forms = append(l.Forms, f.Code)
		}
		lines = append(lines, l)
	}
	if c.JSON {
		return json.NewEncoder(os.Stdout).Encode(lines)
	}
	for _, l := range lines {
		fmt.Printf("%s\t%s..%s\t%s / %s\n", l.ID, l.From, l.To, l.Title.ZH, l.Title.EN)
	}
	return nil
}

// PlaybookCheckCmd checks one folder.
type PlaybookCheckCmd struct {
	Dir  string `arg:"" help:"The playbook's folder, or its playbook.yaml." type:"path"`
	JSON bool   `help:"Print JSON." name:"json"`
	Lang string `help:"Language of the messages." enum:"zh,en" default:"zh"`
}

// Run prints every mistake as file:line: key: message and fails when there is one.
func (c *PlaybookCheckCmd) Run() error {
	dir := c.Dir
	if filepath.Base(dir) == playbook.File {
		dir = filepath.Dir(dir)
	}
	mistakes := playbook.Check(dirFS(dir))
	if c.JSON {
		if mistakes == nil {
			mistakes = []playbook.Mistake{}
		}
		if err := json.NewEncoder(os.Stdout).Encode(mistakes); err != nil {
			return err
		}
	} else {
		for _, m := range mistakes {
			fmt.Println(m.In(c.Lang))
		}
	}
	if len(mistakes) > 0 {
		return fmt.Errorf("%s: %d mistakes", c.Dir, len(mistakes))
	}
	if !c.JSON {
		fmt.Println("OK")
	}
	return nil
}

func dirFS(dir string) fs.FS { return os.DirFS(dir) }
