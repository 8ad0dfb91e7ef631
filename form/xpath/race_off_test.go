//go:build !race

package xpath_test

const raceEnabled = false
