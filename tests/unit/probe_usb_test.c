// SPDX-License-Identifier: GPL-2.0-only
/* The USB device: descriptors, requests, packets, halts, toggles, time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "timing.h"
#include "usb/device.h"

static struct usb_device *dev;
static struct usb_options uo;
static uint8_t got[1024];
static size_t got_len;
static unsigned int packets, resets;
static enum usb_fault fault;
static uint32_t fault_arg;
static uint64_t gone_at;

static void on_out(void *ctx, const uint8_t *data, size_t len, uint64_t t)
{
	(void)ctx;
	(void)t;
	memcpy(got + got_len, data, len);
	got_len += len;
	packets++;
}

static uint64_t never_busy(void *ctx)
{
	(void)ctx;
	return 0;
}

static void on_reset(void *ctx)
{
	(void)ctx;
	resets++;
}

static void on_transfer(void *ctx, struct usb_urb *urb)
{
	(void)ctx;
	urb->fault = fault;
	urb->fault_arg = fault_arg;
	fault = USB_FAULT_NONE;
}

static void on_gone(void *ctx, uint64_t t_ns)
{
	(void)ctx;
	gone_at = t_ns;
}

static int usb_set_up(void **state)
{
	(void)state;
	memset(&uo, 0, sizeof(uo));
	uo.pid = 0x3748;
	uo.fast = true;
	got_len = 0;
	packets = 0;
	resets = 0;
	fault = USB_FAULT_NONE;
	fault_arg = 0;
	gone_at = UINT64_MAX;
	dev = NULL;
	return 0;
}

static int usb_tear_down(void **state)
{
	(void)state;
	usb_free(dev);
	dev = NULL;
	return 0;
}

static void plug(void)
{
	const struct usb_hooks hooks = {
		.out = on_out, .busy_until = never_busy, .reset = on_reset,
		.transfer = on_transfer, .gone = on_gone,
	};

	dev = usb_new(&uo, &hooks);
	assert_non_null(dev);
	assert_int_equal(usb_set_configuration(dev, 1), USB_OK);
}

static enum usb_result request(uint8_t type, uint8_t req, uint16_t value,
			       uint16_t index, uint16_t length, uint8_t *data,
			       size_t *len)
{
	const struct usb_setup setup = { type, req, value, index, length };

	*len = 0;
	return usb_control(dev, &setup, data, len);
}

static void clear_halt(uint8_t ep)
{
	uint8_t data[8];
	size_t len;

	assert_int_equal(request(2, 1, 0, ep, 0, data, &len), USB_OK);
}

static void host_sends(const void *data, size_t len)
{
	struct usb_urb *urb;

	usb_submit(dev, usb_urb_new(1, 0x02, data, len), 0);
	urb = usb_reap(dev, 0);
	assert_non_null(urb);
	assert_int_equal(urb->result, USB_OK);
	assert_int_equal(urb->actual, len);
	free(urb);
}

/* submits a read; returns the transfer if it has ended */
static struct usb_urb *host_reads(uint64_t id, size_t len)
{
	usb_submit(dev, usb_urb_new(id, 0x81, NULL, len), 0);
	return usb_reap(dev, 0);
}

static void expect_in(size_t room, enum usb_result result, size_t actual)
{
	struct usb_urb *urb = host_reads(7, room);

	assert_non_null(urb);
	assert_int_equal(urb->result, result);
	assert_int_equal(urb->actual, actual);
	free(urb);
}

static void descriptors(void **state)
{
	static const struct { uint16_t pid; size_t len, ifs; } table[] = {
		{ 0x3748, 39, 1 }, { 0x374b, 128, 4 }, { 0x3752, 105, 3 },
	};
	uint8_t d[256];
	size_t len, i;

	(void)state;
	for (i = 0; i < 3; i++) {
		uo.pid = table[i].pid;
		plug();
		assert_int_equal(request(0x80, 6, 0x100, 0, 64, d, &len),
				 USB_OK);
		assert_int_equal(len, 18);
		assert_int_equal(d[8] | d[9] << 8, 0x0483);
		assert_int_equal(d[10] | d[11] << 8, table[i].pid);
		assert_int_equal(request(0x80, 6, 0x200, 0, 255, d, &len),
				 USB_OK);
		assert_int_equal(len, table[i].len);
		assert_int_equal(d[2] | d[3] << 8, table[i].len);
		assert_int_equal(d[4], table[i].ifs);
		assert_int_equal(request(0x80, 6, 0x200, 0, 9, d, &len),
				 USB_OK);
		assert_int_equal(len, 9);
		assert_int_equal(request(0x80, 6, 0x600, 0, 10, d, &len),
				 USB_STALL);
		usb_free(dev);
		dev = NULL;
	}
}

static void strings(void **state)
{
	static const uint8_t raw[12] = { 0x55, 0xff, 0x6c, 0x06, 0x00, 0x80,
					 1, 2, 3, 4, 5, 6 };
	uint8_t d[256];
	size_t len, i;

	(void)state;
	for (i = 0; i < 12; i++)
		uo.serial[i] = raw[i];
	uo.serial_len = 12;
	plug();
	assert_int_equal(request(0x80, 6, 0x303, 0x409, 255, d, &len), USB_OK);
	assert_int_equal(len, 26);
	assert_int_equal(d[0], 26);
	for (i = 0; i < 12; i++) {
		assert_int_equal(d[2 + 2 * i], raw[i]);
		assert_int_equal(d[3 + 2 * i], 0);
	}
	assert_int_equal(request(0x80, 6, 0x302, 0x409, 255, d, &len), USB_OK);
	assert_int_equal(len, 2 + 2 * strlen("STM32 STLink"));
	assert_int_equal(request(0x80, 6, 0x305, 0x409, 255, d, &len),
			 USB_STALL);
	assert_int_equal(request(0x80, 6, 0x300, 0, 255, d, &len), USB_OK);
	assert_memory_equal(d, "\x04\x03\x09\x04", 4);
}

static void requests(void **state)
{
	uint8_t d[8];
	size_t len;

	(void)state;
	plug();
	assert_int_equal(request(0x80, 0, 0, 0, 2, d, &len), USB_OK);
	assert_memory_equal(d, "\0\0", 2);
	assert_int_equal(request(0x80, 8, 0, 0, 1, d, &len), USB_OK);
	assert_int_equal(d[0], 1);
	assert_int_equal(request(0x81, 10, 0, 0, 1, d, &len), USB_OK);
	assert_int_equal(request(1, 11, 0, 0, 0, d, &len), USB_OK);
	assert_int_equal(request(1, 11, 1, 0, 0, d, &len), USB_STALL);
	assert_int_equal(request(1, 11, 0, 1, 0, d, &len), USB_STALL);
	assert_int_equal(usb_set_configuration(dev, 2), USB_STALL);
	/* endpoint halted by the host, then not */
	assert_int_equal(request(2, 3, 0, 0x81, 0, d, &len), USB_OK);
	assert_int_equal(request(0x82, 0, 0, 0x81, 2, d, &len), USB_OK);
	assert_int_equal(d[0], 1);
	clear_halt(0x81);
	assert_int_equal(request(0x82, 0, 0, 0x81, 2, d, &len), USB_OK);
	assert_int_equal(d[0], 0);
	assert_int_equal(request(2, 1, 0, 0x85, 0, d, &len), USB_STALL);
	/* a class request where there is no such class, and a vendor's */
	assert_int_equal(request(0xa1, 0xfe, 0, 0, 1, d, &len), USB_STALL);
	assert_int_equal(request(0xc0, 1, 0, 0, 1, d, &len), USB_STALL);
	usb_reset(dev);
	assert_int_equal(resets, 1);
	assert_int_equal(usb_configuration(dev), 0);
}

static void packet_sizes(void **state)
{
	uint8_t data[200] = { 1, 2, 3 };
	struct usb_urb *urb;

	(void)state;
	plug();
	usb_answer(dev, 0x81, data, 6, 0);
	expect_in(64, USB_OK, 6);
	usb_answer(dev, 0x81, data, 6, 0);
	expect_in(6, USB_OK, 6);
	/* two bytes into a buffer of one */
	usb_answer(dev, 0x81, data, 2, 0);
	expect_in(1, USB_BABBLE, 1);
	/* a long answer taken in two */
	usb_answer(dev, 0x81, data, 88, 0);
	expect_in(64, USB_OK, 64);
	expect_in(64, USB_OK, 24);
	/* n * 64 without an empty packet: a longer read waits for more */
	usb_answer(dev, 0x81, data, 128, 0);
	expect_in(128, USB_OK, 128);
	usb_answer(dev, 0x81, data, 64, 0);
	assert_null(host_reads(3, 128));
	usb_answer(dev, 0x81, data, 2, 0);
	urb = usb_reap(dev, 0);
	assert_non_null(urb);
	assert_int_equal(urb->actual, 66);
	free(urb);
	/* out: a packet each 64 bytes, none of zero length behind */
	packets = 0;
	host_sends(data, 128);
	assert_int_equal(packets, 2);
	assert_int_equal(got_len, 128);
}

static void empty_packet(void **state)
{
	uint8_t data[64] = { 0 };

	(void)state;
	uo.zlp = true;
	plug();
	usb_answer(dev, 0x81, data, 64, 0);
	expect_in(128, USB_OK, 64);
	usb_answer(dev, 0x81, data, 64, 0);
	expect_in(64, USB_OK, 64);
	expect_in(64, USB_OK, 0);	/* left over for the next */
}

static void halts(void **state)
{
	struct usb_urb *urb;

	(void)state;
	plug();
	assert_null(host_reads(3, 64));
	usb_halt(dev, 0x81, 0);
	urb = usb_reap(dev, 0);
	assert_non_null(urb);
	assert_int_equal(urb->result, USB_STALL);
	free(urb);
	expect_in(64, USB_STALL, 0);
	clear_halt(0x81);
	usb_answer(dev, 0x81, (const uint8_t *)"ok", 2, 0);
	expect_in(64, USB_OK, 2);
}

static void cancel(void **state)
{
	struct usb_urb *urb;

	(void)state;
	plug();
	assert_null(host_reads(3, 64));
	assert_null(host_reads(4, 64));
	urb = usb_cancel(dev, 3);
	assert_non_null(urb);
	assert_int_equal(urb->id, 3);
	free(urb);
	assert_null(usb_cancel(dev, 3));
	usb_answer(dev, 0x81, (const uint8_t *)"ok", 2, 0);
	urb = usb_reap(dev, 0);
	assert_non_null(urb);
	assert_int_equal(urb->id, 4);
	free(urb);
	/* an answer that nobody fetched is the next one's */
	usb_answer(dev, 0x81, (const uint8_t *)"stale", 5, 0);
	usb_answer(dev, 0x81, (const uint8_t *)"new", 3, 0);
	expect_in(64, USB_OK, 5);
	expect_in(64, USB_OK, 3);
}

static void toggles(void **state)
{
	(void)state;
	plug();
	host_sends("a", 1);
	clear_halt(0x02);
	host_sends("b", 1);
	assert_memory_equal(got, "ab", 2);
	usb_free(dev);

	uo.toggle_ignored = true;
	got_len = 0;
	plug();
	host_sends("a", 1);		/* DATA0; DATA1 is next */
	clear_halt(0x02);
	host_sends("b", 1);		/* DATA0 again: taken for a repeat */
	host_sends("c", 1);
	assert_int_equal(got_len, 2);
	assert_memory_equal(got, "ac", 2);
	/* IN: DATA1 where the host wants DATA0: thrown away there */
	usb_answer(dev, 0x81, (const uint8_t *)"1", 1, 0);
	expect_in(64, USB_OK, 1);
	clear_halt(0x81);
	usb_answer(dev, 0x81, (const uint8_t *)"2", 1, 0);
	assert_null(host_reads(9, 64));
	free(usb_cancel(dev, 9));
	usb_answer(dev, 0x81, (const uint8_t *)"3", 1, 0);
	expect_in(64, USB_OK, 1);
	/* a reset of the bus puts all right */
	usb_reset(dev);
	usb_set_configuration(dev, 1);
	got_len = 0;
	host_sends("d", 1);
	assert_int_equal(got_len, 1);
}

static void stale_in(void **state)
{
	(void)state;
	uo.stale_in = true;
	plug();
	expect_in(64, USB_OK, 8);
	assert_null(host_reads(2, 64));
}

static void vanishing(void **state)
{
	(void)state;
	plug();
	fault = USB_FAULT_LOST;
	assert_null(host_reads(2, 64));
	assert_null(usb_cancel(dev, 2));
	assert_true(usb_next_due(dev) == UINT64_MAX);
}

/* the next transfer has this fault */
static void next_fails(enum usb_fault f, uint32_t arg)
{
	fault = f;
	fault_arg = arg;
	gone_at = UINT64_MAX;
}

static void faults_in(void **state)
{
	static const uint8_t data[128] = { 1, 2, 3, 4 };
	struct usb_urb *urb;

	(void)state;
	plug();
	next_fails(USB_FAULT_SHORT, 3);
	usb_answer(dev, 0x81, data, 8, 0);
	expect_in(64, USB_OK, 5);
	next_fails(USB_FAULT_SHORT, 100);
	usb_answer(dev, 0x81, data, 8, 0);
	expect_in(64, USB_OK, 0);
	/* beyond the buffer: the rest is the next one's */
	next_fails(USB_FAULT_LONG, 60);
	usb_answer(dev, 0x81, data, 8, 0);
	expect_in(64, USB_OK, 64);
	expect_in(64, USB_OK, 4);
	next_fails(USB_FAULT_BABBLE, 0);
	usb_answer(dev, 0x81, data, 8, 0);
	expect_in(64, USB_BABBLE, 64);
	next_fails(USB_FAULT_ERROR, 0);
	usb_answer(dev, 0x81, data, 8, 0);
	expect_in(64, USB_IOERROR, 0);
	next_fails(USB_FAULT_STALL, 0);
	usb_answer(dev, 0x81, data, 8, 0);
	expect_in(64, USB_STALL, 0);
	expect_in(64, USB_STALL, 0);
	clear_halt(0x81);
	/* the same seed, the same garbage, of the right length */
	next_fails(USB_FAULT_GARBAGE, 7);
	usb_answer(dev, 0x81, data, 8, 0);
	urb = host_reads(1, 64);
	assert_non_null(urb);
	assert_int_equal(urb->actual, 8);
	assert_memory_not_equal(urb->data, data, 8);
	memcpy(got, urb->data, 8);
	free(urb);
	next_fails(USB_FAULT_GARBAGE, 7);
	usb_answer(dev, 0x81, data, 8, 0);
	urb = host_reads(1, 64);
	assert_non_null(urb);
	assert_memory_equal(urb->data, got, 8);
	free(urb);
	/* lost, or left to the next */
	next_fails(USB_FAULT_SILENCE, 0);
	usb_answer(dev, 0x81, data, 8, 0);
	assert_null(host_reads(3, 64));
	free(usb_cancel(dev, 3));
	assert_null(host_reads(4, 64));
	free(usb_cancel(dev, 4));
	next_fails(USB_FAULT_LATE, 0);
	usb_answer(dev, 0x81, data, 8, 0);
	assert_null(host_reads(3, 64));
	free(usb_cancel(dev, 3));
	expect_in(64, USB_OK, 8);
	assert_true(gone_at == UINT64_MAX);
	next_fails(USB_FAULT_AFTER, 0);
	usb_answer(dev, 0x81, data, 8, 5);
	assert_null(host_reads(3, 64));
	assert_int_equal(gone_at, 5);
	free(usb_reap(dev, 5));
	next_fails(USB_FAULT_CUT, 0);
	usb_answer(dev, 0x81, data, 100, 6);
	assert_null(host_reads(3, 128));
	assert_int_equal(gone_at, 6);
	urb = usb_reap(dev, 6);
	assert_non_null(urb);
	assert_int_equal(urb->result, USB_IOERROR);
	assert_int_equal(urb->actual, 50);
	free(urb);
}

static void expect_out(size_t len, enum usb_result result, size_t arrived)
{
	static const uint8_t data[256];
	struct usb_urb *urb;

	got_len = 0;
	usb_submit(dev, usb_urb_new(1, 0x02, data, len), 0);
	urb = usb_reap(dev, 0);
	assert_non_null(urb);
	assert_int_equal(urb->result, result);
	assert_int_equal(got_len, arrived);
	free(urb);
}

static void faults_out(void **state)
{
	(void)state;
	plug();
	next_fails(USB_FAULT_ERROR, 0);
	expect_out(16, USB_IOERROR, 0);
	next_fails(USB_FAULT_STALL, 0);
	expect_out(16, USB_STALL, 0);
	clear_halt(0x02);
	next_fails(USB_FAULT_CUT, 0);
	expect_out(16, USB_IOERROR, 16);
	assert_int_equal(gone_at, 0);
	next_fails(USB_FAULT_CUT, 0);
	expect_out(256, USB_IOERROR, 128);
	next_fails(USB_FAULT_AFTER, 0);
	expect_out(256, USB_OK, 256);
	assert_int_equal(gone_at, 0);
	next_fails(USB_FAULT_SILENCE, 0);
	got_len = 0;
	usb_submit(dev, usb_urb_new(3, 0x02, (const uint8_t *)"x", 1), 0);
	assert_null(usb_reap(dev, 0));
	free(usb_cancel(dev, 3));
	assert_int_equal(got_len, 0);
	expect_out(16, USB_OK, 16);
}

static void time_of_transfers(void **state)
{
	struct usb_urb *urb;
	uint8_t data[1024] = { 0 };

	(void)state;
	uo.fast = false;
	plug();
	usb_submit(dev, usb_urb_new(1, 0x02, data, 16), 1000000);
	assert_int_equal(usb_next_due(dev), 1000000 + T_USB_PHASE_NS +
			 16 * T_USB_BYTE_NS);
	assert_null(usb_reap(dev, 1000000));
	urb = usb_reap(dev, 2000000);
	assert_non_null(urb);
	free(urb);
	/* not before the answer is ready, whoever waits for it */
	usb_submit(dev, usb_urb_new(2, 0x81, NULL, 1024), 2000000);
	assert_true(usb_next_due(dev) == UINT64_MAX);
	usb_answer(dev, 0x81, data, 1024, 5000000);
	assert_int_equal(usb_next_due(dev), 5000000 + T_USB_PHASE_NS +
			 1024 * T_USB_BYTE_NS);
}

/* bulk-only transport of the disk that has no medium */
static void storage(void **state)
{
	uint8_t cbw[31] = "USBC\x01\x02\x03\x04\x24\0\0\0\x80\0\x06\x12";
	struct usb_urb *urb;
	uint8_t d[8];
	size_t len;

	(void)state;
	uo.pid = 0x374b;
	plug();
	assert_int_equal(request(0xa1, 0xfe, 0, 1, 1, d, &len), USB_OK);
	assert_int_equal(d[0], 0);
	usb_submit(dev, usb_urb_new(1, 0x03, cbw, 31), 0);
	free(usb_reap(dev, 0));
	usb_submit(dev, usb_urb_new(2, 0x83, NULL, 36), 0);
	urb = usb_reap(dev, 0);
	assert_non_null(urb);
	assert_int_equal(urb->actual, 36);
	assert_int_equal(urb->data[1], 0x80);
	free(urb);
	usb_submit(dev, usb_urb_new(3, 0x83, NULL, 13), 0);
	urb = usb_reap(dev, 0);
	assert_non_null(urb);
	assert_memory_equal(urb->data, "USBS\x01\x02\x03\x04\0\0\0\0\0", 13);
	free(urb);
	/* read capacity: no medium; halt, then a failed status */
	cbw[8] = 8;
	cbw[15] = 0x25;
	usb_submit(dev, usb_urb_new(4, 0x03, cbw, 31), 0);
	free(usb_reap(dev, 0));
	usb_submit(dev, usb_urb_new(5, 0x83, NULL, 8), 0);
	urb = usb_reap(dev, 0);
	assert_int_equal(urb->result, USB_STALL);
	free(urb);
	clear_halt(0x83);
	usb_submit(dev, usb_urb_new(6, 0x83, NULL, 13), 0);
	urb = usb_reap(dev, 0);
	assert_non_null(urb);
	assert_memory_equal(urb->data, "USBS\x01\x02\x03\x04\x08\0\0\0\x01", 13);
	free(urb);
}

#define usb_test(f) \
	cmocka_unit_test_setup_teardown(f, usb_set_up, usb_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		usb_test(descriptors),
		usb_test(strings),
		usb_test(requests),
		usb_test(packet_sizes),
		usb_test(empty_packet),
		usb_test(halts),
		usb_test(cancel),
		usb_test(toggles),
		usb_test(stale_in),
		usb_test(vanishing),
		usb_test(faults_in),
		usb_test(faults_out),
		usb_test(time_of_transfers),
		usb_test(storage),
	};

	return cmocka_run_group_tests_name("probe usb", tests, NULL, NULL);
}
