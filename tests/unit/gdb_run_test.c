// SPDX-License-Identifier: GPL-2.0-only
/*
 * The GDB server: running, faults, resets, ends, and clients that are no gdb.
 */
#include "gdb_test.h"

static const char monitor_help[] = "qRcmd,68656c70";
static const char monitor_reset[] = "qRcmd,7265736574";
static const char monitor_reset_run[] = "qRcmd,72657365742072756e";
static const char monitor_nonsense[] = "qRcmd,666f6f";

static void test_monitor(void **state)
{
	(void)state;
	client_says(monitor_help, "qRcmd,696e666f", monitor_reset,
		    "qRcmd,7265736574206e6f77", monitor_nonsense, "qRcmd,6",
		    "qRcmd,61726d2073656d69686f7374696e6720656e61626c65", NULL);
	said_part("> monitor reset [halt|run] -- ");
	said_part("> chip: STM32F030x4, flash 16 KiB");
	said_part("> reset, halted at 0x00000000");
	said_part("> stlink: reset what?");
	said_part("> stlink: no such command: 'foo'; see \"monitor help\"\nE01\n");
	said_part("> this server serves no semihosting\nOK\n");
	assert_int_equal(fake.resets, 1);
}

static void test_reset_run(void **state)
{
	(void)state;
	client_says(monitor_reset_run, "!event 10", "vCont;c", "!halt 1 8000100",
		    NULL);
	said_part("> running; \"monitor halt\" halts it");
	/* "continue" waits for what runs already */
	said_part("T05thread:1;");
}

static void test_range(void **state)
{
	(void)state;
	client_says("!reg 15 8000100", "vCont;r8000100,8000110:1", NULL);
	assert_int_equal(fake.steps, 8);
	said_part("0f:10010008;");
	/* a breakpoint within ends it, and so does Ctrl-C */
	client_setup(NULL);
	client_says("!reg 15 8000100", "Z1,8000108,2", "vCont;r8000100,8000110:1",
		    NULL);
	assert_int_equal(fake.steps, 4);
	client_setup(NULL);
	client_says("!reg 15 8000100", "vCont;r8000000,ffffffff", "\x03", NULL);
	said_part("T02thread:1;");
	client_setup(NULL);
	client_says("vCont;r8000100", "vCont;x", "vCont", "vCont;", "vCont?", NULL);
	said_part("E01\nE01\nE01\nE01\nvCont;c;C;s;S;r\n");
}

static void test_old_words(void **state)
{
	(void)state;
	client_says("c20000100", "!halt 1 8000100", "S05;8000200", "C0b",
		    "!halt 1 8000100", NULL);
	assert_int_equal(fake.steps, 1);
	said_part("0f:02020008;");
}

static void hardfault_frame(void)
{
	uint32_t frame[8] = { [6] = 0x08000abc, [7] = 0x61000000 };

	memcpy(fake.sram + 0xf00, frame, sizeof(frame));
	fake.regs[17] = 0x20000f00;
	fake.regs[14] = 0xfffffff9;
	fake.regs[16] = 0x61000003;
}

static void test_hardfault(void **state)
{
	(void)state;
	hardfault_frame();
	client_says("me000edfc,4", "vCont;c", "!halt 8 80000c0", NULL);
	said("00040001");		/* VC_HARDERR, DWTENA */
	said_part("> stlink: HardFault: the instruction at 0x08000abc failed; \"stlink diagnose\" says more\nT0bthread:1;");
	/* not wanted */
	client_setup(NULL);
	client_says("qRcmd,63617463682d6661756c7473206f6666", "me000edfc,4", NULL);
	said("00000001");
}

static void test_lockup(void **state)
{
	(void)state;
	client_says("vCont;c", "!lockup", NULL);
	said_part("> stlink: the core is locked up: ");
	said_part("T0bthread:1;");
	assert_false(fake.lockup);
}

static void test_reset(void **state)
{
	(void)state;
	client_says("vCont;c", "!cause 29", "!event 10", "\x03", "!event 10", "qC", "qRcmd,696e666f",
		    NULL);
	said_part("> stlink: the chip was reset: independent watchdog (IWDG)\n");
	said_part("T02thread:1;");
	printed("the chip was reset while it stood: ");
	/* told at the next chance to, too */
	said_part("QC1\n> stlink: the chip was reset while it stood");
}

static void test_target_gone(void **state)
{
	(void)state;
	client_says("vCont;c", "!event 2", NULL);
	said_part("> stlink: the target doesn't answer any more");
	said_part("\nX09\n");
	assert_int_equal(client.end, GDB_FAILED);
	assert_int_equal(client.err.code, STL_NO_TARGET);
	client_setup(NULL);
	client_says("vCont;c", "!unplug", NULL);
	said_part("> stlink: the probe was unplugged\nX09\n");
	assert_int_equal(client.err.code, STL_NO_PROBE);
	client_setup(NULL);
	client_says("g", "!unplug", NULL);
	printed("the probe was unplugged");
	assert_int_equal(client.end, GDB_FAILED);
}

static void test_extended(void **state)
{
	(void)state;
	client_says("=!", "qAttached", "vRun;", "qAttached", "vKill;1", "?", "g",
		    "qfThreadInfo", "vRun;6162", "?", "D;1", "vAttach;1",
		    "vCont;s", NULL);
	assert_int_equal(client.end, GDB_LOST);
	said_part("OK\n1\nT05");
	said_part("OK\nW00\nE01\nl\nT05");
	printed("nothing is being debugged: \"run\" or \"attach 1\" begins");
	/* one that says good-bye, then closes the connection */
	client_setup(NULL);
	client_says("=!", "D;1", NULL);
	assert_int_equal(client.end, GDB_DETACHED);
	client_setup(NULL);
	client_says("=!", "vRun;", "vKill;1", "vRun;", "vAttach;1", "vCont;s", NULL);
	/* two runs and the kill */
	assert_int_equal(fake.resets, 3);
	assert_int_equal(fake.steps, 1);
	assert_false(fake.halted);
}

static void test_kill(void **state)
{
	(void)state;
	client_says("Z1,8000100,2", "k", "g", NULL);
	assert_int_equal(client.end, GDB_KILLED);
	assert_int_equal(fake.resets, 1);
	assert_false(fake.halted);
	assert_int_equal(fake.bp_comp[0], 0);
}

static void test_missed(void **state)
{
	(void)state;
	client_sends("+$qC#b4-+$qC#b4", 15);
	assert_string_equal(client.said, "QC1\nQC1\nQC1\n");
	client_setup(NULL);
	client_sends("$qC#00$qC#b4", 12);
	assert_string_equal(client.said, "nack\nQC1\n");
}

static void test_noise(void **state)
{
	static char noise[40000];
	unsigned int seed = 4711;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(noise); i++) {
		seed = seed * 1103515245 + 12345;
		noise[i] = seed >> 16;
	}
	memcpy(noise + sizeof(noise) - 10, "#00\n$qC#b4", 10);
	client_sends(noise, sizeof(noise));
	assert_int_equal(client.end, GDB_LOST);
	said("QC1");
	assert_false(fake.halted);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_monitor, client_setup),
		cmocka_unit_test_setup(test_reset_run, client_setup),
		cmocka_unit_test_setup(test_range, client_setup),
		cmocka_unit_test_setup(test_old_words, client_setup),
		cmocka_unit_test_setup(test_hardfault, client_setup),
		cmocka_unit_test_setup(test_lockup, client_setup),
		cmocka_unit_test_setup(test_reset, client_setup),
		cmocka_unit_test_setup(test_target_gone, client_setup),
		cmocka_unit_test_setup(test_extended, client_setup),
		cmocka_unit_test_setup(test_kill, client_setup),
		cmocka_unit_test_setup(test_missed, client_setup),
		cmocka_unit_test_setup(test_noise, client_setup),
	};

	return cmocka_run_group_tests_name("gdb_run", tests, NULL, NULL);
}
