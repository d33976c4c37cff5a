/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tracepoints: each exchange with the probe, and each operation that programs
 * ask for. Who asked is in the common field of every record (common_pid).
 * Durations are in microseconds; "ret" is zero or a negative errno.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM stlink

#if !defined(STLINK_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define STLINK_TRACE_H

#include <linux/tracepoint.h>

#include "stlink.h"

TRACE_EVENT(stlink_exchange,
	TP_PROTO(const struct stlink *st, bool in, u32 len, u32 actual,
		 u32 duration_us, int ret),
	TP_ARGS(st, in, len, actual, duration_us, ret),
	TP_STRUCT__entry(
		__field(int, id)
		__array(u8, cmd, 10)
		__field(bool, in)
		__field(u32, len)
		__field(u32, actual)
		__field(u32, duration_us)
		__field(u8, status)
		__field(int, ret)
	),
	TP_fast_assign(
		__entry->id = st->id;
		memcpy(__entry->cmd, st->cmd->b, sizeof(__entry->cmd));
		__entry->in = in;
		__entry->len = len;
		__entry->actual = actual;
		__entry->duration_us = duration_us;
		__entry->status = st->status;
		__entry->ret = ret;
	),
	TP_printk("stlink%d cmd %s %s %u of %u bytes, %u us, status %02x, ret %d",
		  __entry->id, __print_hex(__entry->cmd, 10),
		  __entry->in ? "in" : "out", __entry->actual, __entry->len,
		  __entry->duration_us, __entry->status, __entry->ret)
);

TRACE_EVENT(stlink_mem,
	TP_PROTO(const struct stlink *st, const struct stlink_mem_op *op,
		 u32 duration_us, int ret),
	TP_ARGS(st, op, duration_us, ret),
	TP_STRUCT__entry(
		__field(int, id)
		__field(u8, op)
		__field(u8, width)
		__field(u16, flags)
		__field(u32, addr)
		__field(u32, length)
		__field(u32, done)
		__field(u32, duration_us)
		__field(u8, status)
		__field(int, ret)
	),
	TP_fast_assign(
		__entry->id = st->id;
		__entry->op = op->op;
		__entry->width = op->width;
		__entry->flags = op->flags;
		__entry->addr = op->addr;
		__entry->length = op->length;
		__entry->done = op->done;
		__entry->duration_us = duration_us;
		__entry->status = op->status;
		__entry->ret = ret;
	),
	TP_printk("stlink%d %s %08x width %u flags %x, %u of %u bytes, %u us, status %02x, ret %d",
		  __entry->id,
		  __print_symbolic(__entry->op,
				   { STLINK_OP_READ, "read" },
				   { STLINK_OP_WRITE, "write" },
				   { STLINK_OP_POLL, "poll" }),
		  __entry->addr, __entry->width, __entry->flags, __entry->done,
		  __entry->length, __entry->duration_us, __entry->status,
		  __entry->ret)
);

TRACE_EVENT(stlink_dap,
	TP_PROTO(const struct stlink *st, const struct stlink_dap_op *op,
		 u32 duration_us, int ret),
	TP_ARGS(st, op, duration_us, ret),
	TP_STRUCT__entry(
		__field(int, id)
		__field(u8, op)
		__field(u16, port)
		__field(u16, reg)
		__field(u32, value)
		__field(u32, duration_us)
		__field(u8, status)
		__field(int, ret)
	),
	TP_fast_assign(
		__entry->id = st->id;
		__entry->op = op->op;
		__entry->port = op->port;
		__entry->reg = op->reg;
		__entry->value = op->value;
		__entry->duration_us = duration_us;
		__entry->status = op->status;
		__entry->ret = ret;
	),
	TP_printk("stlink%d %s port %x reg %02x value %08x, %u us, status %02x, ret %d",
		  __entry->id,
		  __print_symbolic(__entry->op,
				   { STLINK_OP_READ, "read" },
				   { STLINK_OP_WRITE, "write" },
				   { STLINK_OP_POLL, "poll" }),
		  __entry->port, __entry->reg, __entry->value,
		  __entry->duration_us, __entry->status, __entry->ret)
);

TRACE_EVENT(stlink_reg,
	TP_PROTO(const struct stlink *st, const struct stlink_reg_op *op,
		 u32 duration_us, int ret),
	TP_ARGS(st, op, duration_us, ret),
	TP_STRUCT__entry(
		__field(int, id)
		__field(u8, op)
		__field(u16, reg)
		__field(u32, value)
		__field(u32, duration_us)
		__field(u8, status)
		__field(int, ret)
	),
	TP_fast_assign(
		__entry->id = st->id;
		__entry->op = op->op;
		__entry->reg = op->reg;
		__entry->value = op->value;
		__entry->duration_us = duration_us;
		__entry->status = op->status;
		__entry->ret = ret;
	),
	TP_printk("stlink%d %s reg %u value %08x, %u us, status %02x, ret %d",
		  __entry->id,
		  __print_symbolic(__entry->op,
				   { STLINK_OP_READ, "read" },
				   { STLINK_OP_WRITE, "write" }),
		  __entry->reg, __entry->value, __entry->duration_us,
		  __entry->status, __entry->ret)
);

TRACE_EVENT(stlink_core,
	TP_PROTO(const struct stlink *st, const struct stlink_core *arg,
		 u32 duration_us, int ret),
	TP_ARGS(st, arg, duration_us, ret),
	TP_STRUCT__entry(
		__field(int, id)
		__field(u32, op)
		__field(u32, flags)
		__field(u32, dhcsr)
		__field(u32, duration_us)
		__field(u8, status)
		__field(int, ret)
	),
	TP_fast_assign(
		__entry->id = st->id;
		__entry->op = arg->op;
		__entry->flags = arg->flags;
		__entry->dhcsr = arg->dhcsr;
		__entry->duration_us = duration_us;
		__entry->status = arg->status;
		__entry->ret = ret;
	),
	TP_printk("stlink%d %s flags %x DHCSR %08x, %u us, status %02x, ret %d",
		  __entry->id,
		  __print_symbolic(__entry->op,
				   { STLINK_CORE_STATUS, "status" },
				   { STLINK_CORE_HALT, "halt" },
				   { STLINK_CORE_RUN, "run" },
				   { STLINK_CORE_STEP, "step" },
				   { STLINK_CORE_RESET, "reset" },
				   { STLINK_CORE_WAIT, "wait" }),
		  __entry->flags, __entry->dhcsr, __entry->duration_us,
		  __entry->status, __entry->ret)
);

#endif

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
