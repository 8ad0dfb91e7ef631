// Package app puts the program together: it opens the database and the file store, makes every service, tells the bus who
// listens to what, and serves the edge until it is told to stop.
//
//	a, err := app.Open(ctx, config, app.Options{})
//	defer a.Close()
//	err = a.Run(ctx) // until ctx ends
//
// Config is everything that can be set. Reading it (file, environment, flags) is the business of cmd; nothing else looks at
// the environment.
package app
