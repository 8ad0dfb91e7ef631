// Package errs is the one error type that people see.
//
// An Error has a Kind (what sort of failure, and so which HTTP status), a Code (stable, `package.what`, for
// programs and for the help desk) and Fields (typed details, also the parameters of the message). The
// sentences live in locale/<package>.json, Chinese first and English second, keyed by code; a test at the
// root of the repository proves that every code used in the sources has both.
//
// Make the error where the fact is known and add context with %w on the way up:
//
//	return errs.NotFound.New("ledger.no_item", "id", id)
//	return fmt.Errorf("close item %s: %w", id, err)
//
// Callers ask errs.Is(err, errs.Conflict) or errs.CodeOf(err). Anything that is not an *Error is Internal:
// it is logged in full and the person sees a request id and nothing else.
package errs
