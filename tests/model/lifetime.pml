/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The lifetime protocol of the driver: who may be in there while the probe, the
 * binding or the module goes. README.md says what is modelled and how it is read.
 *
 * Everything is one verifier: what takes part in a run, and which rule is broken on
 * purpose, is said by its environment.
 */
c_decl {
	\#include <stdlib.h>
	static int option(const char *name)
	{
		const char *value = getenv(name);

		return value ? atoi(value) : 0;
	}
}

byte programs;
byte calls_each;
byte claims;	/* they may also keep others out */
byte looks;	/* of the monitor at the target */
byte sleeps;	/* of the probe */
byte silence;	/* exchanges that the probe may leave without answer */
byte hasty;	/* usb_lock_device_for_reset() may give up */
byte forever;	/* nobody ends only because nothing moves */
byte parts;	/* who else takes part */
byte broken;	/* rule, see rules.pml */

#include "rules.pml"
#include "kernel.pml"
#include "driver.pml"
#include "world.pml"

bool stuck, lost_wakeup, still, removed, halted;

/*
 * Looks when nothing moves. Who is still asleep then must have a reason; then all
 * programs end, and everything must be as if none had been there.
 */
proctype quiet()
{
	timeout;
	/* Whoever is on the queue was not woken since */
	lost_wakeup = (gone || stopping) && queued;
	assert(!lost_wakeup);
	/* Nobody but who copies for ever, polls, or does nothing */
	stuck = busy != 0;
	assert(!stuck);
	if
	:: forever -> goto end
	:: else
	fi;
	bye = true;
	timeout;
	stuck = busy || calls;
	assert(!stuck);
	assert(!f_alive && !in_list && !claim && !mod_ref && !readers);
	assert(!dev_lock && !open_lock && !io_lock && !state_lock);
	assert(!stopping && (gone || !uninterruptible));
	assert(bound -> dev_ref == 2 : !st_alive);
	assert(usage == usage_intf);
	assert(!bound || usage_intf == (opens != 0));
	/* Whoever still has the core halted is known to have it */
	halted = target_held && !d_target && attached;
	assert(!halted);
end:	still = true
}

/* Bits of parts, in this order in the environment */
#define READER	0
#define PLUG	1
#define BINDING	2
#define MODULE	3
#define USBFS	4
#define SIGNALS	5

#define RUN(name, what) \
	if \
	:: parts & (1 << name) -> run what \
	:: else \
	fi

init
{
	atomic {
		c_code {
			now.programs = option("PROGRAMS");
			now.calls_each = option("CALLS");
			now.claims = option("CLAIMS");
			now.looks = option("LOOKS");
			now.sleeps = option("SLEEPS");
			now.silence = option("SILENCE");
			now.hasty = option("HASTY");
			now.forever = option("FOREVER");
			now.broken = option("BROKEN");
			now.parts = option("READER") | option("UNPLUG") << 1 |
				option("UNBIND") << 2 | option("RMMOD") << 3 |
				option("RESET") << 4 | option("KILL") << 5;
		};
		if
		:: broken == PARENT -> dev_ref = 1
		:: else
		fi;
		if
		:: programs > 0 -> run program(1)
		:: else
		fi;
		if
		:: programs > 1 -> run program(2)
		:: else
		fi;
		if
		:: programs > 2 -> run program(3)
		:: else
		fi;
		if
		:: looks -> run monitor()
		:: else
		fi;
		if
		:: sleeps -> run power()
		:: else
		fi;
		RUN(READER, attribute());
		RUN(PLUG, unplug());
		RUN(BINDING, unbinder());
		RUN(MODULE, rmmod());
		RUN(USBFS, resetter());
		RUN(SIGNALS, killer());
		run quiet()
	}
}

/* Whoever is in there when the probe goes comes out again, and so does rmmod */
ltl leaves { [] (gone -> <> (!busy && !queued)) }
ltl disconnects { [] (unbinding -> <> !bound) }
ltl removes { [] (going -> <> !text) }
ltl moves { <> still }
