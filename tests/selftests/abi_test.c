// SPDX-License-Identifier: GPL-2.0-only
/*
 * Arguments, right and wrong, of every ioctl: numbers, sizes, flags, reserved
 * members, pointers. What the calls do is tested elsewhere.
 */
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "kselftest_harness.h"
#include "fixture.h"

#define MAX_STRUCT	256

static struct stlink_mem_op mem_op;
static struct stlink_dap_op dap_op;
static struct stlink_reg_op reg_op;
static __u8 byte_buf[4096];

/**
 * struct ioc - one ioctl with a structure
 * @name: for messages
 * @nr: number
 * @size: of its structure
 * @reserved: offset of its reserved member, 0 for none
 */
static const struct ioc {
	const char *name;
	unsigned int nr;
	size_t size;
	size_t reserved;
} iocs[] = {
	{ "INFO", STLINK_IOC_INFO, sizeof(struct stlink_info), 0 },
	{ "CLAIM", STLINK_IOC_CLAIM, sizeof(struct stlink_claim),
	  offsetof(struct stlink_claim, reserved) },
	{ "LAST", STLINK_IOC_LAST, sizeof(struct stlink_last),
	  offsetof(struct stlink_last, reserved) },
	{ "EVENTS", STLINK_IOC_EVENTS, sizeof(struct stlink_events),
	  offsetof(struct stlink_events, reserved) },
	{ "ATTACH", STLINK_IOC_ATTACH, sizeof(struct stlink_attach),
	  offsetof(struct stlink_attach, reserved) },
	{ "CLOCK", STLINK_IOC_CLOCK, sizeof(struct stlink_clock), 0 },
	{ "VOLTAGE", STLINK_IOC_VOLTAGE, sizeof(struct stlink_voltage),
	  offsetof(struct stlink_voltage, reserved) },
	{ "NRST", STLINK_IOC_NRST, sizeof(struct stlink_nrst),
	  offsetof(struct stlink_nrst, reserved) },
	{ "DAP", STLINK_IOC_DAP, sizeof(struct stlink_dap_xfer), 0 },
	{ "MEM", STLINK_IOC_MEM, sizeof(struct stlink_mem_xfer), 0 },
	{ "REG", STLINK_IOC_REG, sizeof(struct stlink_reg_xfer), 0 },
	{ "CORE", STLINK_IOC_CORE, sizeof(struct stlink_core), 0 },
	{ "DETACH", STLINK_IOC_DETACH, sizeof(struct stlink_detach), 0 },
};

#define NUM_IOCS	(sizeof(iocs) / sizeof(iocs[0]))

/* A valid argument in @arg: all out and reserved members zero. */
static void valid(const struct ioc *ioc, void *arg)
{
	struct stlink_mem_xfer *xfer = arg;

	memset(arg, 0, MAX_STRUCT);
	xfer->size = ioc->size;
	dap_op = (struct stlink_dap_op) { .port = STLINK_DAP_DP };
	reg_op = (struct stlink_reg_op) { .reg = 0 };
	mem_op = (struct stlink_mem_op) { .addr = SRAM_BASE, .length = 4,
					  .buf = (uintptr_t)byte_buf };
	if (ioc->nr != STLINK_IOC_DAP && ioc->nr != STLINK_IOC_MEM &&
	    ioc->nr != STLINK_IOC_REG)
		return;
	xfer->num_ops = 1;
	xfer->ops = ioc->nr == STLINK_IOC_DAP ? (uintptr_t)&dap_op :
		    ioc->nr == STLINK_IOC_MEM ? (uintptr_t)&mem_op :
						(uintptr_t)&reg_op;
}

/* Every call shall be possible: a session and a halted core. */
static int make_ready(int fd)
{
	int ret = do_attach(fd, STLINK_ATTACH_NORMAL);

	return ret ? ret : do_core(fd, STLINK_CORE_HALT, 0, NULL);
}

TEST_F(probe, valid_arguments_work)
{
	char arg[MAX_STRUCT];
	size_t i;

	ASSERT_EQ(0, make_ready(self->fd));
	for (i = 0; i < NUM_IOCS; i++) {
		valid(&iocs[i], arg);
		EXPECT_EQ(0, call(self->fd, iocs[i].nr, arg)) {
			TH_LOG("%s", iocs[i].name);
		}
	}
	EXPECT_EQ(0, ioctl(self->fd, STLINK_IOC_RELEASE));
	EXPECT_EQ(0, ioctl(self->fd, STLINK_IOC_RELEASE));
}

TEST_F(probe, unknown_numbers)
{
	char arg[MAX_STRUCT] = "";
	unsigned int nr, dir;
	size_t i;

	for (nr = 0; nr < 256; nr++) {
		for (i = 0; i < NUM_IOCS; i++)
			if (_IOC_NR(iocs[i].nr) == nr)
				break;
		if (i < NUM_IOCS || nr == _IOC_NR(STLINK_IOC_RELEASE))
			continue;
		EXPECT_EQ(-ENOTTY, call(self->fd, _IO(STLINK_IOC_TYPE, nr),
					arg)) {
			TH_LOG("number %02x", nr);
		}
	}
	for (i = 0; i < NUM_IOCS; i++) {
		valid(&iocs[i], arg);
		nr = _IOC_NR(iocs[i].nr);
		EXPECT_EQ(-ENOTTY, call(self->fd, _IO(0xba, nr), arg));
		for (dir = 0; dir < 4; dir++)
			EXPECT_EQ(-ENOTTY, call(self->fd,
				  _IOC(dir, STLINK_IOC_TYPE, nr,
				       iocs[i].size), arg));
	}
}

TEST_F(probe, too_small)
{
	char arg[MAX_STRUCT];
	unsigned int before;
	__u32 size;
	size_t i;

	ASSERT_EQ(0, make_ready(self->fd));
	before = self->p->num_log;
	for (i = 0; i < NUM_IOCS; i++)
		for (size = 0; size < iocs[i].size; size++) {
			valid(&iocs[i], arg);
			memcpy(arg, &size, sizeof(size));
			EXPECT_EQ(-EINVAL, call(self->fd, iocs[i].nr, arg)) {
				TH_LOG("%s with size %u", iocs[i].name, size);
			}
		}
	EXPECT_EQ(before, self->p->num_log);
}

TEST_F(probe, longer_with_zeros)
{
	char arg[MAX_STRUCT];
	__u32 size;
	size_t i, k;

	ASSERT_EQ(0, make_ready(self->fd));
	for (i = 0; i < NUM_IOCS; i++)
		for (size = iocs[i].size + 1; size <= iocs[i].size + 64;
		     size += 9) {
			valid(&iocs[i], arg);
			memcpy(arg, &size, sizeof(size));
			/* Not covered by the size: not the kernel's. */
			memset(arg + size, 0x5a, sizeof(arg) - size);
			EXPECT_EQ(0, call(self->fd, iocs[i].nr, arg)) {
				TH_LOG("%s with size %u", iocs[i].name, size);
			}
			for (k = iocs[i].size; k < size; k++)
				EXPECT_EQ(0, arg[k]);
			for (; k < sizeof(arg); k++)
				EXPECT_EQ(0x5a, arg[k]);
		}
}

TEST_F(probe, too_long)
{
	static char arg[8192];
	__u32 size;
	size_t i;

	for (i = 0; i < NUM_IOCS; i++)
		for (size = 4096; size <= 4097; size++) {
			memset(arg, 0, sizeof(arg));
			valid(&iocs[i], arg);
			memcpy(arg, &size, sizeof(size));
			EXPECT_EQ(size > 4096,
				  call(self->fd, iocs[i].nr, arg) == -E2BIG) {
				TH_LOG("%s with size %u", iocs[i].name, size);
			}
			ioctl(self->fd, STLINK_IOC_RELEASE);
		}
}

TEST_F(probe, longer_with_something)
{
	char arg[MAX_STRUCT];
	unsigned int before;
	__u32 size;
	size_t i;

	ASSERT_EQ(0, make_ready(self->fd));
	before = self->p->num_log;
	for (i = 0; i < NUM_IOCS; i++)
		for (size = iocs[i].size + 1; size <= iocs[i].size + 64;
		     size += 9) {
			valid(&iocs[i], arg);
			memcpy(arg, &size, sizeof(size));
			arg[size - 1] = 1;
			EXPECT_EQ(-E2BIG, call(self->fd, iocs[i].nr, arg)) {
				TH_LOG("%s with size %u", iocs[i].name, size);
			}
		}
	EXPECT_EQ(before, self->p->num_log);
}

TEST_F(probe, flags_and_reserved)
{
	/* Flags that some operation knows */
	const __u32 known = STLINK_DETACH_KEEP_HALTED | STLINK_CORE_F_CATCH |
			    STLINK_CORE_F_MASKINTS | STLINK_CORE_F_NRST |
			    STLINK_CORE_F_SYSRESETREQ;
	char arg[MAX_STRUCT];
	unsigned int before, bit;
	__u32 flags;
	size_t i;

	ASSERT_EQ(0, make_ready(self->fd));
	before = self->p->num_log;
	for (i = 0; i < NUM_IOCS; i++)
		for (bit = 0; bit < 32; bit++) {
			flags = 1u << bit;
			if (iocs[i].reserved) {
				valid(&iocs[i], arg);
				memcpy(arg + iocs[i].reserved, &flags, 4);
				EXPECT_EQ(-EINVAL, call(self->fd, iocs[i].nr,
							arg)) {
					TH_LOG("%s, reserved %x",
					       iocs[i].name, flags);
				}
			}
			if (((iocs[i].nr == STLINK_IOC_DETACH ||
			      iocs[i].nr == STLINK_IOC_EVENTS) && bit == 0) ||
			    (iocs[i].nr == STLINK_IOC_CORE && flags & known))
				continue;
			valid(&iocs[i], arg);
			memcpy(arg + 4, &flags, sizeof(flags));
			EXPECT_EQ(-EINVAL, call(self->fd, iocs[i].nr, arg)) {
				TH_LOG("%s, flags %x", iocs[i].name, flags);
			}
		}
	EXPECT_EQ(before, self->p->num_log);
}

TEST_F(probe, bad_pointers)
{
	long page = sysconf(_SC_PAGESIZE);
	char *area = mmap(NULL, 3 * page, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char arg[MAX_STRUCT];
	size_t i, k;

	ASSERT_NE(MAP_FAILED, area);
	ASSERT_EQ(0, make_ready(self->fd));
	ASSERT_EQ(0, mprotect(area + page, page, PROT_NONE));
	for (i = 0; i < NUM_IOCS; i++) {
		EXPECT_EQ(-EFAULT, call(self->fd, iocs[i].nr, NULL));
		EXPECT_EQ(-EFAULT, call(self->fd, iocs[i].nr, area + page));
		EXPECT_EQ(-EFAULT, call(self->fd, iocs[i].nr, (void *)-8L));
		/* The structure runs over the end of the page. */
		valid(&iocs[i], arg);
		for (k = 1; k < iocs[i].size; k += 3) {
			memcpy(area + page - k, arg, k);
			EXPECT_EQ(-EFAULT, call(self->fd, iocs[i].nr,
						area + page - k)) {
				TH_LOG("%s cut after %zu", iocs[i].name, k);
			}
		}
		/* Ends exactly there: */
		memcpy(area + page - iocs[i].size, arg, iocs[i].size);
		EXPECT_EQ(0, call(self->fd, iocs[i].nr,
				  area + page - iocs[i].size)) {
			TH_LOG("%s", iocs[i].name);
		}
		if (iocs[i].nr == STLINK_IOC_DETACH)
			continue;
		/* Can be read, but not written back to. */
		memcpy(area + 2 * page, arg, iocs[i].size);
		mprotect(area + 2 * page, page, PROT_READ);
		EXPECT_EQ(-EFAULT, call(self->fd, iocs[i].nr,
					area + 2 * page)) {
			TH_LOG("%s, read-only memory", iocs[i].name);
		}
		mprotect(area + 2 * page, page, PROT_READ | PROT_WRITE);
	}
	munmap(area, 3 * page);
}

TEST_F(probe, read_only_descriptor)
{
	struct stlink_claim claim = { .size = sizeof(claim) };
	struct stlink_clock clock = { .size = sizeof(clock) };
	struct stlink_voltage volt = { .size = sizeof(volt) };
	struct stlink_detach detach = { .size = sizeof(detach) };
	struct stlink_mem_op mem[2] = {
		{ .addr = SRAM_BASE, .length = 4,
		  .buf = (uintptr_t)byte_buf },
		{ .op = STLINK_OP_WRITE, .addr = SRAM_BASE, .length = 4,
		  .buf = (uintptr_t)byte_buf },
	};
	struct stlink_dap_op dap[2] = {
		{ .port = STLINK_DAP_DP },
		{ .op = STLINK_OP_WRITE, .port = STLINK_DAP_DP, .value = 0x1e },
	};
	struct stlink_reg_op reg = { .op = STLINK_OP_WRITE };
	__u32 done, op;
	int fd = client_open(self->p, O_RDONLY);

	ASSERT_LE(0, fd);
	EXPECT_EQ(-EPERM, call(fd, STLINK_IOC_CLAIM, &claim));
	EXPECT_EQ(-EPERM, do_attach(fd, STLINK_ATTACH_NORMAL));
	EXPECT_EQ(-EPERM, do_attach(fd, STLINK_ATTACH_UNDER_RESET));
	EXPECT_EQ(0, do_attach(fd, STLINK_ATTACH_HOTPLUG));
	EXPECT_EQ(0, call(fd, STLINK_IOC_CLOCK, &clock));
	clock = (struct stlink_clock) { .size = sizeof(clock), .khz = 1000 };
	EXPECT_EQ(-EPERM, call(fd, STLINK_IOC_CLOCK, &clock));
	EXPECT_EQ(0, call(fd, STLINK_IOC_VOLTAGE, &volt));
	EXPECT_EQ(-EPERM, do_nrst(fd, STLINK_NRST_RELEASE));
	EXPECT_EQ(0, do_core(fd, STLINK_CORE_STATUS, 0, NULL));
	for (op = STLINK_CORE_HALT; op <= STLINK_CORE_RESET; op++)
		EXPECT_EQ(-EPERM, do_core(fd, op, 0, NULL));

	probe_clear_log(self->p);
	EXPECT_EQ(-EPERM, do_mem(fd, mem, 2, &done));
	EXPECT_EQ(0, done);
	EXPECT_EQ(-EPERM, do_dap(fd, dap, 2, &done));
	EXPECT_EQ(0, done);
	EXPECT_EQ(-EPERM, do_reg(fd, &reg, 1, NULL));
	detach.flags = STLINK_DETACH_KEEP_HALTED;
	EXPECT_EQ(-EPERM, call(fd, STLINK_IOC_DETACH, &detach));
	EXPECT_EQ(0, self->p->num_log);
	EXPECT_EQ(0, do_mem(fd, mem, 1, NULL));
	EXPECT_EQ(0, do_dap(fd, dap, 1, NULL));
	EXPECT_EQ(0, do_detach(fd));
	EXPECT_EQ(0, self->p->target.writes);
	close(fd);
}

TEST_F(probe, no_session)
{
	char arg[MAX_STRUCT];
	size_t i;

	for (i = 0; i < NUM_IOCS; i++) {
		int want = 0;

		switch (iocs[i].nr) {
		case STLINK_IOC_NRST:
		case STLINK_IOC_DAP:
		case STLINK_IOC_MEM:
		case STLINK_IOC_REG:
		case STLINK_IOC_CORE:
			want = -ENOTCONN;
			break;
		case STLINK_IOC_ATTACH:
			continue;
		}
		valid(&iocs[i], arg);
		EXPECT_EQ(want, call(self->fd, iocs[i].nr, arg)) {
			TH_LOG("%s", iocs[i].name);
		}
	}
	ioctl(self->fd, STLINK_IOC_RELEASE);
}

TEST_F(probe, info)
{
	struct stlink_info i = { .size = sizeof(i) };
	unsigned int before = self->p->num_log;

	ASSERT_EQ(0, call(self->fd, STLINK_IOC_INFO, &i));
	EXPECT_EQ(before, self->p->num_log);
	EXPECT_EQ(sizeof(i), i.size);
	EXPECT_EQ(0x0483, i.vid);
	EXPECT_EQ(0x3748, i.pid);
	EXPECT_EQ(2, i.version_hw);
	EXPECT_EQ(37, i.version_jtag);
	EXPECT_EQ(7, i.version_swim);
	EXPECT_EQ(0, i.version_msd);
	EXPECT_EQ(0xff, i.features & 0xff);
	EXPECT_EQ(0, i.state);
	EXPECT_EQ(0, i.claim_pid);
	EXPECT_EQ(STLINK_MAX_OPS, i.max_ops);
	EXPECT_EQ(STLINK_MAX_BYTES, i.max_bytes);
	EXPECT_STREQ("0673FF505353667267080635", (char *)i.serial);
	ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_HOTPLUG));
	ASSERT_EQ(0, call(self->fd, STLINK_IOC_INFO, &i));
	EXPECT_EQ(STLINK_STATE_ATTACHED | STLINK_STATE_SESSION, i.state);
	EXPECT_EQ(1800, i.clock_khz);
}

/*
 * Programs use a structure again and again: what a call wrote there before is
 * no reason to refuse the next one, and is overwritten also when that fails.
 */
TEST_F(probe, out_members_as_input)
{
	struct stlink_info info = { .size = sizeof(info) };
	struct stlink_claim claim = { .size = sizeof(claim) };
	struct stlink_last last = { .size = sizeof(last) };
	struct stlink_events events = { .size = sizeof(events) };
	struct stlink_attach attach = { .size = sizeof(attach) };
	struct stlink_clock clock = { .size = sizeof(clock) };
	struct stlink_voltage volt = { .size = sizeof(volt) };
	struct stlink_nrst nrst = { .size = sizeof(nrst) };
	struct stlink_core core = { .size = sizeof(core),
				    .op = STLINK_CORE_HALT };
	struct stlink_mem_xfer mem = { .size = sizeof(mem), .num_ops = 1,
				       .ops = (uintptr_t)&mem_op };
	struct stlink_dap_xfer dap = { .size = sizeof(dap), .num_ops = 1,
				       .ops = (uintptr_t)&dap_op };
	struct stlink_reg_xfer reg = { .size = sizeof(reg), .num_ops = 1,
				       .ops = (uintptr_t)&reg_op };
	char scratch[MAX_STRUCT];
	int i;

	valid(&iocs[0], scratch);
	for (i = 0; i < 2; i++) {
		EXPECT_EQ(0, call(self->fd, STLINK_IOC_INFO, &info));
		EXPECT_EQ(0, call(self->fd, STLINK_IOC_CLAIM, &claim));
		EXPECT_EQ(0, call(self->fd, STLINK_IOC_LAST, &last));
		EXPECT_EQ(0, call(self->fd, STLINK_IOC_EVENTS, &events));
		EXPECT_EQ(0, call(self->fd, STLINK_IOC_ATTACH, &attach));
		EXPECT_EQ(0, call(self->fd, STLINK_IOC_CLOCK, &clock));
		EXPECT_EQ(0, call(self->fd, STLINK_IOC_VOLTAGE, &volt));
		EXPECT_EQ(0, call(self->fd, STLINK_IOC_NRST, &nrst));
		EXPECT_EQ(0, call(self->fd, STLINK_IOC_CORE, &core));
		EXPECT_EQ(0, call(self->fd, STLINK_IOC_MEM, &mem));
		EXPECT_EQ(0, call(self->fd, STLINK_IOC_DAP, &dap));
		EXPECT_EQ(0, call(self->fd, STLINK_IOC_REG, &reg));
		EXPECT_EQ(1, mem.num_done);
		EXPECT_EQ(1, dap.num_done);
		EXPECT_EQ(1, reg.num_done);
	}
	/* Failing in the arguments, too */
	mem_op.width = 3;
	dap_op.op = 9;
	reg_op.op = 9;
	EXPECT_EQ(-EINVAL, call(self->fd, STLINK_IOC_MEM, &mem));
	EXPECT_EQ(-EINVAL, call(self->fd, STLINK_IOC_DAP, &dap));
	EXPECT_EQ(-EINVAL, call(self->fd, STLINK_IOC_REG, &reg));
	EXPECT_EQ(0, mem.num_done);
	EXPECT_EQ(0, dap.num_done);
	EXPECT_EQ(0, reg.num_done);
}

/* A call that fails leaves no answer of an earlier one behind. */
TEST_F(probe, out_members_of_a_failure)
{
	struct stlink_attach attach = { .size = sizeof(attach), .dpidr = 1,
		.cpuid = 1, .result = 1, .status = 1, .generation = 1 };
	struct stlink_voltage volt = { .size = sizeof(volt), .millivolts = 1,
		.adc_ref = 1, .adc_target = 1 };
	struct stlink_nrst nrst = { .size = sizeof(nrst), .status = 1 };
	struct stlink_core core = { .size = sizeof(core), .state = 1,
		.dhcsr = 1, .dfsr = 1, .status = 1 };
	struct stlink_claim claim = { .size = sizeof(claim) };
	int fd;

	EXPECT_EQ(-ENOTCONN, call(self->fd, STLINK_IOC_NRST, &nrst));
	EXPECT_EQ(0, nrst.status);
	EXPECT_EQ(-ENOTCONN, call(self->fd, STLINK_IOC_CORE, &core));
	EXPECT_EQ(0, core.state | core.dhcsr | core.dfsr | core.status);
	core = (struct stlink_core) { .size = sizeof(core), .op = 99,
		.state = 1, .dhcsr = 1, .dfsr = 1, .status = 1 };
	EXPECT_EQ(-EINVAL, call(self->fd, STLINK_IOC_CORE, &core));
	EXPECT_EQ(0, core.state | core.dhcsr | core.dfsr | core.status);
	attach.flags = 1;
	EXPECT_EQ(-EINVAL, call(self->fd, STLINK_IOC_ATTACH, &attach));
	EXPECT_EQ(0, attach.dpidr | attach.cpuid | attach.result |
		     attach.status | attach.generation);
	fd = client_open(self->p, O_RDWR);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, call(fd, STLINK_IOC_CLAIM, &claim));
	EXPECT_EQ(-EBUSY, call(self->fd, STLINK_IOC_VOLTAGE, &volt));
	EXPECT_EQ(0, volt.millivolts | volt.adc_ref | volt.adc_target);
	attach = (struct stlink_attach) { .size = sizeof(attach), .dpidr = 1,
		.cpuid = 1, .result = 1, .status = 1, .generation = 1 };
	EXPECT_EQ(-EBUSY, call(self->fd, STLINK_IOC_ATTACH, &attach));
	EXPECT_EQ(0, attach.dpidr | attach.cpuid | attach.result |
		     attach.status | attach.generation);
	close(fd);
}

#ifdef __x86_64__
/* A system call as a 32-bit program makes it: ioctl is number 54 there. */
static int call32(int fd, unsigned long nr, void *arg)
{
	long ret;

	asm volatile("int $0x80" : "=a" (ret)
		     : "a" (54L), "b" ((long)fd), "c" (nr), "d" (arg)
		     : "memory", "r8", "r9", "r10", "r11");
	return ret;
}

TEST_F(probe, from_32_bit)
{
	char *low = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	struct stlink_info *info = (void *)low;
	size_t i;

	ASSERT_NE(MAP_FAILED, low);
	ASSERT_EQ(0, make_ready(self->fd));
	for (i = 0; i < NUM_IOCS; i++) {
		valid(&iocs[i], low);
		EXPECT_EQ(0, call32(self->fd, iocs[i].nr, low)) {
			TH_LOG("%s", iocs[i].name);
		}
	}
	valid(&iocs[0], low);
	EXPECT_EQ(0, call32(self->fd, STLINK_IOC_INFO, low));
	EXPECT_EQ(37, info->version_jtag);
	EXPECT_EQ(0, call32(self->fd, STLINK_IOC_RELEASE, NULL));
	EXPECT_EQ(-ENOTTY, call32(self->fd, _IO(STLINK_IOC_TYPE, 0x1f), low));
}
#endif

PROBE_TEST_MAIN
