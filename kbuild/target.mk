# SPDX-License-Identifier: GPL-2.0
# Kernel and build folder, for the top Makefile and Makefile.module. $(kxx-top) is the path of kxx.

# Accept ARCH=um, which is how the kernel itself selects User-Mode Linux.
ifeq ($(ARCH),um)
KERNEL ?= 7.3-uml
endif

# KERNEL names a test kernel (scripts/kernel --list). Without KERNEL, build for the running
# kernel, or for the headers in KDIR.
ifdef KERNEL
# Runs scripts/kernel once, when the first target expands $(kernel).
kernel = $(eval kernel := $(shell $(kxx-top)scripts/kernel $(KERNEL)))$(kernel)
KDIR = $(addsuffix /build,$(kernel))
# bin/ has the kernel's compiler if the host lacks that version.
path = PATH="$(kernel)/bin:$$PATH"
else
KDIR ?= /lib/modules/$(shell uname -r)/build
endif
# Default to LTO=0 on User-Mode Linux: gdb needs debug info, which LTO=1 omits (cxx.mk).
LTO ?= $(if $(filter %-uml,$(KERNEL)),0,1)

target = $(or $(KERNEL),$(shell cat $(KDIR)/include/config/kernel.release 2>/dev/null))

# $(call kbuild,FILES,ARGUMENTS) builds with kbuild in $(build), which is filled with symbolic links to
# the sources: kbuild puts objects beside the sources, and each kernel needs its own objects. flock
# serialises builds in one folder, since tests run in parallel. A new KDIR empties the folder, since
# kernels of the same release may differ.
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
