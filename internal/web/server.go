package web

import (
	"context"
	"log/slog"
	"sync"

	"ruhu/internal/account"
	"ruhu/internal/assign"
	"ruhu/internal/audit"
	"ruhu/internal/blob"
	"ruhu/internal/circular"
	"ruhu/internal/db"
	"ruhu/internal/device"
	"ruhu/internal/earlier"
	"ruhu/internal/indicator"
	"ruhu/internal/ledger"
	"ruhu/internal/listing"
	"ruhu/internal/match"
	"ruhu/internal/paper"
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
	"ruhu/internal/web/openrosa"
)

// Server holds what the handlers need. Package app fills it in; Handler makes the http.Handler.
type Server struct {
	DB       *db.DB
	Log      *slog.Logger // nil means slog.Default
	Blobs    *blob.Store
	Regions  *region.Service
	Accounts *account.Service
	Devices  *device.Service
	Parts    *blob.Parts
	Audit    *audit.Service
	Sealed   *audit.Log

	Surveys     *survey.Service
	Rosters     *roster.Service
	Listings    *listing.Service
	Samplings   *sampling.Service
	Assigns     *assign.Service
	Submissions *submission.Service
	Earliers    *earlier.Service
	Queries     *query.Service
	Trainings   *training.Service
	Signs       *signature.Service
	Traces      *trace.Service
	Reviews     *review.Service
	Papers      *paper.Service
	Indicators  *indicator.Service
	Ledgers     *ledger.Service
	Matches     *match.Service
	Agrees      *match.Agreements
	Qualities   *quality.Service
	Scores      *score.Service
	Progress    *progress.Service
	Identities  *match.Identities
	Circulars   *circular.Service

	Options Options
	Stuck   func(ctx context.Context) (int, error) // tasks that were set aside; nil when nobody counts

	// Quit is closed when the program stops: streams end. nil never ends them.
	Quit <-chan struct{}

	traffic traffic

	guardOnce sync.Once
	guard     *openrosa.Guard
}

// Options are the settings of the edge.
type Options struct {
	Secure     bool   // cookies over https only, and HSTS: set when TLS is on, here or at the proxy
	PublicURL  string // where browsers and phones reach us, for QR codes; "" takes the address that was asked for
	TrustProxy bool   // take the client's address from the last X-Forwarded-For
}

// Routes is the whole API. Each noun adds its own rows in a file of its own.
func (s *Server) Routes() []Route {
	var all []Route
	for _, rows := range [][]Route{
		s.sessionRoutes(),
		s.accountRoutes(),
		s.regionRoutes(),
		s.fileRoutes(),
		s.campaignRoutes(), s.formRoutes(),
		s.rosterRoutes(),
		s.frozenRoutes(),
		s.listingRoutes(),
		s.identityRoutes(),
		s.samplingRoutes(),
		s.registerRoutes(),
		s.agreementRoutes(),
		s.assignRoutes(),
		s.boardRoutes(),
		s.fieldRoutes(),
		s.syncRoutes(),
		s.earlierRoutes(),
		s.deviceRoutes(),
		s.clientRoutes(),
		s.rosaRoutes(),
		s.submissionRoutes(), s.reviewRoutes(), s.meetingRoutes(), s.areaRoutes(),
		s.paperRoutes(),
		s.conflictRoutes(),
		s.secondRoutes(),
		s.queryRoutes(),
		s.trainingRoutes(),
		s.signatureRoutes(),
		s.determinationRoutes(),
		s.ledgerRoutes(),
		s.ledgerTableRoutes(),
		s.qualityRoutes(),
		s.recheckRoutes(),
		s.scoreRoutes(),
		s.progressRoutes(),
		s.circularRoutes(),
		s.auditRoutes(),
		s.logRoutes(),
	} {
		all = append(all, rows...)
	}
	return all
}
