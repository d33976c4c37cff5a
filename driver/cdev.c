// SPDX-License-Identifier: GPL-2.0-only
/*
 * The node: open, close, poll, and the table of ioctls. Arguments are copied
 * and checked here; what they mean is decided elsewhere.
 */
#include <linux/build_bug.h>
#include <linux/fs.h>
#include <linux/minmax.h>
#include <linux/nospec.h>
#include <linux/poll.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "stlink.h"

/* The layout is the same for all callers: no holes, nothing that varies */
static_assert(sizeof(struct stlink_info) == 112);
static_assert(sizeof(struct stlink_claim) == 16);
static_assert(sizeof(struct stlink_last) == 40);
static_assert(sizeof(struct stlink_events) == 32);
static_assert(sizeof(struct stlink_attach) == 40);
static_assert(sizeof(struct stlink_detach) == 8);
static_assert(sizeof(struct stlink_clock) == 80);
static_assert(sizeof(struct stlink_voltage) == 24);
static_assert(sizeof(struct stlink_nrst) == 24);
static_assert(sizeof(struct stlink_dap_op) == 24);
static_assert(sizeof(struct stlink_dap_xfer) == 24);
static_assert(sizeof(struct stlink_mem_op) == 48);
static_assert(sizeof(struct stlink_mem_xfer) == 24);
static_assert(sizeof(struct stlink_reg_op) == 16);
static_assert(sizeof(struct stlink_reg_xfer) == 24);
static_assert(sizeof(struct stlink_core) == 32);

/* The structs may grow, and programs be newer than this: no more than a page of it */
#define STLINK_MAX_ARG		4096

#define STLINK_NRST_DEFAULT_US	1000
#define STLINK_NRST_MAX_US	1000000

#define STLINK_DEFAULT_INTERVAL_MS 100
#define STLINK_ALL_EVENTS	(STLINK_EVENT_ARRIVED | STLINK_EVENT_REMOVED | \
				 STLINK_EVENT_HALTED | STLINK_EVENT_LOCKUP |   \
				 STLINK_EVENT_RESET | STLINK_EVENT_LOST)

/* What all arguments begin with */
struct stlink_head {
	__u32 size;
	__u32 flags;
};

static int stlink_ioc_info(struct stlink_file *f, bool nonblock, void *karg)
{
	struct stlink_info *arg = karg;
	struct stlink *st = f->st;

	*arg = (struct stlink_info) {
		.size = arg->size,
		.flags = arg->flags,
	};
	if (arg->flags)
		return -EINVAL;
	if (READ_ONCE(st->gone))
		return -ENODEV;

	*arg = (struct stlink_info) {
		.size = arg->size,
		.vid = STLINK_USB_VENDOR,
		.pid = st->pid,
		.version_hw = 2,
		.version_jtag = st->version_jtag,
		.version_swim = st->version_swim,
		.version_msd = st->version_msd,
		.features = st->features,
		.max_ops = STLINK_MAX_OPS,
		.max_bytes = STLINK_MAX_BYTES,
	};
	strscpy(arg->serial, st->serial, sizeof(arg->serial));

	mutex_lock(&st->state_lock);
	if (stlink_attached(f))
		arg->state |= STLINK_STATE_ATTACHED;
	if (st->sessions)
		arg->state |= STLINK_STATE_SESSION;
	if (st->claim)
		arg->state |= STLINK_STATE_CLAIMED;
	if (st->claim == f)
		arg->state |= STLINK_STATE_CLAIM_MINE;
	if (st->nrst_low)
		arg->state |= STLINK_STATE_NRST_LOW;
	arg->claim_pid = pid_vnr(st->claim_pid);
	arg->clock_khz = st->clock_khz;
	arg->generation = st->generation;
	mutex_unlock(&st->state_lock);
	return 0;
}

static int stlink_ioc_claim(struct stlink_file *f, bool nonblock, void *karg)
{
	struct stlink_claim *arg = karg;
	struct stlink *st = f->st;
	int ret;

	arg->holder_pid = 0;
	if (arg->flags || arg->reserved)
		return -EINVAL;
	if (!f->writable)
		return -EPERM;

	ret = stlink_enter(f, nonblock, false);
	if (!ret) {
		stlink_claim(f);
		stlink_leave(f);
	}
	mutex_lock(&st->state_lock);
	arg->holder_pid = pid_vnr(st->claim_pid);
	mutex_unlock(&st->state_lock);
	return ret;
}

static int stlink_ioc_release(struct stlink_file *f, bool nonblock)
{
	struct stlink *st = f->st;
	int ret;

	ret = stlink_lock_io(st, nonblock);
	if (ret)
		return ret;
	if (READ_ONCE(st->gone))
		ret = -ENODEV;
	else
		stlink_unclaim(f);
	mutex_unlock(&st->io_lock);
	return ret;
}

static int stlink_ioc_last(struct stlink_file *f, bool nonblock, void *karg)
{
	struct stlink_last *arg = karg;
	bool valid = !arg->flags && !arg->reserved;
	struct stlink *st = f->st;

	*arg = (struct stlink_last) {
		.size = arg->size,
		.flags = arg->flags,
		.reserved = arg->reserved,
	};
	if (!valid)
		return -EINVAL;
	if (READ_ONCE(st->gone))
		return -ENODEV;

	mutex_lock(&st->state_lock);
	*arg = (struct stlink_last) {
		.size = arg->size,
		.group = f->last.group,
		.op = f->last.op,
		.status = f->last.status,
		.error = f->last.error,
		.fault_addr = f->last.fault_addr,
		.result = f->last.fault_known ? STLINK_LAST_FAULT_ADDR : 0,
		.resets = st->resets,
		.exchanges = st->exchanges,
	};
	mutex_unlock(&st->state_lock);
	return 0;
}

static int stlink_ioc_events(struct stlink_file *f, bool nonblock, void *karg)
{
	struct stlink_events *arg = karg;

	arg->pending = 0;
	arg->state = 0;
	if (arg->flags & ~STLINK_EVENTS_SET || arg->reserved)
		return -EINVAL;
	if (!arg->flags)
		return stlink_events_get(f, arg);

	if (arg->mask & ~STLINK_ALL_EVENTS)
		return -EINVAL;
	if (!arg->interval_ms)
		arg->interval_ms = STLINK_DEFAULT_INTERVAL_MS;
	if (arg->interval_ms < STLINK_MIN_INTERVAL_MS ||
	    arg->interval_ms > STLINK_MAX_INTERVAL_MS)
		return -EINVAL;
	return stlink_events_set(f, arg);
}

static int stlink_ioc_attach(struct stlink_file *f, bool nonblock, void *karg)
{
	struct stlink_attach *arg = karg;
	int ret;

	arg->dpidr = 0;
	arg->cpuid = 0;
	arg->result = 0;
	arg->status = 0;
	arg->generation = 0;
	if (arg->flags || arg->reserved ||
	    arg->mode > STLINK_ATTACH_UNDER_RESET)
		return -EINVAL;
	if (!f->writable && arg->mode != STLINK_ATTACH_HOTPLUG)
		return -EPERM;
	if (arg->clock_khz) {
		ret = stlink_check_clock(f->st, arg->clock_khz);
		if (ret)
			return ret;
	}

	ret = stlink_enter(f, nonblock, false);
	if (ret)
		return ret;
	/* Bounded, and can't be done by halves */
	f->st->held_since = KTIME_MAX;
	ret = stlink_attach(f, arg);
	stlink_leave(f);
	return ret;
}

static int stlink_ioc_detach(struct stlink_file *f, bool nonblock, void *karg)
{
	struct stlink_detach *arg = karg;
	int ret;

	if (arg->flags & ~STLINK_DETACH_KEEP_HALTED)
		return -EINVAL;
	if (!f->writable && arg->flags)
		return -EPERM;

	ret = stlink_enter(f, nonblock, false);
	if (ret)
		return ret;
	stlink_detach(f, arg->flags & STLINK_DETACH_KEEP_HALTED);
	stlink_leave(f);
	return 0;
}

static int stlink_ioc_clock(struct stlink_file *f, bool nonblock, void *karg)
{
	struct stlink_clock *arg = karg;
	struct stlink *st = f->st;
	int ret;

	stlink_clock_steps(st, arg);
	if (arg->flags)
		return -EINVAL;
	if (!f->writable && arg->khz)
		return -EPERM;
	if (arg->khz) {
		ret = stlink_check_clock(st, arg->khz);
		if (ret)
			return ret;
	}
	ret = stlink_enter(f, nonblock, false);
	if (ret)
		return ret;
	if (arg->khz)
		ret = stlink_set_clock(st, arg->khz);
	if (!ret)
		arg->khz = st->clock_khz;
	stlink_leave(f);
	return ret;
}

static int stlink_ioc_voltage(struct stlink_file *f, bool nonblock, void *karg)
{
	struct stlink_voltage *arg = karg;
	int ret;

	arg->millivolts = 0;
	arg->adc_ref = 0;
	arg->adc_target = 0;
	if (arg->flags || arg->reserved)
		return -EINVAL;

	ret = stlink_enter(f, nonblock, false);
	if (ret)
		return ret;
	ret = stlink_get_voltage(f->st, arg);
	stlink_leave(f);
	return ret;
}

static int stlink_ioc_nrst(struct stlink_file *f, bool nonblock, void *karg)
{
	struct stlink_nrst *arg = karg;
	struct stlink *st = f->st;
	int ret;

	arg->status = 0;
	if (arg->flags || arg->reserved || arg->action > STLINK_NRST_PULSE ||
	    arg->duration_us > STLINK_NRST_MAX_US ||
	    (arg->action != STLINK_NRST_PULSE && arg->duration_us))
		return -EINVAL;
	if (!f->writable)
		return -EPERM;

	ret = stlink_enter(f, nonblock, true);
	if (ret)
		return ret;
	st->touched = true;
	if (arg->action != STLINK_NRST_RELEASE) {
		mutex_lock(&st->state_lock);
		st->nrst_owner = f;
		mutex_unlock(&st->state_lock);
	}
	ret = stlink_drive_nrst(st, arg->action != STLINK_NRST_RELEASE);
	if (!ret && arg->action == STLINK_NRST_PULSE) {
		ret = stlink_sleep(st, arg->duration_us ?:
				       STLINK_NRST_DEFAULT_US);
		ret = stlink_drive_nrst(st, false) ?: ret;
	}
	arg->status = st->status;
	stlink_leave(f);
	return ret;
}

static int stlink_ioc_dap(struct stlink_file *f, bool nonblock, void *karg)
{
	return stlink_batch_dap(f, nonblock, karg);
}

static int stlink_ioc_mem(struct stlink_file *f, bool nonblock, void *karg)
{
	return stlink_batch_mem(f, nonblock, karg);
}

static int stlink_ioc_reg(struct stlink_file *f, bool nonblock, void *karg)
{
	return stlink_batch_reg(f, nonblock, karg);
}

static int stlink_core_once(struct stlink_file *f, bool nonblock,
			    struct stlink_core *arg)
{
	int ret;

	ret = stlink_enter(f, nonblock, true);
	if (ret)
		return ret;
	ret = stlink_core_op(f->st, arg);
	stlink_leave(f);
	return ret;
}

/* Who only waits lets others in now and then, and goes on with it */
static int stlink_core_wait(struct stlink_file *f, bool nonblock,
			    struct stlink_core *arg)
{
	ktime_t end = ktime_add_ms(ktime_get(), arg->timeout_ms);
	u32 timeout_ms = arg->timeout_ms, was_reset = 0;
	int ret;

	ret = stlink_core_once(f, nonblock, arg);
	while (ret == -EINTR && !signal_pending(current)) {
		was_reset |= arg->state & STLINK_CORE_WAS_RESET;
		arg->timeout_ms = max(ktime_ms_delta(end, ktime_get()), 1LL);
		ret = stlink_core_once(f, false, arg);
		/* Not as if nothing had been done: what was seen is told */
		if (ret == -ERESTARTSYS)
			ret = -EINTR;
	}
	arg->state |= was_reset;
	arg->timeout_ms = timeout_ms;
	return ret;
}

static int stlink_ioc_core(struct stlink_file *f, bool nonblock, void *karg)
{
	static const u32 flags[] = {
		[STLINK_CORE_STATUS] = 0,
		[STLINK_CORE_HALT] = 0,
		[STLINK_CORE_RUN] = STLINK_CORE_F_MASKINTS,
		[STLINK_CORE_STEP] = STLINK_CORE_F_MASKINTS,
		[STLINK_CORE_RESET] = STLINK_CORE_F_CATCH | STLINK_CORE_F_NRST |
				      STLINK_CORE_F_SYSRESETREQ,
		[STLINK_CORE_WAIT] = 0,
	};
	const u32 both = STLINK_CORE_F_NRST | STLINK_CORE_F_SYSRESETREQ;
	struct stlink_core *arg = karg;

	arg->state = 0;
	arg->dhcsr = 0;
	arg->dfsr = 0;
	arg->status = 0;
	if (arg->op >= ARRAY_SIZE(flags) ||
	    arg->timeout_ms > STLINK_MAX_TIMEOUT_MS)
		return -EINVAL;
	if (arg->flags & ~flags[array_index_nospec(arg->op, ARRAY_SIZE(flags))] ||
	    (arg->flags & both) == both)
		return -EINVAL;
	if (!f->writable && arg->op != STLINK_CORE_STATUS &&
	    arg->op != STLINK_CORE_WAIT)
		return -EPERM;

	return arg->op == STLINK_CORE_WAIT ? stlink_core_wait(f, nonblock, arg) :
					     stlink_core_once(f, nonblock, arg);
}

struct stlink_ioctl {
	int (*handler)(struct stlink_file *f, bool nonblock, void *karg);
	u32 size;	/* of the argument as known here */
	u32 min_size;	/* of its first published version */
};

#define STLINK_IOCTL(cmd, fn, type, last)				\
	[_IOC_NR(cmd)] = { fn, sizeof(struct type),			\
			   offsetofend(struct type, last) }

static const struct stlink_ioctl stlink_ioctls[] = {
	STLINK_IOCTL(STLINK_IOC_INFO, stlink_ioc_info, stlink_info, serial),
	STLINK_IOCTL(STLINK_IOC_CLAIM, stlink_ioc_claim, stlink_claim,
		     reserved),
	STLINK_IOCTL(STLINK_IOC_LAST, stlink_ioc_last, stlink_last, exchanges),
	STLINK_IOCTL(STLINK_IOC_EVENTS, stlink_ioc_events, stlink_events,
		     reserved),
	STLINK_IOCTL(STLINK_IOC_ATTACH, stlink_ioc_attach, stlink_attach,
		     reserved),
	STLINK_IOCTL(STLINK_IOC_DETACH, stlink_ioc_detach, stlink_detach,
		     flags),
	STLINK_IOCTL(STLINK_IOC_CLOCK, stlink_ioc_clock, stlink_clock,
		     steps_khz),
	STLINK_IOCTL(STLINK_IOC_VOLTAGE, stlink_ioc_voltage, stlink_voltage,
		     reserved),
	STLINK_IOCTL(STLINK_IOC_NRST, stlink_ioc_nrst, stlink_nrst, reserved),
	STLINK_IOCTL(STLINK_IOC_DAP, stlink_ioc_dap, stlink_dap_xfer, ops),
	STLINK_IOCTL(STLINK_IOC_MEM, stlink_ioc_mem, stlink_mem_xfer, ops),
	STLINK_IOCTL(STLINK_IOC_REG, stlink_ioc_reg, stlink_reg_xfer, ops),
	STLINK_IOCTL(STLINK_IOC_CORE, stlink_ioc_core, stlink_core, status),
};

union stlink_arg {
	struct stlink_head head;
	struct stlink_info info;
	struct stlink_claim claim;
	struct stlink_last last;
	struct stlink_events events;
	struct stlink_attach attach;
	struct stlink_detach detach;
	struct stlink_clock clock;
	struct stlink_voltage voltage;
	struct stlink_nrst nrst;
	struct stlink_dap_xfer dap;
	struct stlink_mem_xfer mem;
	struct stlink_reg_xfer reg;
	struct stlink_core core;
};

static long stlink_ioctl(struct file *file, unsigned int cmd, unsigned long p)
{
	bool nonblock = file->f_flags & O_NONBLOCK;
	struct stlink_file *f = file->private_data;
	void __user *uptr = (void __user *)p;
	const struct stlink_ioctl *ioctl;
	union stlink_arg arg = {};
	unsigned int nr = _IOC_NR(cmd);
	u32 size;
	int ret;

	if (cmd == STLINK_IOC_RELEASE)
		return stlink_ioc_release(f, nonblock);

	if (nr >= ARRAY_SIZE(stlink_ioctls) || cmd != _IO(STLINK_IOC_TYPE, nr))
		return -ENOTTY;
	ioctl = &stlink_ioctls[array_index_nospec(nr,
						  ARRAY_SIZE(stlink_ioctls))];
	if (!ioctl->handler)
		return -ENOTTY;

	if (get_user(size, (u32 __user *)uptr))
		return -EFAULT;
	if (size < ioctl->min_size)
		return -EINVAL;
	if (size > STLINK_MAX_ARG)
		return -E2BIG;
	ret = copy_struct_from_user(&arg, ioctl->size, uptr, size);
	if (ret)
		return ret;
	/* Another thread may have changed it in between */
	arg.head.size = size;

	ret = ioctl->handler(f, nonblock, &arg);

	/* A call that will be restarted must find its arguments as they were */
	if (ret == -ERESTARTSYS)
		return ret;
	if (copy_to_user(uptr, &arg, min(size, ioctl->size)))
		return -EFAULT;
	return ret;
}

static __poll_t stlink_poll(struct file *file, poll_table *wait)
{
	struct stlink_file *f = file->private_data;
	struct stlink *st = f->st;
	__poll_t events = 0;

	/* lifetime.pml: poll */
	poll_wait(file, &st->wait, wait);
	/* A hint that costs no lock; STLINK_IOC_EVENTS tells for certain */
	if (READ_ONCE(f->pending))
		events |= EPOLLPRI;
	if (READ_ONCE(st->gone))
		events |= EPOLLHUP | EPOLLERR;
	return events;
}

static int stlink_open(struct inode *inode, struct file *file)
{
	struct stlink *st = container_of(inode->i_cdev, struct stlink, cdev);
	struct stlink_file *f;
	int ret;

	f = kzalloc(sizeof(*f), GFP_KERNEL_ACCOUNT);
	if (!f)
		return -ENOMEM;
	f->st = st;
	f->writable = file->f_mode & FMODE_WRITE;
	f->interval_ms = STLINK_DEFAULT_INTERVAL_MS;

	ret = stlink_get_awake(st);
	if (ret) {
		kfree(f);
		return ret;
	}
	/* lifetime.pml: open */
	get_device(&st->dev);
	mutex_init(&f->batch_lock);
	mutex_lock(&st->state_lock);
	list_add(&f->list, &st->files);
	mutex_unlock(&st->state_lock);

	file->private_data = f;
	return stream_open(inode, file);
}

static int stlink_release(struct inode *inode, struct file *file)
{
	struct stlink_file *f = file->private_data;
	struct stlink *st = f->st;

	stlink_goodbye(f);
	stlink_put_awake(st);

	mutex_destroy(&f->batch_lock);
	/* lifetime.pml: release */
	kfree(f);
	put_device(&st->dev);
	return 0;
}

const struct file_operations stlink_fops = {
	.owner = THIS_MODULE,
	.open = stlink_open,
	.release = stlink_release,
	.unlocked_ioctl = stlink_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.poll = stlink_poll,
};
