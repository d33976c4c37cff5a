/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The ST-Link V2 protocol as it is on the wire, API v2.
 *
 * ST publishes no specification. Names and numbers are those on which
 * OpenOCD (stlink_usb.c), stlink-org/stlink (usb.c), pyOCD (probe/stlink) and
 * probe-rs (probe/stlink) agree; where they don't, a comment says so.
 *
 * An exchange is a command block of 16 bytes to the OUT endpoint, then at
 * most one data phase in one direction. There is no tag and no status phase.
 * All fields are little-endian but the version word.
 */
#ifndef STLINK_PROTOCOL_H
#define STLINK_PROTOCOL_H

#include <linux/types.h>

#define STLINK_USB_VENDOR		0x0483
#define STLINK_USB_PID_V1		0x3744
#define STLINK_USB_PID_V2		0x3748
#define STLINK_USB_PID_V2_1		0x374b
#define STLINK_USB_PID_V2_1_NO_MSD	0x3752
#define STLINK_USB_PID_V3_LOADER	0x374d
#define STLINK_USB_PID_V3E		0x374e
#define STLINK_USB_PID_V3		0x374f
#define STLINK_USB_PID_V3_2VCP		0x3753
#define STLINK_USB_PID_V3_NO_MSD	0x3754
#define STLINK_USB_PID_V3P		0x3757

/* first byte of a command: the group */
#define STLINK_GET_VERSION		0xf1
#define STLINK_DEBUG			0xf2
#define STLINK_DFU			0xf3
#define STLINK_SWIM			0xf4
#define STLINK_GET_MODE			0xf5
#define STLINK_GET_VOLTAGE		0xf7

/* The only command of the DFU group that may be sent; others update firmware */
#define STLINK_DFU_EXIT			0x07
#define STLINK_SWIM_EXIT		0x01

/* answer of STLINK_GET_MODE, byte 0 */
#define STLINK_MODE_DFU			0
#define STLINK_MODE_MASS		1	/* idle */
#define STLINK_MODE_DEBUG		2
#define STLINK_MODE_SWIM		3
#define STLINK_MODE_BOOTLOADER		4

/* second byte of a command of the debug group */
#define STLINK_READMEM_32		0x07
#define STLINK_WRITEMEM_32		0x08
#define STLINK_READMEM_8		0x0c
#define STLINK_WRITEMEM_8		0x0d
#define STLINK_EXIT			0x21
#define STLINK_ENTER			0x30
#define STLINK_READ_IDCODES		0x31
#define STLINK_READREG			0x33
#define STLINK_WRITEREG			0x34
#define STLINK_WRITEDEBUGREG		0x35
#define STLINK_READDEBUGREG		0x36
#define STLINK_READALLREGS		0x3a
#define STLINK_GETLASTRWSTATUS		0x3b
#define STLINK_DRIVE_NRST		0x3c
#define STLINK_GETLASTRWSTATUS2		0x3e
#define STLINK_SWD_SET_FREQ		0x43
#define STLINK_READ_DAP_REG		0x45
#define STLINK_WRITE_DAP_REG		0x46
#define STLINK_READMEM_16		0x47
#define STLINK_WRITEMEM_16		0x48
#define STLINK_INIT_AP			0x4b
#define STLINK_CLOSE_AP			0x4c
#define STLINK_WRITEMEM_32_NO_INC	0x50
#define STLINK_RW_MISC_OUT		0x51
#define STLINK_RW_MISC_IN		0x52
#define STLINK_READMEM_32_NO_INC	0x54

#define STLINK_ENTER_SWD		0xa3	/* does not reset the target */

#define STLINK_NRST_DRIVE_LOW		0
#define STLINK_NRST_DRIVE_HIGH		1

/* status byte */
#define STLINK_ST_OK			0x80
#define STLINK_ST_FAULT			0x81	/* old firmware */
#define STLINK_ST_UNKNOWN		0x01	/* old firmware: memory fault */
#define STLINK_ST_SPI			0x02
#define STLINK_ST_DMA			0x03
#define STLINK_ST_JTAG_CHAIN		0x04
#define STLINK_ST_NO_DEVICE		0x05
#define STLINK_ST_INTERNAL		0x06
#define STLINK_ST_COMMAND_WAIT		0x07
#define STLINK_ST_COMMAND		0x08
#define STLINK_ST_IDCODE		0x09	/* no target on the wire */
#define STLINK_ST_ALIGNMENT		0x0a
#define STLINK_ST_DEBUG_POWER		0x0b
#define STLINK_ST_WRITE_ERROR		0x0c
#define STLINK_ST_WRITE_VERIFY		0x0d
#define STLINK_ST_OTHER_MODE		0x0e
#define STLINK_ST_AP_WAIT		0x10
#define STLINK_ST_AP_FAULT		0x11
#define STLINK_ST_AP_ERROR		0x12
#define STLINK_ST_AP_PARITY		0x13
#define STLINK_ST_DP_WAIT		0x14
#define STLINK_ST_DP_FAULT		0x15
#define STLINK_ST_DP_ERROR		0x16
#define STLINK_ST_DP_PARITY		0x17
#define STLINK_ST_AP_WDATA		0x18
#define STLINK_ST_AP_STICKY		0x19
#define STLINK_ST_AP_OVERRUN		0x1a
#define STLINK_ST_BAD_AP		0x1d
#define STLINK_ST_SWV			0x20
#define STLINK_ST_TOO_MANY_AP		0x29
#define STLINK_ST_BAD_FREQ		0x41
#define STLINK_ST_UNKNOWN_CMD		0x42

/* Limits of one memory command on V2: OpenOCD, pyOCD, Black Magic Debug */
#define STLINK_MAX_BLOCK_8		64
#define STLINK_MAX_BLOCK		6144
/* Where a MEM-AP's address may stop counting, see tar.c */
#define STLINK_TAR_BLOCK		1024
/* Enough to see that: a word on each side */
#define STLINK_TAR_TRIAL		8

/*
 * RW_MISC: accesses to words anywhere, told with OUT and answered with IN. Only
 * OpenOCD uses it. OUT carries a byte for each item, padded to words, then a
 * word for each: address, value, or AP. A read brings its own address; a write
 * is an address and a value. IN carries a word of value and then a word of
 * status for each item.
 */
#define STLINK_MISC_ADDRESS		1
#define STLINK_MISC_WRITE		2
#define STLINK_MISC_READ		3
#define STLINK_MISC_AP			5
#define STLINK_MISC_MAX_ITEMS		64	/* on V2 */

/** union stlink_cmd - command block, zero where nothing is said */
union stlink_cmd {
	u8 b[16];
	struct {
		u8 group;
		u8 op;
		union {
			struct {
				__le32 addr;
				__le16 len;
				u8 ap;
				u8 csw[3];
			} __packed mem;
			struct {
				__le32 addr;
				__le32 value;
			} __packed debug_reg;
			struct {
				u8 reg;
				__le32 value;
			} __packed core_reg;
			struct {
				__le16 port;
				__le16 reg;
				__le32 value;
			} __packed dap_reg;
			__le16 divisor;
			__le32 items;
			u8 arg;
		} __packed;
	} __packed;
};

/** struct stlink_ans_version - STLINK_GET_VERSION; no status */
struct stlink_ans_version {
	__be16 version;	/* [15:12] V, [11:6] J, [5:0] S or M */
	__le16 vid;
	__le16 pid;
} __packed;

/** struct stlink_ans_voltage - STLINK_GET_VOLTAGE; no status */
struct stlink_ans_voltage {
	__le32 ref;	/* reading of 1.2 V */
	__le32 target;	/* reading of half the target voltage */
} __packed;

/** struct stlink_ans_idcodes - STLINK_READ_IDCODES */
struct stlink_ans_idcodes {
	u8 status;
	u8 pad[3];
	__le32 dpidr;
	__le32 tap2;
} __packed;

/** struct stlink_ans_value - register reads of all kinds */
struct stlink_ans_value {
	u8 status;
	u8 pad[3];
	__le32 value;
} __packed;

/** struct stlink_ans_regs - STLINK_READALLREGS */
struct stlink_ans_regs {
	u8 status;
	u8 pad[3];
	__le32 reg[19];	/* r0 to r15, xPSR, MSP, PSP */
	__le32 unknown[2];
} __packed;

/** struct stlink_ans_rwstatus2 - STLINK_GETLASTRWSTATUS2 */
struct stlink_ans_rwstatus2 {
	u8 status;
	u8 pad[3];
	__le32 fault_addr;	/* pyOCD; others don't look */
	u8 unknown[4];
} __packed;

#define STLINK_ANS_MODE_LEN	2
#define STLINK_ANS_STATUS_LEN	2

#endif
