build/hard2/faults: /tmp/wt/alloc/tools/lib/ioctl.c \
 /tmp/wt/alloc/tools/lib/ioctl.h /tmp/wt/alloc/uapi/linux/stlink.h
