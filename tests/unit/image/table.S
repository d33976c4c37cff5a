/* SPDX-License-Identifier: GPL-2.0-only */
/* A table far from the rest of the program. */
	.section .table,"a",%progbits
	.ascii "far away"
