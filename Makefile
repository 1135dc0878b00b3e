# make app   open ConvScope          make test       lint, types and tests, in ten minutes on two cores
#                                    make test-all   the same with the long tests that CONTRIBUTING.md lists;
#                                                    SEED=... damages other files, messages and addresses
# ADDRESS=0.0.0.0 opens the app to other machines, such as the phones of a class.
# PYTHON=... names the Python to use (3.11, 3.12 or 3.13); else the first one found.
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
CODE := app.py serve.py bench cnn pages scripts tests ui

.PHONY: app test test-all lint format bench clean

app: $(VENV)/.installed
	$(if $(ADDRESS),@$(BIN)/python -m ui.classroom.show_address $(ADDRESS))
	$(BIN)/python serve.py $(if $(ADDRESS),--server.address $(ADDRESS))

test: $(VENV)/.installed-dev
	CONVSCOPE_BROWSER="$$($(BIN)/python scripts/browser.py)" && export CONVSCOPE_BROWSER && \
	$(BIN)/python scripts/check.py

test-all: $(VENV)/.installed-dev
	CONVSCOPE_BROWSER="$$($(BIN)/python scripts/browser.py)" && export CONVSCOPE_BROWSER && \
	$(BIN)/python scripts/check.py -m "slow or not slow" $(if $(SEED),--fuzz-seed $(SEED))

lint: $(VENV)/.installed-dev
	$(BIN)/ruff format --check $(wildcard $(CODE))
	$(BIN)/ruff check $(wildcard $(CODE))
	$(BIN)/mypy

format: $(VENV)/.installed-dev
	$(BIN)/ruff format $(wildcard $(CODE))
	$(BIN)/ruff check --fix $(wildcard $(CODE))

bench: $(VENV)/.installed-dev
	CONVSCOPE_BROWSER="$$($(BIN)/python scripts/browser.py)" && export CONVSCOPE_BROWSER && \
	$(BIN)/python -m cnn bench

# Removes only what the other targets made; trainings under runs/ stay.
clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache
	find $(wildcard $(CODE)) -type d -name __pycache__ -prune -exec rm -rf {} +

$(VENV)/pyvenv.cfg:
	@PYTHON="$(PYTHON)" sh scripts/venv.sh $(VENV)

$(VENV)/.installed: requirements.txt | $(VENV)/pyvenv.cfg
	@echo "Installing what the app needs (about 2.3 GB on the disk; minutes, once)."
	$(PIP) -r requirements.txt
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt $(VENV)/.installed
	$(PIP) -r requirements.txt -r requirements-dev.txt
	@touch $@
