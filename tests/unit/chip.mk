# SPDX-License-Identifier: GPL-2.0-only
# The simulated STM32F030, driven through its pins.
CHIP_DIR := $(ROOT)/tests/sim/chip
CHIP_CPU_DIR := $(ROOT)/tests/sim/cpu
CHIP_OBJS := $(patsubst $(CHIP_DIR)/%.c,$(OUT)/chip/%.o, \
	       $(wildcard $(CHIP_DIR)/*.c)) \
	     $(patsubst $(CHIP_CPU_DIR)/%.c,$(OUT)/chip/cpu_%.o, \
	       $(wildcard $(CHIP_CPU_DIR)/*.c))
CHIP_TESTS := $(patsubst $(ROOT)/tests/unit/%.c,$(OUT)/%, \
		$(wildcard $(ROOT)/tests/unit/chip_*_test.c))
TESTS += $(CHIP_TESTS)

$(OUT)/chip:
	mkdir -p $@

$(OUT)/chip/%.o: $(CHIP_DIR)/%.c $(wildcard $(CHIP_DIR)/*.h) \
		 $(CHIP_CPU_DIR)/cpu.h $(ROOT)/tests/sim/timing.h | $(OUT)/chip
	$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

$(OUT)/chip/cpu_%.o: $(CHIP_CPU_DIR)/%.c $(wildcard $(CHIP_CPU_DIR)/*.h) \
		     | $(OUT)/chip
	$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

# Made anew each time: no object of a file that is gone stays in it.
$(OUT)/libchip.a: $(CHIP_OBJS)
	$(RM) $@
	$(AR) rcs $@ $^

$(CHIP_TESTS): $(OUT)/%: $(ROOT)/tests/unit/%.c \
	       $(ROOT)/tests/unit/chip_test.h $(CHIP_DIR)/chip.h \
	       $(OUT)/libchip.a
	$(CC) $(CPPFLAGS) $(CFLAGS) -I$(ROOT)/tests/sim -o $@ $< \
		$(OUT)/libchip.a $(LDFLAGS) -lcmocka
