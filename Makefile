# Variables are given on the command line: make dev PORT=9001
PORT = 9000
DATA = .local
TENANT =
SCOPES = *
PLAN = enterprise
LABEL =
RECIPIENT =
ARCHITECTURE = arm64
FUNCTIONS = hosted

# Quotes a value as one word of the shell.
quoted = '$(subst ','\'',$(1))'

.PHONY: help dev serve key console rotate-signing-key database test test-long advisories contract bench bench-quick simulate build release smoke

help:
	@echo 'make dev [PORT=9000] [DATA=.local] [FUNCTIONS=hosted|lambda]'
	@echo '    runs the whole system here, until Ctrl-C: in one process, or each function in its own, as on Lambda'
	@echo 'make serve [PORT=9000] [DATA=.assent]'
	@echo '    runs the optimized system for an organisation that one machine serves: see docs/serve.md'
	@echo 'make key TENANT=name [SCOPES=a:read,b:write] [RECIPIENT=rcp_...] [PLAN=enterprise|pro|free] [LABEL=name] [DATA=.local]'
	@echo '    creates an API key for a tenant, or for one of its recipients, and prints it on the last line'
	@echo 'make console [DATA=.local]'
	@echo '    prints a link to the console, with the key of make dev, or with API_URL=https://... API_KEY=ak_live_...'
	@echo 'make rotate-signing-key [DATA=.local]'
	@echo '    retires the key that signs proofs and creates the next; old signatures stay valid'
	@echo 'scripts/local keys list|disable|rotate|create --help'
	@echo '    manages keys, here and, with --stack NAME, on AWS'
	@echo 'make database [PORT=8000] [DATA=.local]'
	@echo '    runs only the database, for use with cargo lambda watch'
	@echo 'make test'
	@echo '    runs every check, and every test that does not take minutes by nature'
	@echo 'make test-long'
	@echo '    runs the tests that take minutes by nature'
	@echo 'make advisories'
	@echo '    checks the crates of Cargo.lock for known vulnerabilities; run it each day, see docs/deploy.md'
	@echo 'make contract'
	@echo '    compares the running system with openapi.yaml for a quarter of an hour'
	@echo 'make build [ARCHITECTURE=arm64|x86_64]'
	@echo '    compiles the functions for AWS, for sam deploy: see docs/deploy.md'
	@echo 'make release VERSION=1.2.3 [ARCHITECTURE=arm64|x86_64]'
	@echo '    makes the archive of a version, for both architectures unless said: see docs/releases.md'
	@echo 'make smoke API_URL=https://... API_KEY=ak_live_...'
	@echo '    checks that a running system works, with a key of the plan free'
	@echo 'make bench, make bench-quick'
	@echo '    measures the optimized functions: in some minutes, into bench/, or in one minute, on the terminal'
	@echo 'make simulate'
	@echo '    replays large scenarios against the limits of DynamoDB: see docs/performance.md'

# exec replaces the shell, so that a signal to make reaches the program.
dev:
	@exec scripts/local dev --port $(call quoted,$(PORT)) --data $(call quoted,$(DATA)) --functions $(call quoted,$(FUNCTIONS))

serve: DATA = .assent
serve:
	@exec scripts/local serve --address 127.0.0.1:$(call quoted,$(PORT)) --data $(call quoted,$(DATA))

database: PORT = 8000
database:
	@exec scripts/local database --port $(call quoted,$(PORT)) --data $(call quoted,$(DATA))

# The key of a recipient has the scopes of one. If others are given, the program refuses them.
RIGHTS = $(if $(RECIPIENT),--recipient $(call quoted,$(RECIPIENT))) $(if $(and $(RECIPIENT),$(filter *,$(SCOPES))),,--scopes $(call quoted,$(SCOPES)))

key:
	@$(if $(TENANT),,$(error whose key? make key TENANT=name))exec scripts/local keys create --tenant $(call quoted,$(TENANT)) $(RIGHTS) --plan $(call quoted,$(PLAN)) --label $(call quoted,$(LABEL)) --data $(call quoted,$(DATA))

# make passes API_URL and API_KEY in the environment, wherever they were set.
console:
	@exec scripts/console $(call quoted,$(DATA))

rotate-signing-key:
	@exec scripts/local signing-keys rotate --data $(call quoted,$(DATA))

test:
	@exec scripts/test

test-long:
	@exec scripts/test long

advisories:
	@exec scripts/advisories

contract:
	@exec scripts/contract long

bench:
	@exec scripts/bench

bench-quick:
	@exec scripts/bench --quick

simulate:
	@exec scripts/simulate

build:
	@exec scripts/build $(call quoted,$(ARCHITECTURE))

# Without an architecture, it is for both.
release: ARCHITECTURE =
release:
	@exec scripts/release $(call quoted,$(VERSION)) $(call quoted,$(ARCHITECTURE))

# make passes API_URL and API_KEY in the environment, wherever they were set.
smoke:
	@exec scripts/smoke
