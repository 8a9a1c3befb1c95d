# derive: every target works from nothing but Python 3.10 or newer; see `make help`.

PYTHON ?= python3
VENV   ?= .venv
BIN     = $(VENV)/bin
READY   = $(VENV)/ready
OUTPUT ?= output

.DEFAULT_GOAL := help
.PHONY: mutants help venv demo test lint build docs shown gallery bench soundness agreement clean

help: ## show this list
	@grep -E '^[a-z]+:.*##' $(firstword $(MAKEFILE_LIST)) | sed 's/:[^#]*## /|/' | awk -F'|' '{printf "  make %-10s %s\n", $$1, $$2}'

venv: $(READY) ## set up .venv with everything installed

$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null || { \
	  echo "derive needs Python 3.10 or newer; '$(PYTHON)' is $$($(PYTHON) --version 2>&1 || echo missing)."; \
	  echo "Name another one: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	@test -x $(BIN)/python -a -x $(BIN)/pip || { rm -rf $(VENV); $(PYTHON) -m venv $(VENV); } || { rm -rf $(VENV); \
	  echo "No virtual environment could be made: install Python's venv and ensurepip"; \
	  echo "(Debian and Ubuntu: apt-get install python3-venv), then run make again."; exit 1; }
	@echo "installing derive into $(VENV) (once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --retries 5 -e '.[dev,docs,plots]'
	@touch $@

demo: $(READY) ## check and simulate the library, write article, slides and report into output/
	@$(BIN)/derive list
	@echo
	@$(BIN)/derive build --all --to article --to beamer --to html --to markdown -o $(OUTPUT) --pdf --seconds 30
	@command -v pdflatex >/dev/null || echo "hint: with TeX Live (latexmk, pdflatex) the article and the slides become PDF files too"
	@ls $(OUTPUT)

test: $(READY) ## run the tests
	@$(BIN)/python -m pytest -n auto

lint: $(READY) ## style, types, and which way imports go
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

build: $(READY) ## a wheel and a source archive in dist/
	@$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps -w dist .
	@ls dist

docs: $(READY) ## write docs/rules.md from the book of rules, and the site into build/site
	@$(BIN)/derive rules --markdown > docs/rules.md.new && mv docs/rules.md.new docs/rules.md
	@$(BIN)/python -m sphinx -q -W --keep-going -b html docs build/site && echo "read build/site/index.html"

shown: $(READY) ## write anew what README, tutorials and notebook show of the output
	@$(BIN)/python -m tests.test_readme && $(BIN)/python -m tests.test_tutorials && $(BIN)/python -m tests.test_notebook

gallery: $(READY) ## redraw docs/gallery from output/ (needs poppler and Chromium)
	@PYTHONPATH=. $(BIN)/python docs/gallery/make.py

bench: $(READY) ## time the benchmarks, write benchmarks/results.md
	@$(BIN)/python -m benchmarks
	@echo "== Simulation" && $(BIN)/python benchmarks/bench_simulation.py

soundness: $(READY) ## hunt for false steps that are called proved
	@$(BIN)/python benchmarks/soundness.py

CLAIMS ?= 100000
MUTANTS ?= 60
agreement: $(READY) ## random claims through the rules, the models and the simulation (CLAIMS=…)
	@$(BIN)/python -m benchmarks.agreement --claims $(CLAIMS)

mutants: $(READY) ## change the engine in random places: do the tests notice? (MUTANTS=…)
	@$(BIN)/python -m benchmarks.mutants --count $(MUTANTS)

clean: ## remove what the other targets made, but not output/
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
