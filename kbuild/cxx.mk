# SPDX-License-Identifier: GPL-2.0
# How kbuild builds C++: `$(eval $(call kxx-unit,NAME,SOURCES))` makes NAME.o out
# of C++ (.cc) and the glue that it calls (.c), for use in a module's object list.
#
# LTO=1 (the default) joins them in one link-time optimisation, so that the glue
# is inlined and costs nothing. LTO=0 links the same objects as they are: for
# debug info, for coverage, and to see what LTO brings.

LTO ?= 1

ifdef CONFIG_CC_IS_CLANG
$(error kxx: clang built this kernel, and kxx needs a kernel that GCC built)
endif

# $(obj) holds generated/kxx-layout.h.
ccflags-y += -I$(kxx-src)/include -I$(obj)

# The C++ compiler beside the C compiler: g++-12 for gcc-12.
kxx-cxx = $(strip \
	$(foreach word,$(CC),$(if $(findstring /,$(word)),$(dir $(word)))$(subst gcc,g++,$(notdir $(word)))))

# C++ takes the kernel's own flags, so that mitigations, code model and
# sanitizers are inherited and never spelled; less what only C understands, and
# less every kernel header: C++ sees the kernel through the glue alone.
kxx-c-only := -std=gnu% -nostdinc -Wstrict-prototypes -Wdeclaration-after-statement \
	-Wno-pointer-sign -Wmissing-prototypes -Wold-style-definition \
	-Werror=implicit-function-declaration -Werror=implicit-int \
	-Werror=strict-prototypes -Werror=incompatible-pointer-types \
	-Werror=designated-init -Wno-frame-address -Wno-override-init \
	-Wno-unterminated-string-initialization
kxx-headers := -include %/compiler-version.h %/kconfig.h %/compiler_types.h

# pahole makes BTF of a module's debug info where the kernel's build folder has a vmlinux, and
# fails on the types of C++. Level 1 has functions and lines, and no types.
kxx-debug = $(if $(CONFIG_DEBUG_INFO_BTF_MODULES),-g1)

# GCC has the __atomic functions of arm64 call libgcc, which no module can.
kxx-arm64 := $(if $(CONFIG_ARM64),-mno-outline-atomics)

kxx-cxxflags = $(filter-out $(kxx-c-only) $(kxx-headers) -I%,$(c_flags)) \
	-std=gnu++20 -fno-exceptions -fno-rtti -ffreestanding \
	-fno-threadsafe-statics -fno-gnu-unique $(kxx-arm64) \
	$(kxx-debug) -Werror=unused-result -Werror=unused-function -DKXX_KERNEL -I$(kxx-src)/include -I$(obj)

# No debug info in the LTO unit: pahole cannot read what LTO makes of it.
# whole-program: nothing but what C calls (__visible) stays a symbol, so unused
# glue goes, and no weak symbol of a template is left. GCC does it for a final link
# only, so it is told that this is one; -r makes ld keep the result relocatable.
# Glue that is to cost nothing says __always_inline: GCC calls what has two users.
# One partition: of several, objtool takes the sum for vmlinux.
# Without LTO no function has a cold part apart: objtool of 7.x looks for the function that it is of
# in the same file, and the linked unit has many.
kxx-lto-cflags := $(if $(filter 0,$(LTO)),-fno-reorder-blocks-and-partition,-flto=1 -fno-fat-lto-objects -g0)
kxx-lto-ldflags := -flto=1 -flto-partition=one -flinker-output=exec -fwhole-program -g0

# With LTO there is no code before the link, and objtool sees the linked unit;
# without, it sees each part, as kbuild has it.
kxx-objtool = ; $(CONFIG_SHELL) $(kxx-src)/kbuild/short-names $(NM) $(OBJCOPY) $@ $(cmd_objtool)
kxx-part-objtool = $(if $(filter 0,$(LTO)),$(kxx-objtool))

quiet_cmd_kxx_cc = CC [M]  $@
      cmd_kxx_cc = $(CC) $(c_flags) $(kxx-lto-cflags) -c -o $@ $< $(kxx-part-objtool)

# C=1 and C=2 run sparse over the glue, as over any C of the kernel.
define rule_kxx_cc
	$(call cmd_and_fixdep,kxx_cc)
	$(call cmd,checksrc)
endef

# Without LTO several objects may have a copy of an inline function, each with entries in
# objtool's tables and ftrace's. Were they in COMDAT groups, ld would drop all copies but
# one, and the entries of the others would be left, for it or for nothing.
kxx-no-groups = $(if $(filter 0,$(LTO)),; $(OBJCOPY) --remove-section=.group $@)

# Refuses what the compiler takes and compiles wrongly; looks through all macros.
kxx-check-try = $(kxx-cxx) $(kxx-cxxflags) -E $< | $(AWK) -f $(kxx-src)/kbuild/check-try

quiet_cmd_kxx_cxx = CXX [M] $@
      cmd_kxx_cxx = $(kxx-check-try); $(kxx-cxx) $(kxx-cxxflags) $(kxx-lto-cflags) -c -o $@ $< $(kxx-no-groups) \
	$(kxx-part-objtool)

kxx-parts = $(filter-out FORCE %/check-unit,$^)
kxx-check = $(CONFIG_SHELL) $(kxx-src)/kbuild/check-unit $(NM) $(OBJDUMP) $@

ifeq ($(LTO),0)
# ld -r keeps C++'s weak symbols: make them plain local code.
quiet_cmd_kxx_link = LD [M]  $@
      cmd_kxx_link = $(LD) $(KBUILD_LDFLAGS) -r -o $@ $(kxx-parts); \
	$(OBJCOPY) --wildcard --localize-symbol='_Z*' $@; $(kxx-check)
else
quiet_cmd_kxx_link = LTO [M] $@
      cmd_kxx_link = $(kxx-cxx) $(kxx-cxxflags) $(kxx-lto-ldflags) -r -nostdlib -o $@ \
	$(kxx-parts) $(kxx-objtool); $(kxx-check)
endif

# Of each module, C included: the kernel finds functions by their alignment, where it has one.
kxx-check-align = $(if $(filter-out 0,$(CONFIG_FUNCTION_ALIGNMENT)),; $(OBJDUMP) -htC $@ | \
	$(AWK) -v object=$@ -v alignment=$(CONFIG_FUNCTION_ALIGNMENT) -f $(kxx-src)/kbuild/check-align)
$(obj)/%.o: cmd_ld_multi_m += $(kxx-check-align)

# The numbers that C++ needs, measured as the kernel's asm-offsets are. $(kxx-in) is kxx/ in the
# folder of a module that is not kxx's own (module.mk); kbuild makes no folder below that.
targets += $(kxx-in)kbuild/layout.s generated/kxx-layout.h
$(obj)/generated/kxx-layout.h: $(obj)/$(kxx-in)kbuild/layout.s FORCE
	$(call filechk,offsets,__KXX_LAYOUT_H__)
$(obj)/kxx/kbuild/layout.s: $(kxx-src)/kbuild/layout.c FORCE
	$(shell mkdir -p $(@D))$(call if_changed_dep,cc_s_c)

# The driver and the suites share parts: Kconfig lets the one be built in only without the other.
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

# A line for each suite that the prerequisites define, for kunit/kunit.c.
define filechk_kxx_suites
	cat $(real-prereqs) | tr '\n\t' '  ' | \
	grep -oE 'KXX_KUNIT_SUITE(_ON_REQUEST)?\( *\w+' | \
	sed -E 's/.*REQUEST\( *(\w+)/KXX_SUITE(\1, true)/; s/.*SUITE\( *(\w+)$$/KXX_SUITE(\1, false)/'
endef
