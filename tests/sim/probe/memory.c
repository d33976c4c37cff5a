// SPDX-License-Identifier: GPL-2.0-only
/* Blocks of target memory through a MEM-AP (ADIv5, chapter 7). */
#include "internal.h"

#define CSW_DEFAULT	0x23000000u	/* privileged data access by the debugger */
#define CSW_INC_SINGLE	(1u << 4)
#define TAR_BLOCK	1024u		/* auto-increment is defined within it */
/* from J24 on words are pipelined; before, three transfers each */
#define PIPELINE_FROM	24

static uint32_t csw_of(const struct mem_access *m)
{
	uint32_t csw = m->csw_top ? m->csw_top << 8 : CSW_DEFAULT;

	return csw | (m->increment ? CSW_INC_SINGLE : 0) |
		(m->size == 4 ? 2 : m->size == 2 ? 1 : 0);
}

static uint8_t begin(struct probe *p, const struct mem_access *m, bool force)
{
	uint32_t csw = csw_of(m);
	uint8_t status;

	status = dap_select(p, m->ap, AP_CSW);
	if (status != ST_OK || (!force && p->csw_known && p->csw == csw))
		return status;
	p->csw_known = false;
	status = swd_ap_write(p, AP_CSW, csw);
	if (status == ST_OK) {
		p->csw = csw;
		p->csw_known = true;
	} else if (status == ST_AP_FAULT) {
		/* nothing of ours was accessed yet: an older error sticks */
		dap_clear_sticky(p, status);
		status = ST_AP_STICKY;
	}
	return status;
}

static uint32_t addr_of(const struct mem_access *m, unsigned int i)
{
	return m->increment ? m->addr + i * m->size : m->addr;
}

/* elements from @i on until TAR has to be written again */
static unsigned int run_length(const struct probe *p,
			       const struct mem_access *m, unsigned int i)
{
	unsigned int left = m->count - i, n;

	if (p->opt.version.j < PIPELINE_FROM)
		return 1;
	/* hosts have always sent bytes across */
	if (!m->increment || (p->opt.tar == TAR_WRAPS && m->size > 1))
		return left;
	n = (TAR_BLOCK - addr_of(m, i) % TAR_BLOCK) / m->size;
	return n < left ? n : left;
}

static void store(const struct mem_access *m, unsigned int i, uint32_t v,
		  uint8_t *data)
{
	unsigned int k;

	v >>= 8 * (addr_of(m, i) & 3);	/* byte lane */
	for (k = 0; k < m->size; k++)
		data[i * m->size + k] = v >> 8 * k;
}

static uint32_t fetch(const struct mem_access *m, unsigned int i,
		      const uint8_t *data)
{
	uint32_t v = 0;
	unsigned int k;

	for (k = 0; k < m->size; k++)
		v |= (uint32_t)data[i * m->size + k] << 8 * k;
	return v << 8 * (addr_of(m, i) & 3);
}

/* *@done counts elements whose outcome is known to be good */
static uint8_t read_run(struct probe *p, const struct mem_access *m,
			unsigned int n, uint8_t *data, unsigned int *done)
{
	unsigned int first = *done, i;
	uint32_t v = 0;
	uint8_t status;

	status = swd_ap_write(p, AP_TAR, addr_of(m, first));
	if (status != ST_OK)
		return status;
	status = swd_ap_read(p, AP_DRW, &v);
	for (i = 1; status == ST_OK && i <= n; i++) {
		status = i < n ? swd_ap_read(p, AP_DRW, &v) : swd_rdbuff(p, &v);
		if (status == ST_OK) {
			store(m, first + i - 1, v, data);
			(*done)++;
		}
	}
	return status;
}

static uint8_t write_run(struct probe *p, const struct mem_access *m,
			 unsigned int n, const uint8_t *data,
			 unsigned int *done)
{
	unsigned int first = *done, i;
	uint32_t dummy;
	uint8_t status;

	status = swd_ap_write(p, AP_TAR, addr_of(m, first));
	/* the answer to each write tells of the one before */
	for (i = 0; status == ST_OK && i < n; i++) {
		status = swd_ap_write(p, AP_DRW, fetch(m, first + i, data));
		if (status == ST_OK && i)
			(*done)++;
	}
	if (status == ST_OK)
		status = swd_rdbuff(p, &dummy);
	if (status == ST_OK)
		(*done)++;
	return status;
}

static uint8_t finish(struct probe *p, const struct mem_access *m,
		      uint8_t status, unsigned int done, uint32_t *fault)
{
	if (status == ST_OK)
		return ST_OK;
	*fault = addr_of(m, done);
	return dap_clear_sticky(p, status);
}

/**
 * mem_read() - read a block
 * @data: filled as far as it went well, the rest is left as it was
 * @fault: on failure, address of the first element that failed
 */
uint8_t mem_read(struct probe *p, const struct mem_access *m, uint8_t *data,
		 uint32_t *fault)
{
	unsigned int done = 0;
	uint8_t status = begin(p, m, true);

	while (status == ST_OK && done < m->count)
		status = read_run(p, m, run_length(p, m, done), data, &done);
	return finish(p, m, status, done, fault);
}

/**
 * mem_write() - write a block
 * @fault: on failure, address of the first element that failed
 */
uint8_t mem_write(struct probe *p, const struct mem_access *m,
		  const uint8_t *data, uint32_t *fault)
{
	unsigned int done = 0;
	uint8_t status = begin(p, m, true);

	while (status == ST_OK && done < m->count)
		status = write_run(p, m, run_length(p, m, done), data, &done);
	return finish(p, m, status, done, fault);
}

/** mem_read32() - one aligned word of AP 0, three transfers */
uint8_t mem_read32(struct probe *p, uint32_t addr, uint32_t *value)
{
	const struct mem_access m = {
		.addr = addr, .count = 1, .size = 4, .increment = true,
	};
	uint8_t status = begin(p, &m, false);

	if (status == ST_OK)
		status = swd_ap_write(p, AP_TAR, addr);
	if (status == ST_OK)
		status = swd_ap_read(p, AP_DRW, value);
	if (status == ST_OK)
		status = swd_rdbuff(p, value);
	return status == ST_OK ? ST_OK : dap_clear_sticky(p, status);
}

/** mem_write32() - one aligned word of AP 0, three transfers */
uint8_t mem_write32(struct probe *p, uint32_t addr, uint32_t value)
{
	const struct mem_access m = {
		.addr = addr, .count = 1, .size = 4, .increment = true,
	};
	uint8_t status = begin(p, &m, false);
	uint32_t dummy;

	if (status == ST_OK)
		status = swd_ap_write(p, AP_TAR, addr);
	if (status == ST_OK)
		status = swd_ap_write(p, AP_DRW, value);
	if (status == ST_OK)
		status = swd_rdbuff(p, &dummy);
	return status == ST_OK ? ST_OK : dap_clear_sticky(p, status);
}
