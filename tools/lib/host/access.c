// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who may use the nodes of a probe: rule, group, login.
 */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "rules.h"

/* that our rule names */
#define GROUP	"plugdev"

static void todo_trigger(struct stl_check *k)
{
	stl_todo(k, "type: sudo udevadm control --reload; sudo udevadm trigger --action=change --subsystem-match=usb --subsystem-match=stlink");
}

static void todo_rule(struct stl_check *k)
{
	stl_todo(k, "install the whole package; or in the sources of this program: sudo make install");
}

void stl_check_rules(const struct stl_host *h, struct stl_checks *c)
{
	char ours[128], open[128];
	bool masked, wins, has = stl_rule_find(h, &masked, ours);
	bool others = stl_rule_open(h, &wins, open);
	struct stl_check *k;

	if (!has) {
		k = stl_odd(c, "rules",
			    "the udev rule, " STL_RULE ", isn't installed: probes are for root alone%s%s%s",
			    others ? ", but their raw USB nodes for everybody (" : "",
			    others ? open : "", others ? ")" : "");
		todo_rule(k);
	} else if (masked) {
		k = stl_odd(c, "rules",
			    "%s hides the udev rule: probes are for root alone",
			    ours);
		stl_todo(k, "type: sudo rm %s", ours);
		todo_trigger(k);
	} else if (wins) {
		k = stl_odd(c, "rules",
			    "%s gives the raw USB nodes of probes to everybody, and comes before %s",
			    open, ours);
		stl_todo(k, "whoever may log in can change firmware by it: remove it, or give it a name that begins with 49");
	} else {
		stl_good(c, "rules", "%s%s%s%s", ours, others ?
			 "; it overrules " : "", others ? open : "", others ?
			 ", which would give raw USB nodes to everybody" : "");
	}
}

static void todo_join(const struct stl_host *h, const char *group,
		      struct stl_check *k)
{
	stl_todo(k, "type: sudo usermod -aG %s %s", group,
		 *h->user ? h->user : "$USER");
	stl_todo(k, "then log out and in again (the whole session, not a terminal alone)");
}

static void todo_login(const char *group, struct stl_check *k)
{
	stl_todo(k, "log out and in again; in this terminal alone: newgrp %s",
		 group);
}

void stl_check_group(const struct stl_host *h, struct stl_checks *c)
{
	struct stl_check *k;
	char name[64] = GROUP;
	const char *who = *h->user ? h->user : "this user";
	gid_t gid = 0;
	bool member;

	if (!h->uid) {
		stl_good(c, "group", "root needs none");
	} else if (!stl_host_group(h, &gid, name, &member)) {
		k = stl_bad(c, "group", STL_NO_PERMISSION,
			    "there is no group " GROUP ", to which the udev rule gives probes");
		stl_todo(k, "type: sudo groupadd --system " GROUP);
		todo_join(h, GROUP, k);
	} else if (!member) {
		k = stl_odd(c, "group",
			    "%s isn't in group " GROUP ": probes are for who sits at this machine, not by ssh or in services",
			    who);
		todo_join(h, GROUP, k);
	} else if (!stl_host_in_group(h, gid)) {
		k = stl_odd(c, "group",
			    "%s is in group " GROUP ", but this login began before that",
			    who);
		todo_login(GROUP, k);
	} else {
		stl_good(c, "group", "%s is in group " GROUP, who);
	}
}

/* The group has it, and who asks hasn't got it all the same. */
static void no_group(const struct stl_host *h, const char *node, gid_t gid,
		     struct stl_checks *c)
{
	char name[64] = "";
	struct stl_check *k;
	bool member;

	if (!stl_host_group(h, &gid, name, &member))
		snprintf(name, sizeof(name), "%u", gid);
	k = stl_bad(c, "access", STL_NO_PERMISSION, "no permission to open %s",
		    node);
	if (stl_host_in_group(h, gid)) {
		stl_todo(k, "it is for group %s, which this login has: something else refuses it, such as a container or a service's DevicePolicy",
			 name);
	} else if (member) {
		stl_todo(k, "%s is in group %s, but this login began before that",
			 h->user, name);
		todo_login(name, k);
	} else {
		todo_join(h, name, k);
	}
}

/* It is root's own: the rule didn't do anything. */
static void no_rule(const struct stl_host *h, const char *node,
		    struct stl_checks *c)
{
	struct stl_check *k;
	char rule[128], name[64] = GROUP;
	gid_t gid = 0;
	bool masked;

	k = stl_bad(c, "access", STL_NO_PERMISSION, "no permission to open %s",
		    node);
	if (!stl_rule_find(h, &masked, rule)) {
		stl_todo(k, "the udev rule isn't installed (" STL_RULE ")");
		todo_rule(k);
	} else if (masked) {
		stl_todo(k, "the udev rule is hidden by %s; type: sudo rm %s",
			 rule, rule);
		todo_trigger(k);
	} else if (!stl_host_group(h, &gid, name, NULL)) {
		stl_todo(k, "the udev rule gives it to group " GROUP ", which doesn't exist");
		stl_todo(k, "type: sudo groupadd --system " GROUP);
		todo_join(h, GROUP, k);
		todo_trigger(k);
	} else {
		stl_todo(k, "the udev rule (%s) wasn't applied: maybe the probe was plugged in before it was installed",
			 rule);
		todo_trigger(k);
	}
}

static void open_to_all(const struct stl_host *h, const char *node, bool usb,
			struct stl_checks *c)
{
	struct stl_check *k;
	char rule[128];
	bool wins;

	k = stl_odd(c, "access",
		    "%s is open to everybody: any user and any service here can change firmware",
		    node);
	if (usb && stl_rule_open(h, &wins, rule))
		stl_todo(k, "%s does that", rule);
	todo_trigger(k);
}

void stl_judge_node(const struct stl_host *h, const char *node, bool usb,
		    const struct stat *st, bool allowed, struct stl_checks *c)
{
	char name[64] = "";
	gid_t gid = st->st_gid;

	if (allowed && st->st_mode & S_IWOTH) {
		open_to_all(h, node, usb, c);
	} else if (allowed) {
		if (!gid || !stl_host_group(h, &gid, name, NULL))
			snprintf(name, sizeof(name), "%s", "");
		stl_good(c, "access", "%s can be opened%s%s%s", node, *name ?
			 "; it is for root, group " : "", name, *name ?
			 " and who sits here" : "");
	} else if (usb) {
		/* our own verbs need the other node; attach says it itself */
		return;
	} else if (gid && st->st_mode & S_IWGRP) {
		no_group(h, node, gid, c);
	} else {
		no_rule(h, node, c);
	}
}

void stl_check_node(const struct stl_host *h, const char *node, bool usb,
		    struct stl_checks *c)
{
	char path[STL_HOST_PATH];
	struct stl_check *k;
	struct stat st;

	stl_host_path(h, path, "%s", node);
	if (!stat(path, &st)) {
		stl_judge_node(h, node, usb, &st, !access(path, R_OK | W_OK),
			       c);
	} else if (!usb) {
		k = stl_bad(c, "access", STL_NO_PROBE,
			    "the driver has the probe, but there is no %s",
			    node);
		stl_todo(k, "in a container: hand the node on to it (--device %s); else is udev running, and /dev a devtmpfs?",
			 node);
	}
}
