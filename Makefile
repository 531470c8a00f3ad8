# make demo     the whole path, on the sandbox; with KEEP=1 it keeps running
# make test     everything that CI checks
# make trust    every kind of fault at every request of a run, of which make test draws samples
# make sandbox  the sandbox in the foreground, with tenants to try things on; with OPERATOR=auto somebody works the tickets
# make bench    what checking a fleet costs, beside other ways; an hour or more, with QUICK=1 minutes
# make docs     what of the documentation and of the vendors' roles is made from profiles, argument specs and code
# make site     the documentation as a site
# make release  what is published of a version, checked: artifact, site, execution environments, checksums

PORT ?= 8765
APPLY_VIA ?= ticket
OPERATOR ?= off
PYTHON ?= $(firstword $(foreach python,python3.13 python3.12 python3.11 python3,$(shell $(python) -c \
  'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo $(python))))
VENV := .venv
BIN := $(VENV)/bin
LINK := build/collections/ansible_collections/msp/autotask

# The test matrix uses every Python that it finds; pyenv keeps its own out of the way.
empty :=
export PATH := $(subst $(empty) $(empty),:,$(wildcard $(or $(PYENV_ROOT),$(HOME)/.pyenv)/versions/3.1[123]*/bin) $(PATH))

# Those that there can be. Which of them run, and in which order, is decided by the Pythons that start: tests/pythons.py.
SESSIONS := lint browser release $(foreach python,3.11 3.12 3.13,tests-$(python) sanity-$(python))
export TEST_OUTCOMES := $(CURDIR)/build/outcomes

.PHONY: help demo test trust sandbox bench docs site clean chromium $(SESSIONS)

help:
	@sed -n 's/^# //p;/^$$/q' Makefile

demo: $(VENV)/.demo $(LINK) $(if $(filter console,$(APPLY_VIA)),chromium)
	$(BIN)/python -m examples.demo.demo --apply-via $(APPLY_VIA) $(if $(KEEP),--keep)

# The longest first, three at a time on two cores, because tests wait a lot; each prints what it has to say when it is done.
test: $(VENV)/.nox
	@rm -rf $(TEST_OUTCOMES)
	@sessions=$$($(BIN)/python -m tests.pythons) || exit 1; \
	$(MAKE) --no-print-directory --keep-going --jobs=3 --output-sync $$sessions; status=$$?; \
	$(BIN)/python -m tests.outcomes && exit $$status

trust: $(VENV)/.nox
	@$(BIN)/nox -s $@ && $(BIN)/python -m tests.trust

# One session; what nox should pass on stands in ARGS, such as `make tests-3.13 ARGS=tests/units`.
# What a session needs is made in its recipe: a session with a prerequisite that is still to be made would come last.
$(SESSIONS): $(VENV)/.nox
	@$(if $(filter browser,$@),$(MAKE) --no-print-directory chromium)
	@$(BIN)/nox -s $@ $(if $(ARGS),-- $(ARGS))

# Debian's Chromium for root, Playwright's own for everybody else.
chromium: $(VENV)/.browser
	@command -v chromium >/dev/null \
	  || { test "$$(id -u)" = 0 && command -v apt-get >/dev/null && apt-get update -qq && apt-get install -qq --yes --no-install-recommends chromium; } \
	  || $(BIN)/playwright install chromium \
	  || { echo "The browser tests need Chromium: install your system's package chromium, or run $(BIN)/playwright install chromium"; exit 1; }

sandbox: $(VENV)/.demo $(LINK)
	@$(BIN)/python -m examples.demo.rehearse --port $(PORT) --operator $(OPERATOR)

bench: $(VENV)/.demo $(LINK)
	$(BIN)/python -m bench $(if $(QUICK),--quick)

docs: $(VENV)/.demo $(LINK)
	PYTHONPATH=build/collections $(BIN)/python -m docs.generate

site: $(VENV)/.nox
	@$(BIN)/nox -s release -- site

clean:
	rm -rf build .nox $(VENV)

$(LINK):
	@mkdir -p $(@D)
	@ln -sfn ../../../.. $@

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed, and none was found. Name one: make PYTHON=/path/to/python3"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.demo: $(VENV)/bin/python requirements.txt $(wildcard requirements/*.txt sandbox/requirements.txt)
	$(BIN)/python -m pip install --quiet -r requirements/ansible.txt -r requirements/demo.txt
	@touch $@

$(VENV)/.browser: $(VENV)/bin/python requirements/browser.txt
	$(BIN)/python -m pip install --quiet -r requirements/browser.txt
	@touch $@

$(VENV)/.nox: $(VENV)/bin/python $(wildcard requirements/*.txt)
	$(BIN)/python -m pip install --quiet -r requirements/nox.txt
	@touch $@
