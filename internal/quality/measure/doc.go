// Package measure computes what quality rules look at: outliers, near-duplicate interviews, straight-lining, digits, effects of
// enumerators, distances, times, and what a second interview says about the first. It is pure: no database, no clock; where chance is
// needed (Monte-Carlo tests) the caller gives a seed.
//
// A figure never accuses anybody. What is over a threshold is a finding for a supervisor; several independent findings about one person
// are a reason to visit a household again.
//
// Files: quantile.go, outlier.go (Tukey, standard deviations, MAD, generalised ESD); similar.go (percent match, bit-packed);
// straight.go; digit.go; enumerator.go (ICC, Kruskal-Wallis, funnel plot); adjust.go (Holm, Benjamini-Hochberg); place.go; work.go
// (active time); backcheck.go, stability.go, reinterview.go, coverage.go, acceptance.go (a second interview).
//
// Definitions and thresholds, and where well-known tools go wrong: docs/quality.md. Sources: Rosner, Technometrics 25 (1983) 165–172;
// Iglewicz and Hoaglin, How to Detect and Handle Outliers (1993); Kuriakose and Robbins, Stat. J. IAOS 32 (2016) 283–291; UN, Post
// Enumeration Surveys: Operational Guidelines (2010); Chapman, Univ. Calif. Publ. Stat. 1 (1951) 131–160; Nigrini, Benford's Law (2012).
package measure
