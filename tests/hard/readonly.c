// SPDX-License-Identifier: GPL-2.0-only
/*
 * readonly - what a descriptor that is open for reading only can do.
 *
 * Makes every call that the header has on a descriptor open for both, and looks
 * what it makes the driver send to the probe. Whatever changes something is to be
 * refused with EPERM on one that is open for reading only, with nothing sent; all
 * else may be allowed. So nobody has to say of a new call which kind it is.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "client.h"
#include "ioctl.h"
#include "variants.h"

struct state {
	struct probe *p;
	int keeper;	/* has a session all the time, unless there is none */
	int rw;
	int ro;
	int path;
	bool halted;
	bool alone;	/* the one that is open for reading only */
	unsigned int changing[32];
	unsigned int refused;
	unsigned int bad;
};

/* Of the commands that a debug session is made of, those that only look */
static bool changes(const uint8_t *cmd)
{
	static const uint8_t writes[] = {
		0x08, 0x0d, 0x34, 0x35, 0x3c, 0x43, 0x48, 0x50, 0x51
	};

	if (cmd[0] != 0xf2)
		return false;
	/* ABORT: whoever looks at what isn't there clears the error */
	if (cmd[1] == 0x46)
		return get16(cmd + 2) != STLINK_DAP_DP || get16(cmd + 4);
	/* READMEM_16 and READMEM_32 without increment are 47 and 54 */
	return memchr(writes, cmd[1], sizeof(writes));
}

static const uint8_t *changing_command(struct probe *p)
{
	unsigned int i;

	for (i = 0; i < p->num_log; i++)
		if (changes(p->log[i].cmd))
			return p->log[i].cmd;
	return NULL;
}

static void must(bool ok, const char *what)
{
	if (ok)
		return;
	printf("%s: %s\n", what, strerror(errno));
	exit(2);
}

static void make_attached(int fd, __u32 mode)
{
	struct stlink_info info = { 0 };

	must(!stl_ioc_info(fd, &info), "info");
	if (!(info.state & STLINK_STATE_ATTACHED))
		must(!do_attach(fd, mode), "attach");
}

/* All as it was before, on both sides */
static void prepare(struct state *s)
{
	struct stlink_clock clock = { .khz = 1800 };
	struct stlink_info info = { 0 };

	stl_ioc_release(s->rw);
	if (s->alone) {
		/* All of them: whether something was changed is forgotten then */
		do_detach(s->ro);
		do_detach(s->keeper);
		do_detach(s->rw);
		make_attached(s->ro, STLINK_ATTACH_HOTPLUG);
	} else {
		make_attached(s->keeper, STLINK_ATTACH_NORMAL);
		make_attached(s->rw, STLINK_ATTACH_HOTPLUG);
		make_attached(s->ro, STLINK_ATTACH_HOTPLUG);
		must(!stl_ioc_info(s->keeper, &info), "info");
		if (info.state & STLINK_STATE_NRST_LOW)
			must(!do_nrst(s->keeper, STLINK_NRST_RELEASE), "nrst");
		if (info.clock_khz != 1800)
			must(!stl_ioc_clock(s->keeper, &clock), "clock");
	}
	usbip_lock(s->p->usb);
	target_init(&s->p->target);
	s->p->target.control = C_DEBUGEN;
	s->p->target.halted = s->halted;
	s->p->num_log = 0;
	usbip_unlock(s->p->usb);
}

static int make_call(struct state *s, int fd, struct variant *v)
{
	struct stlink_events none = { .flags = STLINK_EVENTS_SET };
	struct stlink_voltage voltage = { 0 };
	struct variant copy = *v;
	int ret = call(fd, v->io->nr, v->io->arg ? v->arg : NULL);

	/* What came back is not what the next one asks with */
	*v = copy;

	/* Or the driver would go on looking by itself */
	if (v->io->nr == STLINK_IOC_EVENTS && !ret) {
		must(!stl_ioc_events(fd, &none), "events");
		must(!stl_ioc_voltage(fd, &voltage), "voltage");
		probe_clear_log(s->p);
	}
	return ret;
}

static void complain(struct state *s, const struct variant *v, const char *what,
		     int ret)
{
	const uint8_t *cmd = changing_command(s->p);
	unsigned int i;

	if (s->bad++ > 10)
		return;
	printf("%s: %s (%d, %u commands", v->io->name, what, ret,
	       s->p->num_log);
	if (cmd)
		printf(", among them %02x %02x", cmd[0], cmd[1]);
	printf("); argument");
	for (i = 0; v->io->arg && i < v->io->arg->size; i++)
		printf(" %02x", v->arg[i]);
	for (i = 0; v->io->op && i < v->io->op->size; i++)
		printf("%s%02x", i ? " " : "; operation ", v->op[i]);
	printf("\n");
}

static void try_both(struct variant *v, void *ctx)
{
	struct state *s = ctx;
	bool changing;
	int rw, ro;

	if (s->p->num_log || v->io->nr == STLINK_IOC_RELEASE)
		prepare(s);
	rw = make_call(s, s->rw, v);
	changing = changing_command(s->p);
	s->changing[v->io - abi_ioctls] += changing;

	if (s->p->num_log || v->io->nr == STLINK_IOC_CLAIM)
		prepare(s);
	ro = make_call(s, s->ro, v);
	if (changing_command(s->p))
		complain(s, v, "changes something", ro);
	else if (changing && ro != -EPERM)
		complain(s, v, "isn't refused", ro);
	else if (ro == -EPERM && s->p->num_log)
		complain(s, v, "was refused after something was sent", ro);
	else if (ro != rw && ro != -EPERM)
		complain(s, v, "doesn't do the same", ro);
	s->refused += ro == -EPERM;
}

/* With nobody beside it: attaching sets the clock, and that is all there is */
static void try_alone(struct variant *v, void *ctx)
{
	struct state *s = ctx;
	const uint8_t *cmd;
	int ro;

	if (s->p->num_log || v->io->nr == STLINK_IOC_DETACH)
		prepare(s);
	ro = make_call(s, s->ro, v);
	cmd = changing_command(s->p);
	while (cmd && cmd[1] == 0x43 && v->io->nr == STLINK_IOC_ATTACH) {
		memset(s->p->log[(cmd - s->p->log[0].cmd) /
				 sizeof(s->p->log[0])].cmd, 0, PROBE_CMD_LEN);
		cmd = changing_command(s->p);
	}
	if (cmd)
		complain(s, v, "changes something", ro);
}

/* A descriptor without any permission */
static void try_path(struct variant *v, void *ctx)
{
	struct state *s = ctx;
	int ret = make_call(s, s->path, v);

	if (ret != -EBADF || s->p->num_log)
		complain(s, v, "isn't EBADF with O_PATH", ret);
}

static bool report(struct state *s, unsigned int num)
{
	static const unsigned long known[] = {
		STLINK_IOC_ATTACH, STLINK_IOC_CLOCK, STLINK_IOC_NRST,
		STLINK_IOC_DAP, STLINK_IOC_MEM, STLINK_IOC_REG, STLINK_IOC_CORE
	};
	unsigned int i, k, sum = 0;

	for (i = 0; i < abi_num_ioctls; i++) {
		printf("%s: %u changing\n", abi_ioctls[i].name, s->changing[i]);
		sum += s->changing[i];
		for (k = 0; k < sizeof(known) / sizeof(known[0]); k++)
			if (known[k] == abi_ioctls[i].nr && !s->changing[i]) {
				printf("nothing of it was tried\n");
				s->bad++;
			}
	}
	printf("%u ways to call, %u changed something, %u refused when read-only, "
	       "%u wrong\n", num, sum, s->refused, s->bad);
	return !s->bad;
}

int main(void)
{
	static struct state s;
	unsigned int num = 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	client_preconditions();
	s.p = probe_new(&probe_default);
	must(s.p && !client_plug(s.p), "plug");
	s.keeper = client_open(s.p, O_RDWR);
	s.rw = client_open(s.p, O_RDWR);
	s.ro = client_open(s.p, O_RDONLY);
	s.path = client_open(s.p, O_PATH);
	must(s.keeper >= 0 && s.rw >= 0 && s.ro >= 0 && s.path >= 0, "open");
	for (s.halted = false;; s.halted = true) {
		s.alone = false;
		prepare(&s);
		num += variants(try_both, &s);
		s.alone = true;
		prepare(&s);
		variants(try_alone, &s);
		prepare(&s);
		variants(try_path, &s);
		if (s.halted)
			break;
	}
	close(s.ro);
	close(s.rw);
	close(s.keeper);
	close(s.path);
	if (s.p->num_violations) {
		printf("what no host may do: %s\n", s.p->violation);
		s.bad++;
	}
	probe_free(s.p);
	return report(&s, num) ? 0 : 1;
}
