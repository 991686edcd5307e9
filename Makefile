# The named steps that people and CI share. Each does all the set-up that it needs.
# The machine needs cargo, python3 and a C compiler. What else is missing of the system's packages is installed with apt, as root.

CARGO_FLAGS := --locked --workspace
# Tests and lints cover all clients. The default build leaves out those that take long to build.
ALL_CLIENTS := --features wlx/all-clients

.PHONY: help demo test bench fmt lint format-check check-structure check-generated generate build release-all system components \
	clients bump-components

help: ## Shows this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 20

demo: ## Builds both programs and shows a session: compiles, prepares, runs, compares and reports
	tests/demo.sh

test: components build clients ## Runs all tests, with real S3 servers and clients
	cargo test $(CARGO_FLAGS) $(ALL_CLIENTS) --no-fail-fast

build: system ## Builds both programs with all clients, and the tests
	cargo build $(CARGO_FLAGS) $(ALL_CLIENTS) --bins --tests

release-all: system ## Builds both programs with all clients, optimised
	cargo build --locked --release $(ALL_CLIENTS) --bins

bench: ## Runs the benchmarks
	cargo bench $(CARGO_FLAGS)

fmt: ## Formats the sources
	cargo fmt --all

format-check: ## Fails if a source is not formatted
	cargo fmt --all --check

lint: system ## Fails on any warning of the compiler or clippy
	cargo clippy $(CARGO_FLAGS) $(ALL_CLIENTS) --all-targets -- -D warnings

check-structure: ## Fails on a circle of modules, and on a crate that depends on what it must not see
	cargo test $(CARGO_FLAGS) $(ALL_CLIENTS) --test structure

generate: ## Writes all committed files that are generated: compiled workloads, schemas, references
	tests/generated.sh write

check-generated: ## Fails if a generated file is not what the sources make
	tests/generated.sh check

system: ## Installs the system packages that the build and the tests need and cannot use yet, as root
	tests/components/system.sh

components: system ## Installs the pinned servers, clients and readers of the tests into .cache/
	tests/components/install.sh

clients: build ## Installs all pinned clients that wlx runs into .cache/clients
	$${CARGO_TARGET_DIR:-target}/debug/wlx --clients-dir .cache/clients clients install all

bump-components: ## Pins the newest versions of everything pinned, once a week
	tests/components/bump.sh
