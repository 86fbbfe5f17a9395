# One door for people and machines: everything goes into .venv/ beside this file.
#
#   make run     environment, dependencies, index of the shipped plans, server on 127.0.0.1:8000
#   make test    environment, dependencies, every test

PORT  ?= 8000
HOST  ?= 127.0.0.1
INDEX ?= index
PLANS ?= corpus/data/plans

VENV  := .venv
BIN   := $(VENV)/bin
READY := $(VENV)/.ready

# The first Python of 3.11 or newer that really starts; `make PYTHON=… setup` chooses another.
PYTHON ?= $(shell for python in python3.11 python3.12 python3.13 python3.14 python3; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& { echo $$python; break; }; done)

export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help setup packages run test lint audit eval bench widget lock clean

help:
	@sed -n 's/^#   //p' Makefile

setup: $(READY)

# torch goes first and pinned: left to itself the newest build is chosen, gigabytes larger.
$(READY): pyproject.toml requirements.lock
	@test -n "$(PYTHON)" || { echo "Cần Python 3.11 trở lên. Trên Debian: apt-get install python3 python3-venv" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		echo "Không tạo được môi trường. Trên Debian: apt-get install python3-venv" >&2; exit 1; }
	$(BIN)/python -m pip install --quiet --constraint requirements.lock "$$(grep '^torch==' requirements.lock)"
	$(BIN)/python -m pip install --quiet --constraint requirements.lock --editable '.[dev]'
	@touch $@

# Programs that are no Python packages: the browser of the page tests, LibreOffice, Tesseract.
packages:
	@.ci/packages

run: setup
	$(BIN)/kehoach index $(PLANS) --index $(INDEX)
	$(BIN)/kehoach serve --host $(HOST) --port $(PORT) --index $(INDEX)

# Two at once, each file of tests whole in one of them: what a file makes is made once, and those
# with few tests that take long (clusters, faults) do not all come last.
test: setup packages
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Known holes in what we install; asks a server for them, so it is no part of the tests. Strict,
# because what could not be looked up is otherwise passed over and all seems well.
audit: setup
	$(BIN)/pip-audit --requirement requirements.lock --no-deps --disable-pip --strict

eval: setup
	$(BIN)/kehoach index $(PLANS) --index $(INDEX)
	$(BIN)/kehoach eval compare --index $(INDEX)
	$(BIN)/kehoach eval run --index $(INDEX)

bench: setup
	$(BIN)/kehoach eval bench --peers build/peers

# The scripts of the pages and the embeddable element; only whoever changes them needs node.
widget:
	cd search_api/portal/element && npm ci --no-fund --no-audit && npm run build

# What a fresh environment resolves to becomes what everybody installs.
lock:
	rm -rf $(VENV)
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet "$$(grep '^torch==' requirements.lock)"
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	$(BIN)/python -m pip freeze --exclude-editable | sed 's/+[a-z0-9.]*$$//' > requirements.lock
	@touch $(READY)

clean:
	rm -rf $(VENV) $(INDEX) build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
