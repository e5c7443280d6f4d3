# parktwin: `make demo` serves the sample park, `make test` passes all tests. Both set up what is missing.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
WEB    := web
WEB_SOURCES := $(shell find $(WEB)/src $(WEB)/public -type f 2>/dev/null) $(wildcard $(WEB)/*.html $(WEB)/*.ts $(WEB)/*.json) scenes/picture/looks.json
DEMO   ?= parks/demo
PORT   ?= 8420
FUZZ_SECONDS ?= 600

.PHONY: setup demo test lint format unit browser-tests web-test fuzz soak bench bench-peers lock docs clean browser

setup: $(VENV)/.ready $(WEB)/dist/.ready assets/fonts/.ready

$(VENV)/.ready: requirements/dev.txt requirements/setup.txt pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/setup.txt
	$(BIN)/uv pip sync --quiet --require-hashes requirements/dev.txt requirements/setup.txt --python $(BIN)/python
	$(BIN)/uv pip install --quiet --no-deps --no-build-isolation --editable . --python $(BIN)/python
	$(BIN)/python -m compileall -q -j 0 $(VENV)/lib twin bim gis scenes server >/dev/null || true  # starts in a third of the time
	touch $@

$(WEB)/node_modules/.ready: $(WEB)/package-lock.json $(WEB)/package.json
	cd $(WEB) && npm ci --no-audit --no-fund --loglevel=error
	touch $@

$(WEB)/dist/.ready: $(WEB)/node_modules/.ready $(WEB_SOURCES)
	cd $(WEB) && npm run --silent build
	touch $@

assets/fonts/.ready: $(VENV)/.ready $(WEB)/node_modules/.ready tools/report_fonts.py
	$(BIN)/python -m tools.report_fonts
	touch $@

browser:
	@sh tools/install-test-programs.sh

demo: setup
	$(BIN)/parktwin demo $(DEMO) --port $(PORT)

test: setup browser lint web-test
	$(BIN)/pytest -n 2 --dist loadgroup tests

unit: setup
	$(BIN)/pytest tests -m "not browser and not slow"

browser-tests: setup browser
	$(BIN)/pytest tests -m browser

web-test: setup
	cd $(WEB) && npm test --silent

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	cd $(WEB) && npm run --silent lint

format: setup
	$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

fuzz: setup
	$(BIN)/python -m tests.fuzz --seconds $(FUZZ_SECONDS)

soak: setup browser  # a wall in use keeps its size; PARKTWIN_SOAK_MINUTES sets how long
	$(BIN)/python -m tests.soak

bench-peers: setup  # what `make bench` races against; never part of the product
	test -x build/peers/bin/python || $(PYTHON) -m venv build/peers
	$(BIN)/uv pip sync --quiet --require-hashes requirements/peers.txt --python build/peers/bin/python
	mkdir -p build/peers/node
	cp tests/bench/peers/node/* tests/bench/peers/node/.npmrc build/peers/node/
	cd build/peers/node && npm ci --loglevel=error

bench: setup
	$(BIN)/python -m tests.bench

docs: setup
	$(BIN)/python -m tools.reference

lock: $(VENV)/.ready
	for name in setup run dev peers; do \
	  $(BIN)/uv pip compile --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet \
	    requirements/$$name.in --output-file requirements/$$name.txt; done

clean:
	rm -rf $(VENV) $(WEB)/node_modules $(WEB)/dist assets/fonts parks
