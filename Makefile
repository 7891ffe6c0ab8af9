# What people and machines do with Kring. `make` alone tells what there is.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
CODE := wsgi.py $(shell find app -name '*.py')
STATIC := $(shell find app/static -name '*.css' -o -name '*.js' -o -name '*.svg')
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard app/translations/*/LC_MESSAGES/messages.po))
PIP_INSTALL := $(BIN)/python -m pip install -qq --disable-pip-version-check --no-input --require-hashes
UV_COMPILE := $(BIN)/uv pip compile --quiet --upgrade --generate-hashes --no-emit-index-url --python-version 3.11

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run install test bench soak sure lint shots messages lock vendor

help: ## Tell what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: .venv/runtime .venv/compiled .venv/packed $(CATALOGUES) ## Set up, load the example community and serve it (PORT=8000)
	@exec $(BIN)/flask --app wsgi serve --example

install: .venv/runtime .venv/compiled .venv/packed $(CATALOGUES) ## Set up for a server, or after fetching a newer version (docs/install.md)

test: .venv/dev $(CATALOGUES) ## Run the whole suite (ARGS="-k wiki" for a part)
	@$(PYTHON) tools/ensure_peers.py
	@$(BIN)/python -m tools.run_tests $(ARGS)

bench: .venv/dev .venv/installed .venv/compiled $(CATALOGUES) ## Measure speed and size, some ten minutes (ARGS="--replies 1000" or "--curve")
	@$(PYTHON) tools/ensure_peers.py wrk chromium
	@$(BIN)/python -m bench $(ARGS)

soak: .venv/dev .venv/installed $(CATALOGUES) ## Half an hour of mixed load, with a process killed midway (ARGS="--minutes 5")
	@$(BIN)/python -m bench.soak $(ARGS)

sure: lint test ## Everything that must be right before a change lands

lint: .venv/dev ## Format, lint, types and templates
	$(BIN)/ruff format --check --quiet
	$(BIN)/ruff check --quiet
	$(BIN)/mypy
	$(BIN)/djlint app/templates --lint --quiet

shots: .venv/dev $(CATALOGUES) ## Take screenshots of every page into shots/, and those of the README
	@$(PYTHON) tools/ensure_peers.py chromium
	@$(BIN)/python -m tools.shots

messages: .venv/dev ## Bring the Dutch catalogue in step with the texts in the code
	$(BIN)/pybabel -q extract -F babel.cfg -k _l -k lazy_gettext --no-location --sort-output -o .venv/messages.pot app
	$(BIN)/pybabel -q update -i .venv/messages.pot -d app/translations -l nl -w 100 --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date

lock: .venv/dev ## Renew the pinned versions of what Kring is built on
	$(UV_COMPILE) requirements.in -o requirements.txt
	$(UV_COMPILE) requirements-scale.in -o requirements-scale.txt
	$(UV_COMPILE) requirements-dev.in -o requirements-dev.txt

vendor: .venv/runtime ## Fetch the front-end files anew (needs npm)
	$(BIN)/python -m tools.vendor

.venv/runtime: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit("Kring needs Python 3.11 or newer." if sys.version_info < (3, 11) else 0)'
	@test -x $(BIN)/pip || CI=true $(PYTHON) tools/ensure_peers.py venv
	@test -x $(BIN)/pip || $(PYTHON) -m venv .venv
	@echo "Installing what Kring is built on (a minute, once)"
	@$(PIP_INSTALL) -r requirements.txt
	@touch $@

.venv/dev: .venv/runtime requirements-dev.txt
	@echo "Installing what the tests need (a minute, once)"
	@$(PIP_INSTALL) -r requirements-dev.txt
	@touch $@

# A server may be forbidden to write beside its code, and would translate it at each start.
.venv/compiled: .venv/runtime $(CODE)
	@$(BIN)/python -m compileall -qq $(CODE)
	@touch $@

# What a server on one machine has, without what tests need: the bench weighs it.
.venv/installed: .venv/runtime
	@$(PYTHON) -m venv --clear $@
	@$@/bin/python -m pip install -qq --disable-pip-version-check --no-input --require-hashes -r requirements.txt
	@touch $@

# Browsers get the packed form of a file where it lies beside it.
.venv/packed: .venv/runtime $(STATIC)
	@$(BIN)/python -m whitenoise.compress --quiet --no-brotli app/static
	@touch $@

%.mo: %.po .venv/runtime
	@$(BIN)/pybabel -q compile -i $< -o $@
