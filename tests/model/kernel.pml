/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the driver relies on in the kernel: mutexes, a wait queue, references, the
 * device lock, runtime PM, attributes that are drained, a work item that is
 * cancelled. As fs/char_dev.c, drivers/base and drivers/usb/core do it in 6.1.
 */

/* Who runs: index of a bit in masks, and owner of a lock */
#define ATTR	4	/* programs are 1 to 3 */
#define WORK	5
#define HUB	6
#define UNBINDER 7
#define RESETTER 8
#define POWER	9
#define RMMOD	10
#define BIT	(1 << (me - 1))

/* Results; one is as good as another where the driver doesn't tell them apart */
#define ENODEV	1
#define EINTR	2
#define EBUSY	3
#define EAGAIN	4
#define EIO	5
#define ENOTCONN 6

/* Mutexes: their owner, or 0 */
byte dev_lock;		/* device_lock() of the USB device */
byte open_lock;
byte io_lock;
byte state_lock;

bool twice;		/* a lock was taken by its owner */

/* Locks that a process must not have when it takes this one */
#define BELOW_dev	(open_lock == me || io_lock == me || state_lock == me)
#define BELOW_open	(io_lock == me || state_lock == me)
#define BELOW_io	(state_lock == me)
#define BELOW_state	false

#define TAKE(l)		atomic { l##_lock == 0 -> assert(!BELOW_##l); l##_lock = me }
#define TWICE(l)	atomic { l##_lock == me -> twice = true; assert(!twice) }
#define LOCK(l)		if :: TAKE(l) :: TWICE(l) fi
/* A signal ends the wait; ret says which it was */
#define LOCK_KILLABLE(l) \
	if \
	:: atomic { l##_lock == 0 -> assert(!BELOW_##l); l##_lock = me; ret = 0 } \
	:: atomic { l##_lock != 0 && KILLED -> ret = EINTR } \
	:: TWICE(l) \
	fi
#define UNLOCK(l)	assert(l##_lock == me); l##_lock = 0
/* A short section that waits for nothing */
#define LOCKED_state	state_lock == 0

/* Signals, as masks of programs */
short killed;
#define KILLED		((killed & BIT) != 0)

/* struct stlink.wait: who is on it, and who was woken since */
byte queued;
byte woken;
#define WAKE_ALL	woken = queued
#define ON_QUEUE	d_step { queued = queued | BIT; woken = woken & ~BIT }
#define OFF_QUEUE	atomic { queued = queued & ~BIT; woken = woken & ~BIT }
#define WOKEN		((woken & BIT) != 0)

/* The world: who is in the middle of something that has to come to an end */
short busy;
byte calls;		/* user processes and workers that aren't frozen */
bool frozen;		/* for a system sleep */
bool bye;		/* nothing moves any more: all programs shall end */
#define BEGIN		!frozen -> calls++; busy = busy | BIT
#define END		calls--; busy = busy & ~BIT
#define STAY		busy = busy & ~BIT
#define GO_ON		busy = busy | BIT

/* The module: who keeps it, whether it is being removed, its code */
byte mod_ref;
bool going;
bool text = true;

/* struct stlink: its device and the cdev within, the node */
byte dev_ref = 2;	/* the binding, and the cdev whose parent it is */
byte cdev_ref = 1;	/* the node */
bool st_alive = true;
bool node = true;

/* Attributes: readers in there, and whether one can get in */
byte readers;
bool attrs = true;

/* The work item */
bool work_queued;
bool work_running;
bool cancelling;

/* usbcore */
bool attached = true;	/* false: USB_STATE_NOTATTACHED */
bool bound = true;
bool unbinding;
bool in_reset;

/* Runtime PM: references that keep it awake, those through our interface */
#define ACTIVE	0
#define MOVING	1
#define ASLEEP	2
byte pm = ACTIVE;
byte usage;
byte usage_intf;

/* The one URB: the probe will answer it, or never, or it was taken back */
#define IDLE	0
#define ANSWERS	1
#define SILENT	2
#define ENDED	3	/* -ENOENT, -ESHUTDOWN */
#define BROKEN	4	/* -EPROTO, as a device that vanishes has it */
byte urb = IDLE;
bool poisoned;

/*
 * A transition of the driver: its name stands in a comment of the driver's code,
 * in the function named here. Nothing of it may happen without device and module.
 */
#define SEEN(name)	c_code { static int seen; if (!seen++) fprintf(stderr, "reached %s\n", #name); }
#define AT(name, where)	assert(st_alive && text); SEEN(name)

/* include/linux/device.h */
inline put_device()
{
	atomic {
		assert(st_alive && dev_ref > 0);
		dev_ref--;
		if
		:: dev_ref == 0 ->
			AT(free, main.c stlink_dev_release);
			/* Nobody has anything in there */
			assert(!open_lock && !io_lock && !state_lock);
			assert(!queued && urb == IDLE);
			assert(!work_queued && !work_running);
			st_alive = false
		:: else
		fi
	}
}

/* fs/char_dev.c: the cdev is memory of struct stlink */
inline cdev_put()
{
	atomic {
		assert(st_alive && cdev_ref > 0);
		cdev_ref--;
		if
		:: cdev_ref == 0 && broken != PARENT -> put_device()
		:: else
		fi
	}
}

/* ... and chrdev_open() before the driver hears of it */
inline cdev_open()
{
	if
	:: node && !going ->
		assert(st_alive);
		mod_ref = (broken == OWNER -> 0 : mod_ref + 1);
		cdev_ref++
	:: else -> ret = ENODEV
	fi
}

inline cdev_close()
{
	cdev_put();
	mod_ref = (broken == OWNER -> 0 : mod_ref - 1);
	ret = 0
}

/* drivers/base/power: waits for who is at it, wakes what is asleep */
inline pm_get()
{
	atomic {
		usage++;
		if
		:: pm == ACTIVE
		:: pm == ASLEEP ->
			pm = MOVING;
			if
			:: bound -> wake_up()
			:: else
			fi;
			pm = ACTIVE
		fi
	}
}

/* usb_autopm_get_interface() and its opposite: for the bound driver only */
inline autopm_get()
{
	assert(bound);
	usage_intf++;
	pm_get()
}

inline autopm_put()
{
	assert(bound);
	usage_intf--;
	usage--
}
