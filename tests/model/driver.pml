/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The driver: what its functions do to its locks, flags, references and the one
 * exchange under way. Fields and functions have the names that they have there.
 */

/* struct stlink */
byte opens;
bool gone;
bool dead;
bool stopping;
bool uninterruptible;
bool d_link;		/* STLINK_DIRTY_LINK, _STALL, _DATA: no exchange but a ping */
bool d_mode;		/* STLINK_DIRTY_MODE */
bool d_target;		/* STLINK_DIRTY_TARGET */
bool was_reset;
byte resets;
byte sessions;
byte claim;
bool target_poll;	/* target_poll_ms */
#define DIRTY		(d_link || d_mode || d_target)

/* struct stlink_file, one a program: masks of them */
byte f_alive;
byte in_list;		/* struct stlink.files */
byte had;		/* @generation is not 0 */
byte joined;		/* stlink_attached() */
byte watch;
byte pending;

/* What becomes of the target: a session has it, or had it */
bool target_held;

/*
 * Time helps only where the driver counts on it: who is told to end by a flag or
 * a signal has to hear of it by a wake-up.
 */
#define TIME_FOR_URB	(uninterruptible || (!gone && !KILLED))
#define TIME_TO_WAKE	(!gone && !stopping && !KILLED)

/* wait.c; uninterruptible it is fsleep() */
inline sleep()
{
	do
	:: uninterruptible -> break
	:: else ->
		AT(sleep, wait.c stlink_sleep);
		if
		:: broken == ATOMIC_SLEEP ->
			if
			:: gone || stopping -> break
			:: else
			fi;
			ON_QUEUE
		:: else ->
			ON_QUEUE;
			if
			:: gone || stopping -> break
			:: else
			fi
		fi;
		if
		:: WOKEN
		:: TIME_TO_WAKE -> break
		:: KILLED -> break
		fi
	od;
	OFF_QUEUE
}

/* xfer.c: ret is 0, ENODEV, EINTR, EIO */
inline exchange(ping)
{
	atomic {
		AT(exchange, xfer.c stlink_exchange);
		assert(io_lock == me);
		if
		:: dead -> ret = ENODEV
		:: !dead && d_link && !ping -> ret = EIO
		:: !dead && (!d_link || ping) && (!attached || poisoned) ->
			ret = ENODEV
		:: !dead && (!d_link || ping) && attached && !poisoned ->
			AT(submit, urb.c stlink_urb_submit);
			assert(pm != ASLEEP && !in_reset && urb == IDLE);
			if
			:: urb = ANSWERS
			:: silence > 0 -> silence--; urb = SILENT
			fi;
			ret = 0
		fi
	};
	if
	:: ret -> skip
	:: atomic { !ret && urb == ANSWERS -> urb = IDLE; d_link = false }
	:: atomic { !ret && urb == ENDED ->
		urb = IDLE;
		d_link = true;
		ret = ENODEV }
	:: atomic { !ret && urb == BROKEN -> urb = IDLE };
		AT(broken, urb.c stlink_usb_errno);
		sleep();
		d_link = true;
		ret = (gone -> ENODEV : EIO)
	:: atomic { !ret && urb == SILENT && TIME_FOR_URB ->
		AT(cancel_urb, urb.c stlink_urb_wait);
		urb = IDLE;
		d_link = true;
		ret = (gone -> ENODEV : EIO) }
	:: atomic { !ret && urb != IDLE && KILLED && !uninterruptible &&
		    broken != KILLABLE ->
		urb = IDLE;
		d_link = true;
		ret = EINTR }
	fi
}

/* session.c: for each descriptor with a session, under state_lock */
inline session_lost()
{
	atomic {
		LOCK(state);
		AT(session_lost, session.c stlink_session_lost)
	};
	if
	:: sessions ->
		i = 0;
		do
		:: i < programs ->
			if
			:: in_list & (1 << i) ->
				/* Is it still what the list says? */
				atomic {
					assert(f_alive & (1 << i));
					if
					:: joined & (1 << i) ->
						AT(tell, monitor.c stlink_tell);
						pending = pending |
							(watch & (1 << i))
					:: else
					fi
				};
				if
				:: pending & (1 << i) -> WAKE_ALL
				:: else
				fi
			:: else
			fi;
			i++
		:: else -> break
		od;
		atomic { i = 0; sessions = 0; joined = 0; d_target = true }
	:: else
	fi;
	UNLOCK(state)
}

/* session.c; ret is lost, as there: nobody can be told */
inline target_release()
{
	atomic {
		AT(target_release, session.c stlink_target_release);
		keep = uninterruptible;
		uninterruptible = true
	};
	exchange(false);
	d_step {
		d_target = ret != 0;
		target_held = target_held && ret != 0;
		uninterruptible = keep;
		keep = false
	}
}

/* recover.c: EAGAIN means that only a reset helps */
inline recover()
{
	AT(recover, recover.c stlink_recover);
	exchange(true);
	d_step {
		if
		:: !ret ->
			/* One that is held without a session is let go */
			target_held = target_held && !d_target;
			d_mode = false;
			d_target = false
		:: ret == EIO -> ret = EAGAIN
		:: else
		fi
	}
}

/* main.c: ends what is going on, io_lock is held then */
inline stop()
{
	atomic { AT(stop, main.c stlink_stop); stopping = true };
	if
	:: broken != STOP_WAKES -> WAKE_ALL
	:: else
	fi;
	atomic { LOCK(io); stopping = false }
}

inline forget()
{
	session_lost();
	d_step {
		AT(forget, main.c stlink_forget);
		resets++;
		d_mode = true;
		d_link = true
	}
}

/* usb_reset_device(), under the device lock */
inline reset_device()
{
	pm_get();
	if
	:: broken != RESET_LOCKS -> stop()
	:: else
	fi;
	atomic { AT(pre_reset, main.c stlink_pre_reset); in_reset = true };
	atomic {
		/* An exchange that a reset cuts is answered by nobody */
		assert(urb == IDLE);
		in_reset = false
	};
	if
	:: broken == RESET_LOCKS -> LOCK(io)
	:: else
	fi;
	forget();
	d_step {
		AT(post_reset, main.c stlink_post_reset);
		UNLOCK(io);
		usage--
	}
}

/*
 * recover.c: with no lock of ours; a reset that was tried isn't tried again but where
 * a program goes
 */
inline recover_by_reset()
{
	atomic {
		if
		:: TAKE(dev) -> ret = 0
		:: dev_lock && (unbinding || !attached) && broken != TRYLOCK ->
			ret = ENODEV
		:: dev_lock && hasty -> ret = EIO
		:: TWICE(dev)
		fi;
		AT(reset, recover.c stlink_recover_by_reset);
		if
		:: !ret && (gone || !attached) -> ret = ENODEV; UNLOCK(dev)
		:: !ret && !gone && attached && was_reset && !unint ->
			ret = EIO;
			UNLOCK(dev)
		:: !ret && !gone && attached && (!was_reset || unint) ->
			was_reset = true
		:: else
		fi
	};
	if
	:: ret
	:: else ->
		reset_device();
		UNLOCK(dev)
	fi
}

/* gate.c: io_lock is held before, and after unless a signal came */
inline recover_fully()
{
	recover();
	if
	:: ret == EAGAIN ->
		atomic {
			AT(recover_fully, gate.c stlink_recover_fully);
			unint = uninterruptible;
			before = resets;
			uninterruptible = false;
			if
			:: broken != RESET_UNLOCKS -> UNLOCK(io)
			:: else
			fi
		};
		recover_by_reset();
		atomic {
			if
			:: broken == RESET_UNLOCKS
			:: broken != RESET_UNLOCKS && unint -> LOCK(io)
			:: broken != RESET_UNLOCKS && !unint ->
				if
				:: TAKE(io)
				:: atomic { io_lock != 0 && KILLED -> ret = EINTR }
				:: TWICE(io)
				fi
			fi;
			if
			:: io_lock == me ->
				uninterruptible = unint;
				/* One that somebody else did is as good */
				ret = (gone -> ENODEV :
				       (resets == before -> ret : 0))
			:: else
			fi;
			unint = false;
			before = 0
		};
		if
		:: ret
		:: else -> recover()
		fi
	:: else
	fi
}

inline get_awake()
{
	atomic {
		LOCK_KILLABLE(open);
		AT(get_awake, gate.c stlink_get_awake);
		if
		:: !ret && gone -> ret = ENODEV; UNLOCK(open)
		:: else
		fi
	};
	if
	:: ret
	:: else ->
		atomic {
			if
			:: !opens -> autopm_get()
			:: else
			fi;
			opens++;
			UNLOCK(open)
		}
	fi
}

inline put_awake()
{
	atomic {
		LOCK(open);
		AT(put_awake, gate.c stlink_put_awake);
		opens--;
		last = !opens && !dead
	};
	atomic {
		if
		:: last -> autopm_put()
		:: else
		fi;
		last = false;
		UNLOCK(open)
	}
}

/* gate.c: with ret 0 io_lock is held */
inline enter()
{
	if
	:: atomic { claim && claim != me -> ret = EBUSY }
	:: else
	fi;
	if
	:: ret
	:: else ->
		atomic {
			LOCK_KILLABLE(io);
			AT(enter, gate.c stlink_enter_gate);
			if
			:: !ret && gone -> ret = ENODEV; UNLOCK(io)
			:: else
			fi
		};
		if
		:: !ret && DIRTY -> recover_fully()
		:: else
		fi;
		d_step {
			if
			:: !ret && claim && claim != me -> ret = EBUSY
			:: else
			fi;
			if
			:: ret && io_lock == me -> UNLOCK(io)
			:: else
			fi
		}
	fi
}

inline kick()
{
	d_step { AT(kick, monitor.c stlink_monitor_kick); work_queued = true }
}

/* core of open(), with a reference to the cdev */
inline open()
{
	get_awake();
	if
	:: ret
	:: else ->
		atomic {
			AT(open, cdev.c stlink_open);
			dev_ref = (broken == OPEN_GETS -> dev_ref : dev_ref + 1);
			f_alive = f_alive | BIT
		};
		atomic { LOCKED_state -> in_list = in_list | BIT }
	fi
}

/* gate.c, session.c: close(), also of a process that was killed */
inline goodbye()
{
	atomic {
		LOCKED_state || broken == LIST_LOCK;
		AT(goodbye, gate.c stlink_goodbye);
		bystander = (!(had & BIT) && claim != me && !d_target) ||
			    broken == OWNER_STAYS;
		if
		:: bystander -> in_list = in_list & ~BIT
		:: else
		fi
	};
	if
	:: bystander
	:: else ->
		atomic { LOCK(io); uninterruptible = true };
		if
		:: !gone && DIRTY && ((joined & BIT) || d_target) &&
		   sessions == ((joined & BIT) -> 1 : 0) ->
			recover_fully()
		:: else
		fi;
		if
		:: !gone && (joined & BIT) && broken != CLOSE_ENDS -> detach()
		:: else
		fi;
		atomic {
			uninterruptible = false;
			claim = (claim == me -> 0 : claim)
		};
		atomic {
			LOCKED_state;
			AT(leave_list, gate.c stlink_goodbye);
			in_list = in_list & ~BIT;
			UNLOCK(io)
		}
	fi
}

inline detach()
{
	atomic {
		AT(detach, session.c stlink_detach);
		joined = joined & ~BIT;
		had = had & ~BIT;
		sessions--
	};
	if
	:: !sessions -> target_release()
	:: else
	fi
}

inline release()
{
	goodbye();
	put_awake();
	atomic {
		AT(release, cdev.c stlink_release);
		/* Nothing leads to it any more */
		assert(!(in_list & BIT) && claim != me);
		f_alive = f_alive & ~BIT;
		had = had & ~BIT;
		watch = watch & ~BIT;
		pending = pending & ~BIT
	};
	put_device()
}

/* main.c: under the device lock */
inline disconnect()
{
	if
	:: broken == FLAG_FIRST -> WAKE_ALL
	:: else
	fi;
	atomic { AT(gone, main.c stlink_disconnect); gone = true };
	if
	:: broken != FLAG_FIRST && broken != GONE_WAKES ->
		atomic { AT(wake, main.c stlink_disconnect); WAKE_ALL }
	:: else
	fi;
	atomic {
		AT(poison, main.c stlink_disconnect);
		if
		:: broken != POISON ->
			poisoned = true;
			urb = (urb != IDLE -> ENDED : IDLE)
		:: else
		fi
	};
	if
	:: broken != OPEN_LOCK -> LOCK(open)
	:: else
	fi;
	LOCK(io);
	if
	:: attached && (sessions || DIRTY) ->
		atomic {
			AT(let_run, main.c stlink_let_go);
			poisoned = false;
			uninterruptible = true
		};
		session_lost();
		recover();
		if
		:: ret && attached ->
			atomic { AT(last_reset, main.c stlink_let_go) };
			forget();
			recover()
		:: else
		fi
	:: else
	fi;
	atomic {
		AT(dead, main.c stlink_disconnect);
		dead = true;
		if
		:: opens && broken != PUT_AWAKE -> autopm_put()
		:: else
		fi;
		io_lock = (broken == DRAIN -> io_lock : 0);
		open_lock = (open_lock == me && broken != DRAIN -> 0 : open_lock)
	};
	atomic {
		AT(cancel_work, monitor.c stlink_monitor_stop);
		if
		:: broken != CANCEL -> cancelling = true; work_queued = false
		:: else
		fi
	};
	atomic { !work_running || broken == CANCEL -> cancelling = false };
	/* hwmon_device_unregister() and device_del() wait for who is in there */
	atomic { AT(unregister, main.c stlink_disconnect); attrs = false };
	!readers;
	if
	:: broken == DRAIN -> atomic { UNLOCK(io); UNLOCK(open) }
	:: else
	fi;
	atomic { node = false; cdev_put() };
	atomic { AT(put, main.c stlink_disconnect); put_device() }
}

inline suspend()
{
	AT(suspend, main.c stlink_suspend);
	if
	:: broken == SUSPEND_WAITS
	:: else ->
		stop();
		if
		:: sessions || DIRTY ->
			uninterruptible = true;
			session_lost();
			recover();
			uninterruptible = false
		:: else
		fi;
		UNLOCK(io)
	fi
}

/* The probe kept its supply, or was reset instead */
inline wake_up()
{
	if
	:: AT(resume, main.c stlink_resume)
	:: AT(reset_resume, main.c stlink_reset_resume);
		LOCK(io);
		forget();
		UNLOCK(io)
	fi
}
