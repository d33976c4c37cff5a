#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Firmware files in the manner of many tools, and broken ones.

Usage: styles.py DIRECTORY

Writes DIRECTORY/good and DIRECTORY/bad. It shares no code with what is tested.
Every file in good holds the same pieces, or those of image_real_test.c that its
name says. Where a tool is at hand in the tests its own files are used (see
image_tools_test.c); the manners of the others are known from the manuals of
fromelf and ielftool, and from files that people publish.
"""
import os
import random
import struct
import sys

BASE = 0x08000000
# a vector table and code; a piece across 64 KiB; a table; odd sizes
PLACES = [(0, 0x2d5), (0x3c00, 37), (0xfff0, 51)]
OPTIONS = bytes.fromhex("aa55ff00ff00ff00ff00ff00ff00ff00")


def content(offset, size):
    return bytes((7 * a + 13 * (a >> 8)) & 255 for a in range(offset, offset + size))


def pieces(base=BASE):
    return [(base + at, content(at, size)) for at, size in PLACES]


def records(parts, size=16, align=False, cross=False):
    """(address, bytes) of at most size bytes each"""
    for addr, data in parts:
        while data:
            n = size() if callable(size) else size
            if align:
                n -= addr % n
            if not cross:
                n = min(n, 0x10000 - addr % 0x10000)
            yield addr, data[:n]
            addr, data = addr + len(data[:n]), data[n:]


def hex_line(kind, offset, data=b""):
    body = struct.pack(">BHB", len(data), offset, kind) + data
    return ":%s%02X" % (body.hex().upper(), -sum(body) & 255)


def hex_lines(recs, segments=False, always=False, start=None, first=None):
    lines, base = [], None if always else first
    for addr, data in recs:
        if segments:
            if addr >> 16 != base:
                lines.append(hex_line(2, 0, struct.pack(">H", addr >> 16 << 12)))
        elif addr >> 16 != base:
            lines.append(hex_line(4, 0, struct.pack(">H", addr >> 16)))
        base = addr >> 16
        lines.append(hex_line(0, addr & 0xffff, data))
    if start is not None:
        lines.append(hex_line(3 if segments else 5, 0, struct.pack(">I", start)))
    return lines + [":00000001FF"]


def srec_line(kind, addr, data=b""):
    width = {0: 2, 1: 2, 2: 3, 3: 4, 5: 2, 6: 3, 7: 4, 8: 3, 9: 2}[kind]
    body = addr.to_bytes(width, "big") + data
    body = bytes([len(body) + 1]) + body
    return "S%d%s%02X" % (kind, body.hex().upper(), ~sum(body) & 255)


def srec_lines(recs, kind=3, name=b"", count=None, start=0, end=True):
    lines = [srec_line(0, 0, name)]
    recs = list(recs)
    lines += [srec_line(kind, addr, data) for addr, data in recs]
    if count:
        lines.append(srec_line(count, len(recs)))
    return lines + ([srec_line(10 - kind, start)] if end else [])


def text(lines, end="\n"):
    return (end.join(lines) + end).encode()


def elf(segments, machine=40, kind=2, cls=1, order="<", osabi=0, headers_last=False,
        entry=BASE + 0xc1, flags=0x05000200):
    """segments: (vaddr, paddr, bytes, memsz or None)"""
    at = 52 + (0 if headers_last else 32 * len(segments))
    table, body = b"", b""
    for vaddr, paddr, data, memsz in segments:
        body += bytes(-len(body) % 4)
        table += struct.pack(order + "8I", 1, at + len(body), vaddr, paddr, len(data),
                             len(data) if memsz is None else memsz, 7, 4)
        body += data
    phoff = at + len(body) if headers_last else 52
    head = b"\x7fELF" + bytes([cls, 1 if order == "<" else 2, 1, osabi]) + bytes(8)
    head += struct.pack(order + "HHIIIIIHHHHHH", kind, machine, 1, entry, phoff, 0, flags,
                        52, 32, len(segments), 40, 0, 0)
    return head + (body + table if headers_last else table + body)


def good_hex():
    base = pieces()
    rnd = random.Random(5)
    plain = hex_lines(records(base))
    mixed = list(records(base, 8))
    rnd.shuffle(mixed)
    low = pieces(0)
    back = list(records(base))[::-1]
    yield "keil.hex", text(hex_lines(records(base), start=BASE + 0xc1), "\r\n")
    yield "iar.hex", text([hex_line(4, 0, b"\0\0")] +
                          hex_lines(records(base), start=BASE + 0x1d1), "\r\n")
    yield "cube.hex", text(hex_lines(records(base, align=True)))
    yield "st-link-utility.hex", text(hex_lines(records(base, 16), start=BASE), "\r\n")
    yield "srecord.hex", text(hex_lines(records(base, 32, align=True)))
    yield "reverse.hex", text(hex_lines(back))
    yield "shuffled.hex", text(hex_lines(mixed))
    yield "one.hex", text(hex_lines(records(base, 1)))
    yield "longest.hex", text(hex_lines(records(base, 255)))
    yield "lengths.hex", text(hex_lines(records(base, lambda: rnd.randint(1, 255))))
    yield "across.hex", text(hex_lines(records(base, 24, cross=True)))
    yield "lower.hex", text(plain).lower()
    yield "cr.hex", text(plain, "\r")
    yield "crcrlf.hex", text(plain, "\r\r\n")
    yield "blanks.hex", text(["%s \t " % line for line in plain])
    yield "empty-lines.hex", text(plain, "\r\n\r\n")
    yield "no-newline.hex", text(plain)[:-1]
    yield "control-z.hex", text(plain, "\r\n") + b"\x1a"
    yield "utf-8.hex", b"\xef\xbb\xbf" + text(plain, "\r\n")
    yield "remarks.hex", text(["# made by hand", "; twice"] + plain[:9] + ["# here"] +
                              plain[9:] + ["; and after it"])
    yield "no-data.hex", text([hex_line(0, 0x1234)] + plain)
    yield "end-address.hex", text(plain[:-1] + [hex_line(1, 0xc1)])
    bases = [hex_line(4, 0, b"\x08\0"), hex_line(2, 0, b"\x10\0")]
    yield "bases.hex", text(sum((bases + hex_lines([record])[:-1]
                                 for record in records(base)), []) + plain[-1:])
    yield "named.bin", text(plain)
    yield "low-segments.hex", text(hex_lines(records(low), segments=True,
                                             start=0x10000000))
    yield "low-linear.hex", text(hex_lines(records(low)))
    yield "low-none.hex", text(hex_lines(records(low[:2]), first=0))
    yield "twice.hex", text(plain[:4] + plain[1:])
    yield "options.hex", text(hex_lines(records(base + [(0x1ffff800, OPTIONS)])))
    yield "options-first.hex", text(hex_lines(records([(0x1ffff800, OPTIONS)] + base),
                                              start=BASE))


def good_srec():
    base, low = pieces(), pieces(0)
    plain = srec_lines(records(base, 16))
    yield "iar.srec", text(srec_lines(records(base, 16), name=b"lamp.srec",
                                      start=BASE + 0x1d1), "\r\n")
    yield "keil.m32", text(srec_lines(records(base, 16), start=BASE), "\r\n")
    yield "gcc.srec", text(srec_lines(records(base, 16), name=b"lamp.srec"), "\r\n")
    yield "srecord.srec", text(srec_lines(records(base, 32), name=b"http://srecord",
                                          count=5, end=False))
    yield "count24.s37", text(srec_lines(records(base, 3), count=6))
    yield "longest.mot", text(srec_lines(records(base, 250)))
    yield "one.s37", text(srec_lines(records(base, 1, cross=True), count=5))
    yield "reverse.srec", text(srec_lines(list(records(base))[::-1]))
    yield "lower.srec", text(plain).lower()
    yield "cr.srec", text(plain, "\r")
    yield "control-z.srec", text(plain, "\r\n") + b"\x1a"
    yield "blanks.srec", text(["%s\t " % line for line in plain])
    yield "remarks.srec", text(["; one"] + plain[:5] + ["# two"] + plain[5:])
    yield "no-name.srec", text(plain[1:])
    yield "low-24.s28", text(srec_lines(records(low), kind=2, count=5))
    yield "low-none.s19", text(srec_lines(records(low[:2]), kind=1, name=b"low"))


def good_elf():
    base = pieces()
    plain = [(addr, addr, data, None) for addr, data in base]
    # initialised data at the end of flash's first piece, run in SRAM
    code, data = base[0][1][:0x200], base[0][1][0x200:]
    moved = [(BASE, BASE, code, None),
             (0x20000000, BASE + 0x200, data, 0x400)] + plain[1:]
    yield "plain.elf", elf(plain)
    # one load region, zeroed data behind it, headers at the end of the file
    yield "keil.axf", elf([plain[0][:3] + (0x900,)] + plain[1:], headers_last=True,
                          flags=0x05000002)
    # p_paddr isn't used in older ones
    yield "keil-old.axf", elf([(v, 0, d, m) for v, _, d, m in plain], headers_last=True,
                              flags=0x04000006)
    # zeroed data with an address and no bytes
    yield "iar.out", elf(plain + [(0x20000000, 0x20000000, b"", 0x800)])
    yield "gcc.elf", elf(moved + [(0x20000400, 0x20000400, b"", 0x100)])
    yield "ramfunc.elf", elf(moved[:1] + [(0x20000100, BASE + 0x200, data, None)] +
                             plain[1:], entry=0x20000101)
    yield "backwards.elf", elf(plain[::-1])
    yield "osabi-arm.elf", elf(plain, osabi=97)
    yield "osabi-aeabi.elf", elf(plain, osabi=64)
    yield "osabi-linux.elf", elf(plain, osabi=3)
    yield "same-twice.elf", elf(plain + [(BASE, BASE, code, None)])
    yield "named.hex", elf(plain)
    yield "low-linked.elf", elf([(v - BASE, p - BASE, d, m) for v, p, d, m in plain])


def bad():
    base = pieces()
    plain = hex_lines(records(base))
    srec = srec_lines(records(base), count=5)
    segs = [(addr, addr, data, None) for addr, data in base]
    yield "cut.hex", text(plain[:-1])
    yield "cut-record.hex", text(plain)[:1000]
    yield "two-files.hex", text(plain + hex_lines(records(base[1:])))
    yield "text-behind.hex", text(plain + ["that was it"])
    yield "changed.hex", text(plain).replace(b"0000070E15", b"0000070E16", 1)
    yield "contradiction.hex", text([plain[0], hex_line(0, 5, b"x")] + plain[1:])
    yield "wrap.hex", text([hex_line(2, 0, b"\x10\0"), hex_line(0, 0xfff8, bytes(16)),
                            plain[-1]])
    yield "wrap32.hex", text([hex_line(4, 0, b"\xff\xff"), hex_line(0, 0xfff8, bytes(16)),
                              plain[-1]])
    yield "utf-16.hex", ("\ufeff" + text(plain).decode()).encode("utf-16-le")
    yield "zip.hex", b"PK\3\4\x14\0\0\0\x08\0" + bytes(200)
    yield "cut.srec", text(srec[:-2])
    yield "count.srec", text(srec[:7] + srec[8:])
    yield "count-only.srec", text(srec[:7] + srec[8:-1])
    yield "two-files.srec", text(srec + srec)
    yield "changed.srec", text(srec).replace(b"S315", b"S316", 1)
    yield "reserved.srec", text(["S4030000FC"] + srec)
    yield "wrap.s19", text([srec_line(1, 0xfff8, bytes(16)), srec_line(9, 0)])
    yield "avr.elf", elf(segs, machine=83)
    yield "esp32.elf", elf(segs, machine=94)
    yield "esp32c3.elf", elf(segs, machine=243)
    yield "big-endian.elf", elf(segs, order=">")
    yield "64-bit.elf", elf(segs, cls=2)
    yield "object.o", elf([], kind=1)
    yield "core.elf", elf(segs, kind=4)
    yield "cut.elf", elf(segs)[:0x300]
    yield "contradiction.elf", elf(segs + [(BASE + 2, BASE + 2, b"xyz", None)])
    yield "no-bytes.elf", elf([(0x20000000, 0x20000000, b"", 64)])
    whole = elf([(BASE, BASE, bytes(400), None)])
    yield "stripped.elf", whole[:56] + struct.pack("<I", 0) + whole[60:]
    yield "esp32.bin", bytes.fromhex("e9030220e4050840") + bytes(100)
    head = struct.pack("<8I", 0x0a324655, 0x9e5d5157, 0, BASE, 256, 0, 1, 0)
    yield "lamp.uf2", head + content(0, 476) + struct.pack("<I", 0x0ab16f30)
    yield "lamp.dfu", b"DfuSe\1" + content(0, 300) + bytes.fromhex("ffffffff8304") + \
        struct.pack("<H3sBI", 0x11a, b"UFD", 16, 0)
    yield "suffix.bin", content(0, 300) + b"\xff" * 8 + b"UFD\x10" + bytes(4)
    yield "lamp.zip", b"PK\3\4\x14\0\0\0\x08\0" + bytes(200)
    yield "lamp.bin.gz", b"\x1f\x8b\x08\0" + bytes(100)
    yield "lamp.tar", b"lamp.bin" + bytes(249) + b"ustar\0" + bytes(300)
    yield "libc.a", b"!<arch>\nmain.o/"
    yield "page.bin", b"<!DOCTYPE HTML>\n<html>\n"
    yield "lfs.bin", b"version https://git-lfs.github.com/spec/v1\noid sha256:00\n"
    yield "setup.exe", b"MZ" + bytes(58) + struct.pack("<I", 64) + b"PE\0\0"
    yield "lamp.map", b"Memory Configuration\n\nName   Origin\nFLASH  0x08000000\n"
    yield "lamp.vmem", b"@08000000\n00 10 00 20 C1 00 00 08\n"
    yield "lamp.tek", b"%3B6258000000000E1520\n"


def write(folder, files):
    os.makedirs(folder, exist_ok=True)
    for name, data in files:
        with open(os.path.join(folder, name), "xb") as file:
            file.write(data)


def main():
    write(os.path.join(sys.argv[1], "good"), [*good_hex(), *good_srec(), *good_elf()])
    write(os.path.join(sys.argv[1], "bad"), bad())


main()
