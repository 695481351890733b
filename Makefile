# make run | test | coverage | check | bench | soak | chaos | kill | slots | fuzz | export-faults |
# export-check | pictures | wheel | lock | clean
# (docs/run.md says more)

PYTHON ?=
PY := .venv/bin/python
export PYTHON

.PHONY: help run test coverage check bench soak chaos kill slots fuzz export-faults export-check pictures wheel check-wheel lock test-needs clean

help:
	@echo 'make run       set up and serve at http://127.0.0.1:8050 (Ctrl-C stops)'
	@echo 'make test      run every test (installs Chromium and PostgreSQL when root)'
	@echo 'make check     format, lint, types, imports, documentation'
	@echo 'make coverage  every test again, and what part of the code they run'
	@echo 'make bench     measure the running product, as ratios'
	@echo 'make soak      two hours of overview and wall with data changing every second (HOURS=2)'
	@echo 'make chaos     fifty sources, six of them hostile: the others must meet every slot'
	@echo 'make kill      a thousand rounds of kill -9 on each database: nothing lost, doubled or half'
	@echo 'make slots     ten thousand slots under a simulated clock: one effective write each'
	@echo 'make fuzz      ten minutes of coverage-guided fuzzing of each reader of foreign data (MINUTES=10)'
	@echo 'make export-faults  a thousand exports with the renderer killed, hung, out of memory, out of disk (ROUNDS=1000)'
	@echo 'make export-check   fifty random views in every form, opened by LibreOffice and Poppler (VIEWS=50)'
	@echo 'make pictures  make the screenshots of the README from the running product'
	@echo 'make wheel     build dist/*.whl; make check-wheel also installs and runs it'
	@echo 'make lock      refresh the lock files (needs uv)'
	@echo 'make clean     remove what was made, but not the data in var/'

run: .venv/.run
	@sh scripts/install_browser.sh
	@exec $(PY) -m ioc serve

# Two stamps: to run needs no development packages, and the development set contains the other.
.venv/.run: requirements.lock scripts/make_venv.sh
	@if [ ! -e .venv/.dev ] || [ requirements.lock -nt .venv/.dev ]; then \
	    echo 'ioc: installing the packages of requirements.lock into .venv …'; \
	    sh scripts/make_venv.sh requirements.lock; fi
	@touch $@

.venv/.dev: requirements-dev.lock scripts/make_venv.sh
	@echo 'ioc: installing the packages of requirements-dev.lock into .venv …'
	@sh scripts/make_venv.sh requirements-dev.lock
	@touch $@

test-needs: .venv/.dev
	@sh scripts/install_test_needs.sh

# Two processes share the tests, file by file (tests/conftest.py says how); WORKERS=0 is one alone.
WORKERS ?= 2
test: test-needs
	$(PY) -m pytest -q -n $(WORKERS) --dist loadgroup --no-loadscope-reorder $(TESTS)

coverage: test-needs
	$(PY) -m coverage erase
	$(PY) -m coverage run -m pytest -q $(TESTS)
	$(PY) -m coverage combine -q
	$(PY) -m coverage report --format=total | sed 's/.*/coverage: & %/'

check: .venv/.dev
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	.venv/bin/lint-imports --no-logo
	$(PY) -m pytest -q tests/test_documentation.py

bench: .venv/.dev
	$(PY) -m bench $(ARGS)

HOURS ?= 2
soak: test-needs
	$(PY) -m bench soak --hours $(HOURS) $(ARGS)

SECONDS ?= 120
chaos: .venv/.dev
	$(PY) -m bench chaos --seconds $(SECONDS)

ROUNDS ?= 1000
kill: test-needs
	$(PY) -m bench kill --rounds $(ROUNDS)

SLOTS ?= 10000
slots: test-needs
	$(PY) -m bench slots --rounds $(SLOTS)

.venv-fuzz/.done: requirements.lock fuzz/requirements.lock
	@echo 'ioc: installing atheris into .venv-fuzz …'
	@[ -x .venv-fuzz/bin/python ] || $(PY) -m venv .venv-fuzz
	@.venv-fuzz/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes \
	    -r requirements.lock -r fuzz/requirements.lock
	@touch $@

MINUTES ?= 10
FUZZ_TARGETS ?= json sheets geo numbers
fuzz: .venv/.run .venv-fuzz/.done
	@for target in $(FUZZ_TARGETS); do \
	    .venv-fuzz/bin/python -m fuzz $$target $$(($(MINUTES) * 60)) || exit 1; done

export-faults: test-needs
	$(PY) -m bench export-faults --rounds $(ROUNDS)

VIEWS ?= 50
export-check: test-needs
	@sh scripts/install_office.sh
	$(PY) -m bench export-check --views $(VIEWS)

pictures: test-needs
	PYTHONPATH=. $(PY) scripts/pictures.py

wheel: .venv/.dev
	@rm -rf dist
	$(PY) -m build --wheel --no-isolation

check-wheel: wheel
	$(PY) scripts/check_wheel.py

UV ?= uv
COMPILE = $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-annotate --no-header

lock:
	@command -v $(UV) >/dev/null || { echo 'ioc: uv is needed to refresh the lock files; or name it: make lock UV=/path/to/uv' >&2; exit 1; }
	$(COMPILE) pyproject.toml -o requirements.lock
	$(COMPILE) --extra dev pyproject.toml -o requirements-dev.lock
	$(COMPILE) fuzz/requirements.in -o fuzz/requirements.lock

clean:
	rm -rf .venv .venv-peers .venv-fuzz tests/peers/oidc/node_modules dist build .coverage .coverage.* .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
