# SPDX-License-Identifier: GPL-2.0
# Builds a module on kxx in a folder of its own, whose Kbuild is
#
#     KXX ?= /usr/src/kxx-0.1
#     include $(KXX)/kbuild/module.mk
#     $(eval $(call kxx-module,hello,hello.cc,hello_kunit.cc))
#
# for hello.ko, made of hello.cc with KXX_MODULE() in it, and, where the kernel has
# KUnit, hello_kunit.ko, made of both. The third argument may be left out. C files that are named
# beside the C++ are joined with it.

kxx-src := $(patsubst %/kbuild/,%,$(dir $(lastword $(MAKEFILE_LIST))))
# Where the objects of kxx's own files are, in this module's folder.
kxx-in := kxx/
include $(kxx-src)/kbuild/cxx.mk

kxx-glue := $(patsubst $(kxx-src)/%,kxx/%,$(wildcard $(kxx-src)/src/glue/*/*.c))

# kxx-main NAME,SOURCE,FLAGS - NAME-main.o, the C in a module that is not for LTO
define kxx-main
CFLAGS_$(1)-main.o := $(3)
$(obj)/$(1)-main.o: $(kxx-src)/$(2) FORCE
	$$(call if_changed_rule,cc_o_c)
endef

define kxx-module
obj-m += $(1).o
$(1)-y := $(1)-main.o $(1)-unit.o
$(call kxx-main,$(1),kbuild/main.c)
$(call kxx-unit,$(1)-unit,$(kxx-glue) $(2))
$(if $(3),$(if $(CONFIG_KUNIT),$(call kxx-kunit,$(1)_kunit,$(2) $(3),$(3))))
endef

# Each module has its list of suites.
define kxx-kunit
obj-m += $(1).o
$(1)-y := $(1)-main.o $(1)-unit.o
$(call kxx-main,$(1),kunit/kunit.c,-I$(obj)/$(1)-suites)
$(call kxx-unit,$(1)-unit,$(kxx-glue) $(2))
targets += $(1)-suites/generated/kxx-suites.h
$(obj)/$(1)-suites/generated/kxx-suites.h: $(addprefix $(src)/,$(3)) FORCE
	$$(call filechk,kxx_suites)
$(obj)/$(1)-main.o: $(obj)/$(1)-suites/generated/kxx-suites.h
endef
