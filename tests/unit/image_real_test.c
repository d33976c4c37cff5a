// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files as other people's tools write them, made by image/styles.py and by
 * binutils: each good one has exactly the right bytes at the right addresses,
 * each bad one is refused with file, line or header, reason, and what to do.
 */
#include <dirent.h>
#include <errno.h>

#include "image/check.h"

/* the pieces of styles.py */
static const struct {
	uint32_t at;
	uint32_t size;
} places[] = { { 0, 0x2d5 }, { 0x3c00, 37 }, { 0xfff0, 51 } };

static uint8_t content(uint32_t offset)
{
	return 7 * offset + 13 * (offset >> 8);
}

static const uint8_t options[16] = {
	0xaa, 0x55, 0xff, 0, 0xff, 0, 0xff, 0, 0xff, 0, 0xff, 0, 0xff, 0, 0xff
};

static bool begins(const char *name, const char *with)
{
	return !strncmp(name, with, strlen(with));
}

static bool right(const struct image *img, const char *name)
{
	uint32_t base = begins(name, "low-") ? 0 : 0x08000000;
	size_t num = begins(name, "low-none") ? 2 : 3;
	size_t i, j;

	for (i = 0; i < num; i++) {
		const struct image_segment *s = &img->seg[i];

		if (i >= img->num || s->addr != base + places[i].at ||
		    s->size != places[i].size)
			return false;
		for (j = 0; j < s->size; j++) {
			if (s->data[j] != content(places[i].at + j))
				return false;
		}
	}
	if (begins(name, "options")) {
		if (img->num != 4 || img->seg[3].addr != 0x1ffff800 ||
		    img->seg[3].size != 16 ||
		    memcmp(img->seg[3].data, options, 16))
			return false;
		num++;
	}
	return img->num == num;
}

static size_t repeated(const char *name)
{
	return !strcmp(name, "twice.hex") ? 48 :
	       !strcmp(name, "same-twice.elf") ? 0x200 : 0;
}

static void good(void **state)
{
	DIR *d = opendir(STYLES "/good");
	struct image_error err;
	int num = 0, bad = 0;
	struct image img;
	struct dirent *e;
	char path[600];

	(void)state;
	assert_non_null(d);
	while ((e = readdir(d))) {
		if (e->d_name[0] == '.')
			continue;
		num++;
		snprintf(path, sizeof(path), STYLES "/good/%s", e->d_name);
		if (image_load(path, IMAGE_AUTO, 0x08000000, &img, &err)) {
			print_error("%s\n", err.text);
			bad++;
			continue;
		}
		if (!right(&img, e->d_name) ||
		    img.repeated != repeated(e->d_name)) {
			print_error("%s: %zu segments, %zu bytes twice\n",
				    path, img.num, img.repeated);
			bad++;
		}
		image_free(&img);
	}
	closedir(d);
	assert_int_equal(bad, 0);
	/* else the test says nothing */
	assert_true(num >= 59);
}

/* where a start address is known it isn't lost */
static void start(void **state)
{
	static const struct {
		const char *name;
		uint32_t entry;
	} cases[] = {
		{ "keil.hex", 0x080000c1 }, { "iar.hex", 0x080001d1 },
		{ "iar.srec", 0x080001d1 }, { "keil.axf", 0x080000c1 },
		{ "ramfunc.elf", 0x20000101 },
	};
	struct image_error err;
	struct image img;
	char path[600];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		snprintf(path, sizeof(path), STYLES "/good/%s", cases[i].name);
		assert_int_equal(image_load(path, IMAGE_AUTO, 0, &img, &err), 0);
		assert_true(img.has_entry);
		assert_int_equal(img.entry, cases[i].entry);
		image_free(&img);
	}
}

#define MADE_FROM	"take the .elf, .hex or .bin it was made from"

static const struct {
	const char *name;
	const char *error;	/* the message behind the folder */
	const char *hint;	/* part of what to do; "" for nothing */
} refused[] = {
	{ "cut.hex", "cut.hex:55: file ends without an end-of-file record; it is cut short",
	  "half of a firmware isn't programmed" },
	{ "cut-record.hex", "cut-record.hex:24: odd number of digits",
	  "copy it again" },
	{ "two-files.hex", "two-files.hex:57: text after the end-of-file record",
	  "srec_cat" },
	{ "text-behind.hex", "text-behind.hex:57: text after the end-of-file record",
	  "remove it" },
	{ "changed.hex", "changed.hex:2: checksum is A8, should be A7",
	  "damaged or was edited" },
	{ "contradiction.hex", "contradiction.hex:3: data for 0x08000005 was given in line 2 already, and differs",
	  "Link them apart" },
	{ "wrap.hex", "wrap.hex:2: record wraps around the end of its 64 KiB segment",
	  "linear addresses" },
	{ "wrap32.hex", "wrap32.hex:2: data goes beyond address 0xffffffff, from 0xfffffff8", "" },
	{ "utf-16.hex", "utf-16.hex: is text in UTF-16", "PowerShell" },
	{ "zip.hex", "zip.hex: is a ZIP archive", "unpack it" },
	{ "cut.srec", "cut.srec:54: file ends without a termination record (S7, S8 or S9); it is cut short",
	  "half of a firmware" },
	{ "count.srec", "count.srec:54: S5 counts 53 data records, there are 52",
	  "a record is missing" },
	{ "count-only.srec", "count-only.srec:54: S5 counts 53 data records, there are 52",
	  "a record is missing" },
	{ "two-files.srec", "two-files.srec:57: text after the termination record", "srec_cat" },
	{ "changed.srec", "changed.srec:2: record too short: it announces 22 bytes and has 21",
	  "damaged" },
	{ "reserved.srec", "reserved.srec:1: unknown record type S4", "damaged" },
	{ "wrap.s19", "wrap.s19:1: data goes beyond the end of the 16-bit address space",
	  "S3" },
	{ "avr.elf", "avr.elf: ELF file is for an AVR, not for ARM", "another project" },
	{ "esp32.elf", "esp32.elf: ELF file is for an Xtensa (ESP32), not for ARM",
	  "another project" },
	{ "esp32c3.elf", "esp32c3.elf: ELF file is for a RISC-V, not for ARM", "wrong compiler" },
	{ "big-endian.elf", "big-endian.elf: ELF file is big-endian, the target is little-endian",
	  "-mlittle-endian" },
	{ "64-bit.elf", "64-bit.elf: not a 32-bit ELF file", "" },
	{ "object.o", "object.o: ELF file is an object file that wasn't linked",
	  "the linker made" },
	{ "core.elf", "core.elf: ELF file is not an executable", "" },
	{ "cut.elf", "cut.elf: program header 0 points outside the file; it is cut short",
	  "copy the file" },
	{ "contradiction.elf", "contradiction.elf: program headers 0 and 3 have different data for 0x08000002",
	  "Link them apart" },
	{ "no-bytes.elf", "no-bytes.elf: has no data for the target", "" },
	{ "stripped.elf", "stripped.elf: program header 0 begins with the headers of the file itself, and no section says where the firmware begins",
	  "stripped" },
	{ "esp32.bin", "esp32.bin: is a firmware for Espressif's chips", "another board" },
	{ "lamp.uf2", "lamp.uf2: is a UF2 file, for boot loaders that look like a USB drive", MADE_FROM },
	{ "lamp.dfu", "lamp.dfu: is a DfuSe file, for ST's boot loader by USB", MADE_FROM },
	{ "suffix.bin", "suffix.bin: is a DFU file, raw bytes with a suffix", MADE_FROM },
	{ "lamp.zip", "lamp.zip: is a ZIP archive", "unpack it" },
	{ "lamp.bin.gz", "lamp.bin.gz: is packed with gzip", "unpack it" },
	{ "lamp.tar", "lamp.tar: is a tar archive", "unpack it" },
	{ "libc.a", "libc.a: is a library of object files", "the linker made" },
	{ "page.bin", "page.bin: is a web page", "download" },
	{ "lfs.bin", "lfs.bin: is a pointer of Git LFS, not the file", "git lfs pull" },
	{ "setup.exe", "setup.exe: is a program for Windows", "unpacks" },
	{ "lamp.map", "lamp.map: is text, not a firmware", "--format bin" },
	{ "lamp.vmem", "lamp.vmem: is a hex file of TI or for Verilog", "-O ihex" },
	{ "lamp.tek", "lamp.tek: is Tektronix hex", "-O ihex" },
};

/* made by binutils and the host's compiler */
static const struct {
	const char *name;
	const char *error;
	const char *hint;
} made[] = {
	{ "fixture.o", "fixture.o: ELF file is an object file that wasn't linked",
	  "the linker made" },
	{ "shared.elf", "shared.elf: ELF file is not an executable for a fixed address",
	  "without -pie" },
	{ "endian.elf", "endian.elf: ELF file is big-endian, the target is little-endian",
	  "-mlittle-endian" },
	{ "host.elf", "host.elf: ELF file is for", "arm-none-eabi-gcc" },
};

/* as the tool does it: what the reader takes as raw is looked at again */
static void refuse(const char *folder, const char *name, const char *error,
		   const char *hint)
{
	struct image_error err = { .text = "" };
	struct image img;
	char path[600];
	int ret;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	ret = image_load(path, IMAGE_AUTO, 0x08000000, &img, &err);
	if (!ret)
		ret = image_check_raw(path, &img, &err);
	check_error(&err, ret, error, name);
	assert_true(begins(err.text + strlen(folder) + 1, error));
	if (!strstr(err.hint, hint) || !*hint != !*err.hint)
		print_error("%s: hint \"%s\", want \"%s\"\n", name, err.hint,
			    hint);
	assert_non_null(strstr(err.hint, hint));
	assert_int_equal(!*hint, !*err.hint);
	image_free(&img);
}

static void bad(void **state)
{
	size_t num = 0;
	struct dirent *e;
	DIR *d = opendir(STYLES "/bad");
	size_t i;

	(void)state;
	assert_non_null(d);
	for (i = 0; i < sizeof(refused) / sizeof(*refused); i++)
		refuse(STYLES "/bad", refused[i].name, refused[i].error,
		       refused[i].hint);
	/* every one of them is in the table */
	while ((e = readdir(d)))
		num += e->d_name[0] != '.';
	closedir(d);
	assert_int_equal(num, i);
	for (i = 0; i < sizeof(made) / sizeof(*made); i++)
		refuse(FIXTURES, made[i].name, made[i].error, made[i].hint);
}

/* said to be raw, or for another place, anything is data */
static void raw_if_said(void **state)
{
	struct image_error err;
	struct image img;

	(void)state;
	assert_int_equal(image_load(STYLES "/bad/lamp.zip", IMAGE_BIN, 0, &img,
				    &err), 0);
	assert_int_equal(image_bytes(&img), 210);
	image_free(&img);
	/* the word of the person is taken */
	assert_int_equal(image_load(STYLES "/good/named.bin", IMAGE_BIN, 0,
				    &img, &err), 0);
	assert_int_equal(img.num, 1);
	image_free(&img);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good),
		cmocka_unit_test(start),
		cmocka_unit_test(bad),
		cmocka_unit_test(raw_if_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
