// SPDX-License-Identifier: GPL-2.0-only
/*
 * ELF, and the same program in every other format: files made by binutils.
 */
#include <elf.h>

#include "image/check.h"

static uint8_t *slurp(const char *name, size_t *len)
{
	FILE *f = fopen(name, "rb");
	uint8_t *buf = malloc(1 << 20);

	if (!f)
		print_error("%s is missing\n", name);
	assert_non_null(f);
	assert_non_null(buf);
	*len = fread(buf, 1, 1 << 20, f);
	fclose(f);
	return buf;
}

static void load(const char *name, enum image_format want, struct image *img)
{
	struct image_error err;
	int ret = image_load(name, IMAGE_AUTO, 0x08000000, img, &err);

	if (ret)
		print_error("%s\n", err.text);
	assert_int_equal(ret, 0);
	assert_int_equal(img->format, want);
}

static void formats_agree(void **state)
{
	static const char * const names[] = { "dense", "sparse", "headers" };
	struct image elf, hex, srec;
	char path[512];
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++) {
		snprintf(path, sizeof(path), FIXTURES "/%s.elf", names[i]);
		load(path, IMAGE_ELF, &elf);
		snprintf(path, sizeof(path), FIXTURES "/%s.hex", names[i]);
		load(path, IMAGE_HEX, &hex);
		snprintf(path, sizeof(path), FIXTURES "/%s.srec", names[i]);
		load(path, IMAGE_SREC, &srec);
		check_same(&elf, &hex);
		check_same(&elf, &srec);
		image_free(&elf);
		image_free(&hex);
		image_free(&srec);
	}
}

static void raw_agrees(void **state)
{
	struct image elf, bin;

	(void)state;
	load(FIXTURES "/dense.elf", IMAGE_ELF, &elf);
	load(FIXTURES "/dense.bin", IMAGE_BIN, &bin);
	assert_int_equal(elf.num, 1);
	check_same(&elf, &bin);
	image_free(&elf);
	image_free(&bin);
}

static void load_addresses(void **state)
{
	static const uint8_t data[] = { 0x78, 0x56, 0x34, 0x12 };
	struct image img;

	(void)state;
	load(FIXTURES "/sparse.elf", IMAGE_ELF, &img);
	/* .data behind the code, where the firmware copies it from; no .bss */
	assert_int_equal(img.num, 2);
	assert_int_equal(img.seg[0].addr, 0x08000000);
	assert_memory_equal(img.seg[0].data + img.seg[0].size - 8, data, 4);
	assert_int_equal(img.seg[1].addr, 0x08003c00);
	assert_int_equal(img.seg[1].size, 8);
	assert_memory_equal(img.seg[1].data, "far away", 8);
	assert_true(img.has_entry);
	assert_int_equal(img.entry & ~0xfffu, 0x08000000);
	image_free(&img);
}

static void no_headers(void **state)
{
	struct image img;
	size_t len;
	uint8_t *buf = slurp(FIXTURES "/headers.elf", &len);
	const Elf32_Ehdr *eh = (const void *)buf;
	const Elf32_Phdr *ph = (const void *)(buf + eh->e_phoff);

	(void)state;
	/* else the fixture doesn't test what it is for */
	assert_int_equal(ph[0].p_offset, 0);
	assert_int_equal(ph[0].p_paddr, 0x08000000);
	load(FIXTURES "/headers.elf", IMAGE_ELF, &img);
	assert_int_equal(img.seg[0].addr, 0x08000100);
	image_free(&img);
	free(buf);
}

/* one change each to a good file, and what must be said of it */
enum field {
	CLASS, DATA, MACHINE, TYPE, OFFSET, FILESZ, MEMSZ, PADDR, TWICE, NONE,
	PHOFF
};

static const struct {
	enum field field;
	uint32_t value;
	const char *error;
} hostile[] = {
	{ CLASS, ELFCLASS64, "not a 32-bit ELF file" },
	{ DATA, ELFDATA2MSB, "big-endian" },
	{ MACHINE, EM_X86_64, "not for ARM" },
	{ MACHINE, EM_386, "not for ARM" },
	{ TYPE, ET_REL, "wasn't linked" },
	{ TYPE, ET_DYN, "not an executable for a fixed" },
	{ TYPE, ET_CORE, "not an executable" },
	{ OFFSET, 0x7fffffff, "program header 0 points outside the file" },
	{ OFFSET, 0xfffffff0, "program header 0 points outside the file" },
	{ FILESZ, 0x7fffffff, "program header 0 points outside the file" },
	{ MEMSZ, 1, "program header 0 has more bytes in the file" },
	{ PADDR, 0xffffff00, "program header 0 goes beyond address" },
	{ TWICE, 0, "program headers 0 and 1 have different data for 0x08000" },
	{ NONE, 0, "has no data for the target" },
	{ PHOFF, 0x7fffffff, "cut short" },
};

static void change(uint8_t *buf, enum field field, uint32_t value)
{
	Elf32_Ehdr *eh = (void *)buf;
	Elf32_Phdr *ph = (void *)(buf + eh->e_phoff);
	int i;

	switch (field) {
	case CLASS:
		eh->e_ident[EI_CLASS] = value;
		break;
	case DATA:
		eh->e_ident[EI_DATA] = value;
		eh->e_machine = __builtin_bswap16(eh->e_machine);
		break;
	case MACHINE:
		eh->e_machine = value;
		break;
	case TYPE:
		eh->e_type = value;
		break;
	case OFFSET:
		ph[0].p_offset = value;
		break;
	case FILESZ:
		ph[0].p_filesz = ph[0].p_memsz = value;
		break;
	case MEMSZ:
		ph[0].p_memsz = value;
		break;
	case PADDR:
		ph[0].p_paddr = value;
		break;
	case TWICE:
		ph[1].p_paddr = ph[0].p_paddr;
		break;
	case NONE:
		for (i = 0; i < eh->e_phnum; i++)
			ph[i].p_type = PT_NOTE;
		break;
	case PHOFF:
		eh->e_phoff = value;
		break;
	}
}

static void hostile_files(void **state)
{
	struct image_error err;
	struct image img;
	size_t len;
	size_t i;
	int ret;

	(void)state;
	for (i = 0; i < sizeof(hostile) / sizeof(*hostile); i++) {
		uint8_t *buf = slurp(FIXTURES "/dense.elf", &len);

		change(buf, hostile[i].field, hostile[i].value);
		ret = image_parse("x.elf", buf, len, IMAGE_AUTO, 0, &img,
				  &err);
		check_error(&err, ret, hostile[i].error, hostile[i].error);
		free(buf);
	}
}

/* as many headers and sections as there may be: no reason to think for minutes */
static void many_headers(void **state)
{
	size_t len = sizeof(Elf32_Ehdr) + 0xfe00 *
		     (sizeof(Elf32_Phdr) + sizeof(Elf32_Shdr));
	uint8_t *buf = calloc(1, len);
	Elf32_Ehdr *eh = (void *)buf;
	Elf32_Phdr *ph = (void *)(eh + 1);
	struct image_error err;
	struct image img;
	int ret;
	int i;

	(void)state;
	assert_non_null(buf);
	*eh = (Elf32_Ehdr){
		.e_type = ET_EXEC, .e_machine = EM_ARM, .e_version = 1,
		.e_phoff = sizeof(*eh), .e_ehsize = sizeof(*eh),
		.e_phentsize = sizeof(*ph), .e_phnum = 0xfe00,
		.e_shoff = sizeof(*eh) + 0xfe00 * sizeof(*ph),
		.e_shentsize = sizeof(Elf32_Shdr), .e_shnum = 0xfe00,
	};
	memcpy(eh->e_ident, ELFMAG "\1\1\1", 7);
	for (i = 0; i < 0xfe00; i++)
		ph[i] = (Elf32_Phdr){ PT_LOAD, 0, 4 * i, 4 * i, 1, 1, 5, 4 };
	ret = image_parse("x.elf", buf, len, IMAGE_AUTO, 0, &img, &err);
	check_error(&err, ret, "more program headers", "many headers");
	free(buf);
}

/* no length may crash; short of the headers none may be taken for whole */
static void cut_files(void **state)
{
	struct image whole;
	size_t len;
	size_t cut;
	uint8_t *buf = slurp(FIXTURES "/sparse.elf", &len);

	(void)state;
	load(FIXTURES "/sparse.elf", IMAGE_ELF, &whole);
	for (cut = 4; cut < len; cut++) {
		struct image_error err;
		struct image img;
		uint8_t *part = malloc(cut);

		assert_non_null(part);
		memcpy(part, buf, cut);
		if (!image_parse("x", part, cut, IMAGE_AUTO, 0, &img, &err)) {
			check_same(&img, &whole);
			image_free(&img);
		}
		free(part);
	}
	image_free(&whole);
	free(buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(formats_agree),
		cmocka_unit_test(raw_agrees),
		cmocka_unit_test(load_addresses),
		cmocka_unit_test(no_headers),
		cmocka_unit_test(hostile_files),
		cmocka_unit_test(many_headers),
		cmocka_unit_test(cut_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
