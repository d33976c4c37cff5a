// SPDX-License-Identifier: GPL-2.0-only
/*
 * The job as a whole, and what to do where nothing answers.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "diagnose.h"
#include "ioctl.h"
#include "priv.h"
#include "rules.h"

/* Unlike an unknown voltage, one of 0 V says something. */
static void read_voltage(struct stl_facts *f, int fd)
{
	struct stlink_voltage v;
	int ret;

	do {
		memset(&v, 0, sizeof(v));
		ret = stl_ioc_voltage(fd, &v);
	} while (ret == -EINTR);
	f->voltage_known = !ret && v.adc_ref;
	f->voltage_mv = v.millivolts;
}

/* Nobody home. With power, under reset is the last thing that may help. */
static int last_resort(struct stl_facts *f, struct stl_target *t, int fd,
		       const struct stl_probe *probe,
		       const struct stl_attach_options *opts,
		       struct stl_error *err)
{
	struct stl_attach_options under = *opts;
	struct stl_error second = { 0 };
	int ret;

	f->port_answered = t->port_answered;
	if (opts->mode != STL_MODE_AUTO || opts->purpose != STL_LOOK ||
	    !f->writable)
		return err->code;
	under.mode = STL_MODE_UNDER_RESET;
	ret = stl_target_open(t, fd, probe, &under, &second);
	f->reset_tried = true;
	if (ret)
		return err->code;
	stl_note(t, STL_NOTE_INFO,
		 "the board could not be looked at while it ran; it was reset to get hold of it");
	return STL_OK;
}

static int look(struct stl_diagnosis *d, struct stl_target *t, bool restart,
		struct stl_error *err)
{
	int ret;

	ret = stl_target_identify(t, err);
	if (!ret)
		ret = stl_facts_gather(&d->facts, t, err);
	if (!ret && restart)
		ret = stl_facts_catch(&d->facts, t, err);
	return ret;
}

int stl_diagnose(struct stl_diagnosis *d, struct stl_target *t, int fd,
		 const struct stl_probe *probe,
		 const struct stl_attach_options *opts, bool restart,
		 struct stl_error *err)
{
	struct stl_error closing = { 0 };
	int ret, closed;

	memset(d, 0, sizeof(*d));
	d->facts.writable = (fcntl(fd, F_GETFL) & O_ACCMODE) == O_RDWR;
	read_voltage(&d->facts, fd);
	ret = stl_target_open(t, fd, probe, opts, err);
	if (ret == STL_NO_TARGET)
		ret = last_resort(&d->facts, t, fd, probe, opts, err);
	if (ret) {
		if (ret == STL_NO_TARGET)
			stl_judge(&d->facts, &d->findings);
		return ret;
	}
	ret = look(d, t, restart, err);
	if (ret)
		stl_target_busy(t, err);
	else
		stl_judge(&d->facts, &d->findings);
	closed = stl_target_close(t, restart ? STL_LEAVE_RUNNING :
				     STL_LEAVE_AS_FOUND, &closing);
	if (ret || !closed)
		return ret ? (int)err->code : STL_OK;
	*err = closing;
	return closed;
}
