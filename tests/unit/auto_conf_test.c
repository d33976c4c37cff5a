// SPDX-License-Identifier: GPL-2.0-only
/*
 * Good configurations: what they mean.
 */
#include "auto_conf_test.h"

#include "auto/inject.h"
#include "target.h"

static void defaults(void **state)
{
	struct auto_conf conf = good("[any]\nimage = fw.bin\n");
	const struct auto_rule *r = conf.rule;

	(void)state;
	assert_int_equal(conf.num, 1);
	assert_int_equal(r->by, AUTO_ANY);
	assert_string_equal(r->name, "");
	assert_string_equal(r->title, "any");
	assert_int_equal(r->line, 1);
	assert_string_equal(r->image, in_dir("fw.bin"));
	assert_int_equal(r->format, IMAGE_AUTO);
	assert_int_equal(r->address, 0x08000000);
	assert_int_equal(r->content.num, 1);
	assert_int_equal(r->content.seg[0].addr, 0x08000000);
	assert_int_equal(r->content.seg[0].size, 0x200);
	assert_int_equal(r->crc, auto_image_crc(&r->content));
	assert_false(r->has_part);
	assert_int_equal(r->num_options, 0);
	assert_int_equal(r->protect, AUTO_PROTECT_NONE);
	assert_int_equal(r->verify, AUTO_VERIFY_CRC);
	assert_int_equal(r->already, AUTO_ALREADY_SKIP);
	assert_int_equal(r->clock_khz, 0);
	assert_int_equal(r->mode, STL_MODE_AUTO);
	assert_int_equal(r->trigger, AUTO_TRIGGER_PLUG | AUTO_TRIGGER_TARGET);
	assert_int_equal(r->debounce_ms, 300);
	assert_false(r->inject);
	assert_null(r->on_success);
	assert_null(r->on_failure);
	assert_int_equal(r->hook_timeout_s, 10);
	assert_null(r->log);
	assert_int_equal(r->log_format, AUTO_LOG_CSV);
	auto_conf_free(&conf);
}

static void every_key(void **state)
{
	/* a BOM, other line ends, blanks, ':' and comments are no hindrance */
	struct auto_conf conf = good(
		"\xef\xbb\xbf# comment\r\n"
		"  [ serial  0123abCD ]  \r\n"
		"image = fw.bin\r\n"
		"	format=bin\r\n"
		"address : 0x08000000\n"
		"; comment\n"
		"\n"
		"part = STM32F030F4P6\n"
		"options = nRST_STOP=0  data0=0x3c\tWRP=0-3,8-11\n"
		"protect = level1\n"
		"verify = read\n"
		"already = program\n"
		"clock = 1.8M\n"
		"mode = under-reset\n"
		"trigger = target\n"
		"debounce = 60000\n"
		"serial-address = 0x08003ff8\n"
		"serial-width = 8\n"
		"serial-format = hex-upper\n"
		"serial-file = count\n"
		"on-success = echo \"a;b\" = $1\n"
		"on-failure = /bin/sh -c true\n"
		"hook-timeout = 3600\n"
		"log = new.log\n"
		"log-format = json");
	const struct auto_rule *r = conf.rule;

	(void)state;
	assert_int_equal(conf.num, 1);
	assert_int_equal(r->by, AUTO_SERIAL);
	assert_string_equal(r->name, "0123abCD");
	assert_string_equal(r->title, "serial 0123abCD");
	assert_int_equal(r->line, 2);
	assert_int_equal(r->format, IMAGE_BIN);
	assert_true(r->has_part);
	assert_string_equal(r->part_name, "STM32F030F4P6");
	assert_string_equal(r->part.name, "STM32F030x4");
	assert_int_equal(r->num_options, 3);
	assert_string_equal(r->options[0], "nRST_STOP=0");
	assert_string_equal(r->options[1], "data0=0x3c");
	assert_string_equal(r->options[2], "WRP=0-3,8-11");
	assert_int_equal(r->protect, AUTO_PROTECT_LEVEL_1);
	assert_int_equal(r->verify, AUTO_VERIFY_READ);
	assert_int_equal(r->already, AUTO_ALREADY_PROGRAM);
	assert_int_equal(r->clock_khz, 1800);
	assert_int_equal(r->mode, STL_MODE_UNDER_RESET);
	assert_int_equal(r->trigger, AUTO_TRIGGER_TARGET);
	assert_int_equal(r->debounce_ms, 60000);
	assert_true(r->inject);
	assert_int_equal(r->serial.addr, 0x08003ff8);
	assert_int_equal(r->serial.width, 8);
	assert_int_equal(r->serial.format, AUTO_SERIAL_HEX_UPPER);
	assert_string_equal(r->serial.file, in_dir("count"));
	assert_string_equal(r->on_success, "echo \"a;b\" = $1");
	assert_string_equal(r->on_failure, "/bin/sh -c true");
	assert_int_equal(r->hook_timeout_s, 3600);
	assert_string_equal(r->log, in_dir("new.log"));
	assert_int_equal(r->log_format, AUTO_LOG_JSON);
	auto_conf_free(&conf);
	/* looking changed nothing */
	check_file("count", "41\n");
	assert_null(get("new.log", NULL));
}

/* each word that a key takes, and each end of its range */
static void every_value(void **state)
{
	static const char *const lines[] = {
		"format = auto", "format = bin", "address = 134217728",
		"address = 0x8001000", "protect = none", "protect = level1",
		"verify = crc", "verify = read", "already = skip",
		"already = program", "clock = 950", "clock = 4MHz",
		"mode = auto", "mode = normal", "mode = under-reset",
		"mode = hot-plug", "trigger = plug", "trigger = target",
		"trigger = both", "debounce = 0", "part = F030x4",
		/* of some die only */
		"options = BOOT_SEL=1", "options = WRP=all",
		"on-success = true", "on-failure = ./$x",
		"on-success = x\nhook-timeout = 1",
		"log = log.csv", "log = folder/log\nlog-format = json",
		"serial-address = 0x08003ffc\nserial-width = 4\nserial-file = count",
		"serial-address = 0x080001f0\nserial-width = 8\nserial-file = count\nserial-format = le",
		"serial-address = 0x080001f1\nserial-width = 1\nserial-file = count\nserial-format = be",
		"serial-address = 0x08003fec\nserial-width = 20\nserial-file = count\nserial-format = decimal",
		"serial-address = 0x08003ff0\nserial-width = 16\nserial-file = count\nserial-format = hex",
	};
	char text[512];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		struct auto_conf conf;

		snprintf(text, sizeof(text), "[any]\nimage = fw.bin\n%s\n",
			 lines[i]);
		conf = good(text);
		auto_conf_free(&conf);
	}
	/* each takes the inherited back when there is nothing behind it */
	for (i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		struct auto_conf conf;

		snprintf(text, sizeof(text),
			 "[default]\n%s\n[any]\nimage = fw.hex\naddress =\nformat =\nserial-address =\nserial-width =\nserial-format =\nserial-file=\non-success =\non-failure=\npart =\noptions =\nlog =\nclock=\n",
			 lines[i]);
		conf = good(text);
		assert_false(conf.rule->inject);
		assert_false(conf.rule->has_part);
		assert_int_equal(conf.rule->num_options, 0);
		assert_int_equal(conf.rule->clock_khz, 0);
		assert_null(conf.rule->log);
		assert_null(conf.rule->on_success);
		auto_conf_free(&conf);
	}
}

static void inherits(void **state)
{
	/* [default] may also come last */
	struct auto_conf conf = good(
		"[path 1-2.3]\nclock = 1M\nprotect = none\n"
		"[any]\n"
		"[serial AA]\nimage = fw.hex\nmode = normal\n"
		"[default]\nimage = fw.bin\nclock = 2M\nprotect = level1\n");

	(void)state;
	assert_int_equal(conf.num, 3);
	assert_int_equal(conf.rule[0].clock_khz, 1000);
	assert_int_equal(conf.rule[0].protect, AUTO_PROTECT_NONE);
	assert_string_equal(conf.rule[0].image, in_dir("fw.bin"));
	assert_int_equal(conf.rule[1].clock_khz, 2000);
	assert_int_equal(conf.rule[1].protect, AUTO_PROTECT_LEVEL_1);
	assert_string_equal(conf.rule[2].image, in_dir("fw.hex"));
	assert_int_equal(conf.rule[2].mode, STL_MODE_NORMAL);
	assert_int_equal(conf.rule[2].clock_khz, 2000);
	/* the same bytes, in whatever form */
	assert_int_equal(conf.rule[2].crc, conf.rule[0].crc);
	auto_conf_free(&conf);
}

static const char *rule_for(const struct auto_conf *conf, const char *serial,
			    const char *path)
{
	struct stl_probe probe = { 0 };
	const struct auto_rule *r;

	strcpy(probe.serial, serial);
	strcpy(probe.usb_path, path);
	r = auto_conf_find(conf, &probe);
	return r ? r->title : "none";
}

static void most_specific(void **state)
{
	struct auto_conf conf = good(
		"[default]\nimage = fw.bin\n[any]\n[path 1-2]\n[serial Aa]\n[path 1-2.3]\n");

	(void)state;
	assert_string_equal(rule_for(&conf, "AA", "1-2"), "path 1-2");
	assert_string_equal(rule_for(&conf, "aa", "1-3"), "serial Aa");
	assert_string_equal(rule_for(&conf, "aab", "1-3"), "any");
	assert_string_equal(rule_for(&conf, "", "1-2.3"), "path 1-2.3");
	/* two clones with one serial number */
	assert_string_equal(rule_for(&conf, "AA", "1-2.3"), "path 1-2.3");
	assert_string_equal(rule_for(&conf, "AA", "1-2.4"), "serial Aa");
	assert_string_equal(rule_for(&conf, "", "1-2.31"), "any");
	auto_conf_free(&conf);
	conf = good("[default]\nimage = fw.bin\n[path 1-2]\n[serial AA]\n");
	assert_string_equal(rule_for(&conf, "BB", "1-3"), "none");
	assert_string_equal(rule_for(&conf, "", "1-3"), "none");
	auto_conf_free(&conf);
}

/* file names are relative to the configuration, however that is named */
static void relative(void **state)
{
	struct auto_conf conf;
	char *before = getcwd(NULL, 0);

	(void)state;
	put_text("c", "[any]\nimage = fw.bin\n");
	assert_int_equal(chdir(dir), 0);
	assert_int_equal(auto_conf_load("c", &conf), STL_OK);
	assert_string_equal(conf.rule->image, in_dir("fw.bin"));
	auto_conf_free(&conf);
	assert_int_equal(auto_conf_load("folder/../c", &conf), STL_OK);
	assert_string_equal(conf.rule->image, in_dir("folder/../fw.bin"));
	auto_conf_free(&conf);
	assert_int_equal(chdir(before), 0);
	free(before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults),
		cmocka_unit_test(every_key),
		cmocka_unit_test(every_value),
		cmocka_unit_test(inherits),
		cmocka_unit_test(most_specific),
		cmocka_unit_test(relative),
	};

	return cmocka_run_group_tests(tests, group, remove_dir);
}
