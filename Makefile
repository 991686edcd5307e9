# The named steps that people and CI share. Each does all the set-up that it needs.
# Needed on the machine: cargo, python3, a C compiler; as root, python3-venv is installed where it is missing.

CARGO_FLAGS := --locked --workspace

.PHONY: help demo test bench fmt lint format-check check-generated generate build components bump-components

help: ## Shows this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 20

demo: ## Compiles the standard workloads, prepares an embedded S3 server, runs small workloads and shows the results
	tests/demo.sh

test: components build ## Runs all tests, real S3 servers and clients included
	cargo test $(CARGO_FLAGS) --no-fail-fast

build: ## Builds both programs and the tests
	cargo build $(CARGO_FLAGS) --bins --tests

bench: ## Runs the benchmarks
	cargo bench $(CARGO_FLAGS)

fmt: ## Formats the sources
	cargo fmt --all

format-check: ## Fails where a source is not formatted
	cargo fmt --all --check

lint: ## Fails on any compiler or clippy warning
	cargo clippy $(CARGO_FLAGS) --all-targets -- -D warnings

generate: ## Writes everything that is generated and committed: compiled workloads, schemas, references
	tests/generated.sh write

check-generated: ## Fails where something generated is not what the sources make
	tests/generated.sh check

components: ## Installs the pinned S3 clients and the S3 server of the tests into .cache/
	tests/components/install.sh

bump-components: ## Pins the newest versions of those clients and that server
	tests/components/bump.sh
