# SPDX-License-Identifier: GPL-2.0-only
# Code as compilers make it, for the tests of the walk through code: one program
# with each optimization, its tables before and behind the code.
SHAPES := $(foreach o,0 1 2 3 g s,$(foreach l,before after,$(OUT)/shapes/$l-O$o.bin))
SHAPE_FLAGS := -mcpu=cortex-m0 -mthumb -ffreestanding -fno-builtin \
	-ffunction-sections -std=gnu11 -nostdlib -Wl,--gc-sections \
	-Wl,--no-warn-rwx-segments -I$(ROOT)/tests/firmware
SHAPE_SRCS := $(ROOT)/tests/unit/thumb/shapes.c $(ROOT)/tests/firmware/start.c

$(OUT)/shapes/before-%.elf: $(SHAPE_SRCS) $(ROOT)/tests/firmware/firmware.ld
	@mkdir -p $(@D)
	arm-none-eabi-gcc -$* $(SHAPE_FLAGS) -o $@ $(SHAPE_SRCS) \
		-T $(ROOT)/tests/firmware/firmware.ld -lgcc

$(OUT)/shapes/after-%.elf: $(SHAPE_SRCS) $(ROOT)/tests/unit/thumb/after.ld
	@mkdir -p $(@D)
	arm-none-eabi-gcc -$* $(SHAPE_FLAGS) -o $@ $(SHAPE_SRCS) \
		-T $(ROOT)/tests/unit/thumb/after.ld -lgcc

$(OUT)/shapes/%.bin: $(OUT)/shapes/%.elf
	arm-none-eabi-objcopy -O binary $< $@

.PRECIOUS: $(OUT)/shapes/%.elf
$(OUT)/lib_truncated_test: $(SHAPES)
$(OUT)/lib_truncated_test: CFLAGS += -DSHAPES='"$(OUT)/shapes"'
