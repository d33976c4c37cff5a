#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Direct use of /dev/stlinkN in Python, with its standard library only.

    ./stlink-example.py flash.bin [/dev/stlink1]

Prints the CPUID, dumps the whole flash of an STM32F030 into a file, toggles its
pin PA4, and leaves the firmware running. linux/stlink.h says what each ioctl
does and what each errno means.
"""
import ctypes
import fcntl
import os
import struct
import sys

# _IO(0xbb, number): the size of the structure is its first member instead
STLINK_IOC_ATTACH = 0xbb08
STLINK_IOC_MEM = 0xbb11
STLINK_IOC_CORE = 0xbb13

STLINK_ATTACH_NORMAL = 1
STLINK_OP_READ = 0
STLINK_OP_WRITE = 1
STLINK_MEM_FAULT_ADDR = 1
STLINK_CORE_HALT = 1
STLINK_CORE_RUN = 2

# struct stlink_attach:
#  0 size     4 flags    8 mode    12 clock_khz  16 dpidr
# 20 cpuid   24 result  28 status  32 generation 36 reserved
ATTACH = struct.Struct("=10I")
# struct stlink_mem_op:
#  0 op (8 bits)  1 width (8)  2 flags (16)  4 addr  8 length  12 done
# 16 buf (64)    24 value     28 mask       32 timeout_ms
# 36 status      40 fault_addr              44 result
MEM_OP = struct.Struct("=BBHIIIQ6I")
# struct stlink_mem_xfer:
#  0 size     4 flags    8 num_ops 12 num_done   16 ops (64)
MEM_XFER = struct.Struct("=4IQ")
# struct stlink_core:
#  0 size     4 flags    8 op      12 timeout_ms 16 state
# 20 dhcsr   24 dfsr    28 status
CORE = struct.Struct("=8I")

# ST RM0360 and ARM DDI 0432
CPUID = 0xe000ed00
FLASH = 0x08000000
FLASH_SIZE = 0x1ffff7cc         # half-word, KiB
RCC_AHBENR = 0x40021014
RCC_IOPAEN = 1 << 17
GPIOA_MODER = 0x48000000
MODER_PIN4 = 3 << 8
MODER_PIN4_OUT = 1 << 8
GPIOA_ODR = 0x48000014
GPIOA_BSRR = 0x48000018
PIN4 = 1 << 4

CHUNK = 4096


class Failure(Exception):
    """What failed, where and why."""


class Probe:
    """A session with the target. It ends by close(); then the core runs."""

    def __init__(self, node):
        try:
            self.fd = os.open(node, os.O_RDWR | os.O_CLOEXEC)
        except OSError as error:
            raise Failure(f"{node}: {error.strerror}") from error
        arg = bytearray(ATTACH.pack(ATTACH.size, 0, STLINK_ATTACH_NORMAL,
                                    *[0] * 7))
        try:
            fcntl.ioctl(self.fd, STLINK_IOC_ATTACH, arg)
        except OSError as error:
            self.close()
            raise Failure(f"attaching to the target of {node}: "
                          f"{error.strerror} (probe status "
                          f"{ATTACH.unpack(arg)[7]:02x})") from error

    def close(self):
        os.close(self.fd)

    def memory(self, op, addr, buf):
        """Reads target memory into buf, or writes buf to it."""
        mem = ctypes.create_string_buffer(MEM_OP.size)
        MEM_OP.pack_into(mem, 0, op, 4, 0, addr, len(buf), 0,
                         ctypes.addressof(buf), *[0] * 6)
        xfer = bytearray(MEM_XFER.pack(MEM_XFER.size, 0, 1, 0,
                                       ctypes.addressof(mem)))
        try:
            fcntl.ioctl(self.fd, STLINK_IOC_MEM, xfer)
        except OSError as error:
            out = MEM_OP.unpack(mem)
            done, status, fault_addr, result = out[5], out[10], out[11], out[12]
            where = (fault_addr if result & STLINK_MEM_FAULT_ADDR
                     else addr + done)
            what = "reading" if op == STLINK_OP_READ else "writing"
            raise Failure(f"{what} 0x{where:08x}: {error.strerror} "
                          f"(probe status {status:02x})") from error

    def read(self, addr, length):
        buf = ctypes.create_string_buffer(length)
        self.memory(STLINK_OP_READ, addr, buf)
        return buf.raw

    def get(self, addr):
        return struct.unpack("<I", self.read(addr, 4))[0]

    def put(self, addr, value):
        data = struct.pack("<I", value)
        self.memory(STLINK_OP_WRITE, addr,
                    ctypes.create_string_buffer(data, len(data)))

    def core(self, op):
        arg = bytearray(CORE.pack(CORE.size, 0, op, *[0] * 5))
        try:
            fcntl.ioctl(self.fd, STLINK_IOC_CORE, arg)
        except OSError as error:
            what = "halting" if op == STLINK_CORE_HALT else "starting"
            raise Failure(f"{what} the core: {error.strerror} (probe status "
                          f"{CORE.unpack(arg)[7]:02x})") from error


def dump(probe, name):
    """The file gets its name when all of it is there."""
    # 32 bits: firmware of the probe before V2J26 can't read 16
    kib = probe.get(FLASH_SIZE) & 0xffff
    if not 0 < kib <= 1024 or kib * 1024 % CHUNK:
        raise Failure(f"flash size register 0x{FLASH_SIZE:08x}: "
                      f"{kib} KiB can't be")
    part = name + ".part"
    try:
        with open(part, "wb") as out:
            for done in range(0, kib * 1024, CHUNK):
                out.write(probe.read(FLASH + done, CHUNK))
        os.rename(part, name)
    except BaseException as error:
        if os.path.exists(part):
            os.unlink(part)
        if isinstance(error, OSError):
            raise Failure(f"{error.filename or part}: "
                          f"{error.strerror}") from error
        raise
    print(f"{kib} KiB of flash are in {name}")


def drive(probe, level):
    """Drives PA4 and reads its output latch."""
    probe.put(GPIOA_BSRR, PIN4 if level else PIN4 << 16)
    return int(bool(probe.get(GPIOA_ODR) & PIN4))


def toggle(probe):
    """The core is halted meanwhile, since firmware may use the pin itself."""
    probe.core(STLINK_CORE_HALT)
    ahbenr = probe.get(RCC_AHBENR)
    try:
        probe.put(RCC_AHBENR, ahbenr | RCC_IOPAEN)
        moder = probe.get(GPIOA_MODER)
        before = probe.get(GPIOA_ODR) & PIN4
        try:
            probe.put(GPIOA_MODER, moder & ~MODER_PIN4 | MODER_PIN4_OUT)
            high = drive(probe, 1)
            low = drive(probe, 0)
        finally:
            probe.put(GPIOA_BSRR, before or PIN4 << 16)
            probe.put(GPIOA_MODER, moder)
    finally:
        probe.put(RCC_AHBENR, ahbenr)
    probe.core(STLINK_CORE_RUN)
    print(f"PA4 set: {high}, PA4 reset: {low}")
    if (high, low) != (1, 0):
        raise Failure("PA4 doesn't follow GPIOA_BSRR")


def main(name, node="/dev/stlink0"):
    probe = Probe(node)
    try:
        print(f"CPUID 0x{probe.get(CPUID):08x}")
        dump(probe, name)
        toggle(probe)
    finally:
        probe.close()


if __name__ == "__main__":
    if not 2 <= len(sys.argv) <= 3:
        sys.exit("usage: stlink-example.py FILE [NODE]")
    try:
        main(*sys.argv[1:])
    except Failure as failure:
        sys.exit(f"stlink-example.py: {failure}")
