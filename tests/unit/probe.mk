# SPDX-License-Identifier: GPL-2.0-only
# The simulated probe: firmware fed with command blocks, and its USB device.
PROBE_SIM := $(ROOT)/tests/sim
PROBE_SRCS := $(filter-out %/redir.c, $(wildcard $(PROBE_SIM)/probe/*.c \
	$(PROBE_SIM)/usb/*.c $(PROBE_SIM)/chip/*.c $(PROBE_SIM)/cpu/*.c))
PROBE_OBJS := $(PROBE_SRCS:$(PROBE_SIM)/%.c=$(OUT)/probe/%.o)
PROBE_HDRS := $(wildcard $(PROBE_SIM)/*.h $(PROBE_SIM)/*/*.h)
PROBE_TESTS := $(patsubst $(ROOT)/tests/unit/%.c,$(OUT)/%, \
	$(wildcard $(ROOT)/tests/unit/probe_*_test.c))
TESTS += $(PROBE_TESTS)

$(PROBE_OBJS): $(OUT)/probe/%.o: $(PROBE_SIM)/%.c $(PROBE_HDRS)
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) -D_GNU_SOURCE $(CFLAGS) -c -o $@ $<

$(PROBE_TESTS): $(OUT)/%: $(ROOT)/tests/unit/%.c \
		$(ROOT)/tests/unit/probe_test.h $(PROBE_OBJS)
	$(CC) $(CPPFLAGS) -D_GNU_SOURCE $(CFLAGS) -I$(PROBE_SIM) -o $@ $< \
		$(PROBE_OBJS) $(LDFLAGS) -lcmocka
