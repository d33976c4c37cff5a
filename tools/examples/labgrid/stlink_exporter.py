#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""labgrid's exporter, which can export ST-Link probes as well.

labgrid 0.4 has no setting by which its exporter would load more classes, so this
program takes its place: same options, same configuration.
"""
import attr

from labgrid.remote import exporter

from stlink_labgrid import USBStlinkProbe


@attr.s(eq=False)
class StlinkProbeExport(exporter.ResourceExport):
    """Tells where the probe is; for clients a NetworkStlinkProbe."""

    def __attrs_post_init__(self):
        super().__attrs_post_init__()
        self.data['cls'] = 'NetworkStlinkProbe'
        self.local = USBStlinkProbe(target=None, name=None, **self.local_params)

    def _get_params(self):
        return {
            'host': self.host,
            'usb_path': self.local.path,
            'serial': self.local.found_serial,
        }


exporter.exports['USBStlinkProbe'] = StlinkProbeExport

if __name__ == '__main__':
    exporter.main()
