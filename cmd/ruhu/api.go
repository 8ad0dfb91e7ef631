package main

import (
	"os"

	"ruhu/internal/web"
)

// APICmd prints what is made from the route table.
type APICmd struct {
	OpenAPI APIOpenAPICmd `cmd:"" name:"openapi" help:"OpenAPI 3.1 as YAML (api/openapi.yaml)."`
	TS      APITSCmd      `cmd:"" name:"ts" help:"TypeScript types (web/packages/api/src/types.gen.ts)."`
}

// APIOpenAPICmd prints openapi.yaml.
type APIOpenAPICmd struct{}

// Run prints.
func (APIOpenAPICmd) Run() error { return emit(web.OpenAPI((&web.Server{}).Routes())) }

// APITSCmd prints types.gen.ts.
type APITSCmd struct{}

// Run prints.
func (APITSCmd) Run() error { return emit(web.TypeScript((&web.Server{}).Routes())) }

func emit(b []byte, err error) error {
	if err == nil {
		_, err = os.Stdout.Write(b)
	}
	return err
}
