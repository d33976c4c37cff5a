/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * State of a probe, and what the files of this driver offer one another.
 *
 * Calls go one way: cdev, sysfs, hwmon, monitor -> batch -> session, core, mem,
 * misc, dap -> probe, recover -> xfer -> usbcore. main.c owns the lifetime.
 *
 * Locks, outermost first:
 *
 * batch_lock	of a descriptor: one batch at a time, so that what it can make
 *		the kernel hold is bounded; the only one held across a user copy
 * open_lock	counts who needs the probe awake; held across runtime resume
 * io_lock	one sequence of exchanges at a time; whoever holds it may talk to
 *		the probe. Also taken by disconnect, suspend, resume and from
 *		pre_reset to post_reset. Never held across a user copy.
 * state_lock	the fields that programs may ask for at any time; never held
 *		across USB. Where a writer holds io_lock as well, either lock is
 *		enough to read.
 *
 * Who may be in there while probe, binding or module go is modelled and checked in
 * tests/model; comments "lifetime.pml: NAME" are where its transitions are.
 */
#ifndef STLINK_H
#define STLINK_H

#include <linux/atomic.h>
#include <linux/bitmap.h>
#include <linux/cdev.h>
#include <linux/completion.h>
#include <linux/device.h>
#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/pid.h>
#include <linux/stlink.h>
#include <linux/usb.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "protocol.h"

#define STLINK_MAX_AP		256
/* SWD clock where nobody asks for another */
#define STLINK_DEFAULT_KHZ	1800
/* r0 to r15, xPSR, MSP, PSP: those that one exchange brings */
#define STLINK_NUM_REGS		(STLINK_REG_PSP + 1)
/* A whole number of packets, also at high speed, where no V2 really is */
#define STLINK_ANS_SIZE		512

/* struct stlink.mode, beside STLINK_MODE_*: reset, or never asked */
#define STLINK_MODE_UNKNOWN	0xff

/* struct stlink.dirty: what has to be put right before the next exchange */
enum stlink_dirty {
	STLINK_DIRTY_LINK,	/* cut off, or half of a command missing: no more until a ping */
	STLINK_DIRTY_STALL,	/* an endpoint is halted: only a reset helps */
	STLINK_DIRTY_DATA,	/* the probe may wait for data: only a reset helps */
	STLINK_DIRTY_MODE,	/* reset or resumed: mode and clock unknown */
	STLINK_DIRTY_TARGET,	/* a session was lost, the core may be halted */
};

/* struct stlink.target: how the last look at it ended */
enum stlink_target {
	STLINK_TARGET_UNKNOWN,
	STLINK_TARGET_ABSENT,
	STLINK_TARGET_PRESENT,
};

/* struct stlink.tar: what becomes of a block that crosses 1 KiB, see tar.c */
enum stlink_tar {
	STLINK_TAR_UNKNOWN,
	STLINK_TAR_MINDED,
	STLINK_TAR_WRAPS,
};

/**
 * struct stlink_urb - one preallocated URB and how to wait for it
 * @urb: itself
 * @done: completed when it comes back
 * @lost: it didn't come back when it was taken back
 */
struct stlink_urb {
	struct urb *urb;
	struct completion done;
	bool lost;
};

/**
 * struct stlink_outcome - how an exchange with the probe ended
 * @group: first byte of the command block; 0 if there was none yet
 * @op: its second byte
 * @status: status byte, 0 if there was none
 * @error: errno, positive, 0 for success
 * @fault_addr: address that failed, as accessed or as the probe named it
 * @fault_known: there was one
 */
struct stlink_outcome {
	u8 group;
	u8 op;
	u8 status;
	int error;
	u32 fault_addr;
	bool fault_known;
};

/**
 * struct stlink - one probe
 * @dev: class device; its release frees all this
 * @cdev: the node
 * @id: N of stlinkN
 * @udev: USB device, referenced
 * @intf: debug interface, referenced
 * @ep_out: command and data endpoint
 * @ep_in: answer endpoint
 * @serial: normalised serial number
 * @pid: USB product
 * @version_jtag: J of the firmware version
 * @version_swim: S, on a V2
 * @version_msd: M, on a V2-1
 * @features: STLINK_FEAT_*
 * @hwmon: the target's voltage as a sensor, or NULL
 * @open_lock: see above
 * @opens: open files, and whoever else needs the probe awake
 * @io_lock: see above
 * @gone: being disconnected: programs get ENODEV. Decides under @io_lock, a
 *	hint elsewhere. Set under no lock, so READ_ONCE() everywhere
 * @dead: disconnected: not one more exchange
 * @stopping: the holder of @io_lock shall come to an end; a hint
 * @waiting: how many wait for @io_lock
 * @held_since: when its holder got it, or KTIME_MAX: may not be cut short
 * @wait: woken when @gone or @stopping is set
 * @cmd: command block, DMA-able
 * @ans: answers, DMA-able, STLINK_ANS_SIZE bytes
 * @buf: memory contents, DMA-able, STLINK_MAX_BLOCK bytes
 * @out: URB of the command
 * @data: URB of the data phase
 * @writing: a command with data for the probe is under way; disconnect waits for
 *	them
 * @uninterruptible: cleaning up: not even SIGKILL ends a wait, and a silent
 *	probe isn't given much time
 * @loader_is_idle: BOOTLOADER mode can't be left, and needn't be
 * @dirty: bits of enum stlink_dirty
 * @last_reset: when the probe was last reset by us, jiffies
 * @was_reset: by us, at all
 * @answered: since it was last reset, by whomever
 * @status: status byte of the last exchange that had one, else 0
 * @last: how the last exchange ended
 * @ap_open: access ports opened by INIT_AP
 * @misc_broken: this firmware has no RW_MISC whatever its version says
 * @misc_works: it was seen to work
 * @misc_ap_set: RW_MISC was told in this session which AP is meant
 * @misc_ap_always: and has to be told each time
 * @tar: whether it minds where TAR ends
 * @tar_trials: that didn't show it
 * @tar_dpidr: of the target where this was seen
 * @touched: the session changed something on the target, or may have
 * @core_was_reset: S_RESET_ST was seen since the last STLINK_IOC_CORE
 * @reset_taken: the target has taken SYSRESETREQ, the last time it was sent
 * @state_lock: see above
 * @files: open descriptors
 * @exchanges: since the driver was bound
 * @resets: USB resets since then
 * @mode: STLINK_MODE_* as far as it is known
 * @sessions: descriptors with a live session
 * @generation: number of the current session, counted up when it ends
 * @clock_khz: SWD clock, 0 if unknown
 * @nrst_low: nRST is driven low
 * @nrst_owner: by the wish of this descriptor, or NULL
 * @claim: descriptor that has the probe for itself, or NULL
 * @claim_pid: its process
 * @monitor: looks at target and core now and then
 * @target_poll_ms: time between two looks while nobody has the node open, 0
 *	for none; for uevents
 * @target: what the last look found
 * @target_told: what the last uevent said
 * @target_doubt: the last look found something else, once
 * @core_seen: STLINK_SEEN_* of the core when DHCSR was read last
 */
struct stlink {
	struct device dev;
	struct cdev cdev;
	int id;

	struct usb_device *udev;
	struct usb_interface *intf;
	u8 ep_out;
	u8 ep_in;

	char serial[STLINK_SERIAL_LEN];
	u16 pid;
	u8 version_jtag;
	u8 version_swim;
	u8 version_msd;
	u64 features;

	struct device *hwmon;

	struct mutex open_lock;	/* @opens */
	unsigned int opens;

	struct mutex io_lock;	/* the probe, and what follows */
	bool gone;
	bool dead;
	bool stopping;
	atomic_t waiting;
	ktime_t held_since;
	wait_queue_head_t wait;
	union stlink_cmd *cmd;
	void *ans;
	void *buf;
	struct stlink_urb out;
	struct stlink_urb data;
	bool writing;
	bool uninterruptible;
	bool loader_is_idle;
	unsigned long dirty;
	unsigned long last_reset;
	bool was_reset;
	bool answered;
	u8 status;
	struct stlink_outcome last;
	DECLARE_BITMAP(ap_open, STLINK_MAX_AP);
	bool misc_broken;
	bool misc_works;
	bool misc_ap_set;
	bool misc_ap_always;
	enum stlink_tar tar;
	unsigned int tar_trials;
	u32 tar_dpidr;
	bool touched;
	bool core_was_reset;
	bool reset_taken;

	struct mutex state_lock;	/* what follows */
	struct list_head files;
	u64 exchanges;
	u32 resets;
	u8 mode;
	unsigned int sessions;
	u32 generation;
	u32 clock_khz;
	bool nrst_low;
	struct stlink_file *nrst_owner;
	struct stlink_file *claim;
	struct pid *claim_pid;

	struct delayed_work monitor;
	unsigned int target_poll_ms;
	enum stlink_target target;
	enum stlink_target target_told;
	bool target_doubt;
	u32 core_seen;
};

/**
 * struct stlink_retry - one operation that the target may answer with WAIT
 * @count: repetitions so far
 * @waited: the answer was WAIT at least once
 */
struct stlink_retry {
	unsigned int count;
	bool waited;
};

/**
 * struct stlink_file - one open descriptor
 * @st: the probe
 * @writable: opened for writing
 * @batch_lock: see above
 * @list: in @st->files; state_lock
 * @generation: session of @st that this descriptor takes part in, or 0.
 *	Written under io_lock and state_lock.
 * @last: its last exchange; state_lock
 * @watch: STLINK_EVENT_* it wants to hear of; state_lock
 * @interval_ms: between two looks; state_lock
 * @pending: STLINK_EVENT_* it hasn't heard of yet; state_lock
 */
struct stlink_file {
	struct stlink *st;
	bool writable;
	struct mutex batch_lock;	/* what a batch holds in memory */
	struct list_head list;
	u32 generation;
	struct stlink_outcome last;
	u32 watch;
	u32 interval_ms;
	u32 pending;
};

static inline u32 stlink_us_since(ktime_t start)
{
	return ktime_us_delta(ktime_get(), start);
}

static inline bool stlink_has(const struct stlink *st, u64 feature)
{
	return st->features & feature;
}

static inline bool stlink_attached(const struct stlink_file *f)
{
	return f->generation && f->generation == f->st->generation;
}

/* main.c */
extern struct class stlink_class;
extern unsigned int stlink_timeout_ms;

/* sysfs.c */
extern const struct attribute_group *stlink_groups[];

/* cdev.c */
extern const struct file_operations stlink_fops;

/* hwmon.c */
#if IS_REACHABLE(CONFIG_HWMON)
void stlink_hwmon_add(struct stlink *st);
void stlink_hwmon_remove(struct stlink *st);
#else
static inline void stlink_hwmon_add(struct stlink *st) {}
static inline void stlink_hwmon_remove(struct stlink *st) {}
#endif

/* monitor.c */
void stlink_monitor_init(struct stlink *st);
void stlink_monitor_stop(struct stlink *st);
int stlink_monitor_set_poll(struct stlink *st, unsigned int ms);
void stlink_tell(struct stlink *st, struct stlink_file *f, u32 event);
void stlink_target_known(struct stlink *st, enum stlink_target target);
void stlink_note_core(struct stlink *st, u32 dhcsr);
void stlink_core_goes(struct stlink *st);
int stlink_events_set(struct stlink_file *f, struct stlink_events *arg);
int stlink_events_get(struct stlink_file *f, struct stlink_events *arg);

/* gate.c */
int stlink_get_awake(struct stlink *st);
void stlink_put_awake(struct stlink *st);
int stlink_lock_io(struct stlink *st, bool nonblock);
int stlink_enter(struct stlink_file *f, bool nonblock, bool need_session);
void stlink_leave(struct stlink_file *f);
int stlink_enter_anonymous(struct stlink *st);
int stlink_try_enter(struct stlink *st);
void stlink_leave_anonymous(struct stlink *st);
void stlink_claim(struct stlink_file *f);
void stlink_unclaim(struct stlink_file *f);
void stlink_goodbye(struct stlink_file *f);

/* batch.c */
int stlink_batch_dap(struct stlink_file *f, bool nonblock,
		     struct stlink_dap_xfer *arg);
int stlink_batch_mem(struct stlink_file *f, bool nonblock,
		     struct stlink_mem_xfer *arg);
int stlink_batch_reg(struct stlink_file *f, bool nonblock,
		     struct stlink_reg_xfer *arg);

/* urb.c */

/* What each half of a write gets, also when its program is killed or all ends */
#define STLINK_DATA_MS		1000U

int stlink_urbs_alloc(struct stlink *st);
void stlink_urbs_free(struct stlink *st);
bool stlink_urbs_lost(struct stlink *st);
void stlink_urb_fill(struct stlink_urb *u, unsigned int pipe, void *buf,
		     size_t len);
int stlink_urb_submit(struct stlink *st, struct stlink_urb *u, bool begun);
bool stlink_urb_cancel(struct stlink_urb *u);
int stlink_urb_wait(struct stlink *st, struct stlink_urb *u,
		    unsigned long *left);
int stlink_usb_errno(struct stlink *st, int status);

/* xfer.c */
union stlink_cmd *stlink_cmd(struct stlink *st, u8 group, u8 op);
void stlink_xfer_settle(struct stlink *st);
int stlink_xfer_none(struct stlink *st);
int stlink_xfer_read(struct stlink *st, void *buf, size_t min, size_t max);
int stlink_xfer_write(struct stlink *st, size_t len);
int stlink_xfer_answer(struct stlink *st, size_t len);
int stlink_xfer_optional(struct stlink *st, size_t min, size_t max);
int stlink_xfer_status(struct stlink *st, size_t len);
int stlink_ping(struct stlink *st);
void stlink_xfer_drain(struct stlink *st);

/* wait.c */
bool stlink_must_share(struct stlink *st);
int stlink_interrupted(struct stlink *st);
int stlink_sleep(struct stlink *st, unsigned int us);
int stlink_pause(struct stlink *st, ktime_t start);

/* status.c */
int stlink_status_errno(u8 status);
bool stlink_status_is_wait(u8 status);
bool stlink_status_is_fault(u8 status);
bool stlink_retry(struct stlink *st, struct stlink_retry *retry, int *ret);

/* recover.c */
int stlink_recover_link(struct stlink *st);
int stlink_recover(struct stlink *st);
int stlink_recover_by_reset(struct stlink *st, bool again);
int stlink_make_idle(struct stlink *st);

/* probe.c */
int stlink_identify(struct stlink *st);
int stlink_read_serial(struct stlink *st);
int stlink_get_mode(struct stlink *st, u8 *mode);
void stlink_note_mode(struct stlink *st, u8 mode);
int stlink_enter_debug(struct stlink *st);
int stlink_exit_debug(struct stlink *st);
int stlink_read_idcodes(struct stlink *st, u32 *dpidr);
int stlink_get_voltage(struct stlink *st, struct stlink_voltage *arg);
int stlink_ask_voltage(struct stlink *st, unsigned int *mv);
int stlink_check_clock(const struct stlink *st, u32 khz);
int stlink_set_clock(struct stlink *st, u32 khz);
void stlink_clock_steps(struct stlink *st, struct stlink_clock *arg);
int stlink_drive_nrst(struct stlink *st, bool low);

/* session.c */
int stlink_attach(struct stlink_file *f, struct stlink_attach *arg);
int stlink_reconnect(struct stlink *st);
void stlink_detach(struct stlink_file *f, bool keep_halted);
void stlink_session_lost(struct stlink *st);
int stlink_target_release(struct stlink *st, bool keep_halted);

/* dap.c */
int stlink_read_dp_ap(struct stlink *st, u16 port, u16 reg, u32 *value);
int stlink_write_dp_ap(struct stlink *st, u16 port, u16 reg, u32 value);
int stlink_open_ap(struct stlink *st, u8 ap);
void stlink_clear_fault(struct stlink *st);
int stlink_dap_check(const struct stlink *st, const struct stlink_dap_op *op);
int stlink_dap_op(struct stlink *st, struct stlink_dap_op *op);

/* mem.c */
int stlink_read_word(struct stlink *st, u32 addr, u32 *value);
int stlink_write_word(struct stlink *st, u32 addr, u32 value);
int stlink_mem_check(const struct stlink *st, const struct stlink_mem_op *op);
int stlink_mem_op(struct stlink *st, struct stlink_mem_op *op, void *buf);

/* tar.c */
u32 stlink_max_block(const struct stlink *st);
u32 stlink_max_block_at(const struct stlink *st, u32 addr, u8 width);
bool stlink_tar_worth_a_trial(const struct stlink *st, u32 addr,
			      const void *data);
void stlink_tar_judge(struct stlink *st, const void *got, const void *data);
void stlink_tar_target(struct stlink *st, u32 dpidr);

/* misc.c */
unsigned int stlink_misc_count(const struct stlink *st,
			       const struct stlink_mem_op *ops,
			       unsigned int num);
int stlink_misc_ops(struct stlink *st, struct stlink_mem_op *ops,
		    unsigned int num, void *data, bool *failed,
		    unsigned int *done);

/* core.c */
int stlink_read_dhcsr(struct stlink *st, u32 *dhcsr);
int stlink_write_dhcsr(struct stlink *st, u32 bits);
int stlink_core_op(struct stlink *st, struct stlink_core *arg);
int stlink_reset_and_catch(struct stlink *st, bool *seen);
int stlink_wait_dhcsr(struct stlink *st, u32 mask, unsigned int timeout_ms,
		      u32 *dhcsr);
int stlink_vector_catch(struct stlink *st, bool on);
int stlink_reg_check(const struct stlink_reg_op *op);
int stlink_reg_op(struct stlink *st, struct stlink_reg_op *op);
int stlink_read_all_regs(struct stlink *st, u32 *regs);

#endif
