.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
# Each worker of the tests has a Neo4j and a Valkey of its own. They take files in the order of names: those that take
# minutes come first, and the many short ones of `tests/unit` fill what is left at the end.
WORKERS ?= 2
export PYTHONWARNINGS ?=

.PHONY: help setup demo test chaos stateful containers nightly lint types layers bench accuracy docs pictures lock audit-deps release clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

# Everything is installed by hash from the committed locks; the project itself is linked in place. What the demo needs is
# a part of what development needs, at the same versions.
$(VENV)/.demo: requirements/demo.lock pyproject.toml
	$(call install,requirements/demo.lock)

$(INSTALLED): requirements/dev.lock pyproject.toml
	$(call install,requirements/dev.lock)
	@touch $(VENV)/.demo

define install
@$(PYTHON) -c 'import sys; sys.exit("ViTo needs Python 3.11 or newer; set PYTHON=…" if sys.version_info < (3, 11) else 0)'
test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(1)
$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
@touch $@
endef

setup: $(VENV)/.demo ## install `vito` into .venv

demo: $(VENV)/.demo ## start the real servers and run the main job on demo data (ONCE=1: print and exit)
	$(BIN)/python -m benchmarks.demo $(if $(ONCE),--once)

test: $(INSTALLED) ## run the whole suite against the real Neo4j and Valkey
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder --durations 25

containers: $(INSTALLED) ## build the image, run a part of the suite on containers, work with docker-compose.yml
	@.ci/containers

nightly: $(INSTALLED) ## run what takes many minutes: Ghost for real
	$(BIN)/python -m pytest -m nightly

chaos: $(INSTALLED) ## kill, pause and cut off everything at random while clients count (ROUNDS=200 SEED=… ARGS=…)
	$(BIN)/python -m tests.chaos --rounds $(or $(ROUNDS),200) $(if $(SEED),--seed $(SEED)) $(ARGS)

stateful: $(INSTALLED) ## ask anything over HTTP in any order beside a model (STEPS=100000)
	VITO_STATEFUL_STEPS=$(or $(STEPS),100000) $(BIN)/python -m pytest -s --timeout 0 tests/chaos/test_chaos.py -k order

lint: $(INSTALLED) ## ruff: rules and formatting
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(INSTALLED) ## mypy, strict
	$(BIN)/mypy

layers: $(INSTALLED) ## the import directions
	$(BIN)/lint-imports

bench: $(INSTALLED) ## accuracy without its peers, and intake beside the bare driver; docs/explanation names the others
	$(BIN)/python -m benchmarks

$(VENV)/.bench: requirements/bench.lock $(INSTALLED)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bench.lock
	@touch $@

accuracy: $(VENV)/.bench ## ViTo beside Splink, dedupe, goldenmatch and equality: table and plots in docs/explanation/accuracy/
	$(BIN)/python -m benchmarks.accuracy --peers --out docs/explanation/accuracy $(SETS)

$(VENV)/.docs: requirements/docs.lock $(INSTALLED)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/docs.lock
	@touch $@

docs: $(VENV)/.docs ## build the documentation into build/site; a link or an anchor that leads nowhere fails
	$(BIN)/sphinx-build --quiet --fail-on-warning --keep-going --fresh-env -d build/doctrees docs build/site
	@echo "build/site/index.html"

pictures: $(INSTALLED) ## make docs/pictures anew, from what the tests of the pages keep
	$(BIN)/python -m pytest -q tests/browser/test_looks.py tests/browser/test_calls.py tests/browser/test_analyst.py -k "accessible or asks"
	$(BIN)/python docs/pictures.py

lock: ## write requirements/*.lock anew (needs uv)
	uv pip compile -q --generate-hashes --universal --python-version 3.11 --no-emit-index-url --no-header requirements/build.in -o requirements/build.lock
	uv pip compile -q --generate-hashes --universal --python-version 3.11 --no-emit-index-url --no-header --extra otel pyproject.toml -o requirements/runtime.lock
	uv pip compile -q --generate-hashes --universal --python-version 3.11 --no-emit-index-url --no-header -c requirements/build.lock requirements/release.in -o requirements/release.lock
	uv pip compile -q --generate-hashes --universal --python-version 3.11 --no-emit-index-url --no-header --extra demo --extra duckdb --extra spark --extra edge --extra otel --extra phone --extra voice --group dev pyproject.toml -o requirements/dev.lock
	uv pip compile -q --generate-hashes --universal --python-version 3.11 --no-emit-index-url --no-header --extra otel --extra voice -c requirements/runtime.lock -c requirements/dev.lock pyproject.toml -o requirements/voice.lock
	uv pip compile -q --generate-hashes --universal --python-version 3.11 --no-emit-index-url --no-header --extra demo -c requirements/dev.lock pyproject.toml requirements/build.in -o requirements/demo.lock
	uv pip compile -q --generate-hashes --universal --python-version 3.11 --no-emit-index-url --no-header --extra demo --extra duckdb --group bench -c requirements/dev.lock pyproject.toml -o requirements/bench.lock
	uv pip compile -q --generate-hashes --universal --python-version 3.11 --no-emit-index-url --no-header --group docs -c requirements/dev.lock -o requirements/docs.lock

# What builds and checks a release: from their own lock, in an environment of their own.
TOOLS := $(VENV)/tools
$(TOOLS)/.installed: requirements/release.lock $(INSTALLED)
	test -x $(TOOLS)/bin/python || $(BIN)/python -m venv $(TOOLS)
	$(TOOLS)/bin/python -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes -r requirements/release.lock
	@touch $@

# The advisories of OSV are asked for over the network; the target says when it cannot reach them.
# A dependency that was not looked up fails it, so silence is never taken for safety.
audit-deps: $(TOOLS)/.installed ## look the locked dependencies up among known vulnerabilities (needs the network)
	$(TOOLS)/bin/pip-audit --strict --vulnerability-service osv --disable-pip --require-hashes -r requirements/runtime.lock

release: $(TOOLS)/.installed ## sdist, wheel, SBOM (CycloneDX) and checksums into dist/, tried in an empty environment
	.ci/release

clean: ## remove the virtual environment and caches
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
