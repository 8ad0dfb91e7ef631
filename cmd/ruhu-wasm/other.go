//go:build !js || !wasm

package main

import (
	"fmt"
	"os"
)

// Elsewhere than in a browser there is nothing to do; `go vet ./...` and editors find a package all the same.
func main() {
	fmt.Fprintln(os.Stderr, "ruhu-wasm is built for the browser: GOOS=js GOARCH=wasm, see the Makefile")
	os.Exit(2)
}
