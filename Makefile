# SPDX-License-Identifier: GPL-2.0-only
# Driver, tool, tests. Needs make to start; "make deps" brings the rest.
TOP := $(patsubst %/,%,$(dir $(abspath $(lastword $(MAKEFILE_LIST)))))
BUILD := $(TOP)/build

# The kernel that the module is for: the running one.
KERNEL ?= $(shell uname -r)
KDIR ?= /lib/modules/$(KERNEL)/build
MODULE_DIR := $(BUILD)/modules/$(KERNEL)
MODULE := $(MODULE_DIR)/driver/stlink.ko

prefix ?= /usr/local
export prefix DESTDIR

VERSION := $(shell sed -n 's/^VERSION := //p' $(TOP)/tools/Makefile)
DKMS_SOURCE := /usr/src/stlink-$(VERSION)

.DEFAULT_GOAL := all

help:
	@echo "make            the tool, and the module where kernel headers are"
	@echo "make demo       shows the main job on two simulated boards"
	@echo "make check      runs all tests in virtual machines"
	@echo "make check-hard the same, and the hard tests in full, on kernels that"
	@echo "                find mistakes (hours); tests/hard/README.md"
	@echo "make install    installs the tool, and the module if it was built"
	@echo "make uninstall  removes them"
	@echo
	@echo "make modules | tools | sim      builds one part"
	@echo "make modules_install            installs the module only"
	@echo "make dkms_install | dkms_uninstall  the module by DKMS, which builds it"
	@echo "                again for each new kernel"
	@echo "make deb        Debian packages, in build/deb"
	@echo "make lint       style and static checks"
	@echo "make bench      compares the speed with st-flash and openocd (minutes);"
	@echo "                ROUNDS=N (3), make bench-chart keeps the chart"
	@echo "make debug-kernel  builds the kernels \"debug\" and \"kcsan\" (minutes)"
	@echo "make deps       installs the packages that build and tests need"
	@echo "make clean      removes build/"
	@echo
	@echo "KDIR=DIR    kernel headers (now $(KDIR))"
	@echo "DESTDIR=DIR prefix=DIR  where install puts files ($(prefix))"

all: tools
	@if [ -e "$(KDIR)/Makefile" ]; then \
		$(MAKE) --no-print-directory modules; \
	else \
		echo "no kernel headers in $(KDIR): module not built"; \
	fi

# Built in a copy, since the kernel's makefiles leave files beside the sources.
# No BTF: it needs the kernel's vmlinux.
modules: compiler
	@[ -e "$(KDIR)/Makefile" ] || { echo "no kernel headers in $(KDIR):" \
		"install linux-headers-$(KERNEL), or give KDIR=" >&2; exit 1; }
	@mkdir -p $(MODULE_DIR)
	@cp -rup $(TOP)/Kbuild $(TOP)/driver $(TOP)/uapi $(MODULE_DIR)/
	$(MAKE) -C $(KDIR) M=$(MODULE_DIR) CONFIG_DEBUG_INFO_BTF_MODULES= modules

tools: compiler
	$(MAKE) -C $(TOP)/tools all

sim: compiler
	$(MAKE) -C $(TOP)/tests/sim

install: tools
	$(MAKE) -C $(TOP)/tools install
	@if [ -z "$(DESTDIR)" ] && [ -e "$(MODULE)" ]; then \
		$(MAKE) --no-print-directory modules_install; \
	fi

# depmod concerns the machine the files will be on, so not below DESTDIR. The kernel's
# makefile leaves it out where there is no System.map.
modules_install: modules
	$(MAKE) -C $(KDIR) M=$(MODULE_DIR) INSTALL_MOD_PATH=$(DESTDIR) \
		$(if $(DESTDIR),DEPMOD=true) modules_install
	@[ -n "$(DESTDIR)" ] || ! [ -d /lib/modules/$(KERNEL) ] || \
		depmod $(KERNEL)

uninstall:
	$(MAKE) -C $(TOP)/tools uninstall
	@find $(DESTDIR)/lib/modules/$(KERNEL) -name 'stlink.ko*' \
		! -path '*/kernel/*' -print -delete 2>/dev/null || true
	@[ -n "$(DESTDIR)" ] || ! [ -d /lib/modules/$(KERNEL) ] || \
		depmod $(KERNEL)

# What DKMS builds the module from; packages have it, too.
dkms_source:
	install -d $(DESTDIR)$(DKMS_SOURCE)/driver $(DESTDIR)$(DKMS_SOURCE)/uapi/linux
	install -m 644 $(TOP)/Kbuild $(DESTDIR)$(DKMS_SOURCE)
	install -m 644 $(TOP)/driver/*.[ch] $(TOP)/driver/Kbuild \
		$(DESTDIR)$(DKMS_SOURCE)/driver
	install -m 644 $(TOP)/uapi/linux/*.h $(DESTDIR)$(DKMS_SOURCE)/uapi/linux
	sed 's/#MODULE_VERSION#/$(VERSION)/' $(TOP)/driver/dkms.conf | \
		install -m 644 /dev/stdin $(DESTDIR)$(DKMS_SOURCE)/dkms.conf

# For the running kernel, or KERNEL=; others when they are installed. An older or
# unfinished one makes way.
dkms_install: dkms_uninstall dkms_source
	dkms add -m stlink -v $(VERSION)
	dkms install -m stlink -v $(VERSION) -k $(KERNEL)

# DKMS's listing is "stlink/0.1.0, 6.1.0-..."; older ones write "stlink, 0.1.0, ..."
dkms_uninstall:
	@command -v dkms >/dev/null || { echo "no dkms: install the package" \
		"of that name" >&2; exit 1; }
	@set -e; for version in $$(dkms status -m stlink | \
		sed -nE 's,^stlink(/|\, )([^ ,:]+).*,\2,p' | sort -u); do \
		dkms remove -m stlink -v $$version --all; \
		rm -rf /usr/src/stlink-$$version; \
	done

deb:
	@$(TOP)/debian/make-packages

deps:
	@$(TOP)/tests/deps

demo: deps
	@$(TOP)/tests/demo/run

check: deps
	@$(TOP)/tests/run

check-hard: deps debug-kernel
	@$(TOP)/tests/hard/all

lint: deps
	@$(TOP)/tests/lint

bench: deps
	@$(TOP)/tests/bench/run $(ROUNDS)

# The chart of the last bench becomes the one in the documentation.
bench-chart:
	@cp $(BUILD)/bench/bench.svg $(TOP)/tests/bench/speed.svg

debug-kernel: deps
	@$(TOP)/tests/vm/build-debug-kernel debug kcsan

clean:
	rm -rf $(BUILD)

compiler:
	@command -v $(CC) >/dev/null || { echo "no compiler $(CC):" \
		"make deps installs what is needed" >&2; exit 1; }

.PHONY: all help modules tools sim install modules_install uninstall dkms_source \
	dkms_install dkms_uninstall deb deps demo check check-hard lint bench \
	bench-chart debug-kernel clean compiler
