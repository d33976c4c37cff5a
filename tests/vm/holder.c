// SPDX-License-Identifier: GPL-2.0-only
/*
 * holder - keeps a probe open and does with it what it is told.
 *
 *   holder /dev/stlinkN
 *
 * Reads commands from standard input, one a line, and answers each with a line:
 * "ok", perhaps with a result, or the name of the errno. For tests in which a
 * program is in the middle of something when something else happens.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include <linux/stlink.h>

static int fd;
static unsigned long arg[3];

/* attach [MODE [KHZ]]: of enum stlink_attach_mode */
static int do_attach(void)
{
	struct stlink_attach attach = {
		.size = sizeof(attach),
		.mode = arg[0],
		.clock_khz = arg[1],
	};

	return ioctl(fd, STLINK_IOC_ATTACH, &attach);
}

static int do_detach(void)
{
	struct stlink_detach detach = { .size = sizeof(detach) };

	return ioctl(fd, STLINK_IOC_DETACH, &detach);
}

/* core OP: of enum stlink_core_op; the result is the state */
static int do_core(void)
{
	struct stlink_core core = { .size = sizeof(core), .op = arg[0] };
	int ret = ioctl(fd, STLINK_IOC_CORE, &core);

	arg[0] = core.state;
	return ret < 0 ? ret : 1;
}

/* nrst ACTION: of enum stlink_nrst_action */
static int do_nrst(void)
{
	struct stlink_nrst nrst = { .size = sizeof(nrst), .action = arg[0] };

	return ioctl(fd, STLINK_IOC_NRST, &nrst);
}

/* info: the result is the state */
static int do_info(void)
{
	struct stlink_info info = { .size = sizeof(info) };
	int ret = ioctl(fd, STLINK_IOC_INFO, &info);

	arg[0] = info.state;
	return ret < 0 ? ret : 1;
}

static int do_mem(struct stlink_mem_op *op)
{
	struct stlink_mem_xfer xfer = {
		.size = sizeof(xfer),
		.num_ops = 1,
		.ops = (uintptr_t)op,
	};

	return ioctl(fd, STLINK_IOC_MEM, &xfer);
}

/* word ADDRESS: the result is what is there */
static int do_word(void)
{
	uint32_t word = 0;
	struct stlink_mem_op op = {
		.op = STLINK_OP_READ,
		.width = 4,
		.addr = arg[0],
		.length = sizeof(word),
		.buf = (uintptr_t)&word,
	};
	int ret = do_mem(&op);

	arg[0] = word;
	return ret < 0 ? ret : 1;
}

/* read ADDRESS LENGTH: the result is how much was read, by errors as well */
static int do_read(void)
{
	static unsigned char buf[STLINK_MAX_BYTES];
	struct stlink_mem_op op = {
		.op = STLINK_OP_READ,
		.addr = arg[0],
		.length = arg[1],
		.buf = (uintptr_t)buf,
	};
	int ret = do_mem(&op);

	arg[0] = op.done;
	return ret < 0 ? ret : 1;
}

/* poll ADDRESS VALUE MILLISECONDS: all bits of a word */
static int do_poll(void)
{
	struct stlink_mem_op op = {
		.op = STLINK_OP_POLL,
		.width = 4,
		.addr = arg[0],
		.length = 4,
		.value = arg[1],
		.mask = UINT32_MAX,
		.timeout_ms = arg[2],
	};

	return do_mem(&op);
}

/* Those that return 1 have a result in arg[0] */
static const struct {
	const char *name;
	int (*call)(void);
} commands[] = {
	{ "attach", do_attach },
	{ "detach", do_detach },
	{ "core", do_core },
	{ "nrst", do_nrst },
	{ "info", do_info },
	{ "word", do_word },
	{ "read", do_read },
	{ "poll", do_poll },
};

static void carry_out(char *line)
{
	const char *name = strtok(line, " \n");
	unsigned int i;
	int ret;

	for (i = 0; i < 3; i++) {
		const char *word = strtok(NULL, " \n");

		arg[i] = word ? strtoul(word, NULL, 0) : 0;
	}
	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (!name || strcmp(name, commands[i].name))
			continue;
		ret = commands[i].call();
		if (ret < 0)
			printf("%s\n", strerrorname_np(errno));
		else if (ret)
			printf("ok 0x%lx\n", arg[0]);
		else
			printf("ok\n");
		return;
	}
	printf("what?\n");
}

int main(int argc, char **argv)
{
	char line[128];

	if (argc != 2) {
		fprintf(stderr, "usage: holder /dev/stlinkN\n");
		return 2;
	}
	fd = open(argv[1], O_RDWR | O_CLOEXEC);
	if (fd < 0) {
		printf("%s\n", strerrorname_np(errno));
		return 1;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("ok\n");
	while (fgets(line, sizeof(line), stdin))
		carry_out(line);
	return 0;
}
