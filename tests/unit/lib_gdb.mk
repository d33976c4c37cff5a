# SPDX-License-Identifier: GPL-2.0-only
# Unit tests of tools/gdb, on the fake chip of lib.mk, which is read before.
GDB_SRCS := $(wildcard $(ROOT)/tools/gdb/*.c)
GDB_TESTS := packet load debug run
GDB_CPPFLAGS := $(LIB_CPPFLAGS) -I$(ROOT)/tools -D_GNU_SOURCE

TESTS += $(GDB_TESTS:%=$(OUT)/gdb_%_test) $(ROOT)/tests/unit/gdb_real_test

$(GDB_TESTS:%=$(OUT)/gdb_%_test): $(OUT)/gdb_%_test: \
		$(ROOT)/tests/unit/gdb_%_test.c $(ROOT)/tests/unit/gdb_test.h \
		$(ROOT)/tests/unit/gdb_client.c $(GDB_SRCS) \
		$(wildcard $(ROOT)/tools/gdb/*.h) $(LIB_FAKE) \
		$(ROOT)/tests/unit/lib_fake.h $(LIB_ARCHIVE) | $(OUT)
	$(CC) $(CFLAGS) $(GDB_CPPFLAGS) -o $@ $< $(ROOT)/tests/unit/gdb_client.c \
		$(GDB_SRCS) $(LIB_FAKE) $(LIB_ARCHIVE) -lz -lcmocka -lunicorn

# the server on the simulated chip, for the real gdb
$(OUT)/gdb_chip: $(ROOT)/tests/unit/gdb_chip.c $(ROOT)/tests/unit/chip_test.h \
		$(GDB_SRCS) $(wildcard $(ROOT)/tools/gdb/*.h) $(LIB_ARCHIVE) \
		$(OUT)/libchip.a | $(OUT)
	$(CC) $(CFLAGS) -Wno-unused-function $(GDB_CPPFLAGS) \
		-I$(ROOT)/tests/sim -o $@ $< $(GDB_SRCS) $(LIB_ARCHIVE) \
		$(OUT)/libchip.a -lz -lcmocka

$(ROOT)/tests/unit/gdb_real_test: $(OUT)/gdb_chip $(ROOT)/build/firmware/demo.elf

# Here where it isn't there; tests/run brings it up to date before.
$(ROOT)/build/firmware/demo.elf:
	$(MAKE) -s -C $(ROOT)/tests/firmware
