/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Flash loader for the STM32F0: programs a buffer in SRAM into flash, one
 * half-word after the other (ST RM0360 rev 5, 3.2.2), and stops at a BKPT.
 *
 * Runs on a chip fresh from reset with interrupts masked; the host has
 * unlocked the flash controller and filled in the control block. Uses
 * registers only. r0 source, r1 destination, r2 half-words left, r3 half-word
 * to program, r4 flash controller, r5 watchdog, r6 reload key, r7 scratch,
 * r8 limit of the wait loop, r9 second scratch.
 *
 * Whatever flash holds already is passed over: after an erase that is every
 * FFFF of the image, and without one a half-word that is right must not be
 * programmed again (PGERR). At the end, whatever it was, the control block
 * tells how far it came.
 */
#include "layout.h"

#define FPEC_SR		0x0c	/* from FPEC base */
#define FPEC_CR		0x10
#define SR_ERRORS	0x14	/* PGERR, WRPRTERR */
#define SR_EOP		0x20
#define SR_CLEAR	0x34
#define CR_PG		1

	.syntax unified
	.cpu cortex-m0
	.thumb
	.text
	.global loader_start
	.thumb_func
loader_start:
	ldr	r7, =LOADER_CTRL
	ldr	r0, [r7, #CTRL_SRC]
	ldr	r1, [r7, #CTRL_DST]
	ldr	r2, [r7, #CTRL_COUNT]
	ldr	r4, =0x40022000		/* flash controller */
	ldr	r5, =0x40003000		/* IWDG_KR */
	ldr	r6, =0xaaaa
	/* Over 60 ms at 8 MHz, 10 ms at 48 MHz; 70 us is the worst known. */
	ldr	r3, =0x8000
	mov	r8, r3

	/* Flags of earlier work would be taken for ours. */
	movs	r7, #SR_CLEAR
	str	r7, [r4, #FPEC_SR]
	movs	r7, #CR_PG
	str	r7, [r4, #FPEC_CR]
	ldr	r7, [r4, #FPEC_CR]
	lsrs	r3, r7, #1		/* C = CR.PG */
	movs	r7, #0
	mov	r9, r7
	bcs	1f
	movs	r3, #LOADER_LOCKED
	b	finish
1:	tst	r2, r2
	beq	done

next:
	str	r6, [r5]		/* also when there is nothing to wait for */
	ldrh	r3, [r0]
	ldrh	r7, [r1]
	cmp	r3, r7
	beq	advance
	strh	r3, [r1]
	mov	r9, r8
wait:
	/*
	 * A watchdog started by the option byte can't be frozen while the
	 * core runs. The write does nothing to one that isn't running.
	 */
	str	r6, [r5]
	ldr	r7, [r4, #FPEC_SR]
	lsrs	r7, r7, #1		/* C = SR.BSY */
	bcc	ready
	mov	r7, r9
	subs	r7, r7, #1
	mov	r9, r7
	bne	wait
	movs	r3, #LOADER_BUSY
	b	finish

ready:
	ldr	r7, [r4, #FPEC_SR]
	mov	r9, r7			/* for the report */
	movs	r7, #SR_CLEAR
	str	r7, [r4, #FPEC_SR]
	mov	r7, r9
	movs	r3, #SR_ERRORS
	tst	r7, r3
	bne	flags
	movs	r3, #SR_EOP
	tst	r7, r3
	beq	flags
	ldrh	r3, [r0]
	ldrh	r7, [r1]
	cmp	r3, r7
	bne	mismatch
advance:
	adds	r0, r0, #2
	adds	r1, r1, #2
	subs	r2, r2, #1
	bne	next
done:
	movs	r3, #LOADER_DONE
	b	finish

flags:
	movs	r3, #LOADER_FLAGS
	b	finish

mismatch:
	ldr	r3, =LOADER_CTRL
	str	r7, [r3, #CTRL_FOUND]
	movs	r3, #LOADER_MISMATCH

finish:
	ldr	r7, =LOADER_CTRL
	str	r0, [r7, #CTRL_SRC]
	str	r1, [r7, #CTRL_DST]
	str	r2, [r7, #CTRL_COUNT]
	mov	r6, r9
	cmp	r3, #LOADER_BUSY
	bne	2f
	ldr	r6, [r4, #FPEC_SR]	/* r9 held the loop counter */
2:	str	r6, [r7, #CTRL_SR]
	str	r3, [r7, #CTRL_RESULT]
	movs	r7, #0
	str	r7, [r4, #FPEC_CR]	/* PG off */
	.global loader_stop
loader_stop:
	bkpt	#0
	b	loader_stop

	.align	2
	.ltorg
	/*
	 * Filled up, as prefetch beyond the code must not meet SRAM that was
	 * never written: with parity checking on that is an NMI. More code
	 * than room makes .org go backwards, which the assembler refuses.
	 */
	.org	LOADER_CODE_MAX
