# SPDX-License-Identifier: GPL-2.0-only
# stlink report, as far as it needs no probe. Made as lib.mk says: the library.
TESTS += $(OUT)/report_test
REPORT_FLAGS := -D_GNU_SOURCE -Wshadow -I$(ROOT)/tools -I$(ROOT)/tools/lib \
	-I$(ROOT)/uapi

$(OUT)/report_test: $(ROOT)/tests/unit/report_test.c \
		$(wildcard $(ROOT)/tools/report/*.[ch]) $(OUT)/lib/libstlink.a | $(OUT)
	$(CC) $(CFLAGS) $(REPORT_FLAGS) -o $@ $(filter %.c,$^) \
		$(OUT)/lib/libstlink.a -lz -lcmocka
