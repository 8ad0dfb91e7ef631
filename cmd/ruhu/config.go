package main

import (
	"fmt"
	"os"

	"github.com/alecthomas/kong"
	"go.yaml.in/yaml/v3"
)

// configFile is the path of a settings file. It is read before the other flags get their values.
type configFile string

// BeforeResolve puts the file's values behind flags and environment: kong asks a resolver before the environment's value is
// final, so a flag whose variable is set is left alone here.
func (c configFile) BeforeResolve(k *kong.Kong, ctx *kong.Context, trace *kong.Path) error {
	path := string(ctx.FlagValue(trace.Flag).(configFile))
	raw, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("settings: %w", err)
	}
	values := map[string]any{}
	if err := yaml.Unmarshal(raw, &values); err != nil {
		return fmt.Errorf("settings %s: %w", path, err)
	}
	known := map[string]bool{}
	for _, command := range k.Model.Leaves(false) {
		for _, group := range command.AllFlags(false) {
			for _, f := range group {
				known[f.Name] = true
			}
		}
	}
	for key := range values {
		if !known[key] {
			return fmt.Errorf("settings %s: unknown key %q", path, key)
		}
	}
	ctx.AddResolver(kong.ResolverFunc(func(_ *kong.Context, _ *kong.Path, f *kong.Flag) (any, error) {
		for _, name := range f.Envs {
			if _, set := os.LookupEnv(name); set {
				return nil, nil
			}
		}
		if v, ok := values[f.Name]; ok {
			return fmt.Sprint(v), nil
		}
		return nil, nil
	}))
	return nil
}
