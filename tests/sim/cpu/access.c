// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory accesses of the core.
 *
 * A bus that stalls makes cpu_run() return in the middle of a step (an
 * instruction, an exception entry or return). The step is then run again from
 * its start. So that no access of it happens twice, those that completed are
 * kept in a log: replayed reads return what they returned before, replayed
 * writes do nothing.
 */
#include "internal.h"

/* [ARM] B3.1: execute never */
static bool execute_never(uint32_t addr)
{
	/* 40000000-5FFFFFFF, A0000000-DFFFFFFF, E0000000-FFFFFFFF */
	return addr >> 29 == 2 || addr >> 29 >= 5;
}

/**
 * core_fetch() - one half-word of code
 *
 * Not logged: fetching twice has no effect.
 *
 * Return: BUS_FAULT also for addresses that are execute never.
 */
enum bus_result core_fetch(struct cpu *cpu, uint32_t addr, uint32_t *op)
{
	if (unlikely(execute_never(addr)))
		return BUS_FAULT;
	return cpu->bus.read(cpu->bus.ctx, addr, 2, true, op);
}

static bool replay(struct cpu *cpu, uint32_t *value)
{
	if (likely(cpu->log_pos >= cpu->log_len))
		return false;
	if (value)
		*value = cpu->log[cpu->log_pos];
	cpu->log_pos++;
	return true;
}

/* A step that stalls finds log_len where it got to. */
static void record(struct cpu *cpu, enum bus_result result, uint32_t value)
{
	if (likely(result == BUS_OK))
		cpu->log[cpu->log_pos++] = value;
	else if (result == BUS_STALL)
		cpu->log_len = cpu->log_pos;
}

/**
 * core_read() - a load
 * @cpu: the core
 * @addr: any address; unaligned ones fault, as do accesses to the private bus
 *	that are not words ([ARM] B3.1.1)
 * @size: 1, 2 or 4
 * @value: zero-extended
 */
enum bus_result core_read(struct cpu *cpu, uint32_t addr, unsigned int size,
			  uint32_t *value)
{
	enum bus_result result;

	if (unlikely(addr & (size - 1)))
		return BUS_FAULT;
	if (replay(cpu, value))
		return BUS_OK;
	if (unlikely(in_ppb(addr)))
		result = cpu_ppb_read(cpu, addr, size, false, value);
	else
		result = cpu->bus.read(cpu->bus.ctx, addr, size, false, value);
	record(cpu, result, *value);
	if (unlikely(cpu->dwt_data) && result == BUS_OK)
		dwt_access(cpu, addr, size, false);
	return result;
}

/** core_write() - a store, as core_read() */
enum bus_result core_write(struct cpu *cpu, uint32_t addr, unsigned int size,
			   uint32_t value)
{
	enum bus_result result;

	if (unlikely(addr & (size - 1)))
		return BUS_FAULT;
	if (replay(cpu, NULL))
		return BUS_OK;
	if (unlikely(in_ppb(addr)))
		result = cpu_ppb_write(cpu, addr, size, false, value);
	else
		result = cpu->bus.write(cpu->bus.ctx, addr, size, value);
	record(cpu, result, 0);
	if (unlikely(cpu->dwt_data) && result == BUS_OK)
		dwt_access(cpu, addr, size, true);
	return result;
}

/**
 * core_vector() - read an entry of the vector table
 * @cpu: the core
 * @exc: exception number, 0 for the initial stack pointer; the M0 has no VTOR
 * @value: as found there
 *
 * Unlike core_read() no business of the DWT.
 */
enum bus_result core_vector(struct cpu *cpu, unsigned int exc,
			    uint32_t *value)
{
	enum bus_result result;

	*value = 0;
	if (replay(cpu, value))
		return BUS_OK;
	result = cpu->bus.read(cpu->bus.ctx, exc * 4, 4, false, value);
	record(cpu, result, *value);
	return result;
}
