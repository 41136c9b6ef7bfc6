.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
# Each worker of the tests has a Neo4j and a Valkey of its own.
WORKERS ?= 2
export PYTHONWARNINGS ?=

.PHONY: help setup demo test nightly chaos stateful lint types layers bench accuracy docs pictures lock audit-deps sbom clean

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
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --durations 25

nightly: $(INSTALLED) ## run what takes many minutes: Ghost for real
	$(BIN)/python -m pytest -m nightly

chaos: $(INSTALLED) ## kill, pause and cut off everything at random while clients count (ROUNDS=200 SEED=… ARGS=…)
	$(BIN)/python -m tests.chaos --rounds $(or $(ROUNDS),200) $(if $(SEED),--seed $(SEED)) $(ARGS)

stateful: $(INSTALLED) ## ask anything over HTTP in any order beside a model (STEPS=100000)
	VITO_STATEFUL_STEPS=$(or $(STEPS),100000) $(BIN)/python -m pytest tests/chaos/test_chaos.py -k order

lint: $(INSTALLED) ## ruff: rules and formatting
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(INSTALLED) ## mypy, strict
	$(BIN)/mypy

layers: $(INSTALLED) ## the import directions
	$(BIN)/lint-imports

bench: $(INSTALLED) ## every benchmark, as ratios side by side
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

pictures: $(INSTALLED) ## make docs/pictures anew, from the screenshots of the browser tests
	$(BIN)/python -m pytest -q tests/browser/test_looks.py tests/browser/test_analyst.py
	$(BIN)/python docs/pictures.py

lock: ## write requirements/*.lock anew (needs uv)
	uv pip compile -q --generate-hashes --universal --python-version 3.11 --no-emit-index-url --no-header requirements/build.in -o requirements/build.lock
	uv pip compile -q --generate-hashes --universal --python-version 3.11 --no-emit-index-url --no-header pyproject.toml -o requirements/runtime.lock
	uv pip compile -q --generate-hashes --universal --python-version 3.11 --no-emit-index-url --no-header --extra demo --extra duckdb --extra spark --extra edge --extra otel --extra phone --extra voice --group dev pyproject.toml -o requirements/dev.lock
	uv pip compile -q --generate-hashes --universal --python-version 3.11 --no-emit-index-url --no-header --extra demo -c requirements/dev.lock pyproject.toml requirements/build.in -o requirements/demo.lock
	uv pip compile -q --generate-hashes --universal --python-version 3.11 --no-emit-index-url --no-header --extra demo --extra duckdb --group bench -c requirements/dev.lock pyproject.toml -o requirements/bench.lock
	uv pip compile -q --generate-hashes --universal --python-version 3.11 --no-emit-index-url --no-header --group docs -c requirements/dev.lock -o requirements/docs.lock

# The advisories of OSV are asked for over the network, and the tool itself is fetched: this needs uv, and says when it
# cannot reach them. A dependency that was not looked up fails the target, so silence is never taken for safety.
audit-deps: ## look the locked dependencies up among known vulnerabilities (needs uv and the network)
	uvx pip-audit --strict --vulnerability-service osv --disable-pip --require-hashes -r requirements/runtime.lock

sbom: ## write sbom.json, what ViTo is made of, as CycloneDX (needs uv)
	uvx --from cyclonedx-bom cyclonedx-py requirements requirements/runtime.lock --pyproject pyproject.toml --output-format JSON -o sbom.json

clean: ## remove the virtual environment and caches
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
