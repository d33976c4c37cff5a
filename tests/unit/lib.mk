# SPDX-License-Identifier: GPL-2.0-only
# Unit tests of tools/lib. Those that need a chip bring their own ioctls,
# which the linker takes in place of the library's.
LIB_OUT := $(OUT)/lib
LIB_CPPFLAGS := -I$(ROOT)/tools/lib -I$(ROOT)/uapi -I$(ROOT)/tests/unit
LIB_ARCHIVE := $(LIB_OUT)/libstlink.a
LIB_FAKE := $(addprefix $(ROOT)/tests/unit/lib_fake_,chip.c debug.c exec.c ioctl.c option.c)
LIB_FAKE_TESTS := target program erase loader direct option selftest
LIB_PLAIN_TESTS := plan chip option_field probe usb xfer thumb truncated diagnose \
	host_module host_access host_plug

TESTS += $(LIB_FAKE_TESTS:%=$(OUT)/lib_%_test)
TESTS += $(LIB_PLAIN_TESTS:%=$(OUT)/lib_%_test)

$(LIB_ARCHIVE): $(wildcard $(addprefix $(ROOT)/tools/lib/,*.[ch] loader/* \
		diagnose/* host/* selftest/*))
	$(MAKE) -C $(ROOT)/tools/lib OUT=$(LIB_OUT) CFLAGS="$(CFLAGS)"

$(LIB_PLAIN_TESTS:%=$(OUT)/lib_%_test): $(OUT)/lib_%_test: \
		$(ROOT)/tests/unit/lib_%_test.c $(LIB_ARCHIVE) | $(OUT)
	$(CC) $(CFLAGS) $(LIB_CPPFLAGS) -o $@ $< $(LIB_ARCHIVE) -lz -lcmocka

$(LIB_FAKE_TESTS:%=$(OUT)/lib_%_test): $(OUT)/lib_%_test: \
		$(ROOT)/tests/unit/lib_%_test.c $(LIB_FAKE) \
		$(ROOT)/tests/unit/lib_fake.h $(LIB_ARCHIVE) | $(OUT)
	$(CC) $(CFLAGS) $(LIB_CPPFLAGS) -o $@ $< $(LIB_FAKE) $(LIB_ARCHIVE) \
		-lz -lcmocka -lunicorn

$(OUT)/lib_host_module_test $(OUT)/lib_host_access_test \
	$(OUT)/lib_host_plug_test: $(ROOT)/tests/unit/lib_host_test.h
