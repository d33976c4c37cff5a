// SPDX-License-Identifier: GPL-2.0-only
/*
 * How probes are plugged in, who has them, and what their firmware can do.
 */
#include "lib_host_test.h"

#define DEVICES	"/sys/bus/usb/devices/"

static struct stl_usb usb;

static void firmware_is(const char *text, enum stl_verdict verdict,
			const char *says)
{
	snprintf(usb.probe.firmware, sizeof(usb.probe.firmware), "%s", text);
	stl_check_firmware(&usb, &checks);
	is(only(), verdict, STL_OK, says, verdict == STL_ODD ?
	   "STSW-LINK007" : "");
}

static const struct stl_check *plugged(const char *path)
{
	snprintf(usb.probe.usb_path, sizeof(usb.probe.usb_path), "%s", path);
	stl_check_usb(&host, &usb, &checks);
	return only();
}

static const struct stl_check *owner(void)
{
	stl_check_owner(&host, &usb, &checks);
	return only();
}

static int new_usb(void **state)
{
	memset(&usb, 0, sizeof(usb));
	usb.name = "ST-Link V2";
	usb.supported = true;
	strcpy(usb.probe.usb_path, "1-2");
	strcpy(usb.interface, "1-2:1.0");
	usb.probe.vid = 0x0483;
	usb.probe.pid = 0x3748;
	return new_host(state);
}

static void firmware(void **state)
{
	(void)state;
	firmware_is("V2J46S7", STL_GOOD, "1-2: V2J46S7: the newest known");
	firmware_is("V2J45M30", STL_GOOD, "can all that is needed; V2J46 is known");
	firmware_is("V2J32S7", STL_GOOD, "of 2021 or before");
	firmware_is("V2J28M18", STL_ODD, "a round trip for each scattered word");
	firmware_is("V2J24S4", STL_ODD, "of 2016 or before: no 16-bit access");
	firmware_is("V2J17S4", STL_ODD, "SWD clock fixed at 1.8 MHz");
	firmware_is("V2J17S4", STL_ODD, "serial number may change");
	firmware_is("V2J12S0", STL_ODD, "no measuring of the target's supply");
	/* not known while it has no node */
	usb.probe.firmware[0] = '\0';
	stl_check_firmware(&usb, &checks);
	assert_int_equal(checks.num, 0);
}

static void sockets(void **state)
{
	(void)state;
	put(DEVICES "1-2/speed", "12\n");
	put(DEVICES "1-2/authorized", "1\n");
	put(DEVICES "1-2/bConfigurationValue", "1\n");
	is(plugged("1-2"), STL_GOOD, STL_OK, "1-2: ST-Link V2, full speed", "");
	put(DEVICES "1-2/speed", "1.5\n");
	is(plugged("1-2"), STL_ODD, STL_OK, "1.5 Mbit/s", "plug it in again");
	put(DEVICES "1-2/power/runtime_status", "error\n");
	is(plugged("1-2"), STL_ODD, STL_OK, "suspending", "power/control");
	put(DEVICES "1-2/bConfigurationValue", "\n");
	is(plugged("1-2"), STL_BAD, STL_NO_PROBE, "isn't configured", "socket");
	put(DEVICES "1-2/authorized", "0\n");
	is(plugged("1-2"), STL_BAD, STL_NO_PROBE, "authorized", "usbguard");
}

static void behind_hubs(void **state)
{
	(void)state;
	put(DEVICES "1-1/bmAttributes", "e0\n");
	put(DEVICES "1-1.4/bmAttributes", "80\n");
	put(DEVICES "1-1.4/bMaxPower", "400mA\n");
	put(DEVICES "1-1.4/speed", "12\n");
	is(plugged("1-1.4"), STL_GOOD, STL_OK, "full speed, behind 1 hub", "");
	put(DEVICES "1-1/bmAttributes", "a0\n");
	is(plugged("1-1.4"), STL_ODD, STL_OK, "up to 400 mA from a hub",
	   "give the hub its supply");
	put(DEVICES "1-1.4/bMaxPower", "100mA\n");
	put(DEVICES "1-1.4.2/speed", "12\n");
	is(plugged("1-1.4"), STL_GOOD, STL_OK, "behind 1 hub", "");
	is(plugged("1-1.4.2"), STL_GOOD, STL_OK, "behind 2 hubs", "");
	/* a socket of the network's */
	put("/sys/devices/platform/vhci_hcd.0/usb3/3-1/speed", "12\n");
	run("ln -s ../../../devices/platform/vhci_hcd.0/usb3/3-1 %s" DEVICES "3-1",
	    root);
	is(plugged("3-1"), STL_GOOD, STL_OK, "from another machine", "");
}

static void owners(void **state)
{
	(void)state;
	is(owner(), STL_ODD, STL_OK, "0483:3748) at USB 1-2 is there, and waits", "");
	put("/sys/bus/usb/drivers/stlink/bind", "");
	is(owner(), STL_BAD, STL_NO_PROBE, "is detached from the driver",
	   "stlink attach --usb-path 1-2");
	put("/dev/kmsg", "6,1,1,-;stlink 1-3:1.0: not this one\n"
	    "6,2,2,-;stlink 1-2:1.0: firmware without SWD debug, for STM8 only: not used\n");
	is(owner(), STL_BAD, STL_NO_PROBE, "firmware without SWD debug",
	   "plug it in again");
	strcpy(usb.driver, "usbserial_generic");
	is(owner(), STL_BAD, STL_PROBE_BUSY, "another driver: usbserial_generic",
	   "/sys/bus/usb/drivers/usbserial_generic/unbind");
	strcpy(usb.driver, "usbfs");
	is(owner(), STL_BAD, STL_PROBE_BUSY,
	   "in use by another program through libusb", "end that program");
	strcpy(usb.driver, "stlink");
	is(owner(), STL_BAD, STL_NO_PROBE, "has the driver, but no device",
	   "dmesg");
	usb.interface[0] = '\0';
	is(owner(), STL_BAD, STL_NO_PROBE, "hasn't got the interface", "plug it");
	put(DEVICES "1-2/authorized", "0\n");
	is(owner(), STL_BAD, STL_NO_PROBE, "authorized", "usbguard");
	strcpy(usb.probe.device, "/dev/stlink0");
	is(owner(), STL_GOOD, STL_OK, "is /dev/stlink0", "");
	usb.probe.claim_pid = getpid();
	is(owner(), STL_ODD, STL_OK, "in use by lib_host_plug_t (PID ", "kill ");
	usb.supported = false;
	usb.instead = "use something else";
	is(owner(), STL_ODD, STL_OK, "not supported", "use something else");
}

static void serials(void **state)
{
	struct stl_usb list[3] = { usb, usb, usb };

	(void)state;
	strcpy(list[0].probe.serial, "066DFF535550755187191037");
	strcpy(list[1].probe.serial, "066dff535550755187191038");
	list[2].cut = true;
	strcpy(list[2].probe.serial, "53FF");
	stl_check_serials(list, 3, &checks);
	assert_int_equal(checks.num, 0);
	strcpy(list[1].probe.usb_path, "1-3");
	strcpy(list[1].probe.serial, "000000000001");
	stl_check_serials(list, 2, &checks);
	is(only(), STL_GOOD, STL_OK, "1-3: serial number 000000000001: not", "");
	strcpy(list[1].probe.serial, list[0].probe.serial);
	stl_check_serials(list, 2, &checks);
	is(only(), STL_ODD, STL_OK, "1-2 and 1-3 have one serial number",
	   "--usb-path");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, new_usb, end_host)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(firmware),
		TEST(sockets),
		TEST(behind_hubs),
		TEST(owners),
		TEST(serials),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
