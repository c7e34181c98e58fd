# SPDX-License-Identifier: GPL-2.0
# What a person types. What kbuild reads is Kbuild.

include kbuild/target.mk
DROP_IN ?= 0
build = build/$(target)$(if $(filter 0,$(LTO)),-lto0)$(if $(filter 1,$(DROP_IN)),-drop-in)
module-name = $(if $(filter 1,$(DROP_IN)),null_blk,cxxnull)

.PHONY: compile_commands.json all module install guest-module run shell check check-all kunit debug misuse lint lockdep \
	stress races twins mm-cost docs model bench bench-scale watch chaos soak coverage mutants deb htmldocs clean help

all: module

# The suites are built for the kernels that are made to run them.
kunit-config = $(if $(filter %-debug %-kcsan %-uml,$(KERNEL)),$(if $(filter 0,$(DROP_IN)),CONFIG_KXX_KUNIT_TEST=m))

module:
	$(call kbuild,Kbuild Kconfig bench kbuild include src kunit,DROP_IN=$(DROP_IN) $(kunit-config))
	@echo "$(build)/$(module-name).ko"

install: module
	$(MAKE) -C $(KDIR) M=$(CURDIR)/$(build) DROP_IN=$(DROP_IN) modules_install

# The kernel of the host's own release. Asked of the host before its packages, Python among them, are there.
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

# soak: the same for longer; both say whether the kernel's memory grows.
chaos soak:
	@scripts/packages check
	@scripts/chaos --minutes=$(or $(MINUTES),$(if $(filter soak,$@),60,5)) $(if $(SEED),--seed=$(SEED)) $(if $(KERNEL),--kernel=$(KERNEL))

coverage:
	@scripts/packages check gcov
	@scripts/coverage

mutants:
	@scripts/packages check
	@scripts/mutants

bench bench-scale:
	@scripts/packages bench
	@scripts/$@ $(KERNEL)

# A warning of either tool is an error.
htmldocs:
	@scripts/packages docs
	@mkdir -p build/htmldocs
	@sphinx-build -q -W --keep-going -d build/doctrees Documentation build/htmldocs
	@doxygen Documentation/Doxyfile
	@echo build/htmldocs/index.html

# Of what is committed: no object and no file of an editor gets in.
deb:
	@scripts/packages deb
	@rm -rf build/deb && mkdir -p build/deb
	@git archive --prefix=build/deb/kxx/ HEAD | tar x
	@cd build/deb/kxx && dpkg-buildpackage -b -us -uc > ../log 2>&1 || { tail -20 ../log >&2; exit 1; }
	@ls build/deb/*.deb

# For clangd, which then shows what make lint shows.
compile_commands.json:
	@find include src kunit bench -name '*.hpp' -o -name '*.cc' | sort | sed 's|.*|{ "directory": "$(CURDIR)", "file": "&", "command": "clang++-19 --config=scripts/clang.cfg -xc++ -c &" }|; $$!s/$$/,/; 1s/^/[\n/; $$s/$$/\n]/' > $@
	@echo $@

clean:
	rm -rf build compile_commands.json

help:
	@sed -n 's/^#: *//p' Makefile

#: make            build the module for the running kernel, or KDIR=, or KERNEL=
#: make install    install it for that kernel (modules_install)
#: make run        boot a stock kernel with it, do real I/O, print what came out
#: make shell      the same guest, with a shell; the module is loaded
#: make check      every test that fits in half an hour
#: make check-all  those and the long ones
#: make kunit      the KUnit suites, on the debug kernel; SUITE=NAME and CASE=NAME for less
#: make kunit ARCH=um  the same at the speed of this machine, on User-Mode Linux: a loop of seconds
#: make debug SUITE=NAME  gdb on User-Mode Linux, stops where an assertion fails or the kernel reports something
#: make watch      after each change, what depends on it, the cheapest first
#: make misuse     the mistakes that must not compile
#: make lint       the static checks
#: make lockdep    that the kernel's own checks see the locks, and name them
#: make stress     the locks under load, on stock kernels
#: make races      those who would end a request, all at once, on the debug kernel
#: make twins      the locks in C++ and in C, instruction by instruction
#: make mm-cost    what a node of drm_mm costs, in C and in three forms
#: make docs       the manual: well-formed, its examples compiled, its names there
#: make model      the ownership of shared requests, in every order there is
#: make chaos      all that user space can do to disks, at once; MINUTES=5 SEED=1 KERNEL=6.12
#: make soak       the same for an hour (MINUTES=), with the kernel's memory as a chart
#: make coverage   which lines and branches the tests run, by file, as a table and as pages
#: make mutants    puts mistakes into the code, and says which of them no test sees
#: make bench      instructions per I/O of cxxnull and null_blk, as a table and a chart
#: make bench-scale  throughput of the two on one CPU and on two, by the clock; on a machine with nothing else to do
#: make htmldocs   the manual as pages for a browser, with those of the types (Sphinx, Doxygen)
#: make deb        the packages kxx-dkms and kxx-dev, of what is committed
#: make compile_commands.json  for clangd
#: make clean      remove build/ (test kernels stay in ~/.cache/kxx)
#:
#: KERNEL=6.1|6.12|7.3|...         a test kernel, scripts/kernel --list (run, shell: Debian's own unless told)
#: KERNEL=all                      each stock kernel, and a table of them (run)
#: KDIR=FOLDER                     a kernel build or headers folder
#: DROP_IN=1                       by null_blk's names: null_blk.ko, /dev/nullb0, ...
#: LTO=0                           without link-time optimisation, with debug info
