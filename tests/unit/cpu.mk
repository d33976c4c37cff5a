# SPDX-License-Identifier: GPL-2.0-only
# The simulated Cortex-M0, on its own and against Unicorn.
CPU_DIR := $(ROOT)/tests/sim/cpu
CPU_OBJS := $(patsubst $(CPU_DIR)/%.c,$(OUT)/cpu/%.o, \
	      $(wildcard $(CPU_DIR)/*.c))
CPU_TESTS := $(patsubst $(ROOT)/tests/unit/%.c,$(OUT)/%, \
	       $(wildcard $(ROOT)/tests/unit/cpu_*_test.c))
TESTS += $(CPU_TESTS)

$(OUT)/cpu:
	mkdir -p $@

$(OUT)/cpu/%.o: $(CPU_DIR)/%.c $(wildcard $(CPU_DIR)/*.h) | $(OUT)/cpu
	$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

# Made anew each time: no object of a file that is gone stays in it.
$(OUT)/libcpu.a: $(CPU_OBJS)
	$(RM) $@
	$(AR) rcs $@ $^

$(OUT)/cpu_unicorn_test: CPU_LIBS := -lunicorn

$(CPU_TESTS): $(OUT)/%: $(ROOT)/tests/unit/%.c $(ROOT)/tests/unit/cpu_test.h \
	      $(CPU_DIR)/cpu.h $(OUT)/libcpu.a
	$(CC) $(CPPFLAGS) $(CFLAGS) -I$(ROOT)/tests/sim -o $@ $< \
		$(OUT)/libcpu.a $(LDFLAGS) $(CPU_LIBS) -lcmocka
