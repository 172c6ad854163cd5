# What applications load: out/lib/strongroom-pkcs11.so. It links libc and nothing more, and exports C_ symbols only.
CFLAGS_COMMON ?= -std=c11 -O2 -g -Wall -Wextra -Werror -fPIC -fstack-protector-strong -D_FORTIFY_SOURCE=2
SHIM_SOURCES := $(wildcard module/shim/*.c) $(wildcard module/shim/generated/*.c)
SHIM_HEADERS := $(wildcard module/shim/*.h) module/lane/lane.h module/generated/cryptoki.h module/generated/strongroom.h

out/lib/strongroom-pkcs11.so: $(SHIM_SOURCES) $(SHIM_HEADERS)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_COMMON) -fvisibility=hidden -shared -Wl,-z,now,-z,relro,-z,nodelete,-z,defs -Wl,-soname,strongroom-pkcs11.so -o $@ $(SHIM_SOURCES) -lc
