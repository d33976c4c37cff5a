# SPDX-License-Identifier: GPL-2.0-only
"""What a job must take at least, from the simulator's table of durations."""
import re
from pathlib import Path

PAGE = {16: 1024, 32: 1024, 64: 1024, 256: 2048}
DIVISOR = {4000: 0, 1800: 1}    # what the probe makes of these kHz


class Limits:
    """Milliseconds for jobs, from timing.h and the images."""

    def __init__(self, timing, images):
        self.images = Path(images)
        self.t = {name: int(value) for name, value in re.findall(
            r'^#define (\w+)\s+(\d+)u?(?:ll)?\b', Path(timing).read_text(),
            re.MULTILINE)}

    def swd_hz(self, khz):
        """72 MHz / (20 * (divisor + 1)): 4 MHz is 3.6 MHz."""
        return 72e6 / (20 * (DIVISOR[khz] + 1))

    def _halfwords(self, data):
        """Those that are FFFF need not be programmed."""
        return sum(data[i:i + 2] != b'\xff\xff' for i in range(0, len(data), 2))

    def flash(self, before, after, page):
        """Erase what differs, program it: in milliseconds."""
        old = (self.images / f'{before}.bin').read_bytes()
        new = (self.images / f'{after}.bin').read_bytes()
        differ = [new[i:i + page] for i in range(0, len(new), page)
                  if new[i:i + page] != old[i:i + page]]
        erase = len(differ) * self.t['T_PAGE_ERASE_NS']
        if len(differ) * page == len(new):
            erase = min(erase, self.t['T_MASS_ERASE_NS'])
        program = sum(map(self._halfwords, differ)) * self.t['T_HALFWORD_NS']
        return (erase + program) / 1e6

    def wire(self, size, khz):
        """The probe fetches a block by SWD, then sends it by USB."""
        swd = size / 4 * self.t['SWD_CLOCKS_PER_TRANSFER'] / self.swd_hz(khz)
        return swd * 1e3 + size * self.t['T_USB_BYTE_NS'] / 1e6

    def of(self, job, kib, khz):
        """None: nothing has to be done to the flash."""
        if job == 'read':
            return self.wire(kib * 1024, khz)
        if job == 'same':
            return None
        before, after = f'b{kib}', f'a{kib}'
        if job == 'page':
            before, after = after, f'page{kib}'
        return self.flash(before, after, PAGE[kib])
