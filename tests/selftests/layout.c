// SPDX-License-Identifier: GPL-2.0-only
/*
 * The layout of the ABI, for ever. Compiled for 64 and, where the compiler
 * can, for 32 bits: both must agree.
 */
#include <linux/stlink.h>
#include <stddef.h>

#define SIZE(type, bytes) \
	_Static_assert(sizeof(struct type) == (bytes), #type)
#define AT(type, member, offset) \
	_Static_assert(offsetof(struct type, member) == (offset), \
		       #type "." #member)

SIZE(stlink_info, 112);
AT(stlink_info, size, 0);
AT(stlink_info, flags, 4);
AT(stlink_info, vid, 8);
AT(stlink_info, pid, 10);
AT(stlink_info, version_hw, 12);
AT(stlink_info, version_jtag, 13);
AT(stlink_info, version_swim, 14);
AT(stlink_info, version_msd, 15);
AT(stlink_info, features, 16);
AT(stlink_info, state, 24);
AT(stlink_info, claim_pid, 28);
AT(stlink_info, clock_khz, 32);
AT(stlink_info, generation, 36);
AT(stlink_info, max_ops, 40);
AT(stlink_info, max_bytes, 44);
AT(stlink_info, serial, 48);

SIZE(stlink_claim, 16);
AT(stlink_claim, holder_pid, 8);
AT(stlink_claim, reserved, 12);

SIZE(stlink_last, 40);
AT(stlink_last, size, 0);
AT(stlink_last, flags, 4);
AT(stlink_last, group, 8);
AT(stlink_last, op, 9);
AT(stlink_last, status, 10);
AT(stlink_last, error, 12);
AT(stlink_last, fault_addr, 16);
AT(stlink_last, result, 20);
AT(stlink_last, resets, 24);
AT(stlink_last, reserved, 28);
AT(stlink_last, exchanges, 32);

SIZE(stlink_events, 32);
AT(stlink_events, size, 0);
AT(stlink_events, flags, 4);
AT(stlink_events, mask, 8);
AT(stlink_events, interval_ms, 12);
AT(stlink_events, pending, 16);
AT(stlink_events, state, 20);
AT(stlink_events, reserved, 24);

SIZE(stlink_attach, 40);
AT(stlink_attach, mode, 8);
AT(stlink_attach, clock_khz, 12);
AT(stlink_attach, dpidr, 16);
AT(stlink_attach, cpuid, 20);
AT(stlink_attach, result, 24);
AT(stlink_attach, status, 28);
AT(stlink_attach, generation, 32);
AT(stlink_attach, reserved, 36);

SIZE(stlink_detach, 8);

SIZE(stlink_clock, 80);
AT(stlink_clock, khz, 8);
AT(stlink_clock, num_steps, 12);
AT(stlink_clock, steps_khz, 16);

SIZE(stlink_voltage, 24);
AT(stlink_voltage, millivolts, 8);
AT(stlink_voltage, adc_ref, 12);
AT(stlink_voltage, adc_target, 16);
AT(stlink_voltage, reserved, 20);

SIZE(stlink_nrst, 24);
AT(stlink_nrst, action, 8);
AT(stlink_nrst, duration_us, 12);
AT(stlink_nrst, status, 16);
AT(stlink_nrst, reserved, 20);

SIZE(stlink_dap_op, 24);
AT(stlink_dap_op, op, 0);
AT(stlink_dap_op, port, 2);
AT(stlink_dap_op, reg, 4);
AT(stlink_dap_op, status, 6);
AT(stlink_dap_op, value, 8);
AT(stlink_dap_op, mask, 12);
AT(stlink_dap_op, timeout_ms, 16);
AT(stlink_dap_op, reserved1, 20);

SIZE(stlink_dap_xfer, 24);
AT(stlink_dap_xfer, num_ops, 8);
AT(stlink_dap_xfer, num_done, 12);
AT(stlink_dap_xfer, ops, 16);

SIZE(stlink_mem_op, 48);
AT(stlink_mem_op, op, 0);
AT(stlink_mem_op, width, 1);
AT(stlink_mem_op, flags, 2);
AT(stlink_mem_op, addr, 4);
AT(stlink_mem_op, length, 8);
AT(stlink_mem_op, done, 12);
AT(stlink_mem_op, buf, 16);
AT(stlink_mem_op, value, 24);
AT(stlink_mem_op, mask, 28);
AT(stlink_mem_op, timeout_ms, 32);
AT(stlink_mem_op, status, 36);
AT(stlink_mem_op, fault_addr, 40);
AT(stlink_mem_op, result, 44);

SIZE(stlink_mem_xfer, 24);
AT(stlink_mem_xfer, ops, 16);

SIZE(stlink_reg_op, 16);
AT(stlink_reg_op, op, 0);
AT(stlink_reg_op, reg, 2);
AT(stlink_reg_op, value, 4);
AT(stlink_reg_op, status, 8);

SIZE(stlink_reg_xfer, 24);
AT(stlink_reg_xfer, ops, 16);

SIZE(stlink_core, 32);
AT(stlink_core, op, 8);
AT(stlink_core, timeout_ms, 12);
AT(stlink_core, state, 16);
AT(stlink_core, dhcsr, 20);
AT(stlink_core, dfsr, 24);
AT(stlink_core, status, 28);

/* The numbers: type bb, no size, no direction. */
#define NUMBER(name, nr) \
	_Static_assert(STLINK_IOC_##name == (0xbb00 | (nr)), #name)

NUMBER(INFO, 0x00);
NUMBER(CLAIM, 0x01);
NUMBER(RELEASE, 0x02);
NUMBER(LAST, 0x03);
NUMBER(EVENTS, 0x04);
NUMBER(ATTACH, 0x08);
NUMBER(DETACH, 0x09);
NUMBER(CLOCK, 0x0a);
NUMBER(VOLTAGE, 0x0b);
NUMBER(NRST, 0x0c);
NUMBER(DAP, 0x10);
NUMBER(MEM, 0x11);
NUMBER(REG, 0x12);
NUMBER(CORE, 0x13);
