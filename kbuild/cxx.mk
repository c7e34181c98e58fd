# SPDX-License-Identifier: GPL-2.0
# kbuild rules for C++: `$(eval $(call kxx-unit,NAME,SOURCES))` builds NAME.o from C++ (.cc)
# and the glue that it calls (.c). A module lists NAME.o among its objects.
#
# LTO=1 (the default) compiles all sources of the unit with link-time optimisation, which
# inlines the glue. LTO=0 links ordinary objects; use it for debug info and coverage.

LTO ?= 1

ifdef CONFIG_CC_IS_CLANG
$(error kxx: clang built this kernel, and kxx needs a kernel that GCC built)
endif

# $(obj) holds generated/kxx-layout.h.
ccflags-y += -I$(kxx-src)/include -I$(obj)

# The C++ compiler of the same version and folder as the C compiler: g++-12 for gcc-12.
kxx-cxx = $(strip \
	$(foreach word,$(CC),$(if $(findstring /,$(word)),$(dir $(word)))$(subst gcc,g++,$(notdir $(word)))))

# C++ is compiled with the kernel's own flags, so mitigations, code model and sanitizers are
# the same as for C. Removed are the flags that only C knows, and all paths of kernel headers:
# C++ calls the kernel only through the glue.
kxx-c-only := -std=gnu% -nostdinc -Wstrict-prototypes -Wdeclaration-after-statement \
	-Wno-pointer-sign -Wmissing-prototypes -Wold-style-definition \
	-Werror=implicit-function-declaration -Werror=implicit-int \
	-Werror=strict-prototypes -Werror=incompatible-pointer-types \
	-Werror=designated-init -Wno-frame-address -Wno-override-init \
	-Wno-unterminated-string-initialization
kxx-headers := -include %/compiler-version.h %/kconfig.h %/compiler_types.h

# pahole converts a module's debug info to BTF if the kernel's build folder has a vmlinux, and
# fails on C++ types. -g1 has functions and line numbers but no types.
kxx-debug = $(if $(CONFIG_DEBUG_INFO_BTF_MODULES),-g1)

# On arm64 GCC compiles the __atomic builtins to calls of libgcc, which the kernel does not have.
kxx-arm64 := $(if $(CONFIG_ARM64),-mno-outline-atomics)

# A coroutine would return to its caller with its guards alive, so with locks held.
kxx-cxxflags = $(filter-out $(kxx-c-only) $(kxx-headers) -I%,$(c_flags)) \
	-std=gnu++20 -fno-exceptions -fno-rtti -fno-coroutines -ffreestanding \
	-fno-threadsafe-statics -fno-gnu-unique $(kxx-arm64) \
	$(kxx-debug) -Werror=unused-result -Werror=unused-function -DKXX_KERNEL -I$(kxx-src)/include -I$(obj)

# Flags for LTO:
# -g0: pahole cannot read the debug info that LTO produces.
# -fwhole-program: only functions that C calls (__visible) stay symbols, so unused glue is
#   removed and templates leave no weak symbols.
# -flinker-output=exec: GCC 12 obeys -fwhole-program only for a final link. -r then makes ld
#   write a relocatable file all the same.
# -flto-partition=one: with more partitions the result has several FILE symbols, and objtool
#   then treats it as a linked object such as vmlinux.
# Even with LTO, GCC may not inline a function that has two callers, so glue that must cost
# nothing says __always_inline.
# Without LTO, -fno-reorder-blocks-and-partition: objtool of 7.x searches the parent of a cold
# part (NAME.cold) in the same source file only, and the linked unit has many files.
kxx-lto-cflags := $(if $(filter 0,$(LTO)),-fno-reorder-blocks-and-partition,-flto=1 -fno-fat-lto-objects -g0)
kxx-lto-ldflags := -flto=1 -flto-partition=one -flinker-output=exec -fwhole-program -g0

# With LTO, objects have no machine code before the link, so objtool runs on the linked unit.
# Without LTO, objtool runs on each object, as in kbuild.
kxx-objtool = ; $(CONFIG_SHELL) $(kxx-src)/kbuild/short-names $(NM) $(OBJCOPY) $@ $(cmd_objtool)
kxx-part-objtool = $(if $(filter 0,$(LTO)),$(kxx-objtool))

quiet_cmd_kxx_cc = CC [M]  $@
      cmd_kxx_cc = $(CC) $(c_flags) $(kxx-lto-cflags) -c -o $@ $< $(kxx-part-objtool)

# C=1 and C=2 run sparse on the glue, as on any C file of the kernel.
define rule_kxx_cc
	$(call cmd_and_fixdep,kxx_cc)
	$(call cmd,checksrc)
endef

# Without LTO several objects may each have a copy of an inline function, with entries for the
# copy in the tables of objtool and ftrace. In COMDAT groups ld would keep one copy of the
# function but all entries, which would then point to the remaining copy or to nothing. So
# remove the groups.
kxx-no-groups = $(if $(filter 0,$(LTO)),; $(OBJCOPY) --remove-section=.group $@)

# check-try refuses code that GCC accepts but compiles wrongly; it reads preprocessed source.
kxx-check-try = $(kxx-cxx) $(kxx-cxxflags) -E $< | $(AWK) -f $(kxx-src)/kbuild/check-try

quiet_cmd_kxx_cxx = CXX [M] $@
      cmd_kxx_cxx = $(kxx-check-try); $(kxx-cxx) $(kxx-cxxflags) $(kxx-lto-cflags) -c -o $@ $< $(kxx-no-groups) \
	$(kxx-part-objtool)

kxx-parts = $(filter-out FORCE %/check-unit,$^)
kxx-check = $(CONFIG_SHELL) $(kxx-src)/kbuild/check-unit $(NM) $(OBJDUMP) $@

ifeq ($(LTO),0)
# ld -r keeps the weak symbols of C++; turn them into local symbols.
quiet_cmd_kxx_link = LD [M]  $@
      cmd_kxx_link = $(LD) $(KBUILD_LDFLAGS) -r -o $@ $(kxx-parts); \
	$(OBJCOPY) --wildcard --localize-symbol='_Z*' $@; $(kxx-check)
else
quiet_cmd_kxx_link = LTO [M] $@
      cmd_kxx_link = $(kxx-cxx) $(kxx-cxxflags) $(kxx-lto-ldflags) -r -nostdlib -o $@ \
	$(kxx-parts) $(kxx-objtool); $(kxx-check)
endif

# Check each whole module, with its C objects, if the kernel requires aligned functions.
kxx-check-align = $(if $(filter-out 0,$(CONFIG_FUNCTION_ALIGNMENT)),; $(OBJDUMP) -htC $@ | \
	$(AWK) -v object=$@ -v alignment=$(CONFIG_FUNCTION_ALIGNMENT) -f $(kxx-src)/kbuild/check-align)
$(obj)/%.o: cmd_ld_multi_m += $(kxx-check-align)

# Sizes, offsets and constants of the kernel for C++, generated in the same way as the kernel's
# asm-offsets.h. $(kxx-in) is kxx/ for a module outside this tree (module.mk), and empty here;
# kbuild does not create folders below kxx/, so rules below do.
targets += $(kxx-in)kbuild/layout.s generated/kxx-layout.h
$(obj)/generated/kxx-layout.h: $(obj)/$(kxx-in)kbuild/layout.s FORCE
	$(call filechk,offsets,__KXX_LAYOUT_H__)
$(obj)/kxx/kbuild/layout.s: $(kxx-src)/kbuild/layout.c FORCE
	$(shell mkdir -p $(@D))$(call if_changed_dep,cc_s_c)

# The driver and the suites share objects, which are built either for modules or for vmlinux.
# Kconfig allows one of the two to be built in only if the other is off.
kxx-built-in := $(filter y,$(CONFIG_KXX_KUNIT_TEST) $(CONFIG_BLK_DEV_CXX_NULL))
$(obj)/%.part.o: part-of-module = $(if $(kxx-built-in),,y)
$(obj)/%.part.o: part-of-builtin = $(if $(kxx-built-in),y)
$(obj)/kxx/%.part.o: $(kxx-src)/%.c FORCE
	$(shell mkdir -p $(@D))$(call if_changed_rule,kxx_cc)
	$(call cmd,force_checksrc)
$(obj)/%.part.o: $(src)/%.c FORCE
	$(call if_changed_rule,kxx_cc)
	$(call cmd,force_checksrc)
$(obj)/%.part.o: $(src)/%.cc $(obj)/generated/kxx-layout.h $(kxx-src)/kbuild/check-try FORCE
	$(call if_changed_dep,kxx_cxx)

define kxx-unit
targets += $(patsubst %,%.part.o,$(basename $(2)))
$(obj)/$(strip $(1)).o: $(patsubst %,$(obj)/%.part.o,$(basename $(2))) \
		$(kxx-src)/kbuild/check-unit FORCE
	$$(call if_changed,kxx_link)
endef

# Writes a line KXX_SUITE(name, on request) for each suite in the prerequisites; kunit/kunit.c
# includes the file.
define filechk_kxx_suites
	cat $(real-prereqs) | tr '\n\t' '  ' | \
	grep -oE 'KXX_KUNIT_SUITE(_ON_REQUEST)?\( *\w+' | \
	sed -E 's/.*REQUEST\( *(\w+)/KXX_SUITE(\1, true)/; s/.*SUITE\( *(\w+)$$/KXX_SUITE(\1, false)/'
endef
