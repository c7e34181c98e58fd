# SPDX-License-Identifier: GPL-2.0
# Targets for people; kbuild reads Kbuild.

include kbuild/target.mk
DROP_IN ?= 0
build = build/$(target)$(if $(filter 0,$(LTO)),-lto0)$(if $(filter 1,$(DROP_IN)),-drop-in)
module-name = $(if $(filter 1,$(DROP_IN)),null_blk,cxxnull)

.PHONY: compile_commands.json all module install guest-module run shell check check-all kunit debug misuse lint lockdep \
	stress races twins mm-cost docs model bench bench-scale watch chaos soak fuzz coverage mutants deb htmldocs clean help

all: module

# Only these test kernels have KUnit, so only for them the suites are built.
kunit-config = $(if $(filter %-debug %-kcsan %-uml,$(KERNEL)),$(if $(filter 0,$(DROP_IN)),CONFIG_KXX_KUNIT_TEST=m))

module:
	$(call kbuild,Kbuild Kconfig bench kbuild include src kunit,DROP_IN=$(DROP_IN) $(kunit-config))
	@echo "$(build)/$(module-name).ko"

install: module
	$(MAKE) -C $(KDIR) M=$(CURDIR)/$(build) DROP_IN=$(DROP_IN) modules_install

# Default to the kernel of the host's own Debian release. Python may not be installed yet, hence grep.
guest = $(or $(KERNEL),$(shell grep -q '^VERSION_ID="12"' /etc/os-release && echo 6.1 || echo 6.12-trixie))

guest-module:
	@scripts/packages run $(if $(findstring arm64,$(guest)),arm64)
	+@$(MAKE) --no-print-directory module KERNEL=$(guest)

ifeq ($(KERNEL),all)
run:
	@scripts/packages run arm64
	@scripts/run --kernel all
else
run: guest-module
	@scripts/run --kernel $(guest) --module build/$(guest)/cxxnull.ko
endif

shell: guest-module
	@scripts/vm --kernel $(guest) --shell --module build/$(guest)/cxxnull.ko \
		memory_backed=1 gb=1 bs=4096

kunit:
	@scripts/packages check
	@$(if $(SUITE)$(KERNEL),scripts/tests/kunit $(if $(SUITE),--suite=$(SUITE) $(if $(CASE),--case=$(CASE))) $(KERNEL),scripts/check --only kunit)

debug:
	@scripts/packages check
	@scripts/debug '$(SUITE)' $(if $(CASE),'$(CASE)')

watch:
	@scripts/packages check
	@scripts/watch

check check-all misuse lint lockdep stress races twins mm-cost docs model:
	@scripts/packages check
	@scripts/check $(if $(filter check,$@),,$(if $(filter check-all,$@),--all,--only $@))

# soak runs the chaos program for an hour; both report whether the kernel's memory grows.
chaos soak:
	@scripts/packages check
	@scripts/chaos --minutes=$(or $(MINUTES),$(if $(filter soak,$@),60,5)) $(if $(SEED),--seed=$(SEED)) $(if $(KERNEL),--kernel=$(KERNEL))

fuzz:
	@scripts/packages check
	@scripts/tests/guest fuzz --long $(or $(KERNEL),6.12-debug)

coverage:
	@scripts/packages check gcov
	@scripts/coverage

mutants:
	@scripts/packages check
	@scripts/mutants

bench bench-scale:
	@scripts/packages bench
	@scripts/$@ $(KERNEL)

# A warning of Sphinx or Doxygen fails the target.
htmldocs:
	@scripts/packages docs
	@mkdir -p build/htmldocs
	@sphinx-build -q -W --keep-going -d build/doctrees Documentation build/htmldocs
	@doxygen Documentation/Doxyfile
	@echo build/htmldocs/index.html

# Package the committed tree, so that no object file and no editor backup gets in.
deb:
	@scripts/packages deb
	@rm -rf build/deb && mkdir -p build/deb
	@git archive --prefix=build/deb/kxx/ HEAD | tar x
	@cd build/deb/kxx && dpkg-buildpackage -b -us -uc > ../log 2>&1 || { tail -20 ../log >&2; exit 1; }
	@ls build/deb/*.deb

# clangd reads this file, and then shows in an editor what make lint shows.
compile_commands.json:
	@find include src kunit bench -name '*.hpp' -o -name '*.cc' | sort | sed 's|.*|{ "directory": "$(CURDIR)", "file": "&", "command": "clang++-19 --config=scripts/clang.cfg -xc++ -c &" }|; $$!s/$$/,/; 1s/^/[\n/; $$s/$$/\n]/' > $@
	@echo $@

clean:
	rm -rf build compile_commands.json

help:
	@sed -n 's/^#: *//p' Makefile

#: make            build the module for the running kernel, for KDIR= or for KERNEL=
#: make install    install it for that kernel (modules_install)
#: make run        boot a stock kernel with the module, do real I/O, print the results
#: make shell      boot the same guest, load the module, start a shell
#: make check      run every test, without the long options; 30 to 60 minutes
#: make check-all  run every test, with the long options and on more kernels
#: make kunit      run the KUnit suites on the debug kernel; SUITE=NAME and CASE=NAME select
#: make kunit ARCH=um  run them on User-Mode Linux instead, which takes seconds
#: make debug SUITE=NAME  run a suite in gdb, on User-Mode Linux; stops at a failed assertion or a kernel report
#: make watch      after each change run the tests that depend on the changed file, the fastest first
#: make misuse     check that each wrong use of kxx is refused by the compiler
#: make lint       run the static checks
#: make lockdep    check that lockdep sees the locks of kxx, under their names
#: make stress     run the locks under load, on stock kernels
#: make races      complete one request from several contexts at once, on the debug kernel
#: make twins      compare the instructions of the locks in C++ and in C
#: make mm-cost    measure memory and time of a drm_mm node, in C and in the three forms of kxx
#: make docs       check the manual: its syntax, its examples, the names that it mentions
#: make model      check the models of shared requests and of lockless code, in every possible order
#: make chaos      use, change and remove disks in random ways at once; MINUTES=5 SEED=1 KERNEL=6.12
#: make soak       run chaos for an hour (MINUTES=), and draw the kernel's memory as a chart
#: make fuzz       send 100,000 random inputs to all that user space can write; KERNEL=6.12-debug
#: make coverage   show which lines and branches the tests run, as a table and as HTML pages
#: make mutants    put mistakes into the code one by one, and list those that no test detects
#: make bench      count instructions per I/O of cxxnull and null_blk, as a table and a chart
#: make bench-scale  measure throughput of both on one CPU and on two; needs an idle machine
#: make htmldocs   write the manual and the reference of the types as HTML (Sphinx, Doxygen)
#: make deb        build the packages kxx-dkms and kxx-dev from the last commit
#: make compile_commands.json  write the compiler commands that clangd needs
#: make clean      remove build/ (test kernels stay in ~/.cache/kxx)
#:
#: KERNEL=6.1|6.12|7.3|...         a test kernel of scripts/kernel --list (run, shell: the host's Debian release)
#: KERNEL=all                      run on each stock kernel, and print one table (make run)
#: KDIR=FOLDER                     a kernel build or headers folder
#: DROP_IN=1                       use null_blk's names: null_blk.ko, /dev/nullb0, ...
#: LTO=0                           without link-time optimisation, with debug info
