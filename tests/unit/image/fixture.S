/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A program to be turned into files of every format: code, initialised data
 * whose load address isn't its run address, data without bytes in the file.
 */
	.syntax unified
	.cpu cortex-m0
	.thumb

	.section .vectors,"a",%progbits
	.word 0x20001000
	.word reset + 1
	.word hang + 1
	.word hang + 1

	.text
	.global reset
	.thumb_func
reset:
	ldr r0, =counter
1:	ldr r1, [r0]
	adds r1, #1
	str r1, [r0]
	b 1b
	.thumb_func
hang:
	b hang
	.balign 4
	.ltorg
	.rept 300
	.byte (. - reset) & 0xff
	.endr
	.balign 4

	.data
counter:
	.word 0x12345678, 0x9abcdef0

	.bss
	.space 64
