# SPDX-License-Identifier: GPL-2.0-only
# Help, manual pages and completion against the program, and the checks of that
# against pages that are wrong; what they are is in tests/manual.
MANUAL := $(ROOT)/tests/manual
MANUAL_FLAGS := -D_GNU_SOURCE -I$(ROOT)/tools -I$(ROOT)/tools/lib \
	-I$(ROOT)/uapi -I$(MANUAL) \
	$(shell pkg-config --cflags json-c libudev libsystemd)
TESTS += $(OUT)/manual_test

# The program but for main(): the objects that the tool was made of, and the files
# with tables again, for what is static there.
$(OUT)/manual_facts: $(wildcard $(MANUAL)/*.[ch]) $(OUT)/tools/stlink | $(OUT)
	$(CC) $(CFLAGS) $(MANUAL_FLAGS) -Dmain=stlink_main -DSTLINK_VERSION='""' \
		-c -o $(OUT)/manual_table.o $(ROOT)/tools/stlink.c
	$(CC) $(CFLAGS) $(MANUAL_FLAGS) -o $@ $(wildcard $(MANUAL)/*.c) \
		$(OUT)/manual_table.o \
		$(filter-out %/obj/stlink.o %/cmd/args.o %/auto/conf_key.o, \
			$(patsubst $(ROOT)/tools/%.c,$(OUT)/tools/obj/%.o, \
			$(wildcard $(addprefix $(ROOT)/tools/,cmd/*.c image/*.c \
				auto/*.c gdb/*.c \
				report/*.c)))) \
		$(OUT)/tools/lib/libstlink.a -lelf -ljson-c -lz -linih

$(OUT)/manual_test: $(OUT)/manual_facts $(wildcard $(MANUAL)/*) \
		$(addprefix $(OUT)/fixture/dense.,bin elf hex)
	ln -sf $(MANUAL)/run $@
