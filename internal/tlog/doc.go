// Package tlog is a Merkle log as values: what a batch of entries adds to it, how its pieces are named and written, and whether a copy
// of it is whole.
//
// The formats are those of C2SP: tiles of 256 hashes and bundles of entries (c2sp.org/tlog-tiles), a checkpoint of origin, size and
// root (c2sp.org/tlog-checkpoint) that is signed as a note (c2sp.org/signed-note) with Ed25519. Hashes are those of RFC 6962: a leaf is
// SHA-256 of a zero byte and the entry, a node SHA-256 of a one byte and its two children. So a log can be checked by any program that
// knows these formats, and nothing of ours.
//
// Files: append.go, checkpoint.go, path.go, copy.go (reading a copy in a folder). No database, no clock.
package tlog
