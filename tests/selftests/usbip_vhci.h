/* SPDX-License-Identifier: GPL-2.0-only */
/* The sysfs side of vhci-hcd: free ports, attach, bus names. */
#ifndef SELFTESTS_USBIP_VHCI_H
#define SELFTESTS_USBIP_VHCI_H

#include <stdbool.h>
#include <stddef.h>

int vhci_attach(int sockfd, bool high_speed);
bool vhci_busid(int port, char *busid, size_t len);

#endif
