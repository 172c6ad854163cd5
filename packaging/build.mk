# strongroomd's share of the build: out/bin/strongroomd. Included by the root Makefile.
SERVICE_TARGETS := out/bin/strongroomd

out/bin/strongroomd: packaging/strongroomd.sh package.json
	@mkdir -p $(@D)
	sed "s/@version@/$$(sed -n 's/^  "version": "\(.*\)",$$/\1/p' package.json)/" $< >$@.new
	chmod 755 $@.new
	mv $@.new $@
