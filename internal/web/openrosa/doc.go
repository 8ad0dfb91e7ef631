// Package openrosa speaks OpenRosa 1.0 (https://docs.getodk.org/openrosa/), the protocol of ODK Collect and its relatives: documents, digest
// authentication, the multipart bodies of submissions, and the settings that Collect reads out of a QR code.
//
// It knows bytes and headers, no database: package web connects it with the street. What is served under which address, and what a client is
// told when, is in docs/openrosa.md.
package openrosa
