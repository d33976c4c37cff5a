// SPDX-License-Identifier: GPL-2.0-only
/*
 * usbredir, the side that has the device ("usb-host"): libusbredirparser does
 * the framing, this file turns its packets into calls of the USB device.
 *
 * Not offered: bulk receiving (buffered IN), since an answer must be fetched
 * by the transfer that asks for it, and streams.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <usbredirparser.h>

#include "redir.h"

struct redir {
	char *path;
	uint16_t pid;
	struct usb_device *dev;
	uint64_t (*now)(void);
	int listen_fd;
	int fd;
	struct usbredirparser *parser;
	bool peer_ready;	/* hello received */
	bool plugged;
	bool connected;		/* the peer was told of the device */
	bool broken;
};

static uint8_t status_of(enum usb_result result)
{
	switch (result) {
	case USB_OK:
		return usb_redir_success;
	case USB_CANCELLED:
		return usb_redir_cancelled;
	case USB_STALL:
		return usb_redir_stall;
	case USB_BABBLE:
		return usb_redir_babble;
	case USB_IOERROR:
		break;
	}
	return usb_redir_ioerror;
}

static void on_log(void *priv, int level, const char *msg)
{
	(void)priv;
	if (level <= usbredirparser_warning)
		fprintf(stderr, "stlink-sim: usbredir: %s\n", msg);
}

static int on_read(void *priv, uint8_t *data, int count)
{
	struct redir *r = priv;
	ssize_t n = read(r->fd, data, count);

	if (n > 0)
		return n;
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	r->broken = true;
	return -1;
}

static int on_write(void *priv, uint8_t *data, int count)
{
	struct redir *r = priv;
	ssize_t n = send(r->fd, data, count, MSG_NOSIGNAL);

	if (n >= 0)
		return n;
	if (errno == EAGAIN || errno == EINTR)
		return 0;
	r->broken = true;
	return -1;
}

static void send_ep_info(struct redir *r)
{
	struct usb_redir_ep_info_header h;
	struct usb_endpoint_info list[16];
	unsigned int n = usb_endpoints(r->pid, list), i;

	memset(&h, 0, sizeof(h));
	memset(h.type, usb_redir_type_invalid, sizeof(h.type));
	h.type[0] = usb_redir_type_control;
	h.type[16] = usb_redir_type_control;
	h.max_packet_size[0] = USB_PACKET;
	h.max_packet_size[16] = USB_PACKET;
	for (i = 0; i < n; i++) {
		unsigned int k = (list[i].addr & 0x0f) |
			(list[i].addr & 0x80) >> 3;

		h.type[k] = list[i].type;
		h.interval[k] = list[i].interval;
		h.interface[k] = list[i].interface;
		h.max_packet_size[k] = list[i].packet;
	}
	usbredirparser_send_ep_info(r->parser, &h);
}

static void send_interface_info(struct redir *r)
{
	struct usb_redir_interface_info_header h;
	struct usb_interface list[8];
	unsigned int i;

	memset(&h, 0, sizeof(h));
	h.interface_count = usb_interfaces(r->pid, list);
	for (i = 0; i < h.interface_count; i++) {
		h.interface[i] = i;
		h.interface_class[i] = list[i].class;
		h.interface_subclass[i] = list[i].subclass;
		h.interface_protocol[i] = list[i].protocol;
	}
	usbredirparser_send_interface_info(r->parser, &h);
}

static void connect_device(struct redir *r)
{
	const uint8_t *d = usb_device_descriptor(r->pid);
	struct usb_redir_device_connect_header h = {
		.speed = usb_redir_speed_full,
		.device_class = d[4],
		.device_subclass = d[5],
		.device_protocol = d[6],
		.vendor_id = d[8] | d[9] << 8,
		.product_id = d[10] | d[11] << 8,
		.device_version_bcd = d[12] | d[13] << 8,
	};

	if (!r->peer_ready || !r->plugged || r->connected)
		return;
	send_interface_info(r);
	send_ep_info(r);
	usbredirparser_send_device_connect(r->parser, &h);
	r->connected = true;
}

static void on_hello(void *priv, struct usb_redir_hello_header *hello)
{
	struct redir *r = priv;

	(void)hello;
	r->peer_ready = true;
	connect_device(r);
}

static void on_set_configuration(void *priv, uint64_t id,
				 struct usb_redir_set_configuration_header *h)
{
	struct redir *r = priv;
	struct usb_redir_configuration_status_header s;
	enum usb_result result = usb_set_configuration(r->dev,
						       h->configuration);

	s.status = status_of(result);
	s.configuration = usb_configuration(r->dev);
	if (result == USB_OK) {
		send_interface_info(r);
		send_ep_info(r);
	}
	usbredirparser_send_configuration_status(r->parser, id, &s);
}

static void on_get_configuration(void *priv, uint64_t id)
{
	struct redir *r = priv;
	struct usb_redir_configuration_status_header s = {
		.status = usb_redir_success,
		.configuration = usb_configuration(r->dev),
	};

	usbredirparser_send_configuration_status(r->parser, id, &s);
}

static void on_set_alt(void *priv, uint64_t id,
		       struct usb_redir_set_alt_setting_header *h)
{
	struct redir *r = priv;
	struct usb_redir_alt_setting_status_header s = {
		.status = status_of(usb_set_interface(r->dev, h->interface,
						      h->alt)),
		.interface = h->interface,
		.alt = 0,
	};

	usbredirparser_send_alt_setting_status(r->parser, id, &s);
}

static void on_get_alt(void *priv, uint64_t id,
		       struct usb_redir_get_alt_setting_header *h)
{
	struct redir *r = priv;
	struct usb_redir_alt_setting_status_header s = {
		.status = usb_redir_success,
		.interface = h->interface,
		.alt = 0,
	};

	usbredirparser_send_alt_setting_status(r->parser, id, &s);
}

/* notifications of the virtual serial port: accepted, and none ever comes */
static void on_start_interrupt(void *priv, uint64_t id,
		struct usb_redir_start_interrupt_receiving_header *h)
{
	struct redir *r = priv;
	struct usb_redir_interrupt_receiving_status_header s = {
		.status = usb_redir_success,
		.endpoint = h->endpoint,
	};

	usbredirparser_send_interrupt_receiving_status(r->parser, id, &s);
}

static void on_stop_interrupt(void *priv, uint64_t id,
		struct usb_redir_stop_interrupt_receiving_header *h)
{
	struct redir *r = priv;
	struct usb_redir_interrupt_receiving_status_header s = {
		.status = usb_redir_success,
		.endpoint = h->endpoint,
	};

	usbredirparser_send_interrupt_receiving_status(r->parser, id, &s);
}

static void on_control(void *priv, uint64_t id,
		       struct usb_redir_control_packet_header *h,
		       uint8_t *data, int data_len)
{
	struct redir *r = priv;
	struct usb_setup setup = {
		.type = h->requesttype,
		.request = h->request,
		.value = h->value,
		.index = h->index,
		.length = h->length,
	};
	struct usb_redir_control_packet_header answer = *h;
	bool in = h->requesttype & 0x80;
	size_t len = in ? 0 : data_len;
	uint8_t *buf = calloc(1, h->length + 1u);

	if (!buf)
		abort();
	if (!in && data_len > 0)
		memcpy(buf, data, data_len < h->length ? data_len : h->length);
	answer.status = status_of(usb_control(r->dev, &setup, buf, &len));
	if (in)
		answer.length = len;
	usbredirparser_send_control_packet(r->parser, id, &answer,
					   in && len ? buf : NULL,
					   in ? len : 0);
	free(buf);
	usbredirparser_free_packet_data(r->parser, data);
}

static void on_bulk(void *priv, uint64_t id,
		    struct usb_redir_bulk_packet_header *h, uint8_t *data,
		    int data_len)
{
	struct redir *r = priv;
	uint32_t len = h->length | (uint32_t)h->length_high << 16;

	if (!(h->endpoint & 0x80))
		len = data_len;
	usb_submit(r->dev, usb_urb_new(id, h->endpoint, data, len), r->now());
	usbredirparser_free_packet_data(r->parser, data);
}

static void on_interrupt(void *priv, uint64_t id,
			 struct usb_redir_interrupt_packet_header *h,
			 uint8_t *data, int data_len)
{
	struct redir *r = priv;

	/* there is no interrupt OUT endpoint */
	(void)data_len;
	h->status = usb_redir_inval;
	h->length = 0;
	usbredirparser_send_interrupt_packet(r->parser, id, h, NULL, 0);
	usbredirparser_free_packet_data(r->parser, data);
}

static void send_urb(struct redir *r, const struct usb_urb *urb)
{
	bool in = urb->ep & 0x80;
	struct usb_redir_bulk_packet_header h = {
		.endpoint = urb->ep,
		.status = status_of(urb->result),
		.length = urb->actual,
		.length_high = urb->actual >> 16,
	};

	usbredirparser_send_bulk_packet(r->parser, urb->id, &h,
					in && urb->actual ?
					(uint8_t *)urb->data : NULL,
					in ? urb->actual : 0);
}

static void cancelled(struct redir *r, struct usb_urb *urb)
{
	urb->result = USB_CANCELLED;
	urb->actual = 0;
	send_urb(r, urb);
	free(urb);
}

/*
 * What is under way ends by that. QEMU takes the addresses of descriptors for
 * numbers: one that never got its answer, and is cancelled later, would swallow that
 * of the next transfer with its number.
 */
static void on_reset(void *priv)
{
	struct redir *r = priv;
	struct usb_urb *urb;

	if (!r->connected)
		return;
	while ((urb = usb_abandon(r->dev)))
		cancelled(r, urb);
	usb_reset(r->dev);
}

static void on_cancel(void *priv, uint64_t id)
{
	struct redir *r = priv;
	struct usb_urb *urb = usb_cancel(r->dev, id);

	if (urb)	/* else the answer is on its way already */
		cancelled(r, urb);
}

static void on_nothing(void *priv)
{
	(void)priv;
}

static void on_filter(void *priv, struct usbredirfilter_rule *rules, int count)
{
	(void)priv;
	(void)count;
	free(rules);
}

static void start_parser(struct redir *r)
{
	uint32_t caps[USB_REDIR_CAPS_SIZE] = { 0 };
	struct usbredirparser *p = usbredirparser_create();

	if (!p)
		abort();
	p->priv = r;
	p->log_func = on_log;
	p->read_func = on_read;
	p->write_func = on_write;
	p->hello_func = on_hello;
	p->reset_func = on_reset;
	p->set_configuration_func = on_set_configuration;
	p->get_configuration_func = on_get_configuration;
	p->set_alt_setting_func = on_set_alt;
	p->get_alt_setting_func = on_get_alt;
	p->start_interrupt_receiving_func = on_start_interrupt;
	p->stop_interrupt_receiving_func = on_stop_interrupt;
	p->cancel_data_packet_func = on_cancel;
	p->filter_reject_func = on_nothing;
	p->filter_filter_func = on_filter;
	p->device_disconnect_ack_func = on_nothing;
	p->control_packet_func = on_control;
	p->bulk_packet_func = on_bulk;
	p->interrupt_packet_func = on_interrupt;
	usbredirparser_caps_set_cap(caps, usb_redir_cap_connect_device_version);
	usbredirparser_caps_set_cap(caps, usb_redir_cap_filter);
	usbredirparser_caps_set_cap(caps, usb_redir_cap_device_disconnect_ack);
	usbredirparser_caps_set_cap(caps,
				    usb_redir_cap_ep_info_max_packet_size);
	usbredirparser_caps_set_cap(caps, usb_redir_cap_64bits_ids);
	usbredirparser_caps_set_cap(caps, usb_redir_cap_32bits_bulk_length);
	usbredirparser_init(p, "stlink-sim", caps, USB_REDIR_CAPS_SIZE,
			    usbredirparser_fl_usb_host);
	r->parser = p;
}

struct redir *redir_new(const char *path, uint16_t pid, struct usb_device *dev,
			uint64_t (*now)(void))
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	struct redir *r;

	if (strlen(path) >= sizeof(addr.sun_path)) {
		errno = ENAMETOOLONG;
		return NULL;
	}
	strcpy(addr.sun_path, path);
	r = calloc(1, sizeof(*r));
	if (!r)
		return NULL;
	r->fd = -1;
	r->pid = pid;
	r->dev = dev;
	r->now = now;
	r->path = strdup(path);
	r->listen_fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK |
			      SOCK_CLOEXEC, 0);
	unlink(path);
	if (!r->path || r->listen_fd < 0 ||
	    bind(r->listen_fd, (struct sockaddr *)&addr, sizeof(addr)) ||
	    listen(r->listen_fd, 4)) {
		int err = errno;

		redir_free(r);
		errno = err;
		return NULL;
	}
	return r;
}

static void hang_up(struct redir *r)
{
	if (r->fd < 0)
		return;
	usbredirparser_destroy(r->parser);
	close(r->fd);
	r->parser = NULL;
	r->fd = -1;
	r->peer_ready = false;
	r->broken = false;
	if (r->connected)
		usb_reset(r->dev);
	r->connected = false;
}

void redir_free(struct redir *r)
{
	if (!r)
		return;
	hang_up(r);
	if (r->listen_fd >= 0) {
		close(r->listen_fd);
		unlink(r->path);
	}
	free(r->path);
	free(r);
}

void redir_plug(struct redir *r, bool plugged)
{
	r->plugged = plugged;
	if (plugged) {
		if (r->fd >= 0)
			connect_device(r);
	} else {
		usb_unplug(r->dev);
		if (r->connected)
			usbredirparser_send_device_disconnect(r->parser);
		r->connected = false;
	}
}

void redir_poll(const struct redir *r, struct pollfd fds[REDIR_FDS])
{
	fds[0].fd = r->fd < 0 ? r->listen_fd : -1;
	fds[0].events = POLLIN;
	fds[1].fd = r->fd;
	fds[1].events = POLLIN;
	if (r->fd >= 0 && usbredirparser_has_data_to_write(r->parser))
		fds[1].events |= POLLOUT;
}

void redir_handle(struct redir *r, const struct pollfd fds[REDIR_FDS])
{
	struct usb_urb *urb;

	if (fds[0].revents && r->fd < 0) {
		r->fd = accept4(r->listen_fd, NULL, NULL,
				SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (r->fd >= 0)
			start_parser(r);
	} else if (fds[1].revents & (POLLIN | POLLHUP | POLLERR)) {
		usbredirparser_do_read(r->parser);
	}
	if (r->fd < 0)
		return;
	while (!r->broken && (urb = usb_reap(r->dev, r->now()))) {
		send_urb(r, urb);
		free(urb);
	}
	while (!r->broken && usbredirparser_has_data_to_write(r->parser) > 0) {
		int before = usbredirparser_has_data_to_write(r->parser);

		if (usbredirparser_do_write(r->parser) < 0 ||
		    usbredirparser_has_data_to_write(r->parser) == before)
			break;
	}
	if (r->broken)
		hang_up(r);
}
