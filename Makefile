# Two commands matter: `make run` and `make test`. `make help` lists the others.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.PHONY: help install run test film fmt lint types bench docs lock clean

BIN := .venv/bin
JOBS ?= 2
ARGS ?=

help: ## what can be made
	@grep -E '^[a-z]+:.*## ' Makefile | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 18

install: .venv/runtime.stamp ## the environment in .venv, from requirements.lock

.venv/runtime.stamp: requirements.lock pyproject.toml scripts/environment.sh
	@scripts/environment.sh requirements.lock $@

.venv/development.stamp: requirements-dev.lock .venv/runtime.stamp
	@scripts/environment.sh requirements-dev.lock $@

run: .venv/runtime.stamp ## database, web server and worker; Ctrl-C stops them (ARGS="--port 8001 --cases 5000")
	@exec $(BIN)/qushu run $(ARGS)

test: .venv/development.stamp ## every test, browser tests too (ARGS="-k words")
	@QUSHU_CHROMIUM="$$(scripts/browser.sh)" PYTHONDONTWRITEBYTECODE= exec $(BIN)/python -m pytest -n $(JOBS) --dist worksteal $(ARGS)

film: .venv/development.stamp ## the film of one case's whole life that the README shows (docs/images/whole-life.webp)
	@QUSHU_RECORD=1 QUSHU_CHROMIUM="$$(scripts/browser.sh)" $(BIN)/python -m pytest -n 0 -q \
	  src/qushu/web/tests/test_whole_life_in_browser.py -k lives_from_the_call
	@cp test-results/whole-life/film.webp docs/images/whole-life.webp && ls -lh docs/images/whole-life.webp

fmt: .venv/development.stamp ## format the code
	@$(BIN)/ruff check --fix . && $(BIN)/ruff format .

lint: .venv/development.stamp ## style, and the direction of imports
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/lint-imports

types: .venv/development.stamp ## types
	@$(BIN)/mypy src

bench: .venv/runtime.stamp ## one table of speeds beside their references (ARGS="--cases 1000000")
	@exec $(BIN)/qushu bench $(ARGS)

docs: .venv/runtime.stamp ## check that every link between the documents leads somewhere
	@$(BIN)/python scripts/check_links.py

lock: ## choose versions anew, with hashes (needs uv; takes it from the package index when absent)
	@scripts/lock.sh

clean: ## remove the environment and caches; the data in var/ stays
	@rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache build test-results
	@find src tests -name __pycache__ -type d -prune -exec rm -rf {} +
