// SPDX-License-Identifier: GPL-2.0-only
/*
 * First process of the test machine.  Mounts the root of the machine that
 * started it (9p, read-only, tmpfs over it) unless the initramfs holds all that
 * is needed, starts the guest script and ends the machine when that has ended.
 * With vm_systemd it prepares the root, then becomes systemd, and a child of its
 * does the rest.
 * Being static and in memory it needs nothing from the 9p root any more at that
 * point.  It also passes the kernel log on, record by record and from the first
 * one, so that no program in the guest can clear or drown a warning.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/io.h>
#include <sys/mount.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

/* Port of QEMU's isa-debug-exit, given on its command line. */
#define EXIT_PORT	0xf4
/* QEMU's exit status is value * 2 + 1: 33 for an orderly end, 35 for ours. */
#define EXIT_ORDERLY	16
#define EXIT_BROKEN	17

#define P9_COMMON	"trans=virtio,version=9p2000.L,access=any,"

static void end_machine(int value)
{
	if (!ioperm(EXIT_PORT, 1, 1))
		outb(value, EXIT_PORT);
	/* Only without the device: a panic, which the harness also notices. */
	_exit(value);
}

static void die(const char *what)
{
	fprintf(stderr, "vm init: %s: %s\n", what, strerror(errno));
	tcdrain(STDERR_FILENO);
	end_machine(EXIT_BROKEN);
}

static void attach(const char *source, const char *target, const char *type,
		   unsigned long flags, const char *options)
{
	mkdir(target, 0755);
	if (mount(source, target, type, flags, options))
		die(target);
}

/* Modules in the order of the list, which has dependencies first. */
static void load_modules(void)
{
	char line[512];
	FILE *list = fopen("/modules/list", "r");

	if (!list)
		return;		/* everything is built in */
	while (fgets(line, sizeof(line), list)) {
		int fd;

		line[strcspn(line, "\n")] = '\0';
		fd = open(line, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			die(line);
		if (syscall(SYS_finit_module, fd, "", 0) && errno != EEXIST)
			die(line);
		close(fd);
	}
	fclose(list);
}

static void mount_root(void)
{
	/*
	 * loose: the host does not change files under a running test, and
	 * programs start several times faster from the guest's own page cache.
	 */
	attach("root", "/lower", "9p", MS_RDONLY,
	       P9_COMMON "msize=512000,cache=loose");
	attach("tmpfs", "/upper", "tmpfs", 0, "mode=755,size=75%");
	mkdir("/upper/data", 0755);
	mkdir("/upper/work", 0755);
	attach("overlay", "/root", "overlay", 0,
	       "lowerdir=/lower,upperdir=/upper/data,workdir=/upper/work");
	attach("tmpfs", "/root/run", "tmpfs", 0, "mode=755");
	attach("run", "/root/run/vm", "9p", MS_RDONLY, P9_COMMON "msize=65536");
	attach("/dev", "/root/dev", NULL, MS_MOVE, NULL);
	attach("/proc", "/root/proc", NULL, MS_MOVE, NULL);
	attach("/sys", "/root/sys", NULL, MS_MOVE, NULL);
	if (chdir("/root") || mount(".", "/", NULL, MS_MOVE, NULL) ||
	    chroot(".") || chdir("/"))
		die("switch root");
}

/* Opens the virtio-serial port that has the given name, if it is there. */
static int try_port(const char *name)
{
	char path[512], seen[64];
	DIR *dir = opendir("/sys/class/virtio-ports");
	struct dirent *entry;
	int found = -1;

	while (dir && found < 0 && (entry = readdir(dir))) {
		FILE *file;

		snprintf(path, sizeof(path), "/sys/class/virtio-ports/%s/name",
			 entry->d_name);
		file = fopen(path, "r");
		if (!file)
			continue;
		if (fgets(seen, sizeof(seen), file)) {
			seen[strcspn(seen, "\n")] = '\0';
			if (!strcmp(seen, name)) {
				snprintf(path, sizeof(path), "/dev/%s",
					 entry->d_name);
				found = open(path, O_WRONLY | O_CLOEXEC);
			}
		}
		fclose(file);
	}
	if (dir)
		closedir(dir);
	return found;
}

/* The ports are announced one by one, some time after the driver is loaded. */
static int open_port(const char *name)
{
	int left, port = -1;

	for (left = 500; left; left--) {
		port = try_port(name);
		if (port >= 0)
			break;
		poll(NULL, 0, 20);
	}
	return port;
}

/* write() as it is: dprintf() seeks first, which /dev/kmsg refuses. */
static void put(int fd, const char *text)
{
	if (write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		die(text);
}

/*
 * Copies the kernel log to its port until the record with the secret marker
 * has passed, then says END.  Records begin with "number,": a bare END cannot
 * come from one.
 */
static void pump_log(int port, const char *marker)
{
	static char record[16384];
	int log = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct pollfd wait_for = { .fd = log, .events = POLLIN };

	if (log < 0)
		die("/dev/kmsg");
	for (;;) {
		ssize_t len = read(log, record, sizeof(record) - 1);

		/* it looks by itself too, whoever forgets to wake it */
		if (len < 0 && errno == EAGAIN) {
			poll(&wait_for, 1, 1000);
			continue;
		}
		if (len < 0 && errno == EPIPE) {
			put(port, "LOST\n");
			continue;
		}
		if (len < 0)
			die("read /dev/kmsg");
		record[len] = '\0';
		if (strstr(record, marker))
			break;
		if (write(port, record, len) != len)
			die("write kernel log");
	}
	put(port, "END\n");
	_exit(0);
}

static void make_marker(char marker[34])
{
	unsigned char noise[16];
	unsigned int i;

	/* Not blocking: early entropy is poor, but this is no secret of state. */
	if (getrandom(noise, sizeof(noise), GRND_NONBLOCK) < 0)
		for (i = 0; i < sizeof(noise); i++)
			noise[i] = (unsigned char)(clock() + i * 37);
	for (i = 0; i < sizeof(noise); i++)
		snprintf(marker + 2 * i, 3, "%02x", noise[i]);
	/* A record without a line end stays open, and unseen by readers. */
	strcpy(marker + 32, "\n");
}

static void send_marker(const char *marker)
{
	int log = open("/dev/kmsg", O_WRONLY | O_CLOEXEC);

	if (log < 0)
		die("mark kernel log");
	put(log, marker);
	close(log);
}

/* Shows a file of a few lines on the console */
static void show(const char *path)
{
	char text[2048];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t len = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

	if (len < 0)
		snprintf(text, sizeof(text), "%s", strerror(errno));
	else
		text[len] = '\0';
	fprintf(stderr, "vm init: %s:\n%s\n", path, text);
	if (fd >= 0)
		close(fd);
}

/* What the process that passes the kernel log on is doing instead */
static void tell_of_pump(pid_t pump)
{
	static const char * const files[] = { "stat", "syscall", "wchan",
					       "stack" };
	char path[64];
	unsigned int i;

	fprintf(stderr, "vm init: the kernel log was not passed on to its end\n");
	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		snprintf(path, sizeof(path), "/proc/%d/%s", (int)pump,
			 files[i]);
		show(path);
	}
	tcdrain(STDERR_FILENO);
}

/*
 * Asks for the end of the log and waits until it is passed on. A machine under
 * load may take its time, and a reader may be woken late: each marker wakes it
 * anew.
 */
static void end_log(pid_t pump, const char *marker)
{
	pid_t pid;
	int left;

	for (left = 600; left; left--) {
		if (left % 10 == 0)
			send_marker(marker);
		pid = waitpid(pump, NULL, WNOHANG);
		if (pid == pump || (pid < 0 && errno == ECHILD))
			return;
		poll(NULL, 0, 100);
	}
	tell_of_pump(pump);
}

/* Runs the guest script: @step is what it is to do, NULL for everything */
static pid_t start_guest(const char *step)
{
	pid_t pid = fork();

	if (pid < 0)
		die("fork");
	if (!pid) {
		execl("/bin/bash", "bash", "/run/vm/guest", step, NULL);
		die("guest script");
	}
	return pid;
}

/* Prepares the root; returns in a child of what is systemd then */
static void become_systemd(void)
{
	pid_t pid = start_guest("prepare");

	if (waitpid(pid, NULL, 0) != pid)
		die("prepare");
	pid = fork();
	if (pid < 0)
		die("fork");
	if (!pid) {
		setsid();
		return;
	}
	execl("/lib/systemd/systemd", "systemd", NULL);
	die("systemd");
}

int main(void)
{
	bool systemd = getenv("vm_systemd");
	char marker[34];
	pid_t pump, guest, pid;
	int port;

	if (getenv("vm_trial"))		/* from the kernel command line */
		end_machine(EXIT_ORDERLY);
	attach("devtmpfs", "/dev", "devtmpfs", 0, "mode=755");
	attach("proc", "/proc", "proc", 0, NULL);
	attach("sysfs", "/sys", "sysfs", 0, NULL);
	load_modules();
	if (!getenv("vm_in_memory"))
		mount_root();

	if (systemd)
		become_systemd();
	make_marker(marker);
	port = open_port("kmsg");
	if (port < 0)
		die("kernel log port");
	pump = fork();
	if (!pump)
		pump_log(port, marker);
	if (pump < 0)
		die("fork");
	/*
	 * The pump's is the last one: closing waits for an answer of QEMU's main
	 * thread, and that takes what was written before.  Nothing else does, and
	 * QEMU may end (at once, whatever else it had to do) without the END.
	 */
	close(port);
	guest = start_guest(systemd ? "work" : NULL);
	do {
		pid = wait(NULL);
	} while (pid != guest);

	end_log(pump, marker);
	end_machine(EXIT_ORDERLY);
}
