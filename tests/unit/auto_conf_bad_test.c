// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bad configurations: what is said of them, and of which line.
 */
#include "auto_conf_test.h"

/* in line 3 of a station whose image is good */
static const struct {
	const char *line;
	const char *want;
} values[] = {
	{ "format = intel",
	  "c:3: format takes auto, bin, hex, srec or elf, not 'intel'\n" },
	{ "address = 8000000x",
	  "c:3: address takes an address such as 0x08003ffc, not '8000000x'\n" },
	{ "address = 0x1000",
	  "c:2: image: DIR/fw.bin: image has data at 0x00001000 to 0x000011ff, outside of the flash of this STM32F030xC (0x08000000 to 0x0803ffff, 256 KiB)\n" },
	{ "part = STM32F103C8",
	  "c:3: part takes a part such as STM32F030F4 or STM32F030x4, with the digit or letter of its flash size, not 'STM32F103C8'\n" },
	{ "options = nRST_STOP",
	  "c:3: options: 'nRST_STOP' is not of the form NAME=VALUE\n" },
	{ "options = FOO=1", "c:3: options: there is no option 'FOO'\n" },
	{ "options = WDG_SW=2",
	  "c:3: options: WDG_SW takes 0 or 1, not '2'\n" },
	{ "options = WDG_SW=0 wdg_sw=1",
	  "c:3: options: wdg_sw is there twice\n" },
	{ "options = RDP=1",
	  "c:3: options: RDP is set by 'protect = level1', after everything else\n" },
	{ "part = F030F4\noptions = BOOT_SEL=1",
	  "c:4: options: BOOT_SEL does not exist on this chip (STM32F030x4): the bit is reserved\n" },
	{ "part = F030F4\noptions = WRP=0-16",
	  "c:4: options: WRP takes none, all, or pages such as 0-3,8-11, of 0 to 15, not '0-16'\n" },
	{ "protect = level2",
	  "c:3: protect takes none or level1, not 'level2'\n" },
	{ "verify = no", "c:3: verify takes crc or read, not 'no'\n" },
	{ "already = Skip",
	  "c:3: already takes skip or program, not 'Skip'\n" },
	{ "clock = fast",
	  "c:3: clock takes a frequency such as 1800k or 4M, not 'fast'\n" },
	{ "mode = hotplug",
	  "c:3: mode takes auto, normal, under-reset or hot-plug, not 'hotplug'\n" },
	{ "trigger = always",
	  "c:3: trigger takes plug, target or both, not 'always'\n" },
	{ "debounce = 60001",
	  "c:3: debounce takes 0 to 60000 milliseconds, not '60001'\n" },
	{ "debounce = -1",
	  "c:3: debounce takes 0 to 60000 milliseconds, not '-1'\n" },
	{ "debounce = 10ms",
	  "c:3: debounce takes 0 to 60000 milliseconds, not '10ms'\n" },
	{ "debounce = 99999999999999999999",
	  "c:3: debounce takes 0 to 60000 milliseconds, not '99999999999999999999'\n" },
	{ "on-success = ./hook",
	  "c:3: on-success: write './hook' with its whole path, from / on\n" },
	{ "on-failure = /nowhere/hook x",
	  "c:3: on-failure: /nowhere/hook: No such file or directory\n" },
	{ "on-failure = /etc/passwd",
	  "c:3: on-failure: /etc/passwd: may not be executed\n" },
	{ "on-success = true ; true",
	  "c:3: a ';' after a blank would begin a comment: give comments lines of their own, and put such a command into a script\n" },
	{ "on-success = x\nhook-timeout = 0",
	  "c:4: hook-timeout takes 1 to 3600 seconds, not '0'\n" },
	{ "hook-timeout = 5",
	  "c:3: hook-timeout has no effect without on-success or on-failure\n" },
	{ "log = none/log",
	  "c:3: log: log DIR/none/log: its folder: No such file or directory; make the folder\n" },
	{ "log = folder", "c:3: log: log DIR/folder is not a file\n" },
	{ "log = count",
	  "c:3: log: log DIR/count is there and is no csv log of stlink; move it away, or choose another file or log-format\n" },
	{ "log = log.csv\nlog-format = json",
	  "c:3: log: log DIR/log.csv is there and is no json log of stlink; move it away, or choose another file or log-format\n" },
	{ "log = x\nlog-format = xml",
	  "c:4: log-format takes csv or json, not 'xml'\n" },
	{ "log-format = json",
	  "c:3: log-format has no effect without log\n" },
	{ "Image = fw.bin", "c:3: there is no key 'Image'\n" },
	{ "image = fw.bin",
	  "c:3: image is in this section twice, first in line 2\n" },
	{ "foo", "c:3: 'foo' is neither [SECTION] nor KEY = VALUE\n" },
	{ "= foo", "c:3: there is no key ''\n" },
	/* a terminal does what such characters say */
	{ "\033[2J = foo", "c:3: there is no key '?[2J'\n" },
	{ "log = none\033/log",
	  "c:3: log: log DIR/none?/log: its folder: No such file or directory; make the folder\n" },
};

static void bad_values(void **state)
{
	char text[512];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(values) / sizeof(*values); i++) {
		snprintf(text, sizeof(text), "[any]\nimage = fw.bin\n%s\n",
			 values[i].line);
		check_said(text, strlen(text), values[i].want);
	}
}

/* the line of the image, and what follows it */
static const struct {
	const char *line;
	const char *want;
} images[] = {
	{ "", "c:1: station [any] has no image: give it one, or [default]\n" },
	{ "image =",
	  "c:1: station [any] has no image: give it one, or [default]\n" },
	{ "image = none.bin",
	  "c:2: image: DIR/none.bin: No such file or directory\n" },
	{ "image = -", "c:2: image: DIR/-: No such file or directory\n" },
	{ "image = folder", "c:2: image: DIR/folder is not a file\n" },
	{ "image = fifo", "c:2: image: DIR/fifo is not a file\n" },
	{ "image = zero", "c:2: image: DIR/zero: file is empty\n" },
	{ "image = page.bin", "c:2: image: DIR/page.bin: is a web page\n" },
	{ "image = broken.hex",
	  "c:2: image: DIR/broken.hex:1: checksum is FE, should be FF\n" },
	{ "image = fw.bin\nformat = elf",
	  "c:2: image: DIR/fw.bin: not a complete ELF file\n" },
	{ "image = fw.hex\naddress = 0x08000000",
	  "c:3: address: DIR/fw.hex is a file of format hex and says itself where its data goes; leave the address out\n" },
	{ "image = ram.hex",
	  "c:2: image: DIR/ram.hex: image has data at 0x20000000 to 0x200001ff, outside of the flash of this STM32F030xC (0x08000000 to 0x0803ffff, 256 KiB)\n" },
	/* too big for the part that is expected, not for all */
	{ "image = big.bin\npart = F030F4",
	  "c:2: image: DIR/big.bin: image has data at 0x08000000 to 0x08004e1f, outside of the flash of this STM32F030x4 (0x08000000 to 0x08003fff, 16 KiB)\n" },
	{ "image = big.bin", "" },
	/* odd, but as with stlink program that is for people to judge */
	{ "image = options.hex",
	  "c:2: warning: image: DIR/options.hex has 16 option bytes at 0x1ffff800; they are left out, the key options sets such\n" },
	{ "image = bad.bin",
	  "c:2: warning: image: DIR/bad.bin: initial SP 0x00000000 is not in SRAM\n"
	  "c:2: warning: image: DIR/bad.bin: reset vector 0x00000000 is even: not Thumb code\n"
	  "c:2: warning: image: DIR/bad.bin: HardFault vector 0x00000000 is even: not Thumb code\n"
	  "c:2: warning: image: DIR/bad.bin: NMI vector 0x00000000 is even: not Thumb code\n" },
};

static void bad_images(void **state)
{
	char text[512];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(images) / sizeof(*images); i++) {
		snprintf(text, sizeof(text), "[any]\n%s\n", images[i].line);
		check_said(text, strlen(text), images[i].want);
	}
}

/* lines 3 to 6: address, width, file, format */
static const struct {
	const char *address, *width, *file, *format;
	const char *want;
} serials[] = {
	{ "0x08003ffd", "4", "count", "le",
	  "c:3: serial-address: 0x08003ffd and 4 bytes is not in flash (0x08000000 to 0x08003fff)\n" },
	{ "0x20000000", "4", "count", "le",
	  "c:3: serial-address: 0x20000000 and 4 bytes is not in flash (0x08000000 to 0x08003fff)\n" },
	{ "0xfffffffe", "4", "count", "le",
	  "c:3: serial-address: 0xfffffffe and 4 bytes is not in flash (0x08000000 to 0x08003fff)\n" },
	{ "0x080000be", "4", "count", "le",
	  "c:3: serial-address: 0x080000be is in the vector table of the image (0x08000000 to 0x080000bf)\n" },
	{ "0x080001ee", "4", "count", "le",
	  "c:3: warning: serial-address: 4 bytes at 0x080001ee replace what looks like code or data of the image, not room left for a number\n" },
	{ "here", "4", "count", "le",
	  "c:3: serial-address takes an address such as 0x08003ffc, not 'here'\n" },
	{ "0x08003ff0", "0", "count", "le",
	  "c:4: serial-width takes 1 to 20 bytes, not '0'\n" },
	{ "0x08003ff0", "9", "count", "le",
	  "c:4: serial-width: a number of this serial-format has 1 to 8 bytes, not 9\n" },
	{ "0x08003fe0", "17", "count", "hex",
	  "c:4: serial-width: a number of this serial-format has 1 to 16 bytes, not 17\n" },
	{ "0x08003fe0", "21", "count", "decimal",
	  "c:4: serial-width takes 1 to 20 bytes, not '21'\n" },
	{ "0x08003ff0", "1", "count300", "be",
	  "c:5: serial-file: the next number in DIR/count300, 300, does not fit in 1 bytes, up to 255\n" },
	{ "0x08003ff0", "2", "count300", "decimal",
	  "c:5: serial-file: the next number in DIR/count300, 300, does not fit in 2 bytes, up to 99\n" },
	{ "0x08003ff0", "4", "words", "le",
	  "c:5: serial-file: serial number file DIR/words holds 'no number', not a number; find out which number was given last and write the next one into it: echo N >DIR/words\n" },
	{ "0x08003ff0", "4", "none", "le",
	  "c:5: serial-file: serial number file DIR/none: opening it: No such file or directory; begin with the first number: echo 1 >DIR/none\n" },
	{ "0x08003ff0", "4", "none/n", "le",
	  "c:5: serial-file: serial number file DIR/none/n: opening it: No such file or directory; begin with the first number: echo 1 >DIR/none/n\n" },
	{ "0x08003ff0", "4", "count", "middle",
	  "c:6: serial-format takes le, be, decimal, hex or hex-upper, not 'middle'\n" },
	/* not all of them */
	{ "0x08003ff0", "", "", "",
	  "c:3: serial-address needs serial-file, which keeps the next number\n"
	  "c:3: serial-address needs serial-width, the bytes of the number\n" },
	{ "", "4", "count", "le",
	  "c:4: serial-width has no effect without serial-address\n"
	  "c:5: serial-file has no effect without serial-address\n"
	  "c:6: serial-format has no effect without serial-address\n" },
};

static void bad_serials(void **state)
{
	char text[512];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(serials) / sizeof(*serials); i++) {
		snprintf(text, sizeof(text),
			 "[any]\nimage = fw.bin\nserial-address = %s\nserial-width = %s\nserial-file = %s\nserial-format = %s\npart = F030F4\n",
			 serials[i].address, serials[i].width,
			 serials[i].file, serials[i].format);
		check_said(text, strlen(text), serials[i].want);
	}
}

static const struct {
	const char *text;
	const char *want;
} sections[] = {
	{ "", "c: there is no station: add a section [any], [serial NUMBER] or [path 1-2.3]\n" },
	{ "[default]\nimage = fw.bin\n",
	  "c: there is no station: add a section [any], [serial NUMBER] or [path 1-2.3]\n" },
	{ "image = fw.bin\n[any]\nimage = fw.bin\n",
	  "c:1: image is in no section: put [default] before it\n" },
	{ "[any]\nimage = fw.bin\n[all]\n",
	  "c:3: there is no section [all]: they are [default], [any], [serial NUMBER] and [path 1-2.3]\n" },
	{ "[any]\nimage = fw.bin\n[]\n",
	  "c:3: there is no section []: they are [default], [any], [serial NUMBER] and [path 1-2.3]\n" },
	{ "[any]\nimage = fw.bin\n[any x]\n",
	  "c:3: section [any] has no name: leave 'x' out\n" },
	{ "[any]\nimage = fw.bin\n[serial]\n",
	  "c:3: '' is not the serial number of a probe: stlink list shows them\n" },
	{ "[any]\nimage = fw.bin\n[serial 12 34]\n",
	  "c:3: '12 34' is not the serial number of a probe: stlink list shows them\n" },
	{ "[any]\nimage = fw.bin\n[path]\n[path 1]\n[path 1-]\n[path 1.2]\n[path 1-2.]\n[path a-2]\n[path 1-2-3]\n",
	  "c:3: '' is not a USB path such as 1-2 or 1-2.3: stlink list shows them\n"
	  "c:4: '1' is not a USB path such as 1-2 or 1-2.3: stlink list shows them\n"
	  "c:5: '1-' is not a USB path such as 1-2 or 1-2.3: stlink list shows them\n"
	  "c:6: '1.2' is not a USB path such as 1-2 or 1-2.3: stlink list shows them\n"
	  "c:7: '1-2.' is not a USB path such as 1-2 or 1-2.3: stlink list shows them\n"
	  "c:8: 'a-2' is not a USB path such as 1-2 or 1-2.3: stlink list shows them\n"
	  "c:9: '1-2-3' is not a USB path such as 1-2 or 1-2.3: stlink list shows them\n" },
	{ "[any]\nimage = fw.bin\n[path 1-2\n",
	  "c:3: the ']' of the section is missing\n" },
	{ "[any]\nimage = fw.bin\n[path 1-2] x\n",
	  "c:3: after a section's ']' the line must end\n" },
	{ "[serial aB]\nimage = fw.bin\n[serial Ab]\nimage = fw.bin\nfoo = 1\n",
	  "c:3: section [serial Ab] is there twice, first in line 1\n"
	  "c:5: there is no key 'foo'\n" },
	/* two stations inherit one mistake: it is one */
	{ "[default]\nimage = none\nclock = x\n[any]\n[path 1-2]\n",
	  "c:2: image: DIR/none: No such file or directory\n"
	  "c:3: clock takes a frequency such as 1800k or 4M, not 'x'\n" },
	/* nobody inherits it: it is one all the same */
	{ "[default]\nclock = x\noptions = FOO=1\n[any]\nimage = fw.bin\nclock = 1M\noptions =\n",
	  "c:2: clock takes a frequency such as 1800k or 4M, not 'x'\n"
	  "c:3: options: there is no option 'FOO'\n" },
	{ "[default]\nimage = fw.bin\nlog = new.log\n[any]\n[path 1-2]\nlog-format = json\n",
	  "c:5: station [any] and station [path 1-2] have one log, DIR/new.log, but not the same log-format\n" },
	/* what is inherited and has no effect here is for others */
	{ "[default]\nimage = fw.bin\nserial-width = 4\nserial-file = count\nlog-format = json\nhook-timeout = 4\n[any]\n",
	  "" },
	/* everything at once, in the order of the lines */
	{ "nothing\nx = y\n[default]\nmode = z\n[any]\nimage = none\nverify = z\n[path 9]\nprotect = z\n[any]\n",
	  "c:1: 'nothing' is neither [SECTION] nor KEY = VALUE\n"
	  "c:2: there is no key 'x'\n"
	  "c:4: mode takes auto, normal, under-reset or hot-plug, not 'z'\n"
	  "c:6: image: DIR/none: No such file or directory\n"
	  "c:7: verify takes crc or read, not 'z'\n"
	  "c:8: '9' is not a USB path such as 1-2 or 1-2.3: stlink list shows them\n"
	  "c:9: protect takes none or level1, not 'z'\n"
	  "c:10: section [any] is there twice, first in line 5\n" },
};

static void bad_sections(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(sections) / sizeof(*sections); i++)
		check_said(sections[i].text, strlen(sections[i].text),
			   sections[i].want);
}

static void odd_files(void **state)
{
	static const char zero[] = "[any]\nimage = f\0w.bin\nimage = fw.bin\n";
	struct auto_conf conf;
	char text[1024];
	char *said;

	(void)state;
	check_said(zero, sizeof(zero) - 1,
		   "c:2: the line has a zero byte: this is not a text file\n");
	/* the longest line that there may be, and one that is longer */
	sprintf(text, "[any]\nimage = fw.bin\non-success = %0*d\n", 197 - 13,
		0);
	conf = good(text);
	assert_int_equal(strlen(conf.rule->on_success), 197 - 13);
	auto_conf_free(&conf);
	sprintf(text, "[any]\nimage = fw.bin\non-success = %0*d\nfoo\n",
		198 - 13, 0);
	check_said(text, strlen(text),
		   "c:3: the line is longer than 197 characters: use a path relative to this file, or put a command into a script\n"
		   "c:4: 'foo' is neither [SECTION] nor KEY = VALUE\n");
	assert_int_equal(auto_conf_load(in_dir("none"), &conf), STL_FILE);
	assert_int_equal(conf.problems.num, 1);
	assert_int_equal(conf.problems.list[0].line, 0);
	assert_string_equal(conf.problems.list[0].text,
			    "No such file or directory");
	auto_conf_free(&conf);
	assert_int_equal(auto_conf_load(dir, &conf), STL_FILE);
	assert_int_equal(conf.problems.num, 1);
	assert_string_equal(conf.problems.list[0].text, "Is a directory");
	auto_conf_free(&conf);
	said = said_of("[any]\nimage = /etc/none\n", 24, &conf);
	assert_string_equal(said, "c:2: image: /etc/none: No such file or directory\n");
	free(said);
	auto_conf_free(&conf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bad_values),
		cmocka_unit_test(bad_images),
		cmocka_unit_test(bad_serials),
		cmocka_unit_test(bad_sections),
		cmocka_unit_test(odd_files),
	};

	return cmocka_run_group_tests(tests, group, remove_dir);
}
