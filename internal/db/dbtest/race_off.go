//go:build !race

package dbtest

const race = false
