# SPDX-License-Identifier: GPL-2.0
# Builds a module on kxx in a folder outside this tree. The Kbuild of that folder is
#
#     KXX ?= /usr/src/kxx-0.1
#     include $(KXX)/kbuild/module.mk
#     $(eval $(call kxx-module,hello,hello.cc,hello_kunit.cc))
#
# and builds hello.ko from hello.cc, which must have a KXX_MODULE(). If the kernel has KUnit,
# the third argument, which is optional, builds hello_kunit.ko from both files. Each argument
# may list several files, C files among them.

kxx-src := $(patsubst %/kbuild/,%,$(dir $(lastword $(MAKEFILE_LIST))))
# Subfolder of the module's folder for the objects of kxx's own files.
kxx-in := kxx/
include $(kxx-src)/kbuild/cxx.mk

kxx-glue := $(patsubst $(kxx-src)/%,kxx/%,$(wildcard $(kxx-src)/src/glue/*/*.c))

# kxx-main NAME,SOURCE,FLAGS - builds NAME-main.o, the C file of a module that LTO must not see
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

# Each module generates its own list of suites.
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
