// SPDX-License-Identifier: GPL-2.0-only
/*
 * Beginning and ending a session with the target.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "ioctl.h"
#include "priv.h"
#include "target.h"
#include "xfer.h"

static const char *const mode_names[] = {
	[STLINK_ATTACH_HOTPLUG] = "hot-plug",
	[STLINK_ATTACH_NORMAL] = "normal",
	[STLINK_ATTACH_UNDER_RESET] = "under reset",
};

/* Modes in the order in which they are tried. */
static size_t candidates(const struct stl_attach_options *opts,
			 unsigned int modes[3])
{
	switch (opts->mode) {
	case STL_MODE_NORMAL:
		modes[0] = STLINK_ATTACH_NORMAL;
		return 1;
	case STL_MODE_UNDER_RESET:
		modes[0] = STLINK_ATTACH_UNDER_RESET;
		return 1;
	case STL_MODE_HOT_PLUG:
		modes[0] = STLINK_ATTACH_HOTPLUG;
		return 1;
	default:
		break;
	}
	if (opts->purpose == STL_LOOK) {
		modes[0] = STLINK_ATTACH_HOTPLUG;
		modes[1] = STLINK_ATTACH_NORMAL;
		return 2;
	}
	modes[0] = STLINK_ATTACH_NORMAL;
	modes[1] = STLINK_ATTACH_UNDER_RESET;
	modes[2] = STLINK_ATTACH_HOTPLUG;
	return 3;
}

/* Could another mode do better after this error? */
static bool worth_another(int ret)
{
	return ret == -ENXIO || ret == -EREMOTEIO || ret == -ETIMEDOUT ||
	       ret == -EBADMSG || ret == -EPROTO;
}

static int attach(struct stl_target *t, unsigned int mode, uint32_t khz,
		  struct stlink_attach *a)
{
	int ret;

	do {
		memset(a, 0, sizeof(*a));
		a->mode = mode;
		a->clock_khz = khz;
		ret = stl_ioc_attach(t->fd, a);
	} while (ret == -EINTR);
	if (ret)
		a->status = stl_note_failure(t->fd, ret, a->status);
	/* The debug port alone is no use: the core sleeps too deeply. */
	if (!ret && !a->cpuid)
		ret = -ENXIO;
	return ret;
}

/* Statuses that come from behind the debug port, or from its power-up */
static bool port_answered(const struct stlink_attach *a)
{
	return a->dpidr || a->status == 0x0b ||
	       (a->status >= 0x10 && a->status <= 0x15);
}

static void read_voltage(struct stl_target *t)
{
	struct stlink_voltage v;
	int ret;

	do {
		memset(&v, 0, sizeof(v));
		ret = stl_ioc_voltage(t->fd, &v);
	} while (ret == -EINTR);
	/* Not known is common: old firmware, clones, pin not connected. */
	t->voltage_mv = ret ? 0 : v.millivolts;
}

static int fail_attach(struct stl_target *t, int ret,
		       const struct stlink_attach *a, const char *tried,
		       const struct stl_attach_options *opts,
		       struct stl_error *err)
{
	struct stlink_info info = { 0 };
	enum stl_code code;

	if (ret == -EBUSY) {
		stl_ioc_info(t->fd, &info);
		return stl_fail_busy(err, t->probe.device, info.claim_pid);
	}
	if (ret == -EINVAL && opts->clock_khz)
		return stl_fail(err, STL_USAGE,
				"%u kHz is below the slowest clock of this probe",
				opts->clock_khz);
	if (ret == -EOPNOTSUPP && opts->clock_khz)
		return stl_fail(err, STL_USAGE,
				"the clock of this probe's firmware is fixed at 1800 kHz");
	code = stl_fail_errno(err, ret, a->status, "attaching (%s)", tried);
	if (code == STL_NO_PERMISSION)
		stl_hint(err, "this needs write permission for %s",
			 t->probe.device);
	/* About the target nothing is known where it is the probe that fails. */
	if (!worth_another(ret) || a->status == STL_SILENT ||
	    (ret == -EPROTO && !a->status))
		return code;
	/* Whatever way it showed: there is nobody to talk to. */
	if (err) {
		err->code = STL_NO_TARGET;
		err->hint[0] = '\0';	/* better ones follow */
	}
	if (t->voltage_mv && t->voltage_mv < STL_NO_SUPPLY_MV)
		stl_hint(err, "target voltage is %u mV: is it powered?",
			 t->voltage_mv);
	if (!t->voltage_mv)
		stl_hint(err,
			 "this probe doesn't tell whether the board has its supply (no VTref, or a clone): measure it");
	if (a->dpidr)
		stl_hint(err,
			 "the debug port answers (DPIDR 0x%08x) but the core does not: Stop mode, reset loop, or a clock too fast (--freq)",
			 a->dpidr);
	else
		stl_hint(err,
			 "look at: power, SWDIO and SWCLK not swapped, ground, nRST not held low, RDP level 2");
	if (opts->mode != STL_MODE_UNDER_RESET &&
	    !(opts->mode == STL_MODE_AUTO && opts->purpose == STL_CHANGE))
		stl_hint(err,
			 "firmware that turns off the SWD pins or sleeps needs --mode under-reset");
	return STL_NO_TARGET;
}

int stl_target_claim(struct stl_target *t, struct stl_error *err)
{
	struct stlink_claim c;
	int ret;

	do {
		memset(&c, 0, sizeof(c));
		ret = stl_ioc_claim(t->fd, &c);
	} while (ret == -EINTR);
	if (ret == -EBUSY)
		return stl_fail_busy(err, t->probe.device, c.holder_pid);
	return ret ? stl_fail_errno(err, ret, 0, "claiming the probe") : STL_OK;
}

void stl_target_release(struct stl_target *t)
{
	stl_ioc_release(t->fd);
}

/* The lock of a session that shares, or what is known of somebody else's */
static bool share_lock(struct stl_target *t, int cmd, short type, int *pid)
{
	struct flock lock = { .l_type = type, .l_whence = SEEK_SET };
	bool done = !fcntl(t->fd, cmd, &lock);

	if (pid)
		*pid = lock.l_pid > 0 ? lock.l_pid : 0;
	return done && (cmd != F_GETLK || lock.l_type != F_UNLCK);
}

/*
 * Who changes something has the probe alone. A session that shares has a record
 * lock on the node instead, which goes with its process, as a claim would keep away
 * those who only look. Who holds a claim asks for that lock, so there is one of
 * both at a time. (The lock of a station, flock(), is another one.)
 */
static int have_alone(struct stl_target *t, bool share, struct stl_error *err)
{
	int ret = stl_target_claim(t, err), pid;

	if (ret)
		return ret;
	if (share_lock(t, F_GETLK, F_WRLCK, &pid))
		ret = stl_fail_busy(err, t->probe.device, pid);
	else if (share)
		share_lock(t, F_SETLK, F_WRLCK, NULL);
	if (ret || share)
		stl_ioc_release(t->fd);
	return ret;
}

/* On the way out, or after a failure: somebody else may want it. */
static void let_go(struct stl_target *t)
{
	if (t->purpose != STL_CHANGE)
		return;
	stl_ioc_release(t->fd);
	share_lock(t, F_SETLK, F_UNLCK, NULL);
}

static void describe(struct stl_target *t, const struct stlink_attach *a,
		     bool first, const char *tried)
{
	if (!first)
		stl_note(t, STL_NOTE_INFO, "attached: %s (tried first: %s)",
			 mode_names[t->mode], tried);
	else
		stl_note(t, STL_NOTE_DETAIL, "attached: %s",
			 mode_names[t->mode]);
	if (a->result & STLINK_ATTACHED_NRST_DEAD)
		stl_note(t, STL_NOTE_INFO,
			 "nRST of the probe does not reset the target: not wired? Reset was requested through SWD; firmware that takes the SWD pins can only be got at with nRST wired");
	if (a->result & STLINK_ATTACHED_JOINED)
		stl_note(t, STL_NOTE_DETAIL,
			 "another program has a session on this probe too");
}

int stl_target_open(struct stl_target *t, int fd,
		    const struct stl_probe *probe,
		    const struct stl_attach_options *opts,
		    struct stl_error *err)
{
	struct stlink_detach detach = { 0 };
	struct stlink_attach a = { 0 };
	unsigned int modes[3];
	char tried[64] = "";
	size_t i, num;
	int ret;

	memset(t, 0, sizeof(*t));
	t->fd = fd;
	t->cb = opts->cb;
	t->purpose = opts->purpose;
	if (probe)
		t->probe = *probe;
	ret = stl_ioc_info(fd, &t->info);
	if (ret)
		return stl_fail_errno(err, ret, 0, "asking the driver");
	if (opts->purpose == STL_CHANGE) {
		ret = have_alone(t, opts->share, err);
		if (ret)
			return ret;
	}
	read_voltage(t);
	num = candidates(opts, modes);
	for (i = 0; i < num; i++) {
		ret = attach(t, modes[i], opts->clock_khz, &a);
		if (!ret) {
			t->mode = modes[i];
			describe(t, &a, !i, tried);
			break;
		}
		t->port_answered |= port_answered(&a);
		/* Without write permission hot-plug is all that there is. */
		if (ret == -EPERM && i)
			ret = -ENXIO;
		snprintf(tried + strlen(tried), sizeof(tried) - strlen(tried),
			 "%s%s", i ? ", " : "", mode_names[modes[i]]);
		if (!worth_another(ret))
			break;
	}
	if (ret) {
		ret = fail_attach(t, ret, &a, tried, opts, err);
		stl_ioc_detach(fd, &detach);
		let_go(t);
		return ret;
	}
	t->result = a.result;
	t->clock_khz = a.clock_khz;
	t->dpidr = a.dpidr;
	t->cpuid = a.cpuid;
	t->found_halted = t->mode != STLINK_ATTACH_UNDER_RESET &&
			  a.result & STLINK_ATTACHED_HALTED;
	return STL_OK;
}

static int detach(struct stl_target *t, uint32_t flags)
{
	struct stlink_detach d;
	int ret;

	do {
		memset(&d, 0, sizeof(d));
		d.flags = flags;
		ret = stl_ioc_detach(t->fd, &d);
	} while (ret == -EINTR);
	return ret;
}

int stl_target_busy(struct stl_target *t, struct stl_error *err)
{
	struct stlink_info info = { 0 };

	if (!err || err->errnum != EBUSY)
		return err ? err->code : STL_OK;
	stl_ioc_info(t->fd, &info);
	return stl_fail_busy(err, t->probe.device, info.claim_pid);
}

int stl_target_close(struct stl_target *t, enum stl_leave leave,
		     struct stl_error *err)
{
	/* A session that only looks is ended by the driver as it began */
	bool looked = t->purpose == STL_LOOK &&
		      t->mode == STLINK_ATTACH_HOTPLUG;
	bool halted = leave == STL_LEAVE_HALTED ||
		      (leave == STL_LEAVE_AS_FOUND && t->found_halted &&
		       !looked);
	int ret, code = STL_OK;

	if (leave != STL_LEAVE_HALTED)
		stl_unfreeze(t);
	ret = detach(t, halted ? STLINK_DETACH_KEEP_HALTED : 0);
	if (ret == -EPERM && halted) {
		if (leave == STL_LEAVE_HALTED)
			code = stl_fail(err, STL_NO_PERMISSION,
					"leaving the core halted needs write permission for %s",
					t->probe.device);
		else
			stl_note(t, STL_NOTE_WARNING,
				 "the core was halted; without write permission it can't be left so");
		ret = detach(t, 0);
	}
	if (ret && !code)
		code = stl_fail_errno(err, ret, 0, "detaching");
	let_go(t);
	return code;
}
