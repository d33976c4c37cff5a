# SPDX-License-Identifier: GPL-2.0-only
# Automatic programming, as far as it needs no probe.
AUTO_TESTS := part counter inject hook log power conf conf_bad check example
TESTS += $(AUTO_TESTS:%=$(OUT)/auto_%_test)

AUTO_OUT := $(OUT)/auto
# made as lib.mk says, which comes later
AUTO_LIB := $(OUT)/lib/libstlink.a
AUTO_SRCS := $(wildcard $(ROOT)/tools/auto/*.c $(ROOT)/tools/image/*.c) \
	$(addprefix $(ROOT)/tools/cmd/,number.c progress.c say.c)
AUTO_OBJS := $(AUTO_SRCS:$(ROOT)/tools/%.c=$(AUTO_OUT)/%.o)
AUTO_HDRS := $(wildcard $(ROOT)/tools/auto/*.h $(ROOT)/tools/image/*.h \
	$(ROOT)/tools/lib/*.h $(ROOT)/tools/cmd/*.h)
AUTO_DEPS := libelf json-c zlib inih
AUTO_FLAGS := -D_GNU_SOURCE -Wshadow -I$(ROOT)/tools -I$(ROOT)/tools/lib \
	-I$(ROOT)/uapi -I$(ROOT)/tests/unit \
	$(shell pkg-config --cflags $(AUTO_DEPS) libudev libsystemd)
AUTO_LIBS := $(AUTO_LIB) $(shell pkg-config --libs $(AUTO_DEPS)) -lcmocka

# the calls at which the power may go, and the journal's
AUTO_CUT := open openat mkostemp write fsync fdatasync ftruncate rename renameat \
	unlink unlinkat fchmod fchown flock close
auto_wrap = $(1:%=-Wl,--wrap=%)

$(AUTO_OUT)/%.o: $(ROOT)/tools/%.c $(AUTO_HDRS)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(AUTO_FLAGS) -c -o $@ $<

$(AUTO_OUT)/libauto.a: $(AUTO_OBJS)
	rm -f $@
	$(AR) rcs $@ $^

$(OUT)/auto_log_test: AUTO_WRAP := $(call auto_wrap,sd_journal_sendv)
$(OUT)/auto_power_test: AUTO_WRAP := $(call auto_wrap,$(AUTO_CUT))
$(OUT)/auto_power_test: $(ROOT)/tests/unit/auto_cut.c

$(OUT)/auto_example_test: private AUTO_FLAGS += \
	-DEXAMPLE='"$(ROOT)/tools/examples/autoprogram.conf"'
$(OUT)/auto_example_test: $(ROOT)/tools/examples/autoprogram.conf

$(OUT)/auto_%_test: $(ROOT)/tests/unit/auto_%_test.c \
		$(wildcard $(ROOT)/tests/unit/auto_*.h) \
		$(AUTO_OUT)/libauto.a $(AUTO_LIB) | $(OUT)
	$(CC) $(CFLAGS) $(AUTO_FLAGS) $(AUTO_WRAP) -o $@ $(filter %.c,$^) \
		$(AUTO_OUT)/libauto.a $(AUTO_LIBS)

# the same with writing outside of memory, leaks and the like made fatal
auto-sanitized: | $(OUT)
	$(MAKE) -f $(firstword $(MAKEFILE_LIST)) OUT=$(OUT)/sanitized \
		CFLAGS="$(SANITIZE)" $(AUTO_TESTS:%=$(OUT)/sanitized/auto_%_test)
	set -e; for t in $(AUTO_TESTS); do \
		$(OUT)/sanitized/auto_$${t}_test; done

.PHONY: auto-sanitized
