# Everything is a command here; `make` lists them. Nothing but Python 3.11, Node 20, make and git is needed.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3.11
# A process that may not keep its compiled modules compiles them anew at every start: a second each.
export PYTHONDONTWRITEBYTECODE :=
BIN := .venv/bin
WEB := $(shell find web/src web/public web/*.html web/*.ts -type f 2>/dev/null)

help: ## list the commands
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile

.venv/ready: requirements.lock pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "需要 Python 3.11：没有找到 $(PYTHON) · Python 3.11 is needed"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(PIP) --no-deps --require-hashes -r requirements.lock
	@echo "$(CURDIR)" > "$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/wangge.pth"
	@printf '#!%s\nfrom wangge.cli import main\n\nmain()\n' "$(CURDIR)/$(BIN)/python" > $(BIN)/wangge && chmod +x $(BIN)/wangge
	@touch $@

.venv/dev: .venv/ready requirements-dev.lock
	$(PIP) --no-deps --require-hashes -r requirements-dev.lock
	@touch $@

web/node_modules/ready: web/package-lock.json
	@node -e 'process.exit(+process.versions.node.split(".")[0] >= 20 ? 0 : 1)' || { echo "需要 Node 20 · Node 20 is needed"; exit 1; }
	cd web && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

web/dist/index.html: web/node_modules/ready $(WEB)
	cd web && npm run build --silent
	@touch $@

# Two at a time, each one's words kept together.
BESIDE := $(MAKE) --no-print-directory -j2 --output-sync=target

install: ## install what is locked, Python and npm
	@$(BESIDE) .venv/dev web/node_modules/ready

build: web/dist/index.html ## build the pages

demo: .venv/ready web/dist/index.html ## the living demo city on 127.0.0.1:8000
	@scripts/system fonts || true
	$(BIN)/wangge demo

up: .venv/ready web/dist/index.html ## database, API and worker, no demo data
	$(BIN)/wangge up

test: install ## everything: checks, tests, browser tests  (T=path: one test)
	@scripts/system fonts chromium
ifdef T
	@$(BESIDE) build
	$(BIN)/python -m pytest $(T)
else
	@$(BESIDE) check-types check-python check-phone check-style build test-web check-locks
	$(BIN)/python -m pytest -n 3 --dist worksteal
endif

check: install ## style, types, walls, generated files
	@$(BESIDE) check-types check-python check-phone check-style

check-python:
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python scripts/docs.py --check

check-locks:
	$(BIN)/python scripts/audit.py --report

# The longest of all checks; the others are done in its time.
check-types:
	cd web && npm run check:types --silent

check-phone:
	cd web && npm run check:phone --silent

check-style:
	cd web && npx openapi-typescript openapi.json -o src/api/schema.d.ts --default-non-nullable=false --check && npm run check:style --silent

test-web:
	cd web && npm test --silent

fix: .venv/dev ## put style right
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: .venv/dev ## write the generated parts of docs/
	$(BIN)/python scripts/docs.py

types: install ## the typed client from the API's description
	$(BIN)/wangge openapi > web/openapi.json
	cd web && npm run types --silent

mission: install build ## run the marked tests, write docs/mission.md
	@scripts/system fonts chromium
	$(BIN)/python scripts/mission.py

prove: install build ## the long proofs, write docs/proofs.md  (T=path: these alone)
	$(BIN)/python scripts/prove.py $(T)

e2e: install build ## the browser tests alone
	@scripts/system fonts chromium
	$(BIN)/python -m pytest tests/e2e

audit: .venv/dev ## ask the public advisory services about every locked package
	$(BIN)/python scripts/audit.py

bench: .venv/dev ## hot paths beside pgbench, in the same minute
	$(BIN)/python -m bench

COMPILE := CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --strip-extras --generate-hashes --no-emit-index-url --no-emit-find-links --allow-unsafe

lock: .venv/dev ## lock the dependencies anew
	$(COMPILE) --extra dev -o requirements-dev.lock pyproject.toml
	$(COMPILE) -c requirements-dev.lock -o requirements.lock pyproject.toml

clean: ## remove what was built; the demo's data with ALL=1
	rm -rf web/dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
	$(if $(ALL),rm -rf var .venv web/node_modules)

.PHONY: help install build demo up test check check-python check-types check-phone check-style check-locks test-web fix docs types mission prove e2e audit bench lock clean
