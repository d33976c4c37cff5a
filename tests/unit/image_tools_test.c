// SPDX-License-Identifier: GPL-2.0-only
/*
 * Other people's tools read what is written here, and the other way round:
 * SRecord, intelhex and objcopy, on random images with gaps. The seed
 * is printed; STLINK_SEED sets another.
 */
#include <errno.h>
#include <unistd.h>

#include "image/check.h"

#define ROUNDS	4
#define PIECES	5
#define SPAN	0x14000u
#define BASE	0x08000000u
/* the system's Python has the system's intelhex */
#define PYTHON	"/usr/bin/python3 "

static uint64_t rng;
static char dir[] = "/tmp/stlink-tools-XXXXXX";
/* what is in memory, and the image it comes from; gaps are FF */
static uint8_t memory[SPAN];
static struct image_segment seg[PIECES];
static struct image img = { .seg = seg };
static uint32_t first, end;

/* xorshift64*, Vigna 2016 */
static uint32_t rnd(uint32_t below)
{
	rng ^= rng >> 12;
	rng ^= rng << 25;
	rng ^= rng >> 27;
	return (uint32_t)((rng * 0x2545f4914f6cdd1dULL) >> 32) % below;
}

/* pieces with gaps between; the last but one lies across 64 KiB */
static void make_image(void)
{
	static const uint32_t at[] = { 0, 0x4001, 0x8000, 0xff00, 0x10400 };
	uint32_t i, j;

	memset(memory, 0xff, sizeof(memory));
	img.num = PIECES;
	for (i = 0; i < PIECES; i++) {
		uint32_t from = at[i] + rnd(0x80);

		seg[i].addr = BASE + from;
		seg[i].size = i == 3 ? 0x200 + rnd(0x200) : 1 + rnd(0x300);
		seg[i].data = memory + from;
		for (j = 0; j < seg[i].size; j++)
			memory[from + j] = rnd(256);
	}
	first = seg[0].addr;
	end = seg[PIECES - 1].addr + seg[PIECES - 1].size;
}

static const char *in_dir(const char *name)
{
	static char path[4][64];
	static unsigned int next;
	char *p = path[next++ % 4];

	snprintf(p, sizeof(path[0]), "%s/%s", dir, name);
	return p;
}

static void write_file(const char *name, enum image_format format)
{
	struct image_error err;
	struct image_out *out;

	assert_int_equal(image_out_open(in_dir(name), &out, &err), 0);
	assert_int_equal(image_write(out, format, &img, &err), 0);
	assert_int_equal(image_out_commit(out, &err), 0);
}

/* a command in the folder */
static void run(const char *fmt, ...)
	__attribute__((format(printf, 1, 2)));

static void run(const char *fmt, ...)
{
	char command[1200];
	va_list ap;
	int at;

	at = sprintf(command, "cd %s && rm -f their.* && { ", dir);
	va_start(ap, fmt);
	vsnprintf(command + at, sizeof(command) - at - 16, fmt, ap);
	va_end(ap);
	strcat(command, "; } >said 2>&1");
	if (system(command)) {
		print_error("%s\n", command);
		snprintf(command, sizeof(command), "cat %s/said >&2", dir);
		(void)!system(command);
		fail();
	}
}

/* their raw file, from the first byte to the last */
static void check_their_bin(void)
{
	static uint8_t have[SPAN + 1];
	FILE *f = fopen(in_dir("their.bin"), "rb");
	size_t len;

	assert_non_null(f);
	len = fread(have, 1, sizeof(have), f);
	fclose(f);
	assert_int_equal(len, end - first);
	assert_memory_equal(have, memory + (first - BASE), len);
}

static void check_theirs(const char *name, enum image_format format)
{
	struct image_error err;
	struct image have;

	if (image_load(in_dir(name), IMAGE_AUTO, 0, &have, &err)) {
		print_error("%s\n", err.text);
		fail();
	}
	assert_int_equal(have.format, format);
	check_same(&have, &img);
	assert_int_equal(have.repeated, 0);
	image_free(&have);
}

/* what stlink read and backup write */
static void they_read(void **state)
{
	int round;

	(void)state;
	for (round = 0; round < ROUNDS; round++) {
		make_image();
		write_file("our.hex", IMAGE_HEX);
		write_file("our.srec", IMAGE_SREC);

		run("srec_cat our.hex -Intel -fill 0xff 0x%x 0x%x -offset -0x%x -o their.bin -Binary",
		    first, end, first);
		check_their_bin();
		run("srec_cat our.srec -Motorola -fill 0xff 0x%x 0x%x -offset -0x%x -o their.bin -Binary",
		    first, end, first);
		check_their_bin();
		/* what it thinks of them: nothing to warn of */
		run("srec_cmp our.hex -Intel our.srec -Motorola && srec_info our.srec -Motorola && ! grep -i warning said");

		run(OBJCOPY "-I ihex -O binary --gap-fill 0xff our.hex their.bin");
		check_their_bin();
		run(OBJCOPY "-I srec -O binary --gap-fill 0xff our.srec their.bin");
		check_their_bin();
		run(PYTHON "-c 'import intelhex; h = intelhex.IntelHex(\"our.hex\"); h.padding = 255; h.tobinfile(\"their.bin\")'");
		check_their_bin();
	}
}

/* each piece as a raw file and where it goes, for srec_cat's command line */
static void raw_pieces(char *words, const char *names[])
{
	size_t i;

	*words = '\0';
	for (i = 0; i < PIECES; i++) {
		FILE *f = fopen(in_dir(names[i]), "wb");

		assert_non_null(f);
		assert_int_equal(fwrite(seg[i].data, 1, seg[i].size, f),
				 seg[i].size);
		assert_int_equal(fclose(f), 0);
		sprintf(words + strlen(words), " %s -Binary -offset 0x%x",
			names[i], seg[i].addr);
	}
}

static void we_read(void **state)
{
	static const char *names[] = { "p0", "p1", "p2", "p3", "p4" };
	char words[400];
	int round;

	(void)state;
	for (round = 0; round < ROUNDS; round++) {
		make_image();
		raw_pieces(words, names);

		/* without start address, so without the record of the end */
		run("srec_cat%s -o their.srec -Motorola -obs=%u", words,
		    1 + rnd(250));
		check_theirs("their.srec", IMAGE_SREC);
		run("srec_cat%s -o their.srec -Motorola -Address_Length=4 -Execution_Start_Address 0x%x",
		    words, first);
		check_theirs("their.srec", IMAGE_SREC);
		run("srec_cat%s -o their.hex -Intel -obs=%u -Line_Termination=CRLF",
		    words, 1 + rnd(255));
		check_theirs("their.hex", IMAGE_HEX);
		run("srec_cat%s -o their.hex -Intel -Execution_Start_Address 0x%x -Line_Termination=CR",
		    words, first);
		check_theirs("their.hex", IMAGE_HEX);
	}
}

/* from one of them to another, with us at both ends */
static void by_objcopy(void **state)
{
	int round;

	(void)state;
	for (round = 0; round < ROUNDS; round++) {
		make_image();
		write_file("our.hex", IMAGE_HEX);
		write_file("our.srec", IMAGE_SREC);
		run(OBJCOPY "-I ihex -O srec --srec-len %u our.hex their.srec",
		    1 + rnd(200));
		check_theirs("their.srec", IMAGE_SREC);
		run(OBJCOPY "-I srec -O srec --srec-forceS3 our.srec their.srec");
		check_theirs("their.srec", IMAGE_SREC);
		run(OBJCOPY "-I srec -O ihex our.srec their.hex");
		check_theirs("their.hex", IMAGE_HEX);
		run(PYTHON "-c 'import intelhex; intelhex.IntelHex(\"our.hex\").write_hex_file(\"their.hex\", eolstyle=\"CRLF\", byte_count=%u)'",
		    1 + rnd(255));
		check_theirs("their.hex", IMAGE_HEX);
	}
}

static int make_dir(void **state)
{
	(void)state;
	return mkdtemp(dir) ? 0 : -1;
}

static int remove_dir(void **state)
{
	char command[64];

	(void)state;
	snprintf(command, sizeof(command), "rm -r %s", dir);
	return system(command);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(they_read),
		cmocka_unit_test(we_read),
		cmocka_unit_test(by_objcopy),
	};
	const char *seed = getenv("STLINK_SEED");

	rng = seed ? strtoull(seed, NULL, 0) : 0x5f30;
	if (!rng)
		rng = 1;
	printf("# seed 0x%llx\n", (unsigned long long)rng);
	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
