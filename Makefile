# Every target sets up what it needs. `make run` is the one to start with.
#   PORT (8000), CHATDESK_VAR (./var), CHATDESK_DEMO_PASSWORD steer `make run` and `make serve`.
#   PYTHON names the interpreter to build .venv with, if the one on the PATH is not wanted.
SHELL := /bin/sh
MAKEFLAGS += --no-print-directory
PY := .venv/bin/python
RUN_READY := .venv/.ready-run
DEV_READY := .venv/.ready-dev
LDAP_READY := .venv/.ready-ldap

.PHONY: run serve test check bench faults ad ldap lock

run: $(RUN_READY)
	@exec $(PY) manage.py serve --demo

serve: $(RUN_READY)
	@exec $(PY) manage.py serve

test: $(DEV_READY)
	@$(PY) -m tests.services.install
	@$(MAKE) $(LDAP_READY)
	@$(PY) -m tests.run

check: $(DEV_READY)
	@$(PY) -m tests.house.check

bench: $(DEV_READY)
	@$(PY) -m tests.services.install
	@$(PY) -m tests.bench

faults: $(DEV_READY)
	@$(PY) -m tests.services.install
	@$(PY) -m tests.run faults

ad: $(DEV_READY)
	@$(PY) -m tests.services.install ad
	@$(MAKE) $(LDAP_READY)
	@$(PY) -m tests.run ad

# Compiling in requirements/ keeps addresses of indexes and folders out of the pinned files.
COMPILE := pip-compile --quiet --allow-unsafe --generate-hashes --strip-extras --no-emit-index-url --no-emit-trusted-host --no-emit-find-links
lock: $(DEV_READY)
	@cd requirements && ../.venv/bin/$(COMPILE) --output-file=run.txt run.in
	@cd requirements && ../.venv/bin/$(COMPILE) --output-file=dev.txt dev.in
	@cd requirements && ../.venv/bin/$(COMPILE) --output-file=ldap.txt ldap.in

.venv/bin/python:
	@for candidate in $(PYTHON) python3 python3.13 python3.12 python3.11; do \
	  if $$candidate -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$candidate; break; fi; \
	done; \
	if [ -z "$$found" ]; then echo "chatdesk needs Python 3.11 or newer: install it, or name one with make PYTHON=/path/to/python3." >&2; exit 1; fi; \
	$$found -m venv .venv >/dev/null 2>&1 || { rm -rf .venv; \
	  echo "chatdesk could not make a virtual environment in ./.venv: install python3-venv, and see that this folder can be written." >&2; exit 1; }

INSTALL := $(PY) -m pip install --quiet --disable-pip-version-check --no-input --require-hashes
$(RUN_READY): requirements/run.txt | .venv/bin/python
	@echo "Installing the pinned packages (first run only)..."
	@$(INSTALL) -r requirements/run.txt 2>.venv/install.log || { \
	  echo "chatdesk could not install its packages: $$(grep -E '^ERROR' .venv/install.log | tail -n 1) (.venv/install.log has the whole story)" >&2; exit 1; }
	@touch $@

$(DEV_READY): requirements/dev.txt $(RUN_READY)
	@echo "Installing the pinned packages for developing (first run only)..."
	@$(INSTALL) -r requirements/dev.txt 2>.venv/install.log || { \
	  echo "chatdesk could not install its packages: $$(grep -E '^ERROR' .venv/install.log | tail -n 1) (.venv/install.log has the whole story)" >&2; exit 1; }
	@touch $@

# Signing in by LDAP or Active Directory. Compiled here, so it needs a C compiler and OpenLDAP's headers.
ldap: $(LDAP_READY)

$(LDAP_READY): requirements/ldap.txt $(RUN_READY)
	@echo "Installing the pinned packages for LDAP (first run only)..."
	@$(INSTALL) -r requirements/ldap.txt 2>.venv/install.log || { \
	  echo "chatdesk could not install its packages for LDAP: $$(grep -E '^ERROR' .venv/install.log | tail -n 1) (.venv/install.log has the whole story; Debian has the headers in libldap2-dev and libsasl2-dev)" >&2; exit 1; }
	@touch $@
