// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who may use a probe: rules, groups, logins.
 */
#include "lib_host_test.h"

#include "host/rules.h"

#define RULES	"/usr/lib/udev/rules.d/"
#define OURS	RULES "48-stlink.rules"
/* as in Debian's stlink-tools */
#define OTHERS	"SUBSYSTEMS==\"usb\", ATTRS{idVendor}==\"0483\", " \
	"ATTRS{idProduct}==\"3748\", \\\n    MODE:=\"0666\", \\\n" \
	"    SYMLINK+=\"stlinkv2_%n\"\n"

static const struct stl_check *judge(mode_t mode, gid_t gid, bool allowed,
				     bool usb)
{
	struct stat st = { .st_mode = S_IFCHR | mode, .st_gid = gid };

	stl_judge_node(&host, usb ? "/dev/bus/usb/001/002" : "/dev/stlink0",
		       usb, &st, allowed, &checks);
	return only();
}

static const struct stl_check *group(void)
{
	stl_check_group(&host, &checks);
	return only();
}

static const struct stl_check *rules(void)
{
	stl_check_rules(&host, &checks);
	return only();
}

static void the_group_has_it(void **state)
{
	(void)state;
	put(OURS, "rule\n");
	is(judge(0660, 46, true, false), STL_GOOD, STL_OK,
	   "/dev/stlink0 can be opened; it is for root, group plugdev", "");
	is(judge(0660, 46, false, false), STL_BAD, STL_NO_PERMISSION,
	   "no permission to open /dev/stlink0",
	   "type: sudo usermod -aG plugdev ann\nthen log out and in");
	put("/etc/group", "plugdev:x:46:bob,ann\n");
	is(judge(0660, 46, false, false), STL_BAD, STL_NO_PERMISSION,
	   "no permission", "newgrp plugdev");
	/* it is the group of her account, which stands elsewhere */
	put("/etc/group", "plugdev:x:46:bob\n");
	put("/etc/passwd", "ann:x:1000:46::/home/ann:/bin/sh\n");
	is(judge(0660, 46, false, false), STL_BAD, STL_NO_PERMISSION,
	   "no permission", "newgrp plugdev");
	host.groups[host.num_groups++] = 46;
	is(judge(0660, 46, false, false), STL_BAD, STL_NO_PERMISSION,
	   "no permission", "container");
	/* a user that isn't of this machine's files: the shell knows the name */
	host.user[0] = '\0';
	host.num_groups = 1;
	put("/etc/passwd", "");
	is(judge(0660, 46, false, false), STL_BAD, STL_NO_PERMISSION,
	   "no permission", "usermod -aG plugdev $USER");
}

static void nobody_has_it(void **state)
{
	(void)state;
	is(judge(0600, 0, false, false), STL_BAD, STL_NO_PERMISSION,
	   "no permission", "the udev rule isn't installed (48-stlink.rules)");
	put(OURS, "rule\n");
	is(judge(0600, 0, false, false), STL_BAD, STL_NO_PERMISSION,
	   "no permission", "wasn't applied");
	/* a group without permission to write is none */
	is(judge(0640, 46, false, false), STL_BAD, STL_NO_PERMISSION,
	   "no permission", "udevadm trigger");
	put("/etc/group", "root:x:0:\n");
	is(judge(0600, 0, false, false), STL_BAD, STL_NO_PERMISSION,
	   "no permission", "sudo groupadd --system plugdev");
	put("/etc/udev/rules.d/48-stlink.rules", "");
	is(judge(0600, 0, false, false), STL_BAD, STL_NO_PERMISSION,
	   "no permission", "sudo rm /etc/udev/rules.d/48-stlink.rules");
}

static void everybody_has_it(void **state)
{
	(void)state;
	put(RULES "49-stlinkv2.rules", OTHERS);
	is(judge(0666, 0, true, true), STL_ODD, STL_OK,
	   "/dev/bus/usb/001/002 is open to everybody",
	   RULES "49-stlinkv2.rules does that");
	is(judge(0666, 46, true, false), STL_ODD, STL_OK,
	   "/dev/stlink0 is open to everybody", "udevadm");
	/* the raw node is closed to ann, which is none of doctor's business */
	stl_judge_node(&host, "/dev/bus/usb/001/002", true,
		       &(struct stat){ .st_mode = S_IFCHR | 0660 }, false,
		       &checks);
	assert_int_equal(checks.num, 0);
}

static void groups(void **state)
{
	(void)state;
	is(group(), STL_ODD, STL_OK, "ann isn't in group plugdev",
	   "usermod -aG plugdev ann");
	put("/etc/group", "plugdev:x:46:ann\n");
	is(group(), STL_ODD, STL_OK, "this login began before", "newgrp");
	host.groups[host.num_groups++] = 46;
	is(group(), STL_GOOD, STL_OK, "ann is in group plugdev", "");
	put("/etc/group", "root:x:0:\n");
	is(group(), STL_BAD, STL_NO_PERMISSION, "there is no group plugdev",
	   "groupadd --system plugdev");
	host.uid = 0;
	is(group(), STL_GOOD, STL_OK, "root", "");
}

static void rule_files(void **state)
{
	(void)state;
	is(rules(), STL_ODD, STL_OK, "isn't installed: probes are for root alone",
	   "make install");
	put(RULES "49-stlinkv2.rules", OTHERS);
	is(rules(), STL_ODD, STL_OK, "for everybody (" RULES "49-stlinkv2.rules)",
	   "make install");
	put(OURS, "rule\n");
	is(rules(), STL_GOOD, STL_OK, "overrules " RULES "49-stlinkv2.rules", "");
	/* it comes first, but = is not := and ours has the last word */
	put("/etc/udev/rules.d/40-x.rules",
	    "# ATTRS{idVendor}==\"0483\", ATTRS{idProduct}==\"3748\", MODE:=\"0666\"\n"
	    "ATTRS{idVendor}==\"0483\", ATTRS{idProduct}==\"374B\", MODE=\"0666\"\n");
	is(rules(), STL_GOOD, STL_OK, "overrules", "");
	put("/etc/udev/rules.d/40-x.rules",
	    "ATTRS{idVendor}==\"0483\", ATTRS{idProduct}==\"374B\", MODE:=\"0666\"\n");
	is(rules(), STL_ODD, STL_OK,
	   "/etc/udev/rules.d/40-x.rules gives the raw USB nodes", "begins with 49");
	/* not for everybody, not for probes */
	put("/etc/udev/rules.d/40-x.rules",
	    "ATTRS{idVendor}==\"0483\", ATTRS{idProduct}==\"374B\", MODE:=\"0660\"\n"
	    "ATTRS{idVendor}==\"0403\", ATTRS{idProduct}==\"6001\", MODE:=\"0666\"\n");
	is(rules(), STL_GOOD, STL_OK, "overrules", "");
	drop(RULES "49-stlinkv2.rules");
	is(rules(), STL_GOOD, STL_OK, OURS, "");
	run("ln -s /dev/null %s/etc/udev/rules.d/48-stlink.rules", root);
	is(rules(), STL_ODD, STL_OK, "/etc/udev/rules.d/48-stlink.rules hides",
	   "sudo rm");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, new_host, end_host)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_group_has_it),
		TEST(nobody_has_it),
		TEST(everybody_has_it),
		TEST(groups),
		TEST(rule_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
