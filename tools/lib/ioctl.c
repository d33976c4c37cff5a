// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ioctls of /dev/stlinkN, one function each.
 */
#include <errno.h>
#include <stddef.h>
#include <sys/ioctl.h>

#include "ioctl.h"

static int call(int fd, unsigned long request, void *arg)
{
	return ioctl(fd, request, arg) < 0 ? -errno : 0;
}

int stl_ioc_info(int fd, struct stlink_info *info)
{
	info->size = sizeof(*info);
	return call(fd, STLINK_IOC_INFO, info);
}

int stl_ioc_claim(int fd, struct stlink_claim *claim)
{
	claim->size = sizeof(*claim);
	return call(fd, STLINK_IOC_CLAIM, claim);
}

int stl_ioc_release(int fd)
{
	return call(fd, STLINK_IOC_RELEASE, NULL);
}

int stl_ioc_last(int fd, struct stlink_last *last)
{
	last->size = sizeof(*last);
	return call(fd, STLINK_IOC_LAST, last);
}

int stl_ioc_events(int fd, struct stlink_events *events)
{
	events->size = sizeof(*events);
	return call(fd, STLINK_IOC_EVENTS, events);
}

int stl_ioc_attach(int fd, struct stlink_attach *attach)
{
	attach->size = sizeof(*attach);
	return call(fd, STLINK_IOC_ATTACH, attach);
}

int stl_ioc_detach(int fd, struct stlink_detach *detach)
{
	detach->size = sizeof(*detach);
	return call(fd, STLINK_IOC_DETACH, detach);
}

int stl_ioc_clock(int fd, struct stlink_clock *clock)
{
	clock->size = sizeof(*clock);
	return call(fd, STLINK_IOC_CLOCK, clock);
}

int stl_ioc_voltage(int fd, struct stlink_voltage *voltage)
{
	voltage->size = sizeof(*voltage);
	return call(fd, STLINK_IOC_VOLTAGE, voltage);
}

int stl_ioc_nrst(int fd, struct stlink_nrst *nrst)
{
	nrst->size = sizeof(*nrst);
	return call(fd, STLINK_IOC_NRST, nrst);
}

int stl_ioc_dap(int fd, struct stlink_dap_xfer *xfer)
{
	xfer->size = sizeof(*xfer);
	return call(fd, STLINK_IOC_DAP, xfer);
}

int stl_ioc_mem(int fd, struct stlink_mem_xfer *xfer)
{
	xfer->size = sizeof(*xfer);
	return call(fd, STLINK_IOC_MEM, xfer);
}

int stl_ioc_reg(int fd, struct stlink_reg_xfer *xfer)
{
	xfer->size = sizeof(*xfer);
	return call(fd, STLINK_IOC_REG, xfer);
}

int stl_ioc_core(int fd, struct stlink_core *core)
{
	core->size = sizeof(*core);
	return call(fd, STLINK_IOC_CORE, core);
}
