# SPDX-License-Identifier: GPL-2.0-only
# Code for the target's SRAM as C arrays: $(OUT)/NAME_code.h from NAME.S
CROSS_ARM ?= arm-none-eabi-
LOADER_DIR := $(patsubst %/,%,$(dir $(lastword $(MAKEFILE_LIST))))
LOADER_NAMES := loader option
LOADER_HEADERS := $(LOADER_NAMES:%=$(OUT)/%_code.h)

# The host's preprocessor: the assembler of binutils has none.
$(LOADER_NAMES:%=$(OUT)/%_code.s): $(OUT)/%_code.s: $(LOADER_DIR)/%.S \
		$(LOADER_DIR)/layout.h | $(OUT)
	$(CC) -E -P -x assembler-with-cpp -o $@ $<

$(OUT)/%_code.elf: $(OUT)/%_code.s
	$(CROSS_ARM)as -mcpu=cortex-m0 --fatal-warnings -o $(@:.elf=.o) $<
	$(CROSS_ARM)ld -Ttext=0x20000000 -e $*_start -o $@ $(@:.elf=.o)

$(OUT)/%_code.bin: $(OUT)/%_code.elf
	$(CROSS_ARM)objcopy -O binary -j .text $< $@

$(OUT)/%_code.h: $(OUT)/%_code.bin
	{ echo '/* SPDX-License-Identifier: GPL-2.0-only */'; \
	  echo '/* Generated from $*.S. */'; \
	  $(CROSS_ARM)nm $(<:.bin=.elf) | \
	  awk '$$3 == "$*_start" || $$3 == "$*_stop" { \
		print "#define " toupper($$3) " 0x" $$1 }'; \
	  echo 'static const unsigned char $*_code[] = {'; \
	  od -An -v -tx1 $< | sed 's/ \([0-9a-f][0-9a-f]\)/ 0x\1,/g'; \
	  echo '};'; } > $@.tmp
	mv $@.tmp $@

.SECONDARY: $(foreach x,s elf bin,$(LOADER_NAMES:%=$(OUT)/%_code.$x))
