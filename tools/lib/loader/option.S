/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Erases the option bytes of an STM32F0 and programs all eight, RDP at once
 * after the erase (ST RM0360 rev 5, chapter 4 and 3.2), and stops at a BKPT.
 *
 * In SRAM it needs neither the probe nor the host once it runs: whatever
 * becomes of them, the chip doesn't stay without its RDP byte. Runs on a chip
 * fresh from reset with interrupts masked; the host has unlocked flash and
 * option bytes and filled in the control block. Uses registers only. r0
 * control block, r1 option byte, r2 step, r3 scratch, r4 flash controller,
 * r5 watchdog, r6 reload key, r7 scratch, r8 limit of the wait loop, r9 what
 * CR is set to.
 *
 * A byte that fails doesn't keep the others from being programmed; the first
 * failure is reported. What counts is what the host reads back afterwards.
 */
#include "layout.h"

#define FPEC_SR		0x0c	/* from FPEC base */
#define FPEC_CR		0x10
#define SR_ERRORS	0x14	/* PGERR, WRPRTERR */
#define SR_CLEAR	0x34
#define CR_OPTER	0x220	/* OPTER, OPTWRE */
#define CR_OPTPG	0x210	/* OPTPG, OPTWRE */
#define CR_STRT		0x40
#define CR_LOCK		0x80
#define STEPS		9

	.syntax unified
	.cpu cortex-m0
	.thumb
	.text
	.global option_start
	.thumb_func
option_start:
	ldr	r0, =OPTION_CTRL
	ldr	r1, =0x1ffff800
	movs	r2, #0
	ldr	r4, =0x40022000		/* flash controller */
	ldr	r5, =0x40003000		/* IWDG_KR */
	ldr	r6, =0xaaaa
	/* Some two seconds at 8 MHz; a mass erase takes 40 ms at most. */
	ldr	r3, =0x100000
	mov	r8, r3

	/* Flags of earlier work would be taken for ours. */
	movs	r7, #SR_CLEAR
	str	r7, [r4, #FPEC_SR]
	ldr	r7, =CR_OPTER
	str	r7, [r4, #FPEC_CR]
	ldr	r3, [r4, #FPEC_CR]
	cmp	r3, r7			/* locked, it keeps what it had */
	bne	locked
	adds	r7, r7, #CR_STRT
	str	r7, [r4, #FPEC_CR]
	bl	wait
	ldr	r3, [r0, #OPT_RESULT]
	cmp	r3, #LOADER_RUNNING
	bne	finish			/* not erased: nothing to be put right */

	ldr	r7, =CR_OPTPG
	str	r7, [r4, #FPEC_CR]
next:
	ldrb	r3, [r0, r2]		/* OPT_VALUES */
	adds	r2, r2, #1
	mvns	r7, r3			/* the hardware makes its own */
	lsls	r7, r7, #24
	lsrs	r7, r7, #16
	orrs	r3, r3, r7
	strh	r3, [r1]
	bl	wait
	adds	r1, r1, #2
	cmp	r2, #STEPS - 1
	bne	next
	ldr	r3, [r0, #OPT_RESULT]
	cmp	r3, #LOADER_RUNNING
	bne	finish
	movs	r3, #LOADER_DONE
	str	r3, [r0, #OPT_RESULT]
	movs	r3, #STEPS
	str	r3, [r0, #OPT_STEP]
	b	finish

locked:
	movs	r3, #LOADER_LOCKED
	str	r3, [r0, #OPT_RESULT]
finish:
	movs	r7, #0
	str	r7, [r4, #FPEC_CR]
	movs	r7, #CR_LOCK
	str	r7, [r4, #FPEC_CR]
	.global option_stop
option_stop:
	bkpt	#0
	b	option_stop

/* Until the flash is idle; note the first step that went wrong. */
wait:
	mov	r7, r8
	/* The very next access to SR may not see BSY yet (RM0091 3.2.2). */
	str	r6, [r5]
	ldr	r3, [r4, #FPEC_SR]
1:	str	r6, [r5]
	ldr	r3, [r4, #FPEC_SR]
	lsrs	r3, r3, #1		/* C = SR.BSY */
	bcc	2f
	subs	r7, r7, #1
	bne	1b
	movs	r7, #LOADER_BUSY
	b	3f
2:	movs	r7, #LOADER_FLAGS
3:	ldr	r3, [r4, #FPEC_SR]
	mov	r9, r3
	cmp	r7, #LOADER_BUSY
	beq	4f
	movs	r6, #SR_CLEAR
	str	r6, [r4, #FPEC_SR]
	ldr	r6, =0xaaaa
	/*
	 * No EOP is not taken for a failure: from level 1 to level 0 it is
	 * not documented which flags are left.
	 */
	lsrs	r3, r3, #3		/* C = PGERR */
	bcs	4f
	lsrs	r3, r3, #2		/* C = WRPRTERR */
	bcs	4f
	bx	lr
4:	ldr	r3, [r0, #OPT_RESULT]
	cmp	r3, #LOADER_RUNNING
	bne	5f
	str	r7, [r0, #OPT_RESULT]
	str	r2, [r0, #OPT_STEP]
	mov	r3, r9
	str	r3, [r0, #OPT_SR]
5:	bx	lr

	.align	2
	.ltorg
	/* As in loader.S: no prefetch from SRAM that was never written. */
	.org	LOADER_CODE_MAX
