// SPDX-License-Identifier: GPL-2.0-only
/*
 * The GDB server: breakpoints, watchpoints, and what comes of them.
 */
#include "gdb_test.h"

static void test_four(void **state)
{
	(void)state;
	client_says("Z1,8000100,2", "Z1,8000202,2", "Z0,8000304,2", "Z1,8000406,2",
		    "Z1,8000508,2", "Z1,8000102,2", "z1,8000202,2",
		    "Z1,8000508,2", "z1,8000600,2", "Z1,8000508,2",
		    "!halt 2 8000508", "vCont;c", NULL);
	printed("delete or disable one of them first");
}

static void test_comparators(void **state)
{
	(void)state;
	/* looked at while the client is still there: in the middle */
	client_says("Z1,8000100,2", "Z1,8000102,2", "Z1,8000206,2", "z1,8000100,2",
		    "me0002000,4", "me0002008,4", "me000200c,4", "me0002010,4",
		    NULL);
	said("41000000");		/* on */
	said("01010088");		/* upper half-word only is left */
	said("05020088");
	said("00000000");
	assert_int_equal(fake.bp_comp[0] | fake.bp_comp[1], 0);
}

static void test_sram(void **state)
{
	(void)state;
	memcpy(fake.sram + 0x100, "\x11\x22\x33\x44\x55\x66", 6);
	client_says("Z0,20000102,2", "m20000100,6", "m20000103,1", "m20000102,1",
		    "M20000101,2:7788", "m20000100,6", "Z1,20000104,2",
		    "z0,20000102,2", "m20000100,6", "Z0,60000000,2", NULL);
	said("112233445566");
	said("44");
	said("33");
	said("117788445566");
	said_part("E.");
	/* nothing is left behind, not even at a client that just goes */
	assert_memory_equal(fake.sram + 0x100, "\x11\x77\x88\x44\x55\x66", 6);
	assert_int_equal(client.end, GDB_LOST);
}

/* What gdb takes for memory, but isn't, keeps what it holds. */
static void test_registers(void **state)
{
	(void)state;
	fake.apb1_fz = 0x12345678;
	client_says("Z0,40015808,2", "Z1,4001580a,2", "Z0,20000fff,2",
		    "Z0,20001000,2", "Z0,e000edfc,2", NULL);
	assert_int_equal(fake.apb1_fz, 0x12345678);
	said_part("in flash and in SRAM");
}

static void test_sram_set(void **state)
{
	unsigned int i;
	char z[64 + 1][24];

	(void)state;
	memset(fake.sram, 0x5a, 0x1000);
	for (i = 0; i <= 64; i++)
		snprintf(z[i], sizeof(z[i]), "Z0,%x,2", 0x20000000 + 4 * i);
	/* room for 64 steps: two at a time */
	client_says(z[0], z[1], "!halt 2 20000004", "me0002008,4", "vCont;c", NULL);
	said("00000000");
	assert_int_equal(fake.sram[0], 0x5a);
	assert_int_equal(fake.sram[4], 0x5a);
}

static void test_stops(void **state)
{
	(void)state;
	client_says("qSupported:swbreak+;hwbreak+", "Z1,8000100,2", "vCont;c",
		    "!halt 2 8000100", "Z0,20000102,2", "vCont;c",
		    "!halt 2 20000102", "!reg 15 8000200", "vCont;c",
		    "\x03", "vCont;s", "?", NULL);
	said_part("T05thread:1;hwbreak:;0d:");
	said_part("T05thread:1;swbreak:;0d:");
	said_part("T02thread:1;0d:");
	assert_int_equal(fake.steps, 1);
}

static void test_firmware_bkpt(void **state)
{
	(void)state;
	/* at 0x20: BKPT 0xab, NOP; passed over once, by a step and by a run */
	memcpy(fake.flash + 0x20, "\xab\xbe\xc0\x46", 4);
	client_says("vCont;c", "!halt 2 8000020", "vCont;s", "pf",
		    "P f=20000008", "Pf=20000008", "vCont;c", "!halt 2 8000020",
		    "vCont;c", "!halt 1 8000022", NULL);
	said_part("> stlink: the firmware makes a semihosting call");
	said("22000008");
	assert_int_equal(fake.steps, 0);
}

static void test_watch(void **state)
{
	(void)state;
	client_says("Z2,20000010,4", "me0001020,4", "me0001024,4", "me0001028,4",
		    "vCont;c", "!matched 0", "!halt 4 8000100", "Z3,20000020,1",
		    "Z4,20000030,2", "z2,20000010,4", "Z4,20000030,2", "vCont;c",
		    "!matched 0", "!halt 4 8000100", NULL);
	said("10000020");
	said("02000000");
	said("06000000");
	said_part("T05thread:1;watch:20000010;0d:");
	said_part("E.no watchpoint for 2 bytes at 0x20000030: that takes 1 of the chip's 2 comparators, and 0 are free");
	said_part("T05thread:1;awatch:20000030;0d:");
	assert_int_equal(fake.dwt[0][2] | fake.dwt[1][2], 0);
}

static void test_watch_odd(void **state)
{
	(void)state;
	/* 6 bytes from 2 on are 2 and 4; 7 bytes from 1 on too many */
	client_says("Z2,20000002,6", "me0001020,4", "me0001030,4", "me0001034,4",
		    "z2,20000002,6", "Z2,20000001,7", "Z2,20000000,0", NULL);
	said_part("OK\n02000020\n04000020\n02000000\nOK\nE.no watchpoint for 7 bytes");
	assert_int_equal(fake.dwt[0][2] | fake.dwt[1][2], 0);
	client_setup(NULL);
	fake.narrow_mask = true;
	client_says("Z2,20000000,8", "Z2,20000000,80", NULL);
	said_part("OK\nE.no watchpoint at 0x20000000: the chip can't watch 128 bytes at once");
}

static void test_nonsense(void **state)
{
	(void)state;
	client_says("Z", "Z1", "Z1,", "Z1,8000100", "Z9,8000100,2", "Z5,8000100,2",
		    "z0,20000000,2", "Z1,ffffffff,2", "D", NULL);
	said_part("E01\nE01\nE01\nE01\n\n\nOK\n");
	assert_int_equal(client.end, GDB_DETACHED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_four, client_setup),
		cmocka_unit_test_setup(test_comparators, client_setup),
		cmocka_unit_test_setup(test_sram, client_setup),
		cmocka_unit_test_setup(test_registers, client_setup),
		cmocka_unit_test_setup(test_sram_set, client_setup),
		cmocka_unit_test_setup(test_stops, client_setup),
		cmocka_unit_test_setup(test_firmware_bkpt, client_setup),
		cmocka_unit_test_setup(test_watch, client_setup),
		cmocka_unit_test_setup(test_watch_odd, client_setup),
		cmocka_unit_test_setup(test_nonsense, client_setup),
	};

	return cmocka_run_group_tests_name("gdb_debug", tests, NULL, NULL);
}
