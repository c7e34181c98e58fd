# SPDX-License-Identifier: GPL-2.0
# For which kernel a Makefile that a person types builds, and where to; $(kxx-top) is kxx's folder.

# ARCH=um is for those who know it from the kernel's own kunit.py.
ifeq ($(ARCH),um)
KERNEL ?= 7.3-uml
endif

# KERNEL names a test kernel (scripts/kernel --list); without it, what is built is
# for the running kernel, or for KDIR.
ifdef KERNEL
# Asked for once, by the first target that needs it.
kernel = $(eval kernel := $(shell $(kxx-top)scripts/kernel $(KERNEL)))$(kernel)
KDIR = $(addsuffix /build,$(kernel))
# The kernel's compiler, where the host has not got it.
path = PATH="$(kernel)/bin:$$PATH"
else
KDIR ?= /lib/modules/$(shell uname -r)/build
endif
# A debugger shows what is there only without.
LTO ?= $(if $(filter %-uml,$(KERNEL)),0,1)

target = $(or $(KERNEL),$(shell cat $(KDIR)/include/config/kernel.release 2>/dev/null))

# $(call kbuild,FILES,ARGUMENTS): kbuild writes beside the sources; links to them keep each kernel's
# objects apart. Tests run side by side, so one build at a time in a folder; and two kernels of one
# release share nothing.
define kbuild
	@[ -n "$(KDIR)" ] || exit 1; \
	[ -e "$(KDIR)/Makefile" ] || { echo "No kernel headers in $(KDIR): set KDIR= or KERNEL=" >&2; exit 1; }
	@mkdir -p $(build)
	+@exec 9<$(build) && flock 9 && \
	if [ "$$(cat $(build)/.kdir 2>/dev/null)" != "$(realpath $(KDIR))" ]; then \
		rm -rf $(build)/* && echo "$(realpath $(KDIR))" > $(build)/.kdir; \
	fi && \
	cp -rs --remove-destination $(addprefix $(CURDIR)/,$(1)) $(build)/ && \
	find $(build) -xtype l -delete && \
	$(path) $(MAKE) --no-print-directory -C $(KDIR) M=$(CURDIR)/$(build) LTO=$(LTO) $(2) modules
endef
