// SPDX-License-Identifier: GPL-2.0-only
/*
 * The command line of the tool, as far as it needs no probe: what is refused,
 * with which exit status and words, and where they go.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <json-c/json.h>

static char out[65536];
static char err[65536];

static void slurp(FILE *f, char *buf, size_t room)
{
	size_t n;

	rewind(f);
	n = fread(buf, 1, room - 1, f);
	buf[n] = '\0';
	fclose(f);
}

/* run the tool without a terminal; its exit status, or -1 */
static int run(const char *args)
{
	char command[1024];
	FILE *o = tmpfile();
	FILE *e = tmpfile();
	int status;

	assert_non_null(o);
	assert_non_null(e);
	snprintf(command, sizeof(command), "%s %s </dev/null >&%d 2>&%d",
		 STLINK, args, fileno(o), fileno(e));
	status = system(command);
	slurp(o, out, sizeof(out));
	slurp(e, err, sizeof(err));
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static const struct {
	const char *args;
	int status;
	const char *error;	/* part of what is on standard error */
} refused[] = {
	{ "", 1, "stlink: nothing to do\nhint: see stlink --help\n" },
	{ "frobnicate", 1, "no such verb: 'frobnicate'" },
	{ "--bogus", 1, "no such option: '--bogus'" },
	{ "info -x", 1, "no such option: '-x'" },
	{ "-:", 1, "no such option: '-:'" },
	{ "-xq", 1, "no such option: '-x'" },
	{ "info -qxy", 1, "no such option: '-x'" },
	{ "info --quiet=x", 1, "no such option: '--quiet=x'" },
	/* a terminal does what such characters say */
	{ "info --$(printf '\\033')[31m", 1, "no such option: '--?[31m'" },
	{ "info -d", 1, "nothing follows option '-d'" },
	{ "info extra", 1, "info: too many operands" },
	{ "read", 1, "read: too few operands\nhint: stlink read FILE" },
	{ "read f 0", 1, "ADDR and SIZE go together" },
	{ "read f 0 0", 1, "'0' is not a size" },
	{ "read f 0x 4", 1, "'0x' is not an address" },
	{ "read f 0xfffffff0 17", 1, "beyond the end of the address space" },
	{ "read f.elf", 1, "can't be written as ELF" },
	{ "read - --json", 1, "can't both go to standard output" },
	{ "read f --all", 1, "read: the option '--all' means nothing" },
	{ "read f --format exe", 1, "no such format: 'exe'" },
	{ "--halt halt", 1, "halt: the option '--halt'" },
	{ "erase --all --page 1 -y", 1, "too many ways" },
	{ "erase --page 5-4", 1, "not a page or a range of pages: '5-4'" },
	{ "erase --page -1", 1, "not a page" },
	{ "erase --addr 0x08000000", 1, "--addr and --size go together" },
	{ "erase --addr 0x08000000 --size 0", 1, "erases nothing" },
	{ "erase 0x08000000", 1, "ADDR and SIZE go together" },
	{ "erase 0x08000000 0x400 --page 1", 1, "too many ways" },
	{ "erase 0x08000000 0x400 --size 4", 1, "say the same" },
	/* what st-flash has and we haven't, or not so */
	{ "--area=option read", 1, "type: stlink option show" },
	{ "--area otp read f", 1, "no such area" },
	{ "--area=system write f 0x1fffec00", 1, "can only be read" },
	{ "--area=system read f", 1, "goes together with ADDR and SIZE" },
	{ "--flash=16q write f 0x08000000", 1, "not a size (such as 16k): '16q'" },
	{ "--flash=16k info", 1, "info: the option '--flash' means nothing" },
	{ "--reset info", 1, "info: the option '--reset' means nothing" },
	{ "--reset --no-reset write f", 1, "contradict each other" },
	{ "--all --flash 16k write f", 1, "doesn't go together with --flash" },
	{ "--opt read f", 1, "read: the option '--opt' means nothing" },
	{ "--format=ihex write " FIXTURES "/sparse.bin", 10,
	  "record doesn't begin with ':'" },
	{ "--format=ihex write " FIXTURES "/sparse.hex 0x08000000", 1,
	  "says itself" },
	{ "blank-check 0x08000000", 1, "ADDR and SIZE go together" },
	{ "checksum here 4", 1, "'here' is not an address" },
	{ "fill", 1, "fill: too few operands" },
	{ "fill 0xff", 1, "fill of the whole flash was not confirmed" },
	{ "fill --8 256 0x20000000 4", 1, "'256' is not a number of 8 bits" },
	{ "fill 0 0x20000000 3", 1, "must be multiples of 4, or use --8" },
	{ "fill 0 0x20000000", 1, "ADDR and SIZE go together" },
	{ "clone --from stlink0", 1, "--from and --to go together" },
	{ "clone -d stlink0 --from a --to b", 1, "say which probes" },
	{ "clone --no-options --with-protection", 1, "contradict each other" },
	{ "clone file", 1, "clone: too many operands" },
	{ "backup", 1, "backup: too few operands" },
	{ "backup - --json", 1, "can't both go to standard output" },
	{ "restore " FIXTURES "/sparse.hex", 10, "is no backup made by stlink" },
	{ "restore /dev/null", 10, "/dev/null: file is empty" },
	{ "compare /dev/null", 10, "/dev/null: file is empty" },
	{ "compare --all f", 1, "compare: the option '--all' means nothing" },
	{ "md", 1, "md: too few operands" },
	{ "md here", 1, "'here' is not an address" },
	{ "md 0 0", 1, "'0' is not a count" },
	{ "md 0 0x7fffffff", 1, "is not a count" },
	{ "mw 0x20000000", 1, "mw: too few operands" },
	{ "mw --8 0x20000000 256", 1, "'256' is not a number of 8 bits" },
	{ "mw --16 0x20000000 1 65536", 1, "'65536' is not a number of 16" },
	{ "mw 0x20000000 4294967296", 1, "is not a number of 32 bits" },
	{ "-f 10Hz info", 1, "not a clock (such as 1800k or 4M): '10Hz'" },
	{ "--mode sideways info", 1, "no such mode: 'sideways'" },
	{ "help frobnicate", 1, "no such verb" },
	{ "program /no/such/file", 10, "/no/such/file: No such file" },
	{ "program /", 10, "/: Is a directory" },
	{ "program /dev/null", 10, "/dev/null: file is empty" },
	{ "verify /dev/null", 10, "/dev/null: file is empty" },
	{ "write " FIXTURES "/sparse.hex 0x08000000", 1,
	  "is a file of format hex and says itself" },
	{ "flash --format hex " FIXTURES "/sparse.elf", 10,
	  "/sparse.elf:1: record doesn't begin with ':'" },
	{ "program --format elf " FIXTURES "/sparse.hex", 10,
	  "/sparse.hex: not a complete ELF file" },
	{ "program " FIXTURES "/sparse.bin 0xfffffff0", 10,
	  "goes beyond address 0xffffffff" },
	/* what a person takes by mistake; see image_real_test.c for all of it */
	{ "program " STYLES "/bad/lamp.uf2", 10,
	  "lamp.uf2: is a UF2 file, for boot loaders that look like a USB drive\nhint: take the .elf" },
	{ "verify " STYLES "/bad/lamp.dfu", 10, "lamp.dfu: is a DfuSe file" },
	{ "compare " STYLES "/bad/esp32.bin", 10, "Espressif" },
	{ "restore --force " STYLES "/bad/lamp.zip", 10,
	  "lamp.zip: is a ZIP archive\nhint: unpack it" },
	{ "program " STYLES "/bad/lamp.map", 10,
	  "lamp.map: is text, not a firmware\nhint: " },
	{ "program --format hex " STYLES "/bad/zip.hex", 10, "is a ZIP archive" },
	{ "program " STYLES "/bad/cut.hex", 10,
	  "it is cut short\nhint: copy it or make it again" },
	{ "program " FIXTURES "/sparse.bin somewhere", 1,
	  "'somewhere' is not an address" },
};

/*
 * Lines that scripts have for st-flash, with our name in its place: understood,
 * so that all they lack is a probe. The last words are that only where nothing
 * is wrong with the line.
 */
static const char * const st_flash[] = {
	"write " FIXTURES "/dense.bin 0x08000000",
	"write " FIXTURES "/dense.bin 0x8000000",
	"--reset write " FIXTURES "/dense.bin 0x08000000",
	"--format binary write " FIXTURES "/dense.hex 0x08000000",
	"--format=ihex write " FIXTURES "/dense.hex",
	"--format ihex --reset write " FIXTURES "/dense.hex",
	"--connect-under-reset write " FIXTURES "/dense.bin 0x08000000",
	"--hot-plug write " FIXTURES "/dense.bin 0x08000000",
	"--opt --debug --flash=128k --freq=4000k write " FIXTURES
		"/dense.bin 0x08000000",
	"--freq=1800 --serial 066DFF535550755187191037 --area=main write "
		FIXTURES "/dense.bin 0x08000000",
	"--flash=0x4000 --serial=066D read /tmp/x.bin 0x08000000 0x4000",
	"--reset read /tmp/x.bin 0x08000000 4096",
	"--format ihex read /tmp/x.hex 0x8000000 0x1000",
	"--area system read /tmp/x.bin 0x1fffec00 3k",
	"erase", "--connect-under-reset erase", "--freq=4M erase",
	"--flash=16K --reset erase", "erase 0x08000400 0x400",
	"reset", "--debug --freq 950k reset", "--connect-under-reset reset",
};

static void like_st_flash(void **state)
{
	char args[512];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(st_flash) / sizeof(*st_flash); i++) {
		/* no probe has such a number, whatever is plugged in here */
		snprintf(args, sizeof(args), "%s -s no-such-probe", st_flash[i]);
		if (run(args) != 2)
			print_error("%s: %s\n", args, err);
		assert_int_equal(run(args), 2);
		assert_true(strstr(err, "no-such-probe") ||
			    strstr(err, "no ST-Link probe found"));
	}
	assert_int_equal(access("/tmp/x.bin", F_OK), -1);
}

/* What tools/COMING-FROM.md has people type is understood, as far as words go. */
static void from_other_tools(void **state)
{
	static const char * const bad[] = {
		"no such verb", "no such option:", "means nothing here",
		"too few operands", "too many operands", "nothing follows",
		"no such mode", "no such format", "go together", "is not a",
	};
	FILE *f = fopen(COMING_FROM, "r");
	char line[1024], args[600], *p;
	size_t i, num = 0;

	(void)state;
	assert_non_null(f);
	while (fgets(line, sizeof(line), f)) {
		for (p = line; (p = strstr(p, "`stlink ")); p++) {
			snprintf(args, sizeof(args), "%.*s -s no-such-probe",
				 (int)strcspn(p + 8, "`;&"), p + 8);
			run(args);
			for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
				/* a verb that is mentioned, words that stand for others */
				if (!strstr(err, bad[i]) || strstr(args, "VALUE") ||
				    strchr(args, ' ') == strstr(args, " -s "))
					continue;
				print_error("%s: %s\n", args, err);
				fail();
			}
			num++;
		}
	}
	fclose(f);
	assert_true(num > 60);
}

/* the whole flash: a person is asked, a script knows what it says */
static void erase_asks(void **state)
{
	(void)state;
	assert_int_equal(run("erase"), 2);
	assert_int_equal(run("erase --all"), 2);
	assert_int_equal(system("echo n | script -qec '" STLINK " erase' "
				"/dev/null >" FIXTURES "/asked") >> 8, 1);
	assert_int_equal(system("grep -q 'not confirmed' " FIXTURES "/asked"), 0);
	assert_int_equal(system("echo n | script -qec '" STLINK " erase --page 1'"
				" /dev/null >" FIXTURES "/asked") >> 8, 2);
	/* who can't see the question isn't taken for a script */
	assert_int_equal(system("echo n | script -qec '" STLINK
				" erase --all 2>/dev/null' /dev/null >/dev/null")
			 >> 8, 1);
}

static void check_refused(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
		int status = run(refused[i].args);

		if (status != refused[i].status ||
		    !strstr(err, refused[i].error))
			print_error("%s: exit status %d, \"%s\"\n",
				    refused[i].args, status, err);
		assert_int_equal(status, refused[i].status);
		assert_non_null(strstr(err, refused[i].error));
		assert_int_equal(strncmp(err, "stlink: ", 8), 0);
		if (!strstr(refused[i].args, "--json"))
			assert_string_equal(out, "");
	}
}

/* the same as JSON, wherever --json stands */
static void check_json(void **state)
{
	static const char * const places[] = { "--json %s", "%s --json" };
	struct json_object *o, *error, *v;
	char args[512];
	size_t i, j;

	(void)state;
	for (i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
		for (j = 0; j < 2; j++) {
			/* an option that lacks its value takes the next word */
			if (j && !strcmp(refused[i].args, "info -d"))
				continue;
			if (strstr(refused[i].args, "--json"))
				continue;
			snprintf(args, sizeof(args), places[j],
				 refused[i].args);
			assert_int_equal(run(args), refused[i].status);
			o = json_tokener_parse(out);
			if (!o)
				print_error("%s: no JSON: %s\n", args, out);
			assert_non_null(o);
			assert_true(json_object_object_get_ex(o, "ok", &v));
			assert_false(json_object_get_boolean(v));
			assert_true(json_object_object_get_ex(o, "error",
							      &error));
			assert_true(json_object_object_get_ex(error, "code",
							      &v));
			assert_int_equal(json_object_get_int(v),
					 refused[i].status);
			assert_true(json_object_object_get_ex(error, "message",
							      &v));
			assert_non_null(strstr(err,
					       json_object_get_string(v)));
			json_object_put(o);
		}
	}
}

static void bad_utf8(void **state)
{
	struct json_object *o, *v;
	const char *p;

	(void)state;
	assert_int_equal(run("--json program $(printf '/no/\\377\\303\\244x')"),
			 10);
	o = json_tokener_parse(out);
	assert_non_null(o);
	assert_true(json_object_object_get_ex(o, "error", &v));
	assert_true(json_object_object_get_ex(v, "message", &v));
	p = json_object_get_string(v);
	assert_int_equal(strncmp(p, "/no/?\303\244x:", 9), 0);
	json_object_put(o);
}

static void help(void **state)
{
	static const char * const verbs[] = {
		"list", "info", "read", "program", "verify", "erase", "reset",
		"halt", "run", "status", "md", "mw", "help", "version",
	};
	char args[64];
	size_t i;

	(void)state;
	assert_int_equal(run("--help"), 0);
	assert_non_null(strstr(out, "Exit status:"));
	assert_string_equal(err, "");
	for (i = 0; i < sizeof(verbs) / sizeof(*verbs); i++) {
		snprintf(args, sizeof(args), "\n  %s ", verbs[i]);
		assert_int_equal(run("-h"), 0);
		assert_non_null(strstr(out, args));
		snprintf(args, sizeof(args), "%s --help", verbs[i]);
		assert_int_equal(run(args), 0);
		snprintf(args, sizeof(args), "Usage: stlink [OPTION...] %s",
			 verbs[i]);
		assert_int_equal(strncmp(out, args, strlen(args)), 0);
	}
	assert_int_equal(run("--version"), 0);
	assert_int_equal(strncmp(out, "stlink ", 7), 0);
	/* what can't be printed is an error */
	assert_int_equal(system(STLINK " --help >/dev/full 2>&1") >> 8, 10);
}

/* where nothing is open nothing else gets into that place */
static void closed(void **state)
{
	(void)state;
	assert_int_equal(system(STLINK " program /proc/self/fd/0 <&- 2>&1 | "
				"grep -q 'fd/0: file is empty'"), 0);
	assert_int_equal(system(STLINK " --version >&- 2>/dev/null") >> 8, 10);
}

/*
 * What is said of a good file before the probe is looked for: there is none at
 * this place, so that it ends there.
 */
static void remarked(void **state)
{
	static const struct {
		const char *args;
		const char *said;	/* NULL: nothing before the probe */
	} cases[] = {
		{ "good/options.hex",
		  "options.hex has 16 option bytes at 0x1ffff800; they are left out: \"stlink option set\"" },
		{ "good/twice.hex",
		  "twice.hex gives 48 bytes more than once, with the same values" },
		{ "good/plain.elf", NULL },
		/* data for another place, or said to be raw, may be anything */
		{ "bad/lamp.zip 0x08001000", NULL },
		{ "bad/lamp.zip --format bin", NULL },
		{ "bad/lamp.map 0x08001000", NULL },
	};
	char args[300];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		snprintf(args, sizeof(args), "--usb-path 99-99 program %s/%s",
			 STYLES, cases[i].args);
		assert_int_equal(run(args), 2);
		if (cases[i].said && !strstr(err, cases[i].said))
			print_error("%s: %s\n", args, err);
		if (cases[i].said)
			assert_non_null(strstr(err, cases[i].said));
		else
			assert_int_equal(strncmp(err, "stlink: ", 8), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(check_refused),
		cmocka_unit_test(check_json),
		cmocka_unit_test(like_st_flash),
		cmocka_unit_test(erase_asks),
		cmocka_unit_test(from_other_tools),
		cmocka_unit_test(bad_utf8),
		cmocka_unit_test(remarked),
		cmocka_unit_test(help),
		cmocka_unit_test(closed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
