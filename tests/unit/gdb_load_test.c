// SPDX-License-Identifier: GPL-2.0-only
/*
 * The GDB server: beginning, memory, registers, "load".
 */
#include "gdb_test.h"

static void test_hello(void **state)
{
	(void)state;
	client_says("qSupported:multiprocess+;swbreak+;hwbreak+", "QStartNoAckMode",
		    "?", "qAttached", "qfThreadInfo", "qsThreadInfo", "qC", "Hg0",
		    "vMustReplyEmpty", "qXfer:memory-map:read::0,1000", "D", NULL);
	assert_int_equal(client.end, GDB_DETACHED);
	said("PacketSize=4000;QStartNoAckMode+;qXfer:features:read+;qXfer:memory-map:read+;vContSupported+;swbreak+;hwbreak+");
	said_part("T05thread:1;0d:");
	said("m1");
	said("l");
	said("QC1");
	said("");
	said_part("<memory type=\"flash\" start=\"0x8000000\" length=\"0x4000\"><property name=\"blocksize\">0x400</property></memory>");
	said_part("<memory type=\"ram\" start=\"0x20000000\" length=\"0x1000\"/>");
	said_part("<memory type=\"ram\" start=\"0xe0000000\"");
	/* it runs, nothing is set, and what was turned on is off */
	assert_false(fake.halted);
	assert_int_equal(fake.bp_ctrl, 0);
	assert_int_equal(fake.demcr, 0);
	assert_int_equal(fake.dbgmcu_cr, 0);
	assert_int_equal(fake.apb1_fz, 0);
}

static void test_features(void **state)
{
	(void)state;
	client_says("qXfer:features:read:target.xml:0,80",
		    "qXfer:features:read:target.xml:80,ffff",
		    "qXfer:features:read:other.xml:0,80",
		    "qXfer:features:read:target.xml:fffffff0,ffffffff",
		    "qXfer:features:read:target.xml:", NULL);
	said_part("m<?xml version=\"1.0\"?>");
	said_part("org.gnu.gdb.arm.m-profile");
	said_part("<reg name=\"control\" bitsize=\"8\" regnum=\"20\"");
	said_part("</target>\n\n\nl\nE01\n");
	assert_int_equal(client.end, GDB_LOST);
}

static void test_memory(void **state)
{
	(void)state;
	memcpy(fake.flash, "\x00\x10\x00\x20", 4);
	client_says("m8000000,4", "M20000010,3:aabbcc", "m20000010,4",
		    "=X20000021,2:\x11\x22", "m20000020,4", "X20000000,0:",
		    "m60000000,4", "m20000ffc,10", "M8000000,2:1234", "m", "m1",
		    "mfffffffff,1", "M20000000,2:123", "X20000000,ffffffff:",
		    "qCRC:8000000,4", "qCRC:0,ffffffff", NULL);
	said("00100020");
	said("aabbcc00");
	said("00112200");
	/* as far as it goes */
	said("00000000");
	printed("reading 0x60000000 failed");
	printed("can't be written like memory");
	printed("a packet that makes no sense: m");
	said("E07");
	said("E01");
	/* as gdb's own implementation computes it for these four bytes */
	said_part("\nC");
}

static void test_error_text(void **state)
{
	(void)state;
	client_says("qSupported:error-message+", "m60000000,4", NULL);
	said_part(";error-message+\n");
	said_part("E.reading 0x60000000 failed");
	client_setup(NULL);
	client_says("QEnableErrorStrings", "m60000000,4", NULL);
	said_part("E07;72656164696e67");
}

static void test_registers(void **state)
{
	(void)state;
	client_says("!reg 0 12345678", "!reg 20 2000001", "g", "p0", "p14", "p13",
		    "p15", "P0=efbeadde", "P13=00", "P14=01", "P2=00", "Pff=00",
		    "p", "P", NULL);
	said_part("78563412000000");
	said_part("0102\n78563412\n02\n01\nE01\n");
	assert_int_equal(fake.regs[0], 0xdeadbeef);
	assert_int_equal(fake.regs[20], 0x01000000);
}

static void test_all_registers(void **state)
{
	char g[2 + 2 * 78 + 1] = "G";
	int i;

	(void)state;
	for (i = 0; i < 78; i++)
		strcat(g, i % 4 ? "00" : "11");
	client_says(g, "G00", NULL);
	said("OK");
	said("E01");
	assert_int_equal(fake.regs[0], 0x11);
	assert_int_equal(fake.regs[18], 0x11);
	assert_int_equal(fake.regs[20] & 0xff, 0x11);
}

static void test_running_registers(void **state)
{
	(void)state;
	client_says("qRcmd,72756e", "g", "qRcmd,68616c74", "g", NULL);
	said_part("> running");
	printed("the core is running, \"monitor halt\" halts it");
	said_part("> halted at 0x");
}

/* What erases or loads halts the core: gdb is right then that it stands. */
static void test_erase_of_a_running_core(void **state)
{
	(void)state;
	client_says("qRcmd,72756e", "qRcmd,6572617365", "!cause 29", "!event 10",
		    "qC", NULL);
	said_part("> flash is blank");
	printed("it was halted again");
	client_setup(NULL);
	client_says("qRcmd,72756e", "vFlashErase:8000400,400",
		    "vFlashWrite:8000400:abcdefgh", "vFlashDone", "!cause 29",
		    "!event 10", "qC", NULL);
	printed("it was halted again");
}

static void test_load(void **state)
{
	(void)state;
	memset(fake.flash, 0x55, fake.flash_size);
	client_says("vFlashErase:8000400,800", "vFlashWrite:8000400:abcdefgh",
		    "vFlashWrite:8000408:ijkl", "vFlashDone", "D", NULL);
	assert_memory_equal(fake.flash + 0x400, "abcdefghijkl", 12);
	assert_int_equal(fake.flash[0x40c], 0xff);
	assert_int_equal(fake.flash[0xbff], 0xff);
	assert_int_equal(fake.flash[0x3ff], 0x55);
	assert_int_equal(fake.flash[0xc00], 0x55);
	assert_int_equal(fake.page_erases, 2);
	assert_false(fake.claimed);
	printed("2 of 2 pages erased, 12 bytes programmed, verified");
	assert_int_equal(client.end, GDB_DETACHED);

	/* the same again: nothing is done to flash */
	client_setup(NULL);
	memset(fake.flash, 0xff, fake.flash_size);
	memcpy(fake.flash + 0x400, "abcdefghijkl", 12);
	client_says("vFlashErase:8000400,800", "vFlashWrite:8000400:abcdefgh",
		    "vFlashWrite:8000408:ijkl", "vFlashDone", "D", NULL);
	assert_int_equal(fake.page_erases, 0);
	assert_int_equal(fake.half_words, 0);
}

static void test_load_refused(void **state)
{
	(void)state;
	client_says("vFlashErase:8004000,400", "vFlashErase:7ffffff,400",
		    "vFlashErase:8000000,ffffffff", "vFlashErase:8000000",
		    "vFlashWrite:20000000:x", "vFlashWrite:", "vFlashDone", NULL);
	said_part("E.0x08004000 and 1024 bytes is outside of flash, which ends at 0x08003fff\nE.");
	said_part("E.0x20000000 and 1 bytes is outside of flash");
	assert_int_equal(fake.page_erases, 0);
	/* a page that must change is write-protected */
	client_setup(NULL);
	fake.wrpr = 0xfffffffe;
	assert_int_equal(stl_target_identify(&target, NULL), 0);
	client_says("vFlashErase:8000000,400", "vFlashWrite:8000000:x",
		    "vFlashDone", NULL);
	said_part("E.");
	printed("protect");
	assert_int_equal(fake.page_erases, 0);
	/* another try begins anew */
	client_setup(NULL);
	fake.claimed_by = 77;
	client_says("vFlashErase:8000000,400", "vFlashDone", "vFlashDone", NULL);
	said_part("E.");
	printed("is in use by");
	said("OK");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_hello, client_setup),
		cmocka_unit_test_setup(test_features, client_setup),
		cmocka_unit_test_setup(test_memory, client_setup),
		cmocka_unit_test_setup(test_error_text, client_setup),
		cmocka_unit_test_setup(test_registers, client_setup),
		cmocka_unit_test_setup(test_all_registers, client_setup),
		cmocka_unit_test_setup(test_running_registers, client_setup),
		cmocka_unit_test_setup(test_erase_of_a_running_core, client_setup),
		cmocka_unit_test_setup(test_load, client_setup),
		cmocka_unit_test_setup(test_load_refused, client_setup),
	};

	return cmocka_run_group_tests_name("gdb_load", tests, NULL, NULL);
}
