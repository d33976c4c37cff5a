#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Images for the bench: the whole flash of each size, and they run.

    images.py FIRMWARE-FOLDER FOLDER

a16.bin to a256.bin and b16.bin to b256.bin are the demonstration's firmware with
random data in place of its table and behind its end, so that no page of the one is
in the other. page16.bin is a16.bin with one byte changed. NAME.peek is what the
simulator answers when it is asked for a flash with that content.
"""
import random
import subprocess
import sys
from pathlib import Path

BASE = 0x08000000
SIZES = (16, 32, 64, 256)       # KiB
CHANGED = 5 * 1024 + 77         # in the middle of a page


def table(elf):
    """Where the firmware has its table, and how long it is."""
    symbols = subprocess.run(['arm-none-eabi-nm', '-S', elf], check=True,
                             capture_output=True, text=True).stdout
    for line in symbols.splitlines():
        words = line.split()
        if words[-1] == 'wave':
            return int(words[0], 16) - BASE, int(words[1], 16)
    raise SystemExit(f'no table in {elf}')


def image(firmware, name, size):
    """The same each time."""
    noise = random.Random(f'{name} {size}')
    start, length = table(firmware / f'{name}.elf')
    data = bytearray((firmware / f'{name}.bin').read_bytes())
    data[start:start + length] = noise.randbytes(length)
    return data + noise.randbytes(size * 1024 - len(data))


def write(folder, name, data):
    (folder / f'{name}.bin').write_bytes(data)
    (folder / f'{name}.peek').write_text(f'{{"ok":true,"hex":"{data.hex()}"}}\n')


def main(firmware, folder):
    firmware, folder = Path(firmware), Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for size in SIZES:
        write(folder, f'a{size}', image(firmware, 'demo', size))
        write(folder, f'b{size}', image(firmware, 'demo2', size))
    page = image(firmware, 'demo', 16)
    page[CHANGED] ^= 0x5a
    write(folder, 'page16', page)


main(*sys.argv[1:])
