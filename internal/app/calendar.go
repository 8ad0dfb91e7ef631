package app

import (
	"fmt"
	"os"

	"ruhu/internal/calendar"
)

// calendar is the official calendar, with the county's own file on top if there is one.
func (c Config) calendar() (*calendar.Calendar, error) {
	if c.Calendar == "" {
		return calendar.Official(), nil
	}
	f, err := os.Open(c.Calendar)
	if err != nil {
		return nil, fmt.Errorf("calendar file: %w", err)
	}
	defer f.Close()
	own, err := calendar.Parse(f)
	if err != nil {
		return nil, fmt.Errorf("calendar file %s: %w", c.Calendar, err)
	}
	return calendar.Official().With(own), nil
}
