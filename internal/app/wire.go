package app

import (
	"ruhu/internal/account"
	"ruhu/internal/assign"
	"ruhu/internal/audit"
	"ruhu/internal/blob"
	"ruhu/internal/circular"
	"ruhu/internal/device"
	"ruhu/internal/docgen"
	"ruhu/internal/earlier"
	"ruhu/internal/indicator"
	"ruhu/internal/ledger"
	"ruhu/internal/listing"
	"ruhu/internal/match"
	"ruhu/internal/paper"
	"ruhu/internal/playbook"
	"ruhu/internal/progress"
	"ruhu/internal/quality"
	"ruhu/internal/query"
	"ruhu/internal/region"
	"ruhu/internal/review"
	"ruhu/internal/roster"
	"ruhu/internal/sampling"
	"ruhu/internal/score"
	"ruhu/internal/signature"
	"ruhu/internal/submission"
	"ruhu/internal/survey"
	"ruhu/internal/trace"
	"ruhu/internal/training"
	"ruhu/internal/web"
	"ruhu/playbooks"
)

// wire makes every service, from the top of the import order down, and tells the bus who listens to what.
func (a *App) wire(blobs *blob.Store, parts *blob.Parts, o Options) error {
	if o.Playbooks == nil {
		o.Playbooks = playbooks.FS
	}
	books := playbook.NewLibrary(o.Playbooks)
	if _, err := books.IDs(); err != nil {
		return err
	}
	cal, err := a.Config.calendar()
	if err != nil {
		return err
	}
	accounts := account.New(a.DB, account.Options{Cost: o.Cost})
	devices := device.NewService(a.DB, accounts, blobs)
	surveys := survey.NewService(a.DB, a.Bus, books)
	rosters := roster.NewService(a.DB, a.Bus, surveys)
	listings := listing.NewService(a.DB, a.Bus, surveys, rosters, blobs)
	samplings := sampling.NewService(a.DB, a.Bus, surveys, blobs)
	assigns := assign.NewService(a.DB, a.Bus, surveys, accounts, cal)
	reader := submission.NewReader(a.DB, surveys)
	submissions := submission.NewService(a.DB, a.Bus, submission.FromStreet(a.DB, a.Bus, surveys, reader, blobs))
	earliers := earlier.NewService(a.DB, a.Bus, surveys, assigns, blobs)
	queries := query.NewService(a.DB, assigns)
	signs := signature.NewService(a.DB, surveys, accounts)
	signs.Problems(ledger.ListTx)
	identities := match.NewIdentities(a.DB, a.Bus, listings)
	qualities := quality.NewService(a.DB, a.Bus, surveys, assigns, reader, blobs)
	reviews := review.NewService(a.DB, a.Bus, surveys, accounts, blobs, cal, signs)
	indicators := indicator.NewService(a.DB, a.Bus, surveys, samplings, blobs, cal)
	ledgers := ledger.NewService(a.DB, a.Bus, surveys, blobs, cal)
	prints, err := blob.Open(a.Config.prints())
	if err != nil {
		return err
	}
	papers := paper.NewService(a.DB, a.Bus, surveys, assigns, prints, docgen.New(docgen.Options{Chromium: a.Config.Chromium}))
	matches := match.NewService(a.DB, a.Bus, blobs)
	agrees := match.NewAgreements(a.DB, a.Bus, surveys, reader, cal)
	counts := progress.NewService(a.DB, a.Bus)
	circulars := circular.NewService(a.DB, a.Bus)

	// Counters are told before anything else, in the transaction of the fact.
	counts.Listen()
	circulars.Listen()
	submissions.Register()
	earliers.Listen()
	reviews.Listen()
	qualities.Listen()
	indicators.Listen()
	ledgers.Listen()
	identities.Listen()
	papers.Listen()
	matches.Listen()
	agrees.Listen()
	a.closes = append(a.closes, func() error { submissions.Close(); return nil })

	a.Web = &web.Server{
		DB: a.DB, Log: a.log, Blobs: blobs,
		Regions: region.NewService(a.DB), Accounts: accounts, Devices: devices, Parts: parts, Audit: audit.NewService(a.DB), Sealed: audit.NewLog(a.DB, logKeys(a.Config.logKeys()), Logged()...),
		Surveys: surveys, Rosters: rosters, Listings: listings, Samplings: samplings, Assigns: assigns, Submissions: submissions, Earliers: earliers, Queries: queries, Signs: signs, Traces: trace.NewService(a.DB, accounts, signs), Trainings: training.NewService(a.DB, assigns), Reviews: reviews, Papers: papers, Ledgers: ledgers, Progress: counts, Identities: identities,
		Matches: matches, Agrees: agrees, Qualities: qualities, Scores: score.NewService(a.DB),
		Options:   web.Options{Secure: a.Config.secure(), TrustProxy: a.Config.BehindProxy, PublicURL: a.Config.PublicURL},
		Circulars: circulars, Indicators: indicators,
		Stuck: a.Bus.Stuck,
		Quit:  a.quit,
	}
	return nil
}
