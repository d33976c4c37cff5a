/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One thin wrapper per ioctl of /dev/stlinkN: no output, no policy.
 *
 * Each fills the member size of its argument, returns 0 or a negative errno,
 * and leaves all else to the caller; EINTR is handed on. Shared with the
 * kernel's self-tests.
 */
#ifndef STL_IOCTL_H
#define STL_IOCTL_H

#include <linux/stlink.h>

/** stl_ioc_info() - STLINK_IOC_INFO */
int stl_ioc_info(int fd, struct stlink_info *info);
/** stl_ioc_claim() - STLINK_IOC_CLAIM */
int stl_ioc_claim(int fd, struct stlink_claim *claim);
/** stl_ioc_release() - STLINK_IOC_RELEASE */
int stl_ioc_release(int fd);
/** stl_ioc_last() - STLINK_IOC_LAST */
int stl_ioc_last(int fd, struct stlink_last *last);
/** stl_ioc_events() - STLINK_IOC_EVENTS */
int stl_ioc_events(int fd, struct stlink_events *events);
/** stl_ioc_attach() - STLINK_IOC_ATTACH */
int stl_ioc_attach(int fd, struct stlink_attach *attach);
/** stl_ioc_detach() - STLINK_IOC_DETACH */
int stl_ioc_detach(int fd, struct stlink_detach *detach);
/** stl_ioc_clock() - STLINK_IOC_CLOCK */
int stl_ioc_clock(int fd, struct stlink_clock *clock);
/** stl_ioc_voltage() - STLINK_IOC_VOLTAGE */
int stl_ioc_voltage(int fd, struct stlink_voltage *voltage);
/** stl_ioc_nrst() - STLINK_IOC_NRST */
int stl_ioc_nrst(int fd, struct stlink_nrst *nrst);
/** stl_ioc_dap() - STLINK_IOC_DAP */
int stl_ioc_dap(int fd, struct stlink_dap_xfer *xfer);
/** stl_ioc_mem() - STLINK_IOC_MEM */
int stl_ioc_mem(int fd, struct stlink_mem_xfer *xfer);
/** stl_ioc_reg() - STLINK_IOC_REG */
int stl_ioc_reg(int fd, struct stlink_reg_xfer *xfer);
/** stl_ioc_core() - STLINK_IOC_CORE */
int stl_ioc_core(int fd, struct stlink_core *core);

#endif
