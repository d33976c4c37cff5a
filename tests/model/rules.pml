/* SPDX-License-Identifier: GPL-2.0-only */
/* The rules that can be broken on purpose, by number: BROKEN=1 in the environment */
#define OPEN_GETS	1	/* open() takes a reference to the device */
#define PARENT		2	/* the device lives as long as its cdev */
#define OWNER		3	/* an open file keeps the module */
#define GONE_WAKES	4	/* disconnect wakes who sleeps */
#define FLAG_FIRST	5	/* gone is set before the wake-up */
#define ATOMIC_SLEEP	6	/* who goes to sleep is on the queue before looking at the flags */
#define POISON		7	/* disconnect takes the exchange under way away */
#define LIST_LOCK	8	/* a descriptor leaves the list under state_lock */
#define OWNER_STAYS	9	/* only who had nothing leaves without io_lock */
#define CLOSE_ENDS	10	/* the last close ends the session */
#define SUSPEND_WAITS	11	/* suspend waits for who has the probe */
#define RESET_LOCKS	12	/* pre_reset keeps everybody out until post_reset */
#define RESET_UNLOCKS	13	/* who resets the probe lets go of io_lock first */
#define TRYLOCK		14	/* who resets the probe gives up when it is being unbound */
#define STOP_WAKES	15	/* a reset wakes who sleeps */
#define CANCEL		16	/* disconnect waits for the monitor's work */
#define KICK		17	/* work is queued under open_lock, where the probe isn't gone */
#define COPY		18	/* user memory is not copied under io_lock */
#define DRAIN		19	/* disconnect waits for readers of attributes with no lock held */
#define OPEN_LOCK	20	/* disconnect waits for who wakes the probe */
#define KILLABLE	21	/* SIGKILL ends the wait for an answer */
#define AWAKE		22	/* the monitor touches only a probe that is kept awake */
#define PUT_AWAKE	23	/* disconnect lets go of what keeps the probe awake */
