// SPDX-License-Identifier: GPL-2.0-only
/*
 * USB/IP endpoint: the packets of one emulated device, handled in a thread.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "usbip.h"
#include "usbip_queue.h"
#include "usbip_vhci.h"
#include "usbip_wire.h"

/* Below the usual limit of 1024, with room for several devices */
#define HIGH_FD	900
/* Transfers taken back before they came; there are two at a time */
#define MAX_EARLY	4

struct usbip_dev {
	const struct usbip_ops *ops;
	void *ctx;
	pthread_mutex_t lock;
	pthread_t thread;
	bool running;
	bool vanish;
	int sock;
	int wake;
	int port;
	uint32_t last_seqnum;
	uint32_t early[MAX_EARLY];
	struct usb_queue queue;
	/* an OUT transfer that is not over yet; due_ns is 0 without one */
	struct {
		uint64_t due_ns;
		uint32_t seqnum;
		uint32_t len;
	} late;
};

/**
 * now_ns() - time for due answers
 *
 * Return: CLOCK_MONOTONIC in nanoseconds.
 */
uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

/**
 * patience() - how long something may take here
 * @ns: nanoseconds that are enough on an ordinary kernel
 *
 * Return: STLINK_PATIENCE in the environment times that; kernels that check all
 * they do are slower.
 */
uint64_t patience(uint64_t ns)
{
	const char *times = getenv("STLINK_PATIENCE");

	return times ? ns * strtoul(times, NULL, 10) : ns;
}

static bool send_all(int fd, const void *data, size_t len)
{
	const uint8_t *p = data;
	ssize_t n;

	while (len) {
		n = send(fd, p, len, MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		p += n;
		len -= n;
	}
	return true;
}

static bool recv_all(int fd, void *data, size_t len)
{
	return !len || recv(fd, data, len, MSG_WAITALL) == (ssize_t)len;
}

static void ret_submit(struct usbip_dev *dev, uint32_t seqnum, int status,
		       const void *data, uint32_t sent, uint32_t actual)
{
	struct usbip_header h = {
		.command = htonl(USBIP_RET_SUBMIT),
		.seqnum = htonl(seqnum),
		.ret.status = htonl((uint32_t)status),
		.ret.actual = htonl(actual),
	};

	if (send_all(dev->sock, &h, sizeof(h)))
		send_all(dev->sock, data, sent);
}

static void transfer_complete(void *ctx, const struct transfer *t, int status)
{
	ret_submit(ctx, t->seqnum, status, t->buf, t->got, t->got);
}

static void transfer_overflow(void *ctx, unsigned int ep)
{
	struct usbip_dev *dev = ctx;

	dev->ops->overflow(dev->ctx, ep);
}

static void handle_control(struct usbip_dev *dev, struct usbip_header *h,
			   uint32_t len)
{
	uint8_t data[4096];
	uint32_t seqnum = ntohl(h->seqnum);
	int n;

	n = dev->ops->control(dev->ctx, h->submit.setup, data);
	if (n >= 0 && (uint32_t)n < len && ntohl(h->direction) == USBIP_DIR_IN)
		len = n;
	if (n < 0)
		ret_submit(dev, seqnum, -EPIPE, NULL, 0, 0);
	else if (ntohl(h->direction) == USBIP_DIR_IN)
		ret_submit(dev, seqnum, 0, data, len, len);
	else
		ret_submit(dev, seqnum, 0, NULL, 0, len);
}

/*
 * vhci-hcd sends what is to be taken back before what is new: a transfer that is
 * both comes second.
 */
static bool was_taken_back(struct usbip_dev *dev, uint32_t seqnum)
{
	unsigned int i;

	dev->last_seqnum = seqnum;
	for (i = 0; i < MAX_EARLY; i++)
		if (dev->early[i] == seqnum)
			return true;
	return false;
}

static void take_back_early(struct usbip_dev *dev, uint32_t seqnum)
{
	memmove(dev->early + 1, dev->early, sizeof(dev->early) - 4);
	dev->early[0] = seqnum;
}

/* The device has it; the controller may be told to forget about it. */
static void end_later(struct usbip_dev *dev, struct usbip_header *h,
		      uint32_t len, int ms)
{
	dev->late.seqnum = ntohl(h->seqnum);
	dev->late.len = len;
	dev->late.due_ns = now_ns() + ms * 1000000ULL;
}

static void end_late(struct usbip_dev *dev, uint64_t now)
{
	if (!dev->late.due_ns || dev->late.due_ns > now)
		return;
	dev->late.due_ns = 0;
	ret_submit(dev, dev->late.seqnum, 0, NULL, 0, dev->late.len);
}

static bool handle_submit(struct usbip_dev *dev, struct usbip_header *h)
{
	uint32_t len = ntohl(h->submit.length);
	bool in = ntohl(h->direction) == USBIP_DIR_IN;
	unsigned int ep = ntohl(h->ep);
	uint8_t *data = calloc(1, len + 1);
	int status;

	if (!data || (!in && !recv_all(dev->sock, data, len))) {
		free(data);
		return false;
	}
	if (was_taken_back(dev, ntohl(h->seqnum))) {
		free(data);
		return true;
	}
	if (!ep || !in) {
		if (!ep) {
			handle_control(dev, h, len);
		} else {
			status = dev->ops->bulk_out(dev->ctx, ep, data, len);
			if (status > 0)
				end_later(dev, h, len, status);
			else
				ret_submit(dev, ntohl(h->seqnum), status, NULL,
					   0, status ? 0 : len);
		}
		free(data);
		return true;
	}
	if (queue_transfer(&dev->queue, ntohl(h->seqnum), ep, data, len))
		return true;
	free(data);
	return false;
}

static void handle_unlink(struct usbip_dev *dev, struct usbip_header *h)
{
	struct usbip_header r = {
		.command = htonl(USBIP_RET_UNLINK),
		.seqnum = h->seqnum,
	};
	uint32_t seqnum = ntohl(h->unlink.seqnum);
	unsigned int ep;

	if (queue_cancel(&dev->queue, seqnum, &ep)) {
		dev->ops->unlinked(dev->ctx, ep, true);
		r.ret.status = htonl((uint32_t)-ECONNRESET);
	} else if (dev->late.due_ns && dev->late.seqnum == seqnum) {
		dev->late.due_ns = 0;
		r.ret.status = htonl((uint32_t)-ECONNRESET);
	} else if ((int32_t)(seqnum - dev->last_seqnum) > 0) {
		take_back_early(dev, seqnum);
		r.ret.status = htonl((uint32_t)-ECONNRESET);
	}
	send_all(dev->sock, &r, sizeof(r));
}

static int next_timeout(struct usbip_dev *dev, uint64_t now)
{
	uint64_t due = queue_next_due(&dev->queue, now);

	if (dev->late.due_ns && dev->late.due_ns < due)
		due = dev->late.due_ns > now ? dev->late.due_ns : now;
	if (due == USBIP_HELD)
		return -1;
	return (due - now) / 1000000 + 1;
}

static void *device_thread(void *arg)
{
	struct usbip_dev *dev = arg;
	struct pollfd pfd[2] = {
		{ .fd = dev->sock, .events = POLLIN },
		{ .fd = dev->wake, .events = POLLIN },
	};
	struct usbip_header h;
	bool alive = true;
	uint64_t junk, now;
	int timeout;

	while (alive) {
		usbip_lock(dev);
		now = now_ns();
		queue_pump(&dev->queue, now);
		end_late(dev, now);
		timeout = next_timeout(dev, now);
		alive = !dev->vanish;
		usbip_unlock(dev);
		if (!alive || poll(pfd, 2, timeout) < 0)
			continue;
		if (pfd[1].revents)
			alive = read(dev->wake, &junk, sizeof(junk)) > 0;
		if (!pfd[0].revents)
			continue;
		if (!recv_all(dev->sock, &h, sizeof(h)))
			break;
		usbip_lock(dev);
		if (ntohl(h.command) == USBIP_CMD_SUBMIT)
			alive = handle_submit(dev, &h);
		else
			handle_unlink(dev, &h);
		usbip_unlock(dev);
	}
	shutdown(dev->sock, SHUT_RDWR);
	return NULL;
}

/**
 * usbip_create() - make a device, not plugged in yet
 * @ops: its behaviour
 * @ctx: handed to every operation
 *
 * Return: the device; usbip_destroy() frees it. NULL without memory.
 */
struct usbip_dev *usbip_create(const struct usbip_ops *ops, void *ctx)
{
	struct usbip_dev *dev = calloc(1, sizeof(*dev));
	pthread_mutexattr_t attr;

	if (!dev)
		return NULL;
	dev->ops = ops;
	dev->ctx = ctx;
	dev->port = -1;
	dev->queue.complete = transfer_complete;
	dev->queue.overflow = transfer_overflow;
	dev->queue.ctx = dev;
	dev->queue.packet = USBIP_PACKET;
	/* Scripts call back into the queue while the thread holds the lock. */
	pthread_mutexattr_init(&attr);
	pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_RECURSIVE);
	pthread_mutex_init(&dev->lock, &attr);
	return dev;
}

/**
 * usbip_destroy() - unplug the device if need be and free it
 * @dev: device or NULL
 */
void usbip_destroy(struct usbip_dev *dev)
{
	if (!dev)
		return;
	usbip_unplug(dev);
	pthread_mutex_destroy(&dev->lock);
	free(dev);
}

/**
 * usbip_high_speed() - a high-speed device, as no ST-Link V2 really is
 * @dev: device that is not plugged in
 */
void usbip_high_speed(struct usbip_dev *dev)
{
	dev->queue.packet = USBIP_PACKET_HS;
}

/**
 * usbip_plug() - plug the device into a free port and begin to answer
 * @dev: device that is not plugged in
 *
 * Return: 0 or a negative errno; enumeration goes on in the background.
 */
int usbip_plug(struct usbip_dev *dev)
{
	int sv[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sv))
		return -errno;
	/*
	 * A test that fails leaves it all to the end of the process, where the
	 * highest descriptors go first: unplugged before a node that is still
	 * open waits for answers that nobody will give any more.
	 */
	dev->sock = fcntl(sv[0], F_DUPFD_CLOEXEC, HIGH_FD);
	if (dev->sock < 0)
		dev->sock = sv[0];
	else
		close(sv[0]);
	dev->wake = eventfd(0, EFD_CLOEXEC);
	dev->vanish = false;
	dev->last_seqnum = 0;
	memset(dev->early, 0, sizeof(dev->early));
	dev->port = vhci_attach(sv[1], dev->queue.packet == USBIP_PACKET_HS);
	close(sv[1]);
	if (dev->port < 0 || dev->wake < 0) {
		close(dev->sock);
		return dev->port < 0 ? dev->port : -ENFILE;
	}
	if (pthread_create(&dev->thread, NULL, device_thread, dev))
		return -EAGAIN;
	dev->running = true;
	return 0;
}

/**
 * usbip_unplug() - pull the device out and wait until its thread has ended
 * @dev: device, plugged in or not
 *
 * Not to be called from an operation; those use usbip_vanish().
 */
void usbip_unplug(struct usbip_dev *dev)
{
	if (!dev->running)
		return;
	usbip_vanish(dev);
	pthread_join(dev->thread, NULL);
	dev->running = false;
	close(dev->sock);
	close(dev->wake);
	queue_clear(&dev->queue);
}

/**
 * usbip_vanish() - pull the device out, from any context, without waiting
 * @dev: device
 */
void usbip_vanish(struct usbip_dev *dev)
{
	uint64_t one = 1;

	usbip_lock(dev);
	dev->vanish = true;
	usbip_unlock(dev);
	shutdown(dev->sock, SHUT_RDWR);
	if (write(dev->wake, &one, sizeof(one)) < 0)
		return;
}

/**
 * usbip_busid() - where the device sits, such as "1-1"
 * @dev: device that is plugged in
 * @busid: room for the name
 * @len: size of that
 *
 * Return: false while the device isn't enumerated.
 */
bool usbip_busid(struct usbip_dev *dev, char *busid, size_t len)
{
	return dev->port >= 0 && vhci_busid(dev->port, busid, len);
}

/**
 * usbip_lock() - keep the device's thread out; may be nested
 * @dev: device
 */
void usbip_lock(struct usbip_dev *dev)
{
	pthread_mutex_lock(&dev->lock);
}

/**
 * usbip_unlock() - undo usbip_lock()
 * @dev: device
 */
void usbip_unlock(struct usbip_dev *dev)
{
	pthread_mutex_unlock(&dev->lock);
}

static void wake_thread(struct usbip_dev *dev)
{
	uint64_t one = 1;

	if (dev->running && write(dev->wake, &one, sizeof(one)) < 0)
		return;
}

/**
 * usbip_answer() - queue data for an IN endpoint
 * @dev: device
 * @ep: endpoint number
 * @data: what to send
 * @len: bytes, 0 for a zero-length packet
 * @due_ns: now_ns() time before which the endpoint answers NAK, 0 for at
 *	once, USBIP_HELD until usbip_release()
 */
void usbip_answer(struct usbip_dev *dev, unsigned int ep, const void *data,
		  size_t len, uint64_t due_ns)
{
	usbip_lock(dev);
	queue_answer(&dev->queue, ep, data, len, due_ns, false);
	usbip_unlock(dev);
	wake_thread(dev);
}

/**
 * usbip_stall() - halt an IN endpoint until usbip_flush()
 * @dev: device
 * @ep: endpoint number
 */
void usbip_stall(struct usbip_dev *dev, unsigned int ep)
{
	usbip_lock(dev);
	queue_answer(&dev->queue, ep, NULL, 0, 0, true);
	usbip_unlock(dev);
	wake_thread(dev);
}

/**
 * usbip_release() - make all held and delayed answers due
 * @dev: device
 */
void usbip_release(struct usbip_dev *dev)
{
	usbip_lock(dev);
	queue_release(&dev->queue);
	usbip_unlock(dev);
	wake_thread(dev);
}

/**
 * usbip_flush() - throw all queued answers away
 * @dev: device
 */
void usbip_flush(struct usbip_dev *dev)
{
	usbip_lock(dev);
	queue_flush(&dev->queue);
	usbip_unlock(dev);
}

/**
 * usbip_queued() - answers that the host has not fetched completely
 * @dev: device
 * @ep: endpoint number
 *
 * Return: number of answers.
 */
unsigned int usbip_queued(struct usbip_dev *dev, unsigned int ep)
{
	unsigned int n = 0;
	struct answer *a;

	usbip_lock(dev);
	for (a = dev->queue.answers; a; a = a->next)
		n += a->ep == ep;
	usbip_unlock(dev);
	return n;
}

/**
 * usbip_waiting() - IN transfers of the host that wait for an answer
 * @dev: device
 * @ep: endpoint number
 *
 * Return: number of transfers.
 */
unsigned int usbip_waiting(struct usbip_dev *dev, unsigned int ep)
{
	struct transfer *t;
	unsigned int n = 0;

	usbip_lock(dev);
	for (t = dev->queue.transfers; t; t = t->next)
		n += t->ep == ep;
	usbip_unlock(dev);
	return n;
}
