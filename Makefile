# Variables are given on the command line: make dev PORT=9001
PORT = 9000
DATA = .local
TENANT =
SCOPES = *

# A value as one word of the shell's, whatever is in it.
quoted = '$(subst ','\'',$(1))'

.PHONY: help dev key rotate-signing-key database test contract bench bench-quick

help:
	@echo 'make dev [PORT=9000] [DATA=.local]'
	@echo '    runs the whole system here, until Ctrl-C'
	@echo 'make key TENANT=name [SCOPES=a:read,b:write] [DATA=.local]'
	@echo '    makes an API key for a tenant, alone on the last line'
	@echo 'make rotate-signing-key [DATA=.local]'
	@echo '    retires the key that signs proofs and makes the next; what the old one signed stays good'
	@echo 'make database [PORT=8000] [DATA=.local]'
	@echo '    runs the database alone, for a cargo lambda watch of your own'
	@echo 'make test'
	@echo '    runs every check and every test'
	@echo 'make contract'
	@echo '    holds the running system to openapi.yaml for a quarter of an hour'
	@echo 'make bench, make bench-quick'
	@echo '    measures the functions, compiled with optimizations: in some minutes into bench/, or in two on the terminal'

# exec: a signal to make reaches the program itself, with no shell between them.
dev:
	@exec scripts/local dev --port $(call quoted,$(PORT)) --data $(call quoted,$(DATA))

database: PORT = 8000
database:
	@exec scripts/local database --port $(call quoted,$(PORT)) --data $(call quoted,$(DATA))

key:
	@$(if $(TENANT),,$(error whose key? make key TENANT=name))exec scripts/local key --tenant $(call quoted,$(TENANT)) --scopes $(call quoted,$(SCOPES)) --data $(call quoted,$(DATA))

rotate-signing-key:
	@exec scripts/local signing-keys rotate --data $(call quoted,$(DATA))

test:
	@exec scripts/test

contract:
	@exec scripts/contract long

bench:
	@exec scripts/bench

bench-quick:
	@exec scripts/bench --quick
