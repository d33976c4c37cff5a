# SPDX-License-Identifier: GPL-2.0-only
# Images, numbers and the command line.
IMAGE_TESTS := hex srec elf file random number cli real tools
TESTS += $(IMAGE_TESTS:%=$(OUT)/image_%_test)

IMAGE_SRCS := $(wildcard $(ROOT)/tools/image/*.c)
IMAGE_HDRS := $(wildcard $(ROOT)/tools/image/*.h) \
	$(ROOT)/tests/unit/image/check.h
IMAGE_FLAGS := -D_GNU_SOURCE -Wshadow -I$(ROOT)/tools -I$(ROOT)/tests/unit \
	-DFIXTURES='"$(OUT)/fixture"' -DSTYLES='"$(OUT)/styles"'
IMAGE_FIXTURES := $(foreach n,dense sparse headers,\
	$(foreach f,elf hex srec,$(OUT)/fixture/$(n).$(f))) \
	$(OUT)/fixture/dense.bin $(OUT)/fixture/sparse.bin
CROSS_ARM ?= arm-none-eabi-

$(OUT)/image_%_test: $(ROOT)/tests/unit/image_%_test.c $(IMAGE_SRCS) \
		$(IMAGE_HDRS) $(IMAGE_FIXTURES) | $(OUT)
	$(CC) $(CFLAGS) $(IMAGE_FLAGS) -o $@ $< $(IMAGE_SRCS) -lelf -lcmocka

# at power cuts and failures of the disk, as the files of automatic programming
TESTS += $(OUT)/image_power_test
$(OUT)/image_power_test: $(ROOT)/tests/unit/image_power_test.c \
		$(ROOT)/tests/unit/auto_cut.c $(IMAGE_SRCS) $(IMAGE_HDRS) \
		$(wildcard $(ROOT)/tests/unit/auto_*.h) | $(OUT)
	$(CC) $(CFLAGS) $(IMAGE_FLAGS) $(call auto_wrap,$(AUTO_CUT)) -o $@ \
		$(filter %.c,$^) -lelf -lcmocka

# the command line's own file needs the headers of the library, nothing else
$(OUT)/image_number_test: $(ROOT)/tests/unit/image_number_test.c \
		$(ROOT)/tools/cmd/number.c $(ROOT)/tools/cmd/cmd.h | $(OUT)
	$(CC) $(CFLAGS) $(IMAGE_FLAGS) -I$(ROOT)/uapi -I$(ROOT)/tools/lib \
		$(shell pkg-config --cflags json-c) -o $@ $< \
		$(ROOT)/tools/cmd/number.c -lcmocka

# files as many tools write them
$(OUT)/styles/made: $(ROOT)/tests/unit/image/styles.py | $(OUT)
	rm -rf $(@D)
	python3 $< $(@D)
	touch $@

$(OUT)/image_tools_test: private IMAGE_FLAGS += -DOBJCOPY='"$(CROSS_ARM)objcopy "'

$(OUT)/image_cli_test: $(OUT)/styles/made
$(OUT)/image_real_test: $(OUT)/styles/made \
	$(foreach n,fixture.o shared.elf endian.elf host.elf,$(OUT)/fixture/$(n))

# the tool itself, built here so that the test never meets an older one
$(OUT)/tools/stlink: $(IMAGE_SRCS) $(IMAGE_HDRS) \
		$(wildcard $(ROOT)/tools/*.c $(ROOT)/tools/cmd/*.[ch] \
			$(ROOT)/tools/auto/*.[ch] $(ROOT)/tools/lib/*.[ch] \
			$(ROOT)/tools/lib/diagnose/*.[ch] $(ROOT)/tools/lib/host/*.[ch])
	$(MAKE) -f $(ROOT)/tools/Makefile OUT=$(OUT)/tools CFLAGS="$(TOOL_OPT)"

TOOL_OPT ?= -O2 -g

$(OUT)/image_cli_test: $(ROOT)/tests/unit/image_cli_test.c \
		$(OUT)/tools/stlink $(IMAGE_FIXTURES) \
		$(ROOT)/tools/COMING-FROM.md | $(OUT)
	$(CC) $(CFLAGS) $(IMAGE_FLAGS) -DSTLINK='"$(OUT)/tools/stlink"' \
		-DCOMING_FROM='"$(ROOT)/tools/COMING-FROM.md"' \
		$(shell pkg-config --cflags json-c) -o $@ $< \
		-ljson-c -lcmocka

# the same program as every format, made by somebody else's tool
$(OUT)/fixture/%.o: $(ROOT)/tests/unit/image/%.S
	@mkdir -p $(@D)
	$(CROSS_ARM)gcc -c -o $@ $<

# dense: nothing between first and last byte
$(OUT)/fixture/dense.elf: $(ROOT)/tests/unit/image/fixture.ld \
		$(OUT)/fixture/fixture.o
	$(CROSS_ARM)ld -T $^ -o $@

# sparse: with the table
$(OUT)/fixture/sparse.elf: $(ROOT)/tests/unit/image/fixture.ld \
		$(OUT)/fixture/fixture.o $(OUT)/fixture/table.o
	$(CROSS_ARM)ld -T $^ -o $@

# headers: the ELF headers are part of the first segment
$(OUT)/fixture/headers.elf: $(OUT)/fixture/fixture.o
	$(CROSS_ARM)ld -e reset -Ttext=0x08000100 -Tdata=0x20000000 \
		--section-start=.vectors=0x08000800 -o $@ $<

# what isn't for this target
$(OUT)/fixture/shared.elf: $(OUT)/fixture/fixture.o
	$(CROSS_ARM)ld -shared -o $@ $<

$(OUT)/fixture/endian.elf: $(ROOT)/tests/unit/image/fixture.ld \
		$(ROOT)/tests/unit/image/fixture.S
	@mkdir -p $(@D)
	$(CROSS_ARM)gcc -mbig-endian -nostdlib -Wl,-EB -T $^ -o $@

$(OUT)/fixture/host.elf: | $(OUT)
	@mkdir -p $(@D)
	echo 'int main(void) { return 0; }' | $(CC) -x c -o $@ -

$(OUT)/fixture/%.hex: $(OUT)/fixture/%.elf
	$(CROSS_ARM)objcopy -O ihex $< $@

$(OUT)/fixture/%.srec: $(OUT)/fixture/%.elf
	$(CROSS_ARM)objcopy -O srec $< $@

$(OUT)/fixture/%.bin: $(OUT)/fixture/%.elf
	$(CROSS_ARM)objcopy -O binary --gap-fill 0xff $< $@

# the same with writing outside of memory, overflows and the like made fatal
SANITIZE := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all
image-sanitized: $(IMAGE_FIXTURES) | $(OUT)
	$(MAKE) -f $(firstword $(MAKEFILE_LIST)) OUT=$(OUT)/sanitized \
		CFLAGS="$(SANITIZE)" TOOL_OPT="$(SANITIZE)" \
		$(IMAGE_TESTS:%=$(OUT)/sanitized/image_%_test)
	set -e; for t in $(IMAGE_TESTS); do \
		$(OUT)/sanitized/image_$${t}_test; done

.PHONY: image-sanitized
