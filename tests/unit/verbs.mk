# SPDX-License-Identifier: GPL-2.0-only
# What verbs of the tool decide without a probe.
TESTS += $(addprefix $(OUT)/verb_,copy_test pages_test signals_test)
VERB_FLAGS := -D_GNU_SOURCE -Wshadow -I$(ROOT)/tools $(LIB_CPPFLAGS) \
	$(shell pkg-config --cflags json-c)

$(OUT)/verb_copy_test: $(addprefix $(ROOT)/tools/cmd/,select.c record.c \
		copy_fit.c)
$(OUT)/verb_pages_test: $(ROOT)/tools/cmd/pages.c
$(OUT)/verb_signals_test: $(ROOT)/tools/cmd/progress.c

$(OUT)/verb_%_test: $(ROOT)/tests/unit/verb_%_test.c $(LIB_ARCHIVE) \
		$(wildcard $(ROOT)/tools/cmd/*.h) | $(OUT)
	$(CC) $(CFLAGS) $(VERB_FLAGS) -o $@ $(filter %.c,$^) $(LIB_ARCHIVE) \
		-lz -lcmocka
