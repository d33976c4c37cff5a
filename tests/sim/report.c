// SPDX-License-Identifier: GPL-2.0-only
/* What the control socket tells: state, counters, option bytes. */
#include <inttypes.h>
#include <string.h>

#include "cpu/cpu.h"
#include "sim.h"

#define OPTION_BYTES	0x1ffff800u
#define FLASH_OBR	0x4002201cu
#define FLASH_WRPR	0x40022020u

/** report_string() - as a JSON string */
void report_string(FILE *out, const char *text)
{
	fputc('"', out);
	for (; *text; text++) {
		unsigned char c = *text;

		if (c == '"' || c == '\\')
			fprintf(out, "\\%c", c);
		else if (c < 0x20 || c > 0x7e)
			fprintf(out, "\\u%04x", c);
		else
			fputc(c, out);
	}
	fputc('"', out);
}

static const char *truth(bool b)
{
	return b ? "true" : "false";
}

static void serial(struct sim *sim, FILE *out)
{
	const struct usb_options *u = &sim->opt.usb;
	unsigned int i;

	fputs(",\"serial\":\"", out);
	for (i = 0; i < u->serial_len; i++) {
		if (u->serial_len == 12)	/* raw: as it is normalised */
			fprintf(out, "%02X", u->serial[i]);
		else if (u->serial[i] == '"' || u->serial[i] == '\\' ||
			 u->serial[i] < 0x20 || u->serial[i] > 0x7e)
			fprintf(out, "\\u%04x", u->serial[i]);
		else
			fputc(u->serial[i], out);
	}
	fputc('"', out);
}

static void registers(struct sim *sim, FILE *out)
{
	static const char *const names[] = {
		"r0", "r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9",
		"r10", "r11", "r12", "sp", "lr", "pc", "xpsr", "msp", "psp",
		NULL, "control",
	};
	const struct cpu *cpu = chip_cpu(sim->chip);
	unsigned int i;

	fputs(",\"registers\":{", out);
	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (names[i])
			fprintf(out, "%s\"%s\":\"0x%08" PRIx32 "\"",
				i ? "," : "", names[i], cpu_reg(cpu, i));
	fputc('}', out);
}

/** report_state() - board, probe and bus at this moment */
void report_state(struct sim *sim, FILE *out)
{
	static const char *const modes[] = { "dfu", "mass", "debug", "swim",
					     "bootloader" };
	const struct probe_version *v = &sim->opt.probe.version;
	struct probe_state s = probe_state(sim->probe);

	fprintf(out, "{\"ok\":true,\"core\":\"%s\",\"power\":%s,\"plugged\":%s",
		chip_core_state(sim->chip), truth(chip_powered(sim->chip)),
		truth(sim->plugged));
	fprintf(out, ",\"configured\":%s,\"mode\":\"%s\"",
		truth(usb_configuration(sim->usb)), modes[s.mode]);
	fprintf(out, ",\"nrst_low\":%s,\"nrst_wired\":%s,\"divisor\":%u",
		truth(s.nrst_low), truth(sim->opt.probe.nrst_wired),
		s.divisor);
	fprintf(out, ",\"rw_status\":%u,\"open_aps\":%" PRIu32, s.rw_status,
		s.open_aps);
	fprintf(out, ",\"firmware\":\"V%uJ%u%c%u\",\"pid\":\"%04x\"", v->v,
		v->j, v->letter, v->s, sim->opt.usb.pid);
	serial(sim, out);
	fprintf(out, ",\"part\":\"%s\",\"flash_size\":%" PRIu32
		",\"sram_size\":%" PRIu32, sim->opt.part,
		chip_flash_size(sim->chip), chip_sram_size(sim->chip));
	fprintf(out, ",\"instructions\":%" PRIu64,
		cpu_instructions(chip_cpu(sim->chip)));
	registers(sim, out);
	fputc('}', out);
}

/** report_counters() - since the start or "counters reset" */
void report_counters(struct sim *sim, FILE *out)
{
	const struct probe_counters *p = probe_counters(sim->probe);
	const struct usb_counters *u = usb_counters(sim->usb);
	const struct chip_counters *c = chip_counters(sim->chip);
	const struct chip_counters *b = &sim->chip_base;
	const struct { const char *name; uint64_t value; } list[] = {
		{ "exchanges", p->exchanges },
		{ "bulk_transfers", u->transfers },
		{ "bytes_out", u->bytes_out },
		{ "bytes_in", u->bytes_in },
		{ "swd_transfers", p->swd_transfers },
		{ "swd_clocks", p->swd_clocks },
		{ "swd_waits", p->swd_waits },
		{ "busy_ns", p->busy_ns },
		{ "page_erases", c->page_erases - b->page_erases },
		{ "mass_erases", c->mass_erases - b->mass_erases },
		{ "option_erases", c->option_erases - b->option_erases },
		{ "halfwords", c->halfwords - b->halfwords },
		{ "option_halfwords",
		  c->option_halfwords - b->option_halfwords },
		{ "flash_busy_ns", c->flash_busy_ns - b->flash_busy_ns },
		{ "rdp_open_ns", c->rdp_open_ns - b->rdp_open_ns },
		{ "flash_errors", c->flash_errors - b->flash_errors },
		{ "system_resets", c->system_resets - b->system_resets },
		{ "power_ons", c->power_ons - b->power_ons },
		{ "watchdog_resets", c->watchdog_resets - b->watchdog_resets },
	};
	size_t i;

	fputs("{\"ok\":true", out);
	for (i = 0; i < sizeof(list) / sizeof(*list); i++)
		fprintf(out, ",\"%s\":%" PRIu64, list[i].name, list[i].value);
	fputc('}', out);
}

/** report_options() - option bytes in flash, and as the chip loaded them */
void report_options(struct sim *sim, FILE *out)
{
	uint8_t stored[16], reg[4];
	unsigned int i;

	if (!chip_peek(sim->chip, OPTION_BYTES, stored, sizeof(stored))) {
		command_error(out, "no option bytes");
		return;
	}
	fputs("{\"ok\":true,\"stored\":\"", out);
	for (i = 0; i < sizeof(stored); i++)
		fprintf(out, "%02x", stored[i]);
	fprintf(out, "\",\"level\":%u", chip_rdp_level(sim->chip));
	if (chip_peek(sim->chip, FLASH_OBR, reg, 4))
		fprintf(out, ",\"obr\":\"0x%02x%02x%02x%02x\"", reg[3], reg[2],
			reg[1], reg[0]);
	if (chip_peek(sim->chip, FLASH_WRPR, reg, 4))
		fprintf(out, ",\"wrpr\":\"0x%02x%02x%02x%02x\"", reg[3],
			reg[2], reg[1], reg[0]);
	fputc('}', out);
}
