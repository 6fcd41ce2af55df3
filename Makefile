# nightbell: what can be done here. `make` alone lists it.

PREFIX ?= /usr/local
CONFIGURATION ?= release
SWIFT ?= swift

.DEFAULT_GOAL := help
.PHONY: help build test demo replay record-corpus crash bench docs lint format install clean fuzz sanitize

help: ## lists these targets
	@echo "nightbell: make TARGET"
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo "  PREFIX=$(PREFIX) (install), CONFIGURATION=$(CONFIGURATION) (build, install)"

# With Swift's libraries inside, so that a PBX needs no Swift: only SQLite, libcurl and the C library.
STATIC = --static-swift-stdlib

build: ## builds the server: .build/$(CONFIGURATION)/nightbell
	@.ci/need build
	$(SWIFT) build -c $(CONFIGURATION) $(STATIC) --product nightbell

test: ## lint, build without warnings, every test; scenarios call a real Asterisk
	@.ci/run

demo: ## a night at the support line, on a real Asterisk with robots for people
	@.ci/need build pbx speech
	@echo "demo: building"
	$(SWIFT) build --product nightbell
	$(SWIFT) build --product nightbell-demo
	@.build/debug/nightbell-demo

replay: ## plays every recorded call of Tests/Corpus against the server; needs no PBX
	@.ci/need build
	@echo "replay: building"
	$(SWIFT) build --product nightbell
	$(SWIFT) build --product record-corpus
	@.build/debug/record-corpus --replay

record-corpus: ## records Tests/Corpus anew from a real Asterisk 22 and 16
	@.ci/need build speech
	@NIGHTBELL_PBX_ROOT= .ci/need pbx forky
	@NIGHTBELL_PBX_ROOT= .ci/need pbx bullseye
	$(SWIFT) build --product nightbell
	$(SWIFT) build --product record-corpus
	@NIGHTBELL_PBX_ROOT=$(HOME)/.cache/nightbell/pbx-forky .build/debug/record-corpus
	@NIGHTBELL_PBX_ROOT=$(HOME)/.cache/nightbell/pbx-bullseye .build/debug/record-corpus

crash: ## kills the server after each write of a page, on a real Asterisk, and starts it again
	@.ci/crash

bench: ## measures: a line a figure, ratios to the barest responder where there is one
	@.ci/need build pbx speech
	$(SWIFT) build -c release $(STATIC) --product nightbell
	$(SWIFT) build -c release $(STATIC) --product nightbell-bench
	$(SWIFT) build -c release $(STATIC) --product agi-bench
	@.build/release/agi-bench compare
	@.build/release/agi-bench standing
	@.build/release/nightbell-bench

docs: ## converts the documentation of the AGI library into .build/docs, if the toolchain has docc
	@SWIFT="$(SWIFT)" .ci/docs

fuzz: ## tries a million inputs on every reader, and as many by libFuzzer
	@.ci/need build
	@.ci/fuzz

sanitize: ## the tests that need no PBX under the thread and the address sanitizer
	@.ci/sanitize

lint: ## checks the format, changes nothing
	@.ci/run lint

format: ## formats all sources in place
	$(SWIFT) format --in-place --recursive Sources Tests Package.swift

install: build ## installs program, sample configuration and manifest under PREFIX
	install -d $(DESTDIR)$(PREFIX)/bin
	install -d $(DESTDIR)$(PREFIX)/share/nightbell/dialplan $(DESTDIR)$(PREFIX)/share/nightbell/sounds-manifest
	install -s -m 755 .build/$(CONFIGURATION)/nightbell $(DESTDIR)$(PREFIX)/bin/nightbell
	install -m 644 dialplan/*.conf $(DESTDIR)$(PREFIX)/share/nightbell/dialplan/
	install -m 644 sounds-manifest/prompts.csv $(DESTDIR)$(PREFIX)/share/nightbell/sounds-manifest/
	@echo "install: the dialplan and the sample nightbell.conf are in $(PREFIX)/share/nightbell/dialplan"

clean: ## removes what was built; the private Asterisk stays, for other checkouts
	rm -rf .build
