# Builds pkcs11js's addon with the pinned runtime's headers: packages are installed without their scripts.
ROOT := $(abspath $(dir $(lastword $(MAKEFILE_LIST)))/../..)
ARCH := $(if $(filter aarch64 arm64,$(shell uname -m)),arm64,x64)
PACKAGE := $(ROOT)/node_modules/pkcs11js
HEADERS := $(ROOT)/node_modules/node-linux-$(ARCH)/include/node
OUT := $(ROOT)/out/test/pkcs11js
SOURCES := common main
CXXFLAGS := -std=c++17 -O1 -fPIC -fvisibility=hidden -w -DNAPI_DISABLE_CPP_EXCEPTIONS -DNODE_GYP_MODULE_NAME=pkcs11

# Where the package's index.js looks for it.
$(PACKAGE)/build/Release/pkcs11.node: $(OUT)/pkcs11.node
	mkdir -p $(@D)
	cp $< $@.new
	mv $@.new $@

$(OUT)/pkcs11.node: $(SOURCES:%=$(OUT)/%.o)
	$(CXX) -shared -o $@ $^

$(OUT)/%.o: $(PACKAGE)/src/%.cpp $(wildcard $(PACKAGE)/src/*) $(PACKAGE)/package.json
	mkdir -p $(@D)
	$(CXX) $(CXXFLAGS) -I$(HEADERS) -I$(PACKAGE)/includes -c $< -o $@
