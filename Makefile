# `make` alone lists what can be made.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
SOURCES := idp config migrations demo examples benchmarks tests

.PHONY: help run reset totp test check format lint types contracts lock messages screenshots bench bench-delegation clean

help: ## List the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

.venv/.installed: requirements.lock setup.cfg pyproject.toml
	@PYTHON="$(PYTHON)" bash demo/create-environment
	@touch $@

run: .venv/.installed ## Start everything with demo data; Ctrl-C stops it
	@$(BIN)/python -m demo

reset: .venv/.installed ## Throw the demo's data away
	@$(BIN)/python -m demo reset

totp: .venv/.installed ## Print the demo staff's sign-in codes of this moment
	@$(BIN)/python -m demo totp

# One process more than there are cores: browsers, mails and starting processes are waited for.
# What shares a running service, else a file, stays together; the longest comes first. Each compiles
# what no other has compiled before it.
test: .venv/.installed ## Run every test, in a real browser too
	@bash tests/ensure-browser
	@bash tests/oauth/interop/ensure
	@env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m pytest \
		-n $$(($$(nproc) + 1)) --dist loadscope --no-loadscope-reorder

check: .venv/.installed lint types contracts test ## Everything that must be green before a commit

lint: .venv/.installed
	@$(BIN)/ruff format --check $(SOURCES)
	@$(BIN)/ruff check $(SOURCES)

types: .venv/.installed
	@$(BIN)/mypy

contracts: .venv/.installed
	@$(BIN)/lint-imports

format: .venv/.installed ## Put the code into its one format
	@$(BIN)/ruff format $(SOURCES)
	@$(BIN)/ruff check --fix $(SOURCES)

messages: .venv/.installed ## Bring the translation catalogues up to date with the code
	@$(BIN)/python -m tests.messages update

bench: .venv/.installed ## Measure the hot paths beside the machine's limits
	@bash benchmarks/ensure-wrk
	@$(BIN)/python -m benchmarks

bench-delegation: .venv/.installed ## Measure people with up to 100,000 installations
	@$(BIN)/python -m benchmarks.delegation

screenshots: .venv/.installed ## Take a picture of the pages, into screenshots/
	@bash tests/ensure-browser
	@$(BIN)/python -m tests.screenshots

lock: ## Pin the newest dependencies that fit
	@$(BIN)/uv pip compile setup.cfg --extra dev --universal --generate-hashes --no-annotate --no-header \
		--python-version 3.11 --upgrade --quiet --output-file requirements.lock

clean: ## Remove what was built
	@rm -rf .venv .node .demo* build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
