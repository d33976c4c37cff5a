# SPDX-License-Identifier: GPL-2.0-only
# The flash loader as a C array: $(OUT)/loader_code.h
CROSS_ARM ?= arm-none-eabi-
LOADER_DIR := $(patsubst %/,%,$(dir $(lastword $(MAKEFILE_LIST))))

# The host's preprocessor: the assembler of binutils has none.
$(OUT)/loader.s: $(LOADER_DIR)/loader.S $(LOADER_DIR)/layout.h | $(OUT)
	$(CC) -E -P -x assembler-with-cpp -o $@ $<

$(OUT)/loader.elf: $(OUT)/loader.s
	$(CROSS_ARM)as -mcpu=cortex-m0 --fatal-warnings -o $(OUT)/loader_thumb.o $<
	$(CROSS_ARM)ld -Ttext=0x20000000 -e loader_start -o $@ $(OUT)/loader_thumb.o

$(OUT)/loader.bin: $(OUT)/loader.elf
	$(CROSS_ARM)objcopy -O binary -j .text $< $@

$(OUT)/loader_code.h: $(OUT)/loader.bin
	{ echo '/* SPDX-License-Identifier: GPL-2.0-only */'; \
	  echo '/* Generated from loader.S. */'; \
	  $(CROSS_ARM)nm $(OUT)/loader.elf | \
	  sed -n 's/^\([0-9a-f]*\) . loader_start$$/#define LOADER_START 0x\1/p; s/^\([0-9a-f]*\) . loader_stop$$/#define LOADER_STOP 0x\1/p'; \
	  echo 'static const unsigned char loader_code[] = {'; \
	  od -An -v -tx1 $< | sed 's/ \([0-9a-f][0-9a-f]\)/ 0x\1,/g'; \
	  echo '};'; } > $@.tmp
	mv $@.tmp $@
