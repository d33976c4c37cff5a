// SPDX-License-Identifier: GPL-2.0-only
/*
 * Vectors and start-up of an STM32F030. Register addresses: ST RM0360.
 */
#include <stdint.h>

extern uint32_t stack_top, data_load, data_start, data_end, bss_start, bss_end;
void reset(void);
int main(void);
void systick(void);

static void stuck(void)
{
	for (;;)
		;
}

__attribute__((section(".vectors"), used))
static void *const vectors[16 + 32] = {
	&stack_top,
	reset,
	stuck,			/* NMI */
	stuck,			/* HardFault */
	[11] = stuck,		/* SVCall */
	[14] = stuck,		/* PendSV */
	[15] = systick,
	[16 ... 47] = stuck,
};

__attribute__((section(".text.start"), noreturn))
void reset(void)
{
	uint32_t *from = &data_load, *to;

	for (to = &data_start; to < &data_end; )
		*to++ = *from++;
	for (to = &bss_start; to < &bss_end; )
		*to++ = 0;
	main();
	stuck();
	__builtin_unreachable();
}
