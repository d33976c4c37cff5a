/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * ST-Link V2 debug probes: the interface of /dev/stlinkN.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#ifndef _UAPI_LINUX_STLINK_H
#define _UAPI_LINUX_STLINK_H

#include <linux/ioctl.h>
#include <linux/types.h>

/**
 * DOC: How a call works
 *
 * Every call that takes an argument takes a pointer to a structure whose first
 * member is @size: the caller's sizeof(). A newer kernel accepts the shorter
 * structure of an older program (what is missing counts as zero); an older
 * kernel accepts the longer structure of a newer program as long as everything
 * that it doesn't know is zero, and answers E2BIG otherwise. A @size below
 * that of the first published version is EINVAL. The kernel writes back at
 * most @size bytes.
 *
 * Members named reserved, and flag bits without a name here, must be zero;
 * anything else is EINVAL. A @size above 4096 is E2BIG. What out members hold on
 * the way in doesn't matter; they are written whenever the arguments could be
 * read, also when the call fails: with zero where there is nothing to tell.
 *
 * A program attaches to the target once (STLINK_IOC_ATTACH); the session then
 * belongs to its file descriptor. Several descriptors may have a session on
 * one probe; one call (a whole batch) is never interleaved with another. When
 * the last session ends, by STLINK_IOC_DETACH or by close() in whatever way
 * the program ends, the core is left running, nRST is released and the probe
 * leaves debug mode. Only if all that was done since the first attach was to
 * look, the core is left as it was found, which may be halted. A session that
 * ends while others go on releases nRST if it had asserted it, and nothing
 * else.
 *
 * One descriptor carries out one batch (STLINK_IOC_MEM, _DAP, _REG) at a time:
 * a second one from another thread waits for the first, or gets EAGAIN with
 * O_NONBLOCK. So the kernel memory that a descriptor can hold on to is bounded:
 * STLINK_MAX_BYTES of data and STLINK_MAX_OPS operations, together less than
 * 80 KiB while a batch is under way, and less than 512 bytes otherwise. It is
 * charged to the program's memory cgroup.
 *
 * Nobody has to wait for another for ever: a call that has had the probe for
 * STLINK_MAX_HOLD_MS while somebody waits for it (for a call, or for the end of
 * close()) ends with EINTR after the exchange that is under way, or the parts
 * that it was repeated in. Only STLINK_CORE_WAIT goes on, after it has let the
 * others in. Who doesn't want to be cut short claims the probe before: others
 * then don't wait, but hear EBUSY.
 *
 * poll() reports EPOLLPRI when an event that STLINK_IOC_EVENTS asked for has
 * come, and EPOLLHUP | EPOLLERR when the probe is gone.
 *
 * A descriptor opened O_RDONLY may look (attach with STLINK_ATTACH_HOTPLUG,
 * read memory and registers, ask for state); calls that change the probe or
 * the target need a descriptor open for writing and answer EPERM otherwise.
 */

/**
 * DOC: Errors
 *
 * The meaning of each errno is the same for all calls:
 *
 * ==============  ============================================================
 * ENODEV          the probe was unplugged or the driver unbound; close the fd
 * EFAULT          a pointer passed by the program is bad
 * ENOTTY          no such ioctl
 * EINVAL          bad value, unknown flag, dirty reserved member, address or
 *                 length not aligned to the access width; nothing was sent
 * E2BIG           structure longer than this kernel knows, and not zero there
 * EMSGSIZE        more than STLINK_MAX_OPS operations or STLINK_MAX_BYTES
 *                 bytes in one call
 * EOPNOTSUPP      this probe's firmware doesn't offer it (20 41 42)
 * ENXIO           the target doesn't answer: no power, no connection, no such
 *                 access port (probe status 04 05 09 0b 12 16 1d 29)
 * ENOTCONN        this fd has no session, or it was lost by a reset of the
 *                 probe or by suspend: attach again
 * EREMOTEIO       the target refused the access: AP or DP FAULT, sticky
 *                 error, write rejected (01 0c 0d 11 15 18 19 1a 81)
 * ETIMEDOUT       WAIT until retries were used up (07 10 14), a poll that never
 *                 matched, a core that never halted, or no answer by USB;
 *                 status is zero where it was not a WAIT
 * EBADMSG         parity error on SWD (13 17)
 * EPROTO          the probe answered nonsense: too short, too long, or with
 *                 a status that nobody knows
 * EIO             USB error below that, often the probe is about to vanish;
 *                 or trouble within the probe (02 03 06 08 0a 0e)
 * EBUSY           another descriptor has claimed the probe
 * EAGAIN          O_NONBLOCK and another call is under way, or the driver is just
 *                 looking for an event that somebody watches
 * ENOMEM          out of kernel memory
 * ENODATA         core registers asked for while the core is running
 * EINTR           a signal, or suspend of the machine, after some operations; the
 *                 counts say which; or others have waited for long enough
 * EPERM           the descriptor is not open for writing
 * ==============  ============================================================
 *
 * A signal before the first operation restarts the call, unseen. Beside the
 * errno, @status holds the raw status byte of the probe (80 is success, zero
 * means that the probe was not asked), from ST's numbering as OpenOCD,
 * pyOCD and probe-rs name it.
 */

/** STLINK_MAX_OPS - operations in one batch */
#define STLINK_MAX_OPS		256
/** STLINK_MAX_BYTES - data bytes of all operations of one batch together */
#define STLINK_MAX_BYTES	65536
/**
 * STLINK_MAX_TIMEOUT_MS - longest timeout that a call accepts, milliseconds
 *
 * In a batch: of all its polls together.
 */
#define STLINK_MAX_TIMEOUT_MS	60000
/**
 * STLINK_MAX_HOLD_MS - how long one call may keep others waiting, milliseconds
 */
#define STLINK_MAX_HOLD_MS	2000
/** STLINK_SERIAL_LEN - size of a serial number, with its terminating zero */
#define STLINK_SERIAL_LEN	64
/** STLINK_MAX_CLOCK_STEPS - room in struct stlink_clock */
#define STLINK_MAX_CLOCK_STEPS	16

/*
 * What the firmware of the probe can do (struct stlink_info.features). The
 * version from which on is given for the V2 family, "J" as in V2J37S7.
 */
/** STLINK_FEAT_VOLTAGE - target voltage (J13) */
#define STLINK_FEAT_VOLTAGE	(1ULL << 0)
/** STLINK_FEAT_FAULT_ADDR - address of a failed memory access (J15) */
#define STLINK_FEAT_FAULT_ADDR	(1ULL << 1)
/** STLINK_FEAT_CLOCK - SWD clock can be set (J22); else it is 1800 kHz */
#define STLINK_FEAT_CLOCK	(1ULL << 2)
/** STLINK_FEAT_DAP - DP and AP registers (J24) */
#define STLINK_FEAT_DAP		(1ULL << 3)
/** STLINK_FEAT_MEM16 - memory access 16 bits wide (J26) */
#define STLINK_FEAT_MEM16	(1ULL << 4)
/** STLINK_FEAT_AP_INIT - access ports are opened and closed (J28) */
#define STLINK_FEAT_AP_INIT	(1ULL << 5)
/** STLINK_FEAT_DP_BANK - banked DP registers (J32) */
#define STLINK_FEAT_DP_BANK	(1ULL << 6)
/** STLINK_FEAT_RW_MISC - scattered words in one exchange (J32) */
#define STLINK_FEAT_RW_MISC	(1ULL << 7)

/* struct stlink_info.state */
/** STLINK_STATE_ATTACHED - this descriptor has a live session */
#define STLINK_STATE_ATTACHED	(1U << 0)
/** STLINK_STATE_SESSION - some descriptor has one */
#define STLINK_STATE_SESSION	(1U << 1)
/** STLINK_STATE_CLAIMED - the probe is claimed, by @claim_pid */
#define STLINK_STATE_CLAIMED	(1U << 2)
/** STLINK_STATE_CLAIM_MINE - and it is this descriptor's claim */
#define STLINK_STATE_CLAIM_MINE	(1U << 3)
/** STLINK_STATE_NRST_LOW - nRST is being driven low by request */
#define STLINK_STATE_NRST_LOW	(1U << 4)

/**
 * struct stlink_info - what the probe is and how things stand
 * @size: sizeof(struct stlink_info)
 * @flags: must be zero
 * @vid: USB vendor, 0x0483
 * @pid: USB product, 0x3748 for the V2
 * @version_hw: hardware generation, 2
 * @version_jtag: firmware "J" (debug), 37 in V2J37S7
 * @version_swim: firmware "S" (SWIM), 0 on a V2-1
 * @version_msd: firmware "M" (mass storage), 0 on a V2
 * @features: STLINK_FEAT_*
 * @state: STLINK_STATE_*
 * @claim_pid: process that claimed the probe as seen by the caller, or 0
 * @clock_khz: SWD clock in kHz, 0 while it is not known
 * @generation: counts sessions lost or ended on this probe
 * @max_ops: operations in one batch, STLINK_MAX_OPS
 * @max_bytes: data bytes in one batch, STLINK_MAX_BYTES
 * @serial: serial number, 24 hexadecimal digits as a rule, zero-terminated.
 *	Some clones share one; the USB path is the tie-breaker.
 *
 * Errors: ENODEV. No USB traffic.
 */
struct stlink_info {
	__u32 size;
	__u32 flags;
	__u16 vid;
	__u16 pid;
	__u8 version_hw;
	__u8 version_jtag;
	__u8 version_swim;
	__u8 version_msd;
	__aligned_u64 features;
	__u32 state;
	__s32 claim_pid;
	__u32 clock_khz;
	__u32 generation;
	__u32 max_ops;
	__u32 max_bytes;
	__u8 serial[STLINK_SERIAL_LEN];
};

/**
 * struct stlink_claim - take the probe for this descriptor alone
 * @size: sizeof(struct stlink_claim)
 * @flags: must be zero
 * @holder_pid: out: who has it when the answer is EBUSY, else the caller
 * @reserved: must be zero
 *
 * All other descriptors get EBUSY for everything that needs the probe until
 * the claim is released or the descriptor closed; STLINK_IOC_INFO, _LAST,
 * _EVENTS and _RELEASE are answered. Claiming twice is success. With
 * O_NONBLOCK, STLINK_IOC_RELEASE too answers EAGAIN while a call is under way.
 *
 * Errors: EBUSY, EAGAIN, EPERM, ENODEV, and those of putting right what an
 * earlier exchange left behind.
 */
struct stlink_claim {
	__u32 size;
	__u32 flags;
	__s32 holder_pid;
	__u32 reserved;
};

/* struct stlink_last.result */
/** STLINK_LAST_FAULT_ADDR - @fault_addr is known */
#define STLINK_LAST_FAULT_ADDR	(1U << 0)

/**
 * struct stlink_last - how the last exchange for this descriptor ended
 * @size: sizeof(struct stlink_last)
 * @flags: must be zero
 * @group: out: first byte of the command block, 0xf2 for debug commands; zero
 *	when there was no exchange yet
 * @op: out: its second byte
 * @status: out: raw status byte of the probe, zero if the exchange failed
 *	before there was one, or its answer has none
 * @error: out: errno that it came to, zero for success
 * @fault_addr: out: address that it failed at: of the word accessed, or as the
 *	probe named it
 * @result: out: STLINK_LAST_*
 * @resets: out: USB resets of the probe since it was bound, whoever asked for
 *	them, those at a resume included
 * @reserved: must be zero
 * @exchanges: out: exchanges with the probe since it was bound, of everybody
 *
 * "Exchange" is one command block and its data phase. What the driver does on
 * its own behalf, between two calls or to clean up behind one that failed, is
 * none that a descriptor hears of. No USB traffic.
 *
 * Errors: ENODEV.
 */
struct stlink_last {
	__u32 size;
	__u32 flags;
	__u8 group;
	__u8 op;
	__u16 status;
	__u32 error;
	__u32 fault_addr;
	__u32 result;
	__u32 resets;
	__u32 reserved;
	__aligned_u64 exchanges;
};

/* struct stlink_events.mask and .pending */
/** STLINK_EVENT_ARRIVED - a target answers that didn't at the last look */
#define STLINK_EVENT_ARRIVED	(1U << 0)
/** STLINK_EVENT_REMOVED - the target doesn't answer any more */
#define STLINK_EVENT_REMOVED	(1U << 1)
/** STLINK_EVENT_HALTED - the core is halted and wasn't; needs a session */
#define STLINK_EVENT_HALTED	(1U << 2)
/** STLINK_EVENT_LOCKUP - the core is locked up and wasn't; needs a session */
#define STLINK_EVENT_LOCKUP	(1U << 3)
/** STLINK_EVENT_RESET - the chip was reset; needs a session */
#define STLINK_EVENT_RESET	(1U << 4)
/**
 * STLINK_EVENT_LOST - the session of this descriptor was lost by a reset of
 * the probe or by suspend; no looking is needed for that
 */
#define STLINK_EVENT_LOST	(1U << 5)

/** STLINK_EVENTS_SET - @mask and @interval_ms are new; else they are told */
#define STLINK_EVENTS_SET	(1U << 0)

/* struct stlink_events.state */
/** STLINK_SEEN_PRESENT - a target answered at the last look */
#define STLINK_SEEN_PRESENT	(1U << 0)
/** STLINK_SEEN_ABSENT - none did; with neither bit nobody has looked yet */
#define STLINK_SEEN_ABSENT	(1U << 1)
/** STLINK_SEEN_HALTED - the core was halted at the last look */
#define STLINK_SEEN_HALTED	(1U << 2)
/** STLINK_SEEN_LOCKUP - the core was locked up at the last look */
#define STLINK_SEEN_LOCKUP	(1U << 3)

/** STLINK_MIN_INTERVAL_MS - shortest interval between two looks */
#define STLINK_MIN_INTERVAL_MS	10
/** STLINK_MAX_INTERVAL_MS - longest one */
#define STLINK_MAX_INTERVAL_MS	60000

/**
 * struct stlink_events - what poll() shall tell, and what happened
 * @size: sizeof(struct stlink_events)
 * @flags: STLINK_EVENTS_SET or zero
 * @mask: with STLINK_EVENTS_SET: STLINK_EVENT_* to be told of, zero for none;
 *	without: ignored; out: those in force
 * @interval_ms: with STLINK_EVENTS_SET: time between two looks, milliseconds,
 *	0 for the default (100), else STLINK_MIN_INTERVAL_MS to
 *	STLINK_MAX_INTERVAL_MS; without: ignored; out: the one in force
 * @pending: out: STLINK_EVENT_* of @mask since the last call; they are cleared
 *	by it. What the look finds that STLINK_EVENTS_SET begins is none of
 *	them: poll() tells it
 * @state: out: STLINK_SEEN_*
 * @reserved: must be zero
 *
 * The probe doesn't report anything by itself, so the driver looks: at DHCSR
 * while this descriptor has a session; whether a target answers while nobody
 * has one (ENTER, identification, EXIT: the target isn't written to). While
 * another descriptor has a session or a claim, it doesn't look for this one.
 * An event is what differs from @state, also where it was asked for by a call
 * of this descriptor: HALTED after STLINK_CORE_HALT, for example. After
 * STLINK_CORE_RUN, _STEP and _RESET a core that is found halted counts as
 * HALTED, also when nobody saw it run. ARRIVED and REMOVED are told when two
 * looks in a row agree on it; the very first one is believed, and tells of a
 * target that is there only. Whoever attaches to a target has found it as well,
 * and one that doesn't answer at the end of the last session is gone: all who
 * watch are told. A target that was REMOVED from a session can only be used by a
 * new one.
 *
 * Errors: EINVAL, ENODEV. No USB traffic by the call itself.
 */
struct stlink_events {
	__u32 size;
	__u32 flags;
	__u32 mask;
	__u32 interval_ms;
	__u32 pending;
	__u32 state;
	__aligned_u64 reserved;
};

/**
 * enum stlink_attach_mode - how to get hold of the target
 * @STLINK_ATTACH_HOTPLUG: connect by SWD and write nothing to the target; a
 *	running core stays running, a halted one halted
 * @STLINK_ATTACH_NORMAL: the same, then enable halting debug (C_DEBUGEN); the
 *	core keeps running or stays halted. Tried for up to 100 ms, so that a
 *	target that sleeps most of the time is caught awake.
 * @STLINK_ATTACH_UNDER_RESET: hold nRST low while connecting, catch the reset
 *	vector, release nRST: the core is halted before its first
 *	instruction. Where nRST turns out not to be wired, SYSRESETREQ is
 *	used instead.
 */
enum stlink_attach_mode {
	STLINK_ATTACH_HOTPLUG = 0,
	STLINK_ATTACH_NORMAL = 1,
	STLINK_ATTACH_UNDER_RESET = 2
};

/* struct stlink_attach.result */
/** STLINK_ATTACHED_NRST_OK - nRST was pulled and the target did reset */
#define STLINK_ATTACHED_NRST_OK		(1U << 0)
/** STLINK_ATTACHED_NRST_DEAD - nRST was pulled and the target didn't care */
#define STLINK_ATTACHED_NRST_DEAD	(1U << 1)
/** STLINK_ATTACHED_HALTED - the core is halted */
#define STLINK_ATTACHED_HALTED		(1U << 2)
/** STLINK_ATTACHED_JOINED - joined the session of another descriptor */
#define STLINK_ATTACHED_JOINED		(1U << 3)

/**
 * struct stlink_attach - begin a session with the target
 * @size: sizeof(struct stlink_attach)
 * @flags: must be zero
 * @mode: enum stlink_attach_mode
 * @clock_khz: in: fastest SWD clock allowed, kHz, 0 for the default (1800);
 *	out: what was set, never more than asked for
 * @dpidr: out: Debug Port identification, 0x0bb11477 on a Cortex-M0
 * @cpuid: out: CPUID of the core, 0 if it couldn't be read
 * @result: out: STLINK_ATTACHED_*
 * @status: out: last status byte of the probe
 * @generation: out: number of this session
 * @reserved: must be zero
 *
 * Attaching again on the same descriptor begins anew. A clock request below
 * what the probe can do is EINVAL; on firmware that can't set it, anything
 * below 1800 is EOPNOTSUPP. Who joins a session can slow its clock down, if
 * open for writing, but not speed it up.
 *
 * Errors: ENXIO, EREMOTEIO, ETIMEDOUT, EBADMSG, EPROTO, EIO, ENODEV, EBUSY,
 * EAGAIN, EINVAL, EINTR, ENOTCONN (a reset or suspend came in between),
 * EOPNOTSUPP, EPERM (mode other than HOTPLUG and read-only; or joining with a
 * clock below the present one and read-only).
 */
struct stlink_attach {
	__u32 size;
	__u32 flags;
	__u32 mode;
	__u32 clock_khz;
	__u32 dpidr;
	__u32 cpuid;
	__u32 result;
	__u32 status;
	__u32 generation;
	__u32 reserved;
};

/** STLINK_DETACH_KEEP_HALTED - leave a halted core halted, on purpose */
#define STLINK_DETACH_KEEP_HALTED	(1U << 0)

/**
 * struct stlink_detach - end the session of this descriptor
 * @size: sizeof(struct stlink_detach)
 * @flags: STLINK_DETACH_KEEP_HALTED or zero
 *
 * Without flags the core runs afterwards, with breakpoints, watchpoints and
 * vector catch removed and halting debug off; but if the target was attached
 * by STLINK_ATTACH_HOTPLUG and only looked at, nothing is changed. While another
 * descriptor has a session nothing is sent, but that nRST is released if it was
 * this one that had asserted it. Without a session it is success.
 *
 * Errors: ENODEV, EBUSY, EAGAIN, EINVAL, EPERM (KEEP_HALTED and read-only),
 * and those of putting right what an earlier exchange left behind; trouble
 * with the target on the way out is not an error.
 */
struct stlink_detach {
	__u32 size;
	__u32 flags;
};

/**
 * struct stlink_clock - SWD clock
 * @size: sizeof(struct stlink_clock)
 * @flags: must be zero
 * @khz: in: fastest clock allowed, kHz, 0 to ask only; out: the clock in use
 * @num_steps: out: entries of @steps_khz in use
 * @steps_khz: out: what the probe offers, kHz, fastest first
 *
 * The firmware counts delay loops, so these are nominal values (OpenOCD's).
 *
 * Errors: EINVAL (below the slowest step), EOPNOTSUPP (fixed clock), EPERM,
 * and those of an exchange.
 */
struct stlink_clock {
	__u32 size;
	__u32 flags;
	__u32 khz;
	__u32 num_steps;
	__u32 steps_khz[STLINK_MAX_CLOCK_STEPS];
};

/**
 * struct stlink_voltage - supply voltage of the target
 * @size: sizeof(struct stlink_voltage)
 * @flags: must be zero
 * @millivolts: out: 2400 * @adc_target / @adc_ref, or 0 if not known; of both
 *	the lower 16 bits count
 * @adc_ref: out: raw reading of the probe's 1.2 V reference, 0 on probes
 *	whose measurement is broken: then the voltage is not known
 * @adc_target: out: raw reading of half the target voltage
 * @reserved: must be zero
 *
 * Errors: EOPNOTSUPP (J13), and those of an exchange.
 */
struct stlink_voltage {
	__u32 size;
	__u32 flags;
	__u32 millivolts;
	__u32 adc_ref;
	__u32 adc_target;
	__u32 reserved;
};

/**
 * enum stlink_nrst_action - what to do with the reset line
 * @STLINK_NRST_RELEASE: let it go high
 * @STLINK_NRST_ASSERT: drive it low until released or this session ends
 * @STLINK_NRST_PULSE: low for @duration_us, then released
 */
enum stlink_nrst_action {
	STLINK_NRST_RELEASE = 0,
	STLINK_NRST_ASSERT = 1,
	STLINK_NRST_PULSE = 2
};

/**
 * struct stlink_nrst - the target's reset line
 * @size: sizeof(struct stlink_nrst)
 * @flags: must be zero
 * @action: enum stlink_nrst_action
 * @duration_us: length of a pulse in microseconds, 0 for the default (1000),
 *	at most 1000000; must be zero for the other actions
 * @status: out: status byte of the probe
 * @reserved: must be zero
 *
 * That the probe obeyed doesn't mean that the line is wired; on many clones
 * it isn't. Needs a session.
 *
 * Errors: ENOTCONN, EPERM, EINVAL, and those of an exchange.
 */
struct stlink_nrst {
	__u32 size;
	__u32 flags;
	__u32 action;
	__u32 duration_us;
	__u32 status;
	__u32 reserved;
};

/** STLINK_DAP_DP - the Debug Port, as struct stlink_dap_op.port */
#define STLINK_DAP_DP		0xffff

/**
 * enum stlink_op - what an operation of a batch does
 * @STLINK_OP_READ: read into value, or into the buffer
 * @STLINK_OP_WRITE: write from there
 * @STLINK_OP_POLL: read 32 bits again and again until
 *	(read & mask) == value or the operation's timeout is over (ETIMEDOUT)
 */
enum stlink_op {
	STLINK_OP_READ = 0,
	STLINK_OP_WRITE = 1,
	STLINK_OP_POLL = 2
};

/**
 * struct stlink_dap_op - one access to a DP or AP register
 * @op: enum stlink_op
 * @reserved0: must be zero
 * @port: STLINK_DAP_DP or the number of the access port
 * @reg: register address: for the DP the bank in bits 7:4 and 0, 4, 8 or C
 *	(a bank needs STLINK_FEAT_DP_BANK), for an AP 0x00 to 0xfc
 * @status: out: status byte of the probe
 * @value: in: to write or to wait for; out: what was read
 * @mask: bits that STLINK_OP_POLL compares, else zero
 * @timeout_ms: limit of STLINK_OP_POLL, milliseconds, else zero
 * @reserved1: must be zero
 *
 * The firmware owns SELECT; writing it (DP address 8) is EINVAL, and so is
 * setting ORUNDETECT in CTRL/STAT, which confuses the firmware.
 */
struct stlink_dap_op {
	__u8 op;
	__u8 reserved0;
	__u16 port;
	__u16 reg;
	__u16 status;
	__u32 value;
	__u32 mask;
	__u32 timeout_ms;
	__u32 reserved1;
};

/**
 * struct stlink_dap_xfer - a batch of DP and AP accesses
 * @size: sizeof(struct stlink_dap_xfer)
 * @flags: must be zero
 * @num_ops: operations at @ops, 1 to STLINK_MAX_OPS
 * @num_done: out: operations certainly complete; the error, if any, is that
 *	of the next one
 * @ops: pointer to struct stlink_dap_op
 *
 * Errors: EOPNOTSUPP (J24; a bank before J32; an AP other than 0 before J28),
 * ENOTCONN, EMSGSIZE, EINVAL, EPERM (a write on a read-only descriptor; nothing
 * is done), and those of an exchange.
 */
struct stlink_dap_xfer {
	__u32 size;
	__u32 flags;
	__u32 num_ops;
	__u32 num_done;
	__aligned_u64 ops;
};

/* struct stlink_mem_op.flags */
/**
 * STLINK_MEM_NO_INCREMENT - all accesses go to @addr; width 1, 2 or 4
 *
 * Words travel in blocks where the firmware can do that (writes from J26 on,
 * reads from J32), else one by one. A block is never repeated, as that would
 * move a FIFO; when one fails, @done counts the blocks before it.
 */
#define STLINK_MEM_NO_INCREMENT	(1U << 0)
/**
 * STLINK_MEM_ONCE - never send this access again, nor together with others
 *
 * On WAIT a whole block is repeated otherwise, and a read that failed is tried
 * again in parts to find the address: right for memory, wrong for a register
 * that changes when it is accessed, or for flash. With STLINK_MEM_NO_INCREMENT
 * each access is sent by itself, so that @done is exact.
 *
 * Below 0x20000000 up to 2 KiB may also be read twice to find out how long a
 * block this probe can do: 1 KiB, or 6.
 */
#define STLINK_MEM_ONCE		(1U << 1)
/**
 * STLINK_MEM_TOGETHER - this write may travel with its neighbours
 *
 * For a single word (STLINK_OP_WRITE, width 4 or 0, length 4) and without
 * another flag, else EINVAL. Scattered words are sent together where the
 * firmware can do that (STLINK_FEAT_RW_MISC), up to 64 reads an exchange, a
 * write counting as two. When one of them fails it is tried again by itself,
 * and those behind it after it; whether the firmware has gone on with them
 * before isn't known. So such a write may be carried out twice, and although
 * one before it fails; the flag says that this does no harm. Reads travel
 * together, and may be repeated, unless they have STLINK_MEM_ONCE.
 */
#define STLINK_MEM_TOGETHER	(1U << 2)

/* struct stlink_mem_op.result */
/** STLINK_MEM_FAULT_ADDR - @fault_addr is known */
#define STLINK_MEM_FAULT_ADDR	(1U << 0)

/**
 * struct stlink_mem_op - one access to target memory
 * @op: enum stlink_op
 * @width: bytes of each access: 1, 2 or 4, or 0 for any mix that is fastest
 * @flags: STLINK_MEM_*
 * @addr: target address; a multiple of @width
 * @length: bytes, a multiple of @width, not 0; 4 for STLINK_OP_POLL
 * @done: out: bytes from the start that are certainly done. After a failed
 *	read the buffer is filled up to here and untouched beyond. A
 *	write that failed counts whole blocks, of up to 6 KiB.
 * @buf: pointer to @length bytes; must be zero for STLINK_OP_POLL
 * @value: what STLINK_OP_POLL waits for; out: what it read last
 * @mask: bits that STLINK_OP_POLL compares, else zero
 * @timeout_ms: limit of STLINK_OP_POLL, milliseconds, else zero
 * @status: out: status byte of the probe
 * @fault_addr: out: the first address that failed
 * @result: out: STLINK_MEM_FAULT_ADDR
 *
 * The range may not wrap around the end of the address space. Width 2 needs
 * STLINK_FEAT_MEM16 (8-bit accesses would not be the same thing).
 */
struct stlink_mem_op {
	__u8 op;
	__u8 width;
	__u16 flags;
	__u32 addr;
	__u32 length;
	__u32 done;
	__aligned_u64 buf;
	__u32 value;
	__u32 mask;
	__u32 timeout_ms;
	__u32 status;
	__u32 fault_addr;
	__u32 result;
};

/**
 * struct stlink_mem_xfer - a batch of memory accesses through AHB-AP 0
 * @size: sizeof(struct stlink_mem_xfer)
 * @flags: must be zero
 * @num_ops: operations at @ops, 1 to STLINK_MAX_OPS
 * @num_done: out: operations certainly complete; the error, if any, is that
 *	of the next one, whose @done says how far it came
 * @ops: pointer to struct stlink_mem_op
 *
 * Any address, length and width: the probe's limits (64 bytes for 8-bit
 * accesses, 6144 for others, the 1 KiB auto-increment boundary of the MEM-AP)
 * are the driver's business.
 *
 * Errors: ENOTCONN, EMSGSIZE, EINVAL, EOPNOTSUPP, EPERM (a write on a
 * read-only descriptor; nothing is done), and those of an exchange.
 */
struct stlink_mem_xfer {
	__u32 size;
	__u32 flags;
	__u32 num_ops;
	__u32 num_done;
	__aligned_u64 ops;
};

/* Core registers, numbered as DCRSR.REGSEL does (ARMv6-M, C1.6.4) */
#define STLINK_REG_SP		13
#define STLINK_REG_LR		14
/** STLINK_REG_PC - DebugReturnAddress: where the core goes on */
#define STLINK_REG_PC		15
#define STLINK_REG_XPSR		16
#define STLINK_REG_MSP		17
#define STLINK_REG_PSP		18
/** STLINK_REG_CONTROL - CONTROL in bits 31:24, PRIMASK in bits 7:0 */
#define STLINK_REG_CONTROL	20

/**
 * struct stlink_reg_op - one access to a core register
 * @op: STLINK_OP_READ or STLINK_OP_WRITE
 * @reserved0: must be zero
 * @reg: 0 to 12 or STLINK_REG_*
 * @value: in: to write; out: what was read
 * @status: out: status byte of the probe
 * @reserved1: must be zero
 */
struct stlink_reg_op {
	__u8 op;
	__u8 reserved0;
	__u16 reg;
	__u32 value;
	__u32 status;
	__u32 reserved1;
};

/**
 * struct stlink_reg_xfer - a batch of core register accesses
 * @size: sizeof(struct stlink_reg_xfer)
 * @flags: must be zero
 * @num_ops: operations at @ops, 1 to STLINK_MAX_OPS
 * @num_done: out: operations certainly complete
 * @ops: pointer to struct stlink_reg_op
 *
 * The core must be halted: ENODATA otherwise. Four or more reads in a row cost
 * one exchange between them, and one more for STLINK_REG_CONTROL, so read all
 * registers in one batch.
 *
 * Errors: ENODATA, ENOTCONN, EMSGSIZE, EINVAL, EPERM (a write on a read-only
 * descriptor; nothing is done), and those of an exchange.
 */
struct stlink_reg_xfer {
	__u32 size;
	__u32 flags;
	__u32 num_ops;
	__u32 num_done;
	__aligned_u64 ops;
};

/**
 * enum stlink_core_op - control of the core
 * @STLINK_CORE_STATUS: look only
 * @STLINK_CORE_HALT: halt and wait until it is
 * @STLINK_CORE_RUN: clear DFSR and go on
 * @STLINK_CORE_STEP: one instruction, then wait for the halt; the core must
 *	be halted (ENODATA otherwise)
 * @STLINK_CORE_RESET: reset the chip, see STLINK_CORE_F_*
 * @STLINK_CORE_WAIT: wait until the core is halted or locked up
 */
enum stlink_core_op {
	STLINK_CORE_STATUS = 0,
	STLINK_CORE_HALT = 1,
	STLINK_CORE_RUN = 2,
	STLINK_CORE_STEP = 3,
	STLINK_CORE_RESET = 4,
	STLINK_CORE_WAIT = 5
};

/** STLINK_CORE_F_CATCH - RESET: halt before the first instruction */
#define STLINK_CORE_F_CATCH	(1U << 0)
/** STLINK_CORE_F_MASKINTS - RUN, STEP: with interrupts masked */
#define STLINK_CORE_F_MASKINTS	(1U << 1)
/** STLINK_CORE_F_NRST - RESET by the reset line only */
#define STLINK_CORE_F_NRST	(1U << 2)
/** STLINK_CORE_F_SYSRESETREQ - RESET by AIRCR only; without both: AIRCR, and
 * the line if that didn't work
 */
#define STLINK_CORE_F_SYSRESETREQ (1U << 3)

/* struct stlink_core.state */
/** STLINK_CORE_HALTED - in Debug state (DHCSR.S_HALT) */
#define STLINK_CORE_HALTED	(1U << 0)
/** STLINK_CORE_SLEEPING - in WFI or WFE (DHCSR.S_SLEEP) */
#define STLINK_CORE_SLEEPING	(1U << 1)
/** STLINK_CORE_LOCKUP - locked up (DHCSR.S_LOCKUP) */
#define STLINK_CORE_LOCKUP	(1U << 2)
/**
 * STLINK_CORE_WAS_RESET - was reset since the last STLINK_IOC_CORE
 *
 * From DHCSR.S_RESET_ST, which clears when read: the driver collects it, for
 * all descriptors together; STLINK_EVENT_RESET is told to each. A reset that
 * this call itself did is included.
 */
#define STLINK_CORE_WAS_RESET	(1U << 3)
/** STLINK_CORE_DEBUGEN - halting debug is enabled (DHCSR.C_DEBUGEN) */
#define STLINK_CORE_DEBUGEN	(1U << 4)
/**
 * STLINK_CORE_RESET_TAKEN - RESET: the target has taken AIRCR.SYSRESETREQ
 *
 * Of this call, also one that failed: the chip was reset, but can't be reached any
 * more, as where its firmware uses the pins otherwise. Without it nothing says that
 * there was a reset.
 */
#define STLINK_CORE_RESET_TAKEN	(1U << 5)

/**
 * struct stlink_core - control the core and see its state
 * @size: sizeof(struct stlink_core)
 * @flags: STLINK_CORE_F_*, those that go with @op
 * @op: enum stlink_core_op
 * @timeout_ms: how long to wait for the halt or the reset, milliseconds, 0
 *	for the default (500), at most STLINK_MAX_TIMEOUT_MS
 * @state: out: STLINK_CORE_* state bits
 * @dhcsr: out: DHCSR as read last
 * @dfsr: out: DFSR, why it halted, if it is halted, else zero
 * @status: out: status byte of the probe
 *
 * Errors: ENOTCONN, EPERM (anything but STATUS and WAIT), ENODATA (STEP while
 * running), ETIMEDOUT (no halt, no reset seen), EINTR (a signal while waiting, or
 * others have waited; what was asked for may be done), and those of an exchange.
 */
struct stlink_core {
	__u32 size;
	__u32 flags;
	__u32 op;
	__u32 timeout_ms;
	__u32 state;
	__u32 dhcsr;
	__u32 dfsr;
	__u32 status;
};

/** STLINK_IOC_TYPE - the "type" of all numbers; block 0x00 to 0x1f is used */
#define STLINK_IOC_TYPE		0xbb

/** STLINK_IOC_INFO - struct stlink_info */
#define STLINK_IOC_INFO		_IO(STLINK_IOC_TYPE, 0x00)
/** STLINK_IOC_CLAIM - struct stlink_claim */
#define STLINK_IOC_CLAIM	_IO(STLINK_IOC_TYPE, 0x01)
/** STLINK_IOC_RELEASE - no argument; success also without a claim */
#define STLINK_IOC_RELEASE	_IO(STLINK_IOC_TYPE, 0x02)
/** STLINK_IOC_LAST - struct stlink_last */
#define STLINK_IOC_LAST		_IO(STLINK_IOC_TYPE, 0x03)
/** STLINK_IOC_EVENTS - struct stlink_events */
#define STLINK_IOC_EVENTS	_IO(STLINK_IOC_TYPE, 0x04)
/** STLINK_IOC_ATTACH - struct stlink_attach */
#define STLINK_IOC_ATTACH	_IO(STLINK_IOC_TYPE, 0x08)
/** STLINK_IOC_DETACH - struct stlink_detach */
#define STLINK_IOC_DETACH	_IO(STLINK_IOC_TYPE, 0x09)
/** STLINK_IOC_CLOCK - struct stlink_clock */
#define STLINK_IOC_CLOCK	_IO(STLINK_IOC_TYPE, 0x0a)
/** STLINK_IOC_VOLTAGE - struct stlink_voltage */
#define STLINK_IOC_VOLTAGE	_IO(STLINK_IOC_TYPE, 0x0b)
/** STLINK_IOC_NRST - struct stlink_nrst */
#define STLINK_IOC_NRST		_IO(STLINK_IOC_TYPE, 0x0c)
/** STLINK_IOC_DAP - struct stlink_dap_xfer */
#define STLINK_IOC_DAP		_IO(STLINK_IOC_TYPE, 0x10)
/** STLINK_IOC_MEM - struct stlink_mem_xfer */
#define STLINK_IOC_MEM		_IO(STLINK_IOC_TYPE, 0x11)
/** STLINK_IOC_REG - struct stlink_reg_xfer */
#define STLINK_IOC_REG		_IO(STLINK_IOC_TYPE, 0x12)
/** STLINK_IOC_CORE - struct stlink_core */
#define STLINK_IOC_CORE		_IO(STLINK_IOC_TYPE, 0x13)

#endif /* _UAPI_LINUX_STLINK_H */
