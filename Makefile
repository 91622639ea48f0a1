# A newcomer's two commands: `make demo` and `make test`. Both set up everything they need, in .venv.

VENV := .venv
BIN := $(VENV)/bin
DEMO := build/demo

# The first Python of at least 3.11 that is there.
PYTHON ?= $(shell for python in python3 python3.11 python3.12 python3.13 python3.14; do \
  $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)

# Where a company's proxy re-signs TLS, its certificate is in the system's bundle and nowhere else.
BUNDLE := $(wildcard /etc/ssl/certs/ca-certificates.crt)
ifneq ($(BUNDLE),)
export PIP_CERT ?= $(BUNDLE)
export SSL_CERT_FILE ?= $(BUNDLE)
endif
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export UV_NO_PROGRESS := 1

.PHONY: help demo test lint bench site wheel engine setup recorded-store recorded-lessons constraints clean

help:
	@echo 'make demo              set everything up, do the main job once on a small shop, say where the report is'
	@echo 'make test              set everything up, check style and types, run all tests'
	@echo 'make lint              style, types and import contracts alone'
	@echo 'make bench             measure the speed, as ratios'
	@echo 'make site              build the documentation, with the health report of the project itself'
	@echo 'make wheel             build dist/*.whl'
	@echo 'make recorded-store    record anew the small store that the notebooks open where there is none'
	@echo 'make recorded-lessons  play the lessons and record them anew, for machines where nothing can run'
	@echo 'make constraints       take the newest versions of everything into constraints.txt'
	@echo 'make clean             remove what was made, .venv included'

demo: engine
	$(BIN)/pipelinekit demo $(DEMO)

test: engine lint
	$(BIN)/python -m pytest

lint: setup
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

bench: engine
	$(BIN)/python -m benchmarks

site: setup build/notebooks/made
	$(BIN)/python -m reports.make_health
	NO_MKDOCS_2_WARNING=1 DISABLE_MKDOCS_2_WARNING=true $(BIN)/mkdocs build --quiet
	@echo 'built site/index.html, with the health report in site/health/'

# The notebooks with what their cells show, anew where they or what they use have changed.
build/notebooks/made: $(VENV)/all $(shell find pipelinekit notebooks/*.ipynb notebooks/lessons/*.ipynb -type f -not -path '*/__pycache__/*')
	$(BIN)/python -m docs.make_notebooks
	@touch $@

wheel: setup
	rm -rf dist
	$(BIN)/uv build --quiet --wheel --out-dir dist
	@ls dist/*.whl

recorded-store: demo
	rm -rf pipelinekit/samples/recorded
	mkdir -p pipelinekit/samples/recorded
	cp -R $(DEMO)/.pipelinekit/tables pipelinekit/samples/recorded/tables

recorded-lessons: setup
	$(BIN)/python -m pipelinekit.lessons.record

constraints: $(VENV)/bin/uv
	@echo '# Made by `make constraints`: the versions that everything was tested with.' > constraints.new
	@echo uv | $(BIN)/uv pip compile pyproject.toml - --upgrade --all-extras --universal --python-version 3.11 \
	  --quiet --no-header --no-annotate >> constraints.new
	@mv constraints.new constraints.txt

clean:
	rm -rf build dist site $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +

# --- setting up

setup: $(VENV)/all

# The images take longest where no registry answers: they are made from the moment that the base package can make them,
# while the rest installs.
engine: $(VENV)/base
	@$(BIN)/pipelinekit engine & engine=$$!; \
	$(MAKE) --no-print-directory setup; installed=$$?; \
	wait $$engine && exit $$installed

$(VENV)/all: $(VENV)/base
	@echo 'installing the rest: notebooks, report, tests'
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --constraint constraints.txt --editable '.[all]'
	@touch $@

$(VENV)/base: pyproject.toml constraints.txt | $(VENV)/bin/uv
	@echo 'installing pipelinekit'
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --constraint constraints.txt --editable .
	@touch $@

$(VENV)/bin/uv: | $(VENV)/bin/python
	@$(BIN)/python -m pip install --quiet --constraint constraints.txt uv

# Debian's Python comes without ensurepip, which is what `venv` installs pip with.
$(VENV)/bin/python:
	@if [ -z '$(PYTHON)' ]; then echo 'pipelinekit needs Python 3.11 or newer: install python3' >&2; exit 1; fi
	@if ! $(PYTHON) -c 'import ensurepip' 2>/dev/null; then \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo 'installing python3-venv'; apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq --yes python3-venv >/dev/null; \
	  else echo 'Python has no ensurepip here: install it as root, apt-get install python3-venv' >&2; exit 1; fi; fi
	@$(PYTHON) -m venv $(VENV)
