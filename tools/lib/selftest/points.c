// SPDX-License-Identifier: GPL-2.0-only
/*
 * All that is asked, and all that isn't. tests/sim/FACTS.md has the same with what
 * is known of each; options are those of the simulator.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include "self_priv.h"

const struct stl_self_point stl_self_points[] = {
	{
		"descriptors", STL_SELF_LOOK,
		"order and numbers of the USB endpoints",
		"V2: 81 02 83; V2-1: as two dumps and a V3 have them",
		"", stl_self_descriptors,
	}, {
		"serial", STL_SELF_LOOK, "form of the probe's serial number",
		"24 hexadecimal digits", "--serial raw:HEX24 --serial TEXT --serial none",
		stl_self_serial,
	}, {
		"voltage", STL_SELF_LOOK, "is the supply of the target measured?",
		"both readings are above 0",
		"--voltage none --voltage a0=N,a1=N", stl_self_voltage,
	}, {
		"no-such-ap", STL_SELF_LOOK,
		"what opening an access port that isn't there gives",
		"status 1d", "", stl_self_no_such_ap,
	}, {
		"rw-misc", STL_SELF_LOOK, "do scattered words travel together?",
		"yes, without naming the access port again",
		"--rw-misc none --rw-misc need-ap", stl_self_rw_misc,
	}, {
		"tar", STL_SELF_LOOK, "a block of words that crosses 1 KiB",
		"the firmware writes TAR there", "--tar wraps", stl_self_tar,
	}, {
		"fault-address", STL_SELF_LOOK,
		"status and address of a block that fails",
		"status 11, the first address that fails", "",
		stl_self_fault_address,
	}, {
		"exchange-time", STL_SELF_LOOK, "time of an exchange", "a model",
		"", stl_self_exchange_time,
	}, {
		"read-time", STL_SELF_LOOK, "time of a word within a block",
		"46 clocks", "", stl_self_read_time,
	}, {
		"identity", STL_SELF_LOOK, "whole words of DPIDR and CPUID",
		"0bb11477, 410cc200", "--chip clone", stl_self_identity,
	}, {
		"ap-registers", STL_SELF_LOOK, "registers of the access port",
		"as on an STM32F042", "", stl_self_ap_registers,
	}, {
		"rom-table", STL_SELF_LOOK, "maker in the ROM table", "ST", "",
		stl_self_rom_table,
	}, {
		"debug-units", STL_SELF_LOOK, "how many watchpoints, breakpoints",
		"2 and 4", "", stl_self_units,
	}, {
		"hole", STL_SELF_LOOK, "reading where nothing is", "a bus error",
		"--chip clone", stl_self_hole,
	}, {
		"x4-upper-half", STL_SELF_LOOK,
		"reading 08004000 of an STM32F030x4", "a bus error",
		"--chip x4-upper-half=1 --chip x4-upper-half=2",
		stl_self_upper_half,
	}, {
		"above-options", STL_SELF_LOOK, "reading 1FFFFC00",
		"a bus error; FF on the STM32F030xC", "",
		stl_self_above_options,
	}, {
		"obr-reserved", STL_SELF_LOOK, "bits 11 and 15 of FLASH_OBR",
		"as in the option bytes: 1", "--chip obr-reserved-zero",
		stl_self_obr,
	}, {
		"size-register", STL_SELF_LOOK,
		"upper half-word of the flash size register", "FFFF", "",
		stl_self_size_register,
	}, {
		"unique-id", STL_SELF_LOOK, "is there a unique ID?", "yes", "",
		stl_self_uid,
	}, {
		"misc-error", STL_SELF_HALT,
		"scattered words: what comes behind an error",
		"is not done", "--rw-misc go-on", stl_self_behind_error,
	}, {
		"tar-write", STL_SELF_HALT, "a written block that crosses 1 KiB",
		"as a read one", "", stl_self_tar_write,
	}, {
		"register-reads", STL_SELF_HALT,
		"where the answers have the core registers",
		"value at byte 4; all of them from byte 4 on", "",
		stl_self_readreg,
	}, {
		"dbgmcu-clock", STL_SELF_HALT,
		"DBGMCU while its clock is off", "is read and written",
		"--chip dbgmcu-needs-clock", stl_self_dbgmcu,
	}, {
		"locked-cr", STL_SELF_HALT, "writing FLASH_CR while it is locked",
		"is ignored", "", stl_self_locked_cr,
	}, {
		"exit-halted", STL_SELF_HALT, "EXIT while the core is halted",
		"it stays halted", "", stl_self_exit_halted,
	}, {
		"nrst", STL_SELF_RESET, "is the probe's nRST wired?", "yes",
		"--nrst-wired 0", stl_self_nrst,
	}, {
		"under-nrst", STL_SELF_RESET,
		"debug registers while nRST is low", "can be read", "",
		stl_self_under_nrst,
	}, {
		"reset-catch", STL_SELF_RESET,
		"a reset with the vector catch set",
		"halts before the first instruction", "", stl_self_catch,
	}, {
		"optkey", STL_SELF_RESET, "a wrong key in FLASH_OPTKEYR",
		"a bus error", "--chip optkey-wrong-ignored", stl_self_optkey,
	}, {
		"store", STL_SELF_FLASH, "a store to flash while PG is 0",
		"is ignored", "--chip store=pgerr --chip store=fault",
		stl_self_store,
	}, {
		"busy-read", STL_SELF_FLASH, "reading flash that is busy",
		"the probe gives up with WAIT",
		"--chip busy-read-fault --wait-tries 1000",
		stl_self_busy_read,
	}, {
		"erase-time", STL_SELF_FLASH, "time of a page erase",
		"30 ms; 20 to 41 is in order", "", stl_self_erase_time,
	}, {
		"program-time", STL_SELF_FLASH,
		"half-words programmed without waiting for each",
		"all arrive; 53.5 us each, or the wire", "--chip clone",
		stl_self_program_time,
	}, {
		"bsy-late", STL_SELF_FLASH,
		"FLASH_SR read by the instruction behind the start of an erase",
		"BSY is set", "--chip bsy-late", stl_self_bsy_late,
	},
	{ 0 }
};

const struct stl_self_gap stl_self_gaps[] = {
	{
		"how the probe leaves its bootloader", "--dfu-exit reenumerate",
		"it is over when the driver has the probe; the kernel log tells: the probe is found twice",
	}, {
		"mode that the probe begins in", "--start-mode N",
		"the driver has left it by then",
	}, {
		"mode after a USB reset", "--usb-reset mass",
		"the driver leaves whatever it is; not told apart by calls",
	}, {
		"an old answer that waits at plug-in", "--stale-in",
		"the driver throws it away before anybody can ask",
	}, {
		"what needs an access port to be opened", "--ap-open never --ap-open always",
		"the driver always opens AP 0",
	}, {
		"a command that the firmware lacks", "--unknown stall --unknown silence",
		"the driver sends none",
	}, {
		"access port that RW_MISC uses when none is named", "--rw-misc keep-ap",
		"the driver names it in each session",
	}, {
		"READREG of a running core", "--readreg-running error",
		"the driver doesn't send it to a running core",
	}, {
		"data toggle after CLEAR_FEATURE(HALT)", "--toggle ignored",
		"the driver never sends that, because of it",
	}, {
		"an empty packet after answers of n * 64 bytes", "--zlp",
		"it would be taken for the next answer: if reading works there is none",
	}, {
		"what makes a part at RDP level 1 cut off its flash",
		"--chip rdp1=powerup --chip rdp1=debugen --chip rdp1=halt",
		"needs RDP level 1, from which the way back erases the flash",
	}, {
		"flash at RDP level 1 after a system reset", "--chip rdp1-reset-restores",
		"the same",
	}, {
		"mass erase with some blocks protected", "--chip wrp-mass-erase-partial",
		"needs write protection, and may erase the flash",
	}, {
		"programming an option byte that isn't erased", "--chip opt-not-erased-pgerr",
		"option bytes are not to be tried with",
	}, {
		"crystal of the board", "--chip no-hse --chip hse=HZ",
		"it is the board's, and nothing depends on it",
	}, {
		"frequency of the watchdog's oscillator", "--chip lsi=HZ",
		"needs a program in the chip that measures it",
	}, {
		"what RESETSYS and a pulse of DRIVE_NRST do", "",
		"the driver sends neither",
	}, {
		"bytes of GETLASTRWSTATUS2 but status and address; 3B on new firmware", "",
		"the driver doesn't hand them on",
	}, {
		"mode after an ENTER that failed", "",
		"needs a board without supply",
	}, {
		"access while the chip is in Stop", "",
		"needs firmware that stops; `stlink diagnose` tells",
	}, {
		"BOOT0 high", "", "needs a person who pulls it",
	},
	{ 0 }
};
