/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Everybody who calls the driver: programs, readers of attributes, the monitor's
 * work item, and who takes the probe away.
 */

/* User memory may keep its owner as long as he likes (userfaultfd) */
inline copy()
{
	if
	:: skip
	:: STAY; atomic { bye || KILLED; GO_ON }
	fi
}

inline attach()
{
	target_held = true;
	exchange(false);
	if
	:: !ret ->
		d_step {
			AT(attach, session.c stlink_attach);
			joined = joined | BIT;
			had = had | BIT;
			sessions++
		}
	:: ret && !sessions -> target_release(); ret = ENODEV
	:: else
	fi
}

/* An ioctl that takes a while: a session, if there is none yet, and two steps */
inline batch()
{
	if
	:: broken != COPY -> copy()
	:: else
	fi;
	enter();
	if
	:: broken == COPY && !ret -> copy()
	:: else
	fi;
	if
	:: ret
	:: else ->
		if
		:: !(joined & BIT) -> attach()
		:: else
		fi;
		d_step {
			AT(interrupted, wait.c stlink_interrupted);
			if
			:: !ret && (gone || stopping || KILLED) -> ret = EINTR
			:: else
			fi
		};
		if
		:: !ret ->
			if
			:: true -> exchange(false)
			:: true -> sleep()
			:: atomic { claims && !claim ->
				AT(claim, gate.c stlink_claim);
				claim = me }
			fi
		:: else
		fi;
		d_step { AT(leave, gate.c stlink_leave); UNLOCK(io) }
	fi;
	copy()
}

/* fs/select.c, with our poll(): sleeps until something is to be told */
inline poll()
{
	do
	:: atomic { AT(poll, cdev.c stlink_poll); ON_QUEUE };
		atomic {
			if
			:: gone || (pending & BIT) -> break
			:: else
			fi;
			STAY
		};
		if
		:: atomic { WOKEN -> GO_ON }
		:: atomic { bye || KILLED -> GO_ON }; break
		fi
	od;
	OFF_QUEUE
}

/* monitor.c */
inline events_set()
{
	atomic {
		if
		:: broken == KICK -> ret = 0
		:: else -> LOCK_KILLABLE(open)
		fi;
		if
		:: ret
		:: !ret && gone
		:: else ->
			LOCKED_state;
			watch = watch | BIT
		fi
	};
	if
	:: watch & BIT -> kick()
	:: else
	fi;
	if
	:: open_lock == me -> UNLOCK(open)
	:: else
	fi
}

proctype program(byte me)
{
	byte ret, i, before;
	byte left = calls_each;
	bool keep, unint, last, bystander;

	atomic { BEGIN; cdev_open() };
	if
	:: ret
	:: else ->
		open();
		if
		:: ret
		:: else ->
			do
			:: left && !KILLED && !bye ->
				left--;
				ret = 0;
				if
				:: true -> batch()
				:: true -> poll()
				:: looks -> events_set()
				fi
			:: break
			:: left == 0 ->
				/* Has it open, for ever */
				STAY;
				atomic { bye || KILLED; GO_ON };
				break
			od;
			release()
		fi;
		atomic { cdev_close() }
	fi;
	atomic { ret = 0; left = 0; END }
}

/* sysfs.c, hwmon.c: the voltage is read, or the search for targets switched */
proctype attribute()
{
	byte me = ATTR;
	byte ret, i, before;
	bool keep, unint, last;

	atomic { BEGIN };
	if
	:: atomic { attrs ->
			AT(attribute, probe.c stlink_ask_voltage);
			readers++ };
		get_awake();
		if
		:: ret
		:: else ->
			enter();
			if
			:: ret
			:: else -> exchange(false); UNLOCK(io)
			fi;
			put_awake()
		fi;
		readers--
	:: atomic { looks && attrs -> readers++ };
		get_awake();
		if
		:: ret
		:: else ->
			atomic {
				LOCK(open);
				AT(set_poll, monitor.c stlink_monitor_set_poll);
				if
				:: gone -> ret = ENODEV
				:: else ->
					LOCKED_state;
					target_poll = true;
					kick()
				fi;
				UNLOCK(open)
			};
			if
			:: ret -> put_awake()
			:: else
			fi
		fi;
		readers--
	:: !attrs
	fi;
	atomic { ret = 0; END }
}

/* monitor.c: does as much as LOOKS says, and nothing helps itself by it */
proctype monitor()
{
	byte me = WORK;
	byte ret, i, before;
	byte left = looks;
	bool keep, unint, wish;

end:	do
	:: atomic { work_queued && !frozen && left ->
			left--;
			work_queued = false;
			work_running = true;
			calls++;
			GO_ON };
		atomic {
			AT(look, monitor.c stlink_monitor_work);
			if
			:: TAKE(io) ->
				if
				:: gone -> ret = ENODEV
				:: !gone && stopping -> ret = EBUSY
				/* Asleep, perhaps */
				:: !gone && !stopping && !opens &&
				   broken != AWAKE -> ret = EBUSY
				:: else
				fi;
				if
				:: ret -> UNLOCK(io)
				:: else
				fi
			:: io_lock -> ret = EBUSY
			fi
		};
		if
		:: !ret && DIRTY ->
			recover();
			if
			:: ret -> UNLOCK(io)
			:: else
			fi
		:: else
		fi;
		atomic {
			LOCKED_state;
			wish = (in_list & watch) || target_poll
		};
		if
		:: !ret ->
			if
			:: wish -> exchange(false)
			:: else
			fi;
			UNLOCK(io);
			d_step {
				AT(uevent, monitor.c stlink_send_uevent);
				ret = 0
			}
		:: else
		fi;
		atomic {
			AT(requeue, monitor.c stlink_monitor_work);
			work_queued = work_queued ||
				(wish && ret != ENODEV && !cancelling);
			wish = false;
			ret = 0;
			work_running = false;
			END
		}
	od
}

/* usbcore lets go of the driver, under the device lock */
inline unbind(flush)
{
	unbinding = true;
	pm_get();
	if
	:: atomic { flush && urb != IDLE -> urb = ENDED }
	:: else
	fi;
	disconnect();
	d_step {
		/* What the driver didn't put nobody puts */
		assert(usage_intf == 0);
		usage--;
		bound = false;
		unbinding = false
	}
}

proctype unplug()
{
	byte me = HUB;
	byte ret, i, before;
	bool keep, unint;

	atomic {
		BEGIN;
		attached = false;
		if
		:: urb == ANSWERS || urb == SILENT -> urb = BROKEN
		:: true
		fi
	};
	LOCK(dev);
	if
	:: bound -> unbind(true)
	:: else
	fi;
	atomic { UNLOCK(dev); END }
}

proctype unbinder()
{
	byte me = UNBINDER;
	byte ret, i, before;
	bool keep, unint;

	atomic { BEGIN; LOCK(dev) };
	if
	:: bound -> unbind(!attached)
	:: else
	fi;
	atomic { UNLOCK(dev); END }
}

/* The code may only go when nobody is in there, and nobody will come */
proctype rmmod()
{
	byte me = RMMOD;
	byte ret, i, before;
	bool keep, unint;

	atomic { BEGIN; STAY };
	atomic { !mod_ref -> going = true; GO_ON };
	LOCK(dev);
	if
	:: bound ->
		AT(exit, main.c stlink_exit);
		unbind(!attached)
	:: else
	fi;
	UNLOCK(dev);
	atomic { text = false; END }
}

/* Another program resets the probe, by usbfs */
proctype resetter()
{
	byte me = RESETTER;
	byte ret, i, before;
	bool keep, unint;

	atomic { BEGIN; LOCK(dev) };
	if
	:: bound && attached -> reset_device()
	:: else
	fi;
	atomic { UNLOCK(dev); END }
}

/* Autosuspend when nobody needs the probe, and once the sleep of all */
proctype power()
{
	byte me = POWER;
	byte ret, i, before;
	byte left = sleeps;
	bool keep, unint;

end:	do
	:: atomic { left && bound && !usage && pm == ACTIVE && !frozen ->
			left--;
			pm = MOVING;
			GO_ON;
			calls++ };
		suspend();
		atomic { assert(urb == IDLE); pm = ASLEEP; END }
	:: atomic { left && bound && !calls && !dev_lock && pm == ACTIVE ->
			left--;
			frozen = true;
			dev_lock = me;
			pm = MOVING };
		suspend();
		pm = ASLEEP;
		pm = MOVING;
		wake_up();
		pm = ACTIVE;
		dev_lock = 0;
		frozen = false
	od
}

proctype killer()
{
end:	if
	:: killed = killed | 1
	:: killed = killed | 2
	fi
}
