#!/usr/bin/env bash
# Links the synthetic registers of 50,000 and 500,000 persons and prints figures, time and memory. The registers are made by
# match_gen.py of the shared fixtures (RUHU_FIXTURES, else ../shared/fixtures/stats) and checked against their digests.
set -euo pipefail
cd "$(dirname "$0")/../../../.."
fixtures=${RUHU_FIXTURES:-../shared/fixtures/stats}/match
if ! [ -f "$fixtures/match_gen.py" ] || ! command -v python3 >/dev/null; then
	echo "linking benchmark skipped: no match_gen.py in $fixtures, or no python3"
	exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
go build -o "$work/linkbench" ./cmd/ruhu-linkbench
digests=$(realpath "$fixtures")
for set in "p50k 50000 20260603" "p500k 500000 20260604"; do
	read -r name persons seed <<<"$set"
	python3 "$fixtures/match_gen.py" "$persons" "$seed" "$work/$name" >/dev/null
	(cd "$work/$name" && sha256sum --check --quiet "$digests/$name.sha256")
	echo "== $name"
	time "$work/linkbench" "$work/$name"
done
