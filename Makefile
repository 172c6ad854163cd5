# Strongroom. `make demo` and `make test` do everything by themselves; `make help` lists the rest.
SHELL := /bin/bash
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

ARCH := $(shell uname -m | sed 's/x86_64/x64/; s/aarch64/arm64/')
NODE := node_modules/node-linux-$(ARCH)/bin/node
NODE_INC := node_modules/node-linux-$(ARCH)/include/node
export NODE_INC
export CFLAGS_COMMON := -std=c11 -O2 -g -Wall -Wextra -Werror -fPIC -fstack-protector-strong -D_FORTIFY_SOURCE=2

LIB := out/lib/strongroom
TS_SOURCES := $(shell find schema module audit hardening daemon admin-cli -name '*.ts' 2>/dev/null)

.PHONY: help setup packages build generate install uninstall dist demo test soak bench fuzz types check format clean

help: ## what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

# ---- set-up: npm packages from the lock file; Debian packages when we may, else the one line to type -----------------
out/.npm: package-lock.json package.json scripts/setup/npm.sh scripts/setup/npm.lock
	@mkdir -p out
	scripts/setup/npm.sh
	@touch $@
$(NODE): out/.npm ;
setup: out/.npm ## npm packages, as the lock file has them, and nothing else
packages: ## Debian packages that the demo and the tests drive, or the one line to type
	@scripts/setup/packages.sh

# ---- build ---------------------------------------------------------------------------------------------------------
include hardening/build.mk module/lane/build.mk module/enclave/build.mk module/shim/build.mk
-include admin-cli/build.mk
include packaging/build.mk

$(LIB)/lane.node $(LIB)/caller.node out/lib/strongroom/enclave.node: out/.npm

$(LIB)/engine.cjs: out/.npm $(TS_SOURCES) scripts/build/engine.ts scripts/build/program.ts scripts/build/loader.ts
	$(NODE) scripts/build/engine.ts

# Goes last: it starts what the others have built.
$(LIB)/engine.cache: $(LIB)/engine.cjs $(LIB)/cli.cjs scripts/build/caches.ts
	$(NODE) scripts/build/caches.ts

build: out/.npm ## the library, the engine and the command line, in out/
	@$(MAKE) --no-print-directory out/lib/strongroom-pkcs11.so $(LIB)/libstrongroom-guard.so $(LIB)/strongroom-launch \
		$(LIB)/process.node $(LIB)/lane.node $(LIB)/caller.node $(LIB)/enclave.node $(LIB)/engine.cjs $(CLI_TARGETS) $(SERVICE_TARGETS)
	@$(MAKE) --no-print-directory $(LIB)/engine.cache

generate: out/.npm ## writes everything that is derived from schema/
	$(NODE) scripts/generate.ts

# ---- elsewhere -------------------------------------------------------------------------------------------------------
PREFIX ?= /usr/local
export PREFIX DESTDIR WITH_SERVICE

install: build ## puts it below PREFIX (/usr/local unless said otherwise), gathered in DESTDIR if that is set; WITH_SERVICE=yes
	@scripts/install/install.sh install

uninstall: ## takes away exactly what `make install` put there; same PREFIX and DESTDIR
	@scripts/install/install.sh uninstall

dist: build ## one archive in out/dist, which works wherever it is unpacked
	@scripts/install/dist.sh

# ---- use and proof ---------------------------------------------------------------------------------------------------
demo: packages build ## set up everything, build, and run the main job on real input
	$(NODE) scripts/demo/demo.ts

test: packages build ## set up everything, build, and run every test
	$(NODE) scripts/test.ts

soak: packages build ## what is slow but exhaustive: under an hour
	STRONGROOM_SOAK=1 $(NODE) scripts/test.ts test/shim/interleave.test.ts test/fault/storm.test.ts test/fault/million.test.ts test/fault/kill.test.ts test/fault/store.test.ts test/nonces/kill.test.ts test/lifecycle/rotation-load.test.ts test/fault/remote.test.ts test/fault/remote-soak.test.ts test/attack/rollback.test.ts test/audit/window.test.ts test/daemon/crowd.test.ts test/daemon/keys-raw.test.ts test/cli/pki-crash.test.ts test/interop/remote-clients.test.ts
	$(NODE) test/bench/many.ts --objects 1000000 --check

bench: packages build ## our figures beside SoftHSM2's and plain OpenSSL's, in one run
	$(NODE) test/bench/run.ts --require-ours $(BENCH_ARGS)
	$(NODE) test/bench/remote.ts
	$(NODE) test/bench/door.ts
	$(NODE) test/bench/login.ts

fuzz: packages build ## ten minutes of fuzzing with sanitizers
	$(NODE) test/fuzz/run.ts --seconds 600

types: out/.npm ## types alone: fast the second time
	@$(NODE) node_modules/.bin/tsc --noEmit -p . --incremental --tsBuildInfoFile out/types.tsbuildinfo

check: types ## types, formatting, lint
	node_modules/.bin/biome check .

format: out/.npm ## formats TypeScript and C
	node_modules/.bin/biome check --write .
	git ls-files '*.c' '*.h' | grep -v generated | xargs clang-format -i

clean: ## removes out/
	rm -rf out
