# ruhu. `make` lists the targets. Go and Node.js must be there; everything else is installed when missing.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

GO    ?= go
DATA  ?= ./data
ADDR  ?= 127.0.0.1:8080
WASM  := web/packages/engine/dist/ruhu.wasm
GOSRC := $(shell find cmd form internal playbooks web -name '*.go' -not -name '*_test.go' -not -path '*/node_modules/*' 2>/dev/null) go.mod go.sum
ENGINE := $(shell find form cmd/ruhu-wasm -name '*.go' -not -name '*_test.go' 2>/dev/null) go.mod go.sum
UISRC := $(shell find web -type f -not -path '*/node_modules/*' -not -path '*/dist/*' 2>/dev/null)
DATAFILES := $(shell find playbooks internal form -type f -not -name '*.go' -not -path '*/testdata/*' 2>/dev/null)
PG     = $(GO) run ./internal/db/pgcluster/with

.PHONY: help
help: ## this list
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: demo
demo: bin/ruhu ## build, make a simulated township under ./data (once) and serve it
	@bin/ruhu demo --data $(DATA) --addr $(ADDR)

.PHONY: build
build: bin/ruhu ## build bin/ruhu with the front end inside

.PHONY: test
test: need-test web/node_modules check-ui test-ui build test-go differential e2e ## every test; what CI runs

.PHONY: check
check: web/node_modules check-go check-ui ## linters: Go, TypeScript, Vue

# SQLite comes as C turned into Go. The race detector would look at each of its loads and stores, which are none of ours, and take twice as long.
.PHONY: test-go
test-go: ## Go tests with the race detector, on SQLite and a private PostgreSQL
	RUHU_TEST_REQUIRE_POSTGRES=1 $(PG) $(GO) test -race -gcflags='modernc.org/...=-race=false' -timeout 20m ./...
	$(GO) test ./form/xpath ./form/xform ./internal/sim
	$(GO) test -run TestPermissions ./internal/web

.PHONY: test-ui
test-ui: web/node_modules $(WASM) ## unit tests of the front end
	cd web && npm test --silent

.PHONY: differential
differential: web/node_modules ## random forms, ours against @getodk/xforms-engine: any difference fails
	cd web && npm run --silent differential

.PHONY: check-go
check-go: ## go vet, gofumpt, staticcheck
	$(GO) vet ./...
	@out=$$($(GO) tool -modfile=tools/go.mod gofumpt -l cmd form internal playbooks web/*.go *.go); \
	if [ -n "$$out" ]; then echo "not formatted (gofumpt -w):"; echo "$$out"; exit 1; fi
	$(GO) tool -modfile=tools/go.mod staticcheck ./...

.PHONY: check-ui
check-ui: web/node_modules ## types, eslint and formatting of the front end
	cd web && npm run --silent check

.PHONY: e2e
e2e: need-test bin/ruhu ## the whole street in headless Chromium
	cd web && npm run --silent e2e

.PHONY: screens
screens: need-test bin/ruhu ## take the pictures of docs/screens anew
	cd web && RUHU_SCREENS=../docs/screens npm run --silent e2e

.PHONY: bench
bench: bin/ruhu need-test ## measurements: intake on both databases, the form engine against its peer
	$(GO) build -o bin/ruhu-bench ./cmd/ruhu-bench
	bin/ruhu-bench
	RUHU_BENCH=1 $(PG) $(GO) test -run '^$$' -bench Register -benchtime 1x -timeout 30m ./internal/match
	RUHU_BENCH=1 $(PG) $(GO) test -run '^$$' -bench Million -benchtime 1x -timeout 30m ./internal/progress
	RUHU_BENCH=1 $(PG) $(GO) test -run '^$$' -bench Carried -benchtime 20x ./internal/earlier
	cd web && npm run --silent bench:engine
	cd web && npm run --silent bench:screen
	cd web && npm run --silent bench:phone
	$(GO) test -run '^$$' -bench . -benchmem ./form/...
	$(GO) test -run '^$$' -bench Plan -benchtime 3x ./internal/assign/solve
	$(GO) test -run '^$$' -bench Forms200 -benchtime 1x -timeout 20m ./internal/paper/layout
	internal/match/link/linktest/bench.sh
	$(GO) test -v -run Promise ./internal/sampling/draw -args -surveys 4000

.PHONY: soak
soak: need-test bin/ruhu ## fuzz every parser of foreign bytes, a minute each; 2,000 cases of a failing network
	scripts/fuzz 60s
	cd web && RUHU_FAULTS=2000 npx vitest run --config e2e/vitest.config.ts e2e/faults.spec.ts

.PHONY: need-test
need-test:
	@scripts/need '/usr/lib/postgresql/*/bin/initdb' postgresql chromium chromium '/usr/share/fonts/opentype/noto/NotoSansCJK-*' fonts-noto-cjk pdftotext poppler-utils zbarimg zbar-tools

web/node_modules: web/package-lock.json
	cd web && npm ci --no-audit --no-fund --silent
	@touch $@

$(WASM): $(ENGINE)
	@mkdir -p $(@D)
	GOOS=js GOARCH=wasm $(GO) build -trimpath -ldflags='-s -w' -o $@ ./cmd/ruhu-wasm
	@cp "$$($(GO) env GOROOT)/lib/wasm/wasm_exec.js" $(@D)/

bin/ui.stamp: web/node_modules $(WASM) $(UISRC)
	cd web && npm run --silent build
	@mkdir -p bin && touch $@

bin/ruhu: bin/ui.stamp $(GOSRC) $(DATAFILES)
	$(GO) build -trimpath -ldflags='-s -w' -o $@ ./cmd/ruhu
