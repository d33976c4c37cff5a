// SPDX-License-Identifier: GPL-2.0-only
/*
 * A program with all that compilers make of C, for the walk through its code:
 * switch tables, calls by pointer, division and floating point of libgcc,
 * variable arguments, functions that don't return, tables.
 */
#include <stdarg.h>
#include <stdint.h>

#define REG(a)	(*(volatile uint32_t *)(a))
#define OUT	REG(0x48000014)

typedef int32_t operation(int32_t a, int32_t b);

static volatile int32_t input;
static uint32_t counts[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };
volatile float gain = 1.5f;
volatile double scale = 0.001;

static const char *const names[] = {
	"zero", "one", "two HOLD", "three JOKE", "four MNOP", "five KLMN",
	"a longer text that ends at an odd address", "H", "JKLMNO", "%d: %s %x\n",
};

/* Data between the functions, as much as code. */
const uint16_t table[] = {
#define ROW(n)	(n), (n) * 3 + 1, (n) ^ 0x4a5a, 0x48ff - (n), 0xd1fe, \
		0xf7ff, 0xfffe, (n) << 5
#define ROWS(n)	ROW(n), ROW(n + 1), ROW(n + 2), ROW(n + 3), ROW(n + 4), \
		ROW(n + 5), ROW(n + 6), ROW(n + 7)
	ROWS(0), ROWS(8), ROWS(16), ROWS(24), ROWS(32), ROWS(40), ROWS(48),
	ROWS(56), ROWS(64), ROWS(72), ROWS(80), ROWS(88),
};

__attribute__((noreturn, noinline)) static void panic(const char *why, int line)
{
	OUT = (uintptr_t)why + line;
	for (;;)
		;
}

#define CHECK(c)	do { if (!(c)) panic(#c, __LINE__); } while (0)

static void put(char c)
{
	OUT = c;
}

static void number(uint32_t value, unsigned int base)
{
	if (value >= base)
		number(value / base, base);
	put("0123456789abcdef"[value % base]);
}

__attribute__((noinline)) static int print(const char *fmt, ...)
{
	va_list ap;
	int done = 0;

	va_start(ap, fmt);
	for (; *fmt; fmt++, done++) {
		if (*fmt != '%') {
			put(*fmt);
			continue;
		}
		switch (*++fmt) {
		case 'd':
		case 'u':
			number(va_arg(ap, uint32_t), 10);
			break;
		case 'x':
			number(va_arg(ap, uint32_t), 16);
			break;
		case 's':
			for (const char *s = va_arg(ap, const char *); *s; s++)
				put(*s);
			break;
		case 'c':
			put(va_arg(ap, int));
			break;
		default:
			panic("format", *fmt);
		}
	}
	va_end(ap);
	return done;
}

static int32_t add(int32_t a, int32_t b) { return a + b; }
static int32_t sub(int32_t a, int32_t b) { return a - b; }
static int32_t mul(int32_t a, int32_t b) { return a * b; }
static int32_t quotient(int32_t a, int32_t b) { CHECK(b); return a / b; }
static int32_t rest(int32_t a, int32_t b) { CHECK(b); return a % b; }

static operation *const operations[] = { add, sub, mul, quotient, rest };

__attribute__((noinline)) static int32_t dispatch(int32_t what, int32_t a)
{
	switch (what) {
	case 0: return a + 0x12345678;
	case 1: return print(names[a & 7], a);
	case 2: return a * 77 ^ 0x55aa55aa;
	case 3: return quotient(a, what);
	case 4: return (int32_t)(a * gain);
	case 5: return (int32_t)(a * scale);
	case 6: counts[a & 7]++; return counts[0];
	case 7: return (int64_t)a * a / 1000003;
	case 8: return table[a & 255];
	case 9: print(names[9], a, names[1], what); return 0;
	case 20: return -1;
	case 21: return a << 3;
	case 22: return a >> 3;
	default: return what;
	}
}

static uint32_t crc(const uint8_t *p, uint32_t len)
{
	uint32_t value = 0xffffffff, i;

	while (len--) {
		value ^= *p++;
		for (i = 0; i < 8; i++)
			value = value >> 1 ^ (value & 1 ? 0xedb88320 : 0);
	}
	return ~value;
}

void systick(void)
{
	counts[7] += crc((const uint8_t *)table, 64);
}

static void setup(void)
{
	REG(0x40021014) |= 1 << 17;
	REG(0x48000000) = 0x28005555;
	CHECK(REG(0x40021000) & 2);
}

int main(void)
{
	uint32_t i, sum = 0;

	setup();
	for (i = 0;; i++) {
		sum += dispatch(input, sum);
		sum += operations[i % 5](sum, input);
		sum ^= crc((const uint8_t *)counts, sizeof(counts));
		if (sum == 0xdeadbeef)
			panic("beef", 1);
	}
}
