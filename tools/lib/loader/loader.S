/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Flash loader for the STM32F0: erases, programs and sums up flash, as the host
 * asks for it in two slots that are taken in turn (layout.h), so that the host
 * can fill one while the other is being worked on. ST RM0360 rev 5, 3.2.2 and 5.
 *
 * Runs on a chip fresh from reset with interrupts masked; the host has unlocked
 * the flash controller. Uses registers only. r4 flash controller, r5 watchdog,
 * r6 its reload key, r8 the slot, r12 the address for a report; r0 to r3 as the
 * slot has them at first, r7 scratch.
 *
 * A watchdog started by the option byte can't be frozen while the core runs, so
 * it is reloaded all the time. That does nothing to one that isn't running.
 *
 * Where the host is gone for good (unplugged, killed) nothing would ever end it:
 * after a minute without work it resets the chip.
 */
#include "layout.h"

#define FPEC_SR		0x0c	/* from FPEC base */
#define FPEC_CR		0x10
#define FPEC_AR		0x14
#define SR_EOP		0x20
#define SR_CLEAR	0x34	/* PGERR, WRPRTERR, EOP */
#define CR_PG		1
#define CR_STRT		0x40

#define IDLE_ROUNDS	40000000	/* of 12 cycles: a minute at 8 MHz */
#define AIRCR_RESET	0x05fa0004	/* VECTKEY, SYSRESETREQ */

#define CRC_CR		0x08	/* from CRC base */
#define CRC_INIT	0x10
/* whole words reversed, result reversed, reset: the CRC-32 of zip, inverted */
#define CRC_CR_START	0xe1
#define AHBENR_CRCEN	0x40

	.syntax unified
	.cpu cortex-m0
	.thumb
	.text
	.global loader_start
	.thumb_func
loader_start:
	ldr	r0, =LOADER_SLOTS
	mov	r8, r0
	ldr	r5, =0x40003000		/* IWDG_KR */
	ldr	r6, =0xaaaa
	ldr	r4, =0x40022000		/* flash controller */

next:
	ldr	r0, =IDLE_ROUNDS
idle:
	str	r6, [r5]
	mov	r7, r8
	subs	r0, #1
	beq	give_up
	ldr	r3, [r7, #SLOT_OP]
	cmp	r3, #0
	beq	idle
	ldr	r0, [r7, #SLOT_SRC]
	ldr	r1, [r7, #SLOT_DST]
	ldr	r2, [r7, #SLOT_COUNT]
	mov	r12, r1
	cmp	r3, #OP_PROGRAM
	beq	program
	cmp	r3, #OP_ERASE
	beq	erase
	cmp	r3, #OP_CRC
	beq	crc
	movs	r7, #0
	movs	r3, #LOADER_DONE
	b	report

/* PER or MER is in the slot; AR is of no account for MER. */
erase:
	ldr	r3, [r7, #SLOT_SIZE]
	bl	set_mode
	str	r1, [r4, #FPEC_AR]
	adds	r3, #CR_STRT
	str	r3, [r4, #FPEC_CR]
	/* The very next access to SR may not see BSY yet (RM0360 3.2.2). */
	str	r6, [r5]
1:	str	r6, [r5]
	ldr	r7, [r4, #FPEC_SR]
	lsrs	r7, r7, #1		/* C = SR.BSY */
	bcs	1b
	b	ended

/*
 * Half-words from r0 to r10 go to r1 on. FFFF is passed over: erased flash has
 * it, and where flash holds the right thing already the host puts it. While the
 * flash is busy the next one is looked for, so that between the end of one and
 * the start of the next lie a dozen cycles.
 */
program:
	lsls	r2, r2, #1
	adds	r2, r2, r0
	mov	r10, r2
	movs	r3, #CR_PG
	bl	set_mode
	movs	r2, #SR_CLEAR
	b	first

advance_first:
	adds	r0, #2
	adds	r1, #2
first:
	cmp	r0, r10
	bhs	finished
	ldrh	r3, [r0]
	adds	r7, r3, #1
	lsrs	r7, r7, #16		/* 1 for FFFF */
	bne	advance_first
	b	store

busy:
	ldr	r7, [r4, #FPEC_SR]
	lsrs	r7, r7, #1		/* C = SR.BSY */
	bcs	busy
	cmp	r7, #SR_EOP >> 1	/* that, and no error */
	bne	flags
	str	r2, [r4, #FPEC_SR]
store:
	strh	r3, [r1]
	mov	r12, r1
	str	r6, [r5]
advance:
	adds	r0, #2
	adds	r1, #2
	cmp	r0, r10
	bhs	last
	ldrh	r3, [r0]
	adds	r7, r3, #1
	lsrs	r7, r7, #16
	bne	advance
	b	busy

last:
	ldr	r7, [r4, #FPEC_SR]
	lsrs	r7, r7, #1
	bcs	last
ended:
	cmp	r7, #SR_EOP >> 1
	bne	flags
finished:
	movs	r7, #0
	str	r7, [r4, #FPEC_CR]
	movs	r7, #SR_CLEAR
	str	r7, [r4, #FPEC_SR]
next_slot:
	mov	r7, r8
	movs	r3, #0
	str	r3, [r7, #SLOT_OP]
	movs	r3, #SLOT_STRIDE
	eors	r7, r3
	mov	r8, r7
	b	next

give_up:
	ldr	r0, =0xe000ed0c		/* AIRCR */
	ldr	r1, =AIRCR_RESET
	str	r1, [r0]
	b	.

/*
 * CRC of r2 blocks from r1 on, as long as the slot says (a multiple of 16),
 * into words from r0 on.
 */
crc:
	mov	r10, r2
	ldr	r3, [r7, #SLOT_SIZE]
	mov	r11, r3
	ldr	r7, =0x40021014		/* RCC_AHBENR */
	ldr	r3, [r7]
	movs	r2, #AHBENR_CRCEN
	orrs	r3, r2
	str	r3, [r7]
	ldr	r4, =0x40023000		/* CRC unit */
	movs	r2, #0
	mvns	r2, r2
	str	r2, [r4, #CRC_INIT]
block:
	movs	r2, #CRC_CR_START
	str	r2, [r4, #CRC_CR]
	mov	r7, r11
	adds	r7, r7, r1
1:	ldmia	r1!, {r2, r3, r5, r6}
	str	r2, [r4]
	str	r3, [r4]
	str	r5, [r4]
	str	r6, [r4]
	cmp	r1, r7
	bne	1b
	ldr	r2, [r4]
	stmia	r0!, {r2}
	ldr	r5, =0x40003000
	ldr	r6, =0xaaaa
	str	r6, [r5]
	mov	r2, r10
	subs	r2, #1
	mov	r10, r2
	bne	block
	ldr	r4, =0x40022000
	b	next_slot

/* CR = r3, with no flags of earlier work, which would be taken for ours */
set_mode:
	movs	r7, #SR_CLEAR
	str	r7, [r4, #FPEC_SR]
	str	r3, [r4, #FPEC_CR]
	ldr	r7, [r4, #FPEC_CR]
	cmp	r7, r3			/* locked, it keeps what it had */
	bne	locked
	bx	lr

locked:
	ldr	r7, [r4, #FPEC_SR]
	movs	r3, #LOADER_LOCKED
	b	report
flags:
	lsls	r7, r7, #1
	movs	r3, #LOADER_FLAGS
report:
	ldr	r2, =LOADER_REPORT
	str	r7, [r2, #REPORT_SR]
	mov	r7, r12
	str	r7, [r2, #REPORT_WHERE]
	str	r3, [r2, #REPORT_RESULT]
	movs	r7, #0
	str	r7, [r4, #FPEC_CR]	/* PG off */
	mov	r7, r8
	lsls	r3, r3, #8
	str	r3, [r7, #SLOT_OP]
	.global loader_stop
loader_stop:
	bkpt	#0
	b	loader_stop

	.align	2
	.ltorg
	/*
	 * Filled up to what lies behind it. More code than room makes .org go
	 * backwards, which the assembler refuses.
	 */
	.org	LOADER_REPORT - LOADER_BASE
