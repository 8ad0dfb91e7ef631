package app

import (
	"ruhu/internal/account"
	"ruhu/internal/audit"
	"ruhu/internal/blob"
	"ruhu/internal/region"
	"ruhu/internal/web"
)

// wire makes every service, from the top of the import order down, and tells the bus who listens to what.
func (a *App) wire(blobs *blob.Store, o Options) error {
	a.Web = &web.Server{
		DB: a.DB, Log: a.log, Blobs: blobs,
		Regions:  region.NewService(a.DB),
		Accounts: account.New(a.DB, account.Options{Cost: o.Cost}),
		Audit:    audit.NewService(a.DB),
		Options:  web.Options{Secure: a.Config.secure(), TrustProxy: a.Config.BehindProxy},
		Stuck:    a.Bus.Stuck,
		Quit:     a.quit,
	}
	return nil
}
