# The named steps that people and CI share. Each does all the set-up that it needs.
# Needed on the machine: cargo, python3, a C compiler; as root, packages of the system are installed where they are missing.

CARGO_FLAGS := --locked --workspace
# Tests and lints see all clients; the default build leaves those out whose builds are long.
ALL_CLIENTS := --features wlx/all-clients

.PHONY: help demo test bench fmt lint format-check check-generated generate build release-all system components clients \
	bump-components

help: ## Shows this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 20

demo: ## Compiles the standard workloads, prepares an embedded S3 server, runs small ones and ends with a report
	tests/demo.sh

test: components build clients ## Runs all tests, real S3 servers and clients included
	cargo test $(CARGO_FLAGS) $(ALL_CLIENTS) --no-fail-fast

build: system ## Builds both programs, with all clients, and the tests
	cargo build $(CARGO_FLAGS) $(ALL_CLIENTS) --bins --tests

release-all: system ## Builds both programs for use, with all clients
	cargo build --locked --release $(ALL_CLIENTS) --bins

bench: ## Runs the benchmarks
	cargo bench $(CARGO_FLAGS)

fmt: ## Formats the sources
	cargo fmt --all

format-check: ## Fails where a source is not formatted
	cargo fmt --all --check

lint: system ## Fails on any compiler or clippy warning
	cargo clippy $(CARGO_FLAGS) $(ALL_CLIENTS) --all-targets -- -D warnings

generate: ## Writes everything that is generated and committed: compiled workloads, schemas, references
	tests/generated.sh write

check-generated: ## Fails where something generated is not what the sources make
	tests/generated.sh check

system: ## Installs the packages of the system that the build and the tests need, as root
	tests/components/system.sh

components: system ## Installs the pinned S3 server of the tests, and the clients and readers that try ours, into .cache/
	tests/components/install.sh

clients: build ## Installs all clients that wlx runs, pinned, into .cache/clients
	$${CARGO_TARGET_DIR:-target}/debug/wlx --clients-dir .cache/clients clients install all

bump-components: ## Pins the newest versions of all clients and of that server: once a week
	tests/components/bump.sh
