# The command line's share of the build: out/bin/strongroom and what it runs in out/lib/strongroom.
# Included by the root Makefile; also runs alone, from the root: make -f admin-cli/build.mk
CC ?= gcc
CFLAGS_COMMON ?= -std=c11 -O2 -g -Wall -Wextra -Werror -fPIC -fstack-protector-strong -D_FORTIFY_SOURCE=2
NODE_ARCH ?= $(if $(filter aarch64,$(shell uname -m)),arm64,x64)
NODE_INC ?= node_modules/node-linux-$(NODE_ARCH)/include/node
CLI_NODE := node_modules/node-linux-$(NODE_ARCH)/bin/node

CLI_OUT := out/lib/strongroom
CLI_C := $(wildcard admin-cli/native/*.c)
CLI_TS := $(shell find admin-cli audit schema module/engine/policy -name '*.ts')
CLI_BUNDLE := $(CLI_NODE) node_modules/esbuild/bin/esbuild --bundle --platform=node --format=esm --target=node26 \
  --log-level=warning --charset=utf8 --legal-comments=none

CLI_TARGETS := out/bin/strongroom $(CLI_OUT)/cli.cjs $(CLI_OUT)/check-config.mjs $(CLI_OUT)/check-policy.mjs \
  $(CLI_OUT)/cryptoki.node

.PHONY: cli
cli: $(CLI_TARGETS)

$(CLI_OUT)/cryptoki.node: $(CLI_C) $(wildcard admin-cli/native/*.h) module/generated/cryptoki.h module/generated/strongroom.h
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_COMMON) -fvisibility=hidden -DNAPI_VERSION=9 -isystem $(NODE_INC) -shared -Wl,-z,now,-z,relro \
	  -o $@.new $(CLI_C)
	mv $@.new $@

$(CLI_OUT)/cli.cjs: $(CLI_TS) scripts/build/program.ts scripts/build/loader.ts
	$(CLI_NODE) scripts/build/program.ts cli admin-cli/main.ts

# The engine's own reader of the configuration, by itself: `doctor` asks it about a file.
$(CLI_OUT)/check-config.mjs: $(CLI_TS)
	@mkdir -p $(@D)
	$(CLI_BUNDLE) --outfile=$@.new module/engine/policy/check-config.ts
	mv $@.new $@

# Its reader of policies likewise, for `policy check`.
$(CLI_OUT)/check-policy.mjs: $(CLI_TS) $(wildcard module/engine/generated/*.ts)
	@mkdir -p $(@D)
	$(CLI_BUNDLE) --outfile=$@.new module/engine/policy/check-policy.ts
	mv $@.new $@

out/bin/strongroom: admin-cli/strongroom.sh
	@mkdir -p $(@D)
	install -m 755 $< $@
