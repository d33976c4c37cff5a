// SPDX-License-Identifier: GPL-2.0-only
/*
 * ST-Link V2 debug probe: life and death of the device.
 */
#include <linux/idr.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "stlink.h"

/* As many as there are; the number is only a number */
#define STLINK_MAX_DEVICES	256

unsigned int stlink_timeout_ms = 5000;
module_param_named(timeout_ms, stlink_timeout_ms, uint, 0644);
MODULE_PARM_DESC(timeout_ms,
		 "longest wait for an answer of the probe, in ms (5000; another device's reset can hold the bus for seconds)");

static dev_t stlink_devt;
static DEFINE_IDA(stlink_ida);

struct class stlink_class = {
	.name = "stlink",
	.dev_groups = stlink_groups,
};

/* The only place that frees; may come long after disconnect */
static void stlink_dev_release(struct device *dev)
{
	struct stlink *st = container_of(dev, struct stlink, dev);

	/* lifetime.pml: free */
	stlink_urbs_free(st);
	put_pid(st->claim_pid);
	if (st->id >= 0)
		ida_free(&stlink_ida, st->id);
	usb_put_intf(st->intf);
	usb_put_dev(st->udev);
	mutex_destroy(&st->state_lock);
	mutex_destroy(&st->io_lock);
	mutex_destroy(&st->open_lock);
	kfree(st);
}

/*
 * The debug interface has three bulk endpoints, in an order that no source
 * states: command/data OUT, answer IN (0x81 on all probes) and trace IN, which
 * has the higher number.
 */
static int stlink_find_endpoints(struct stlink *st)
{
	struct usb_host_interface *alt = st->intf->cur_altsetting;
	struct usb_endpoint_descriptor *ep;
	int i;

	for (i = 0; i < alt->desc.bNumEndpoints; i++) {
		ep = &alt->endpoint[i].desc;
		if (!usb_endpoint_maxp(ep))
			continue;
		if (usb_endpoint_is_bulk_out(ep) && !st->ep_out)
			st->ep_out = ep->bEndpointAddress;
		if (usb_endpoint_is_bulk_in(ep) &&
		    (!st->ep_in || ep->bEndpointAddress < st->ep_in))
			st->ep_in = ep->bEndpointAddress;
	}
	/* The room for answers is a whole number of packets of this size */
	if (!st->ep_out || !st->ep_in ||
	    STLINK_ANS_SIZE % usb_maxpacket(st->udev,
					    usb_rcvbulkpipe(st->udev,
							    st->ep_in))) {
		dev_dbg(&st->intf->dev, "no bulk endpoints of the right kind\n");
		return -ENODEV;
	}
	return 0;
}

static struct stlink *stlink_alloc(struct usb_interface *intf)
{
	struct stlink *st;

	st = kzalloc(sizeof(*st), GFP_KERNEL);
	if (!st)
		return NULL;

	/* From here on put_device() is the way to free it */
	device_initialize(&st->dev);
	st->dev.class = &stlink_class;
	st->dev.parent = &intf->dev;
	st->dev.release = stlink_dev_release;
	st->id = -1;
	st->udev = usb_get_dev(interface_to_usbdev(intf));
	st->intf = usb_get_intf(intf);
	st->pid = le16_to_cpu(st->udev->descriptor.idProduct);
	st->generation = 1;
	st->mode = STLINK_MODE_UNKNOWN;
	INIT_LIST_HEAD(&st->files);
	mutex_init(&st->open_lock);
	mutex_init(&st->io_lock);
	mutex_init(&st->state_lock);
	init_waitqueue_head(&st->wait);
	stlink_monitor_init(st);
	return st;
}

static int stlink_start(struct stlink *st)
{
	int ret;

	mutex_lock(&st->io_lock);
	ret = stlink_identify(st);
	if (!ret)
		ret = stlink_make_idle(st);
	mutex_unlock(&st->io_lock);
	return ret;
}

static int stlink_probe(struct usb_interface *intf,
			const struct usb_device_id *id)
{
	struct stlink *st;
	int ret;

	if (id->driver_info) {
		dev_info(&intf->dev,
			 "%s is not supported, only ST-Link V2 and V2-1 are\n",
			 (const char *)id->driver_info);
		return -ENODEV;
	}

	st = stlink_alloc(intf);
	if (!st)
		return -ENOMEM;

	ret = stlink_find_endpoints(st);
	if (ret)
		goto err_put;
	ret = stlink_urbs_alloc(st);
	if (ret)
		goto err_put;

	ret = stlink_start(st);
	if (ret && ret != -ENODEV && ret != -ENOMEM) {
		/* Left in the middle of something by a program that died */
		ret = usb_reset_device(st->udev);
		if (!ret) {
			st->dirty = 0;
			ret = stlink_start(st);
		}
	}
	if (ret) {
		if (ret != -ENODEV && ret != -ENOMEM)
			dev_err(&intf->dev,
				"probe doesn't answer (%pe); replug it\n",
				ERR_PTR(ret));
		goto err_put;
	}
	ret = stlink_read_serial(st);
	if (ret)
		goto err_put;

	ret = ida_alloc_max(&stlink_ida, STLINK_MAX_DEVICES - 1, GFP_KERNEL);
	if (ret < 0)
		goto err_put;
	st->id = ret;
	ret = dev_set_name(&st->dev, "stlink%d", st->id);
	if (ret)
		goto err_put;
	st->dev.devt = MKDEV(MAJOR(stlink_devt), st->id);

	usb_set_intfdata(intf, st);
	/* Before the node, so that all is there when the node is */
	stlink_hwmon_add(st);
	cdev_init(&st->cdev, &stlink_fops);
	st->cdev.owner = THIS_MODULE;
	ret = cdev_device_add(&st->cdev, &st->dev);
	if (ret)
		goto err_intfdata;
	return 0;

err_intfdata:
	stlink_hwmon_remove(st);
	usb_set_intfdata(intf, NULL);
err_put:
	put_device(&st->dev);
	return ret;
}

/* Ends what is going on and leaves the target running; io_lock is held then */
static void stlink_stop(struct stlink *st)
{
	/* lifetime.pml: stop */
	WRITE_ONCE(st->stopping, true);
	wake_up_all(&st->wait);
	mutex_lock(&st->io_lock);
	WRITE_ONCE(st->stopping, false);
}

static int stlink_suspend(struct usb_interface *intf, pm_message_t message)
{
	struct stlink *st = usb_get_intfdata(intf);

	/* lifetime.pml: suspend */
	stlink_stop(st);
	/* Or a reset took it away, and nobody has come by to let the core run */
	if (st->sessions || st->dirty) {
		st->uninterruptible = true;
		stlink_session_lost(st);
		stlink_recover(st);
		st->uninterruptible = false;
	}
	mutex_unlock(&st->io_lock);
	return 0;
}

static int stlink_resume(struct usb_interface *intf)
{
	/* lifetime.pml: resume */
	return 0;
}

/* Power was lost, or a reset done instead: nothing is known of the probe */
static void stlink_forget(struct stlink *st)
{
	/* lifetime.pml: forget */
	stlink_session_lost(st);
	bitmap_zero(st->ap_open, STLINK_MAX_AP);
	st->answered = false;
	mutex_lock(&st->state_lock);
	st->resets++;
	st->clock_khz = 0;
	st->mode = STLINK_MODE_UNKNOWN;
	mutex_unlock(&st->state_lock);
	clear_bit(STLINK_DIRTY_STALL, &st->dirty);
	clear_bit(STLINK_DIRTY_DATA, &st->dirty);
	set_bit(STLINK_DIRTY_MODE, &st->dirty);
	/* It may still hold an answer that nobody fetched */
	set_bit(STLINK_DIRTY_LINK, &st->dirty);
}

/*
 * The target is to run, and the probe to be fit for whoever binds next: one that waits
 * for data would write the other's first command to the target. There is no second
 * chance, so a probe in trouble is reset, of which nobody tells us without interface
 * data.
 */
static void stlink_let_go(struct stlink *st)
{
	int ret;

	/* lifetime.pml: let_run */
	st->uninterruptible = true;
	stlink_session_lost(st);
	ret = stlink_recover(st);
	if (!ret || ret == -ENOMEM || stlink_urbs_lost(st))
		return;
	/* lifetime.pml: last_reset */
	usb_set_intfdata(st->intf, NULL);
	if (usb_reset_device(st->udev))
		return;
	stlink_forget(st);
	stlink_recover(st);
}

/*
 * Being told to let go of a probe that is still there (unbind, rmmod, libusb
 * detaching us), with sessions under way: the target is left running. That is
 * why soft_unbind is set, and why our own URBs have to be stopped here.
 */
static void stlink_disconnect(struct usb_interface *intf)
{
	struct stlink *st = usb_get_intfdata(intf);

	/* lifetime.pml: gone */
	WRITE_ONCE(st->gone, true);
	/* lifetime.pml: wake */
	wake_up_all(&st->wait);
	stlink_xfer_settle(st);
	/* lifetime.pml: poison */
	usb_poison_urb(st->out.urb);
	usb_poison_urb(st->data.urb);

	/* Whoever was in there is out now, and nobody gets in again */
	mutex_lock(&st->open_lock);
	mutex_lock(&st->io_lock);
	/*
	 * usbcore changes it under a lock of its own. Read too early, it costs
	 * exchanges that fail at once.
	 */
	if (data_race(st->udev->state) != USB_STATE_NOTATTACHED &&
	    (st->sessions || st->dirty)) {
		usb_unpoison_urb(st->out.urb);
		usb_unpoison_urb(st->data.urb);
		stlink_let_go(st);
	}
	/* lifetime.pml: dead */
	st->dead = true;
	/* Of whoever keeps it awake still: usbcore doesn't */
	if (st->opens)
		usb_autopm_put_interface_no_suspend(intf);
	mutex_unlock(&st->io_lock);
	mutex_unlock(&st->open_lock);

	stlink_monitor_stop(st);
	/* lifetime.pml: unregister */
	stlink_hwmon_remove(st);
	usb_set_intfdata(intf, NULL);
	cdev_device_del(&st->cdev, &st->dev);
	/* lifetime.pml: put */
	put_device(&st->dev);
}

static int stlink_reset_resume(struct usb_interface *intf)
{
	struct stlink *st = usb_get_intfdata(intf);

	/* lifetime.pml: reset_resume */
	mutex_lock(&st->io_lock);
	stlink_forget(st);
	mutex_unlock(&st->io_lock);
	return 0;
}

/* Without data: called for the reset that probing does */
static int stlink_pre_reset(struct usb_interface *intf)
{
	struct stlink *st = usb_get_intfdata(intf);

	/* lifetime.pml: pre_reset */
	if (st)
		stlink_stop(st);
	return 0;
}

static int stlink_post_reset(struct usb_interface *intf)
{
	struct stlink *st = usb_get_intfdata(intf);

	/* lifetime.pml: post_reset */
	if (st) {
		stlink_forget(st);
		mutex_unlock(&st->io_lock);
	}
	return 0;
}

/* The debug interface only: mass storage and serial port have their drivers */
#define STLINK_DEVICE(product)						\
	.match_flags = USB_DEVICE_ID_MATCH_DEVICE |			\
		       USB_DEVICE_ID_MATCH_INT_CLASS |			\
		       USB_DEVICE_ID_MATCH_INT_NUMBER,			\
	.idVendor = STLINK_USB_VENDOR,					\
	.idProduct = (product),						\
	.bInterfaceClass = USB_CLASS_VENDOR_SPEC,			\
	.bInterfaceNumber = 0

#define STLINK_OTHER(product, name)					\
	.match_flags = USB_DEVICE_ID_MATCH_DEVICE |			\
		       USB_DEVICE_ID_MATCH_INT_NUMBER,			\
	.idVendor = STLINK_USB_VENDOR,					\
	.idProduct = (product),						\
	.bInterfaceNumber = 0,						\
	.driver_info = (kernel_ulong_t)(name)

static const struct usb_device_id stlink_ids[] = {
	{ STLINK_DEVICE(STLINK_USB_PID_V2) },
	{ STLINK_DEVICE(STLINK_USB_PID_V2_1) },
	{ STLINK_DEVICE(STLINK_USB_PID_V2_1_NO_MSD) },
	/* Known, and left alone with a word about it */
	{ STLINK_OTHER(STLINK_USB_PID_V1, "ST-Link V1") },
	{ STLINK_OTHER(STLINK_USB_PID_V3_LOADER, "ST-Link V3 (loader)") },
	{ STLINK_OTHER(STLINK_USB_PID_V3E, "ST-Link V3E") },
	{ STLINK_OTHER(STLINK_USB_PID_V3, "ST-Link V3") },
	{ STLINK_OTHER(STLINK_USB_PID_V3_2VCP, "ST-Link V3") },
	{ STLINK_OTHER(STLINK_USB_PID_V3_NO_MSD, "ST-Link V3") },
	{ STLINK_OTHER(STLINK_USB_PID_V3P, "ST-Link V3PWR") },
	{ }
};
MODULE_DEVICE_TABLE(usb, stlink_ids);

static struct usb_driver stlink_driver = {
	.name = "stlink",
	.probe = stlink_probe,
	.disconnect = stlink_disconnect,
	.suspend = stlink_suspend,
	.resume = stlink_resume,
	.reset_resume = stlink_reset_resume,
	.pre_reset = stlink_pre_reset,
	.post_reset = stlink_post_reset,
	.id_table = stlink_ids,
	.supports_autosuspend = 1,
	.soft_unbind = 1,
};

static int __init stlink_init(void)
{
	int ret;

	ret = alloc_chrdev_region(&stlink_devt, 0, STLINK_MAX_DEVICES,
				  "stlink");
	if (ret)
		return ret;
	ret = class_register(&stlink_class);
	if (ret)
		goto err_region;
	ret = usb_register(&stlink_driver);
	if (ret)
		goto err_class;
	return 0;

err_class:
	class_unregister(&stlink_class);
err_region:
	unregister_chrdev_region(stlink_devt, STLINK_MAX_DEVICES);
	return ret;
}
module_init(stlink_init);

static void __exit stlink_exit(void)
{
	/* lifetime.pml: exit */
	usb_deregister(&stlink_driver);
	class_unregister(&stlink_class);
	unregister_chrdev_region(stlink_devt, STLINK_MAX_DEVICES);
	ida_destroy(&stlink_ida);
}
module_exit(stlink_exit);

MODULE_AUTHOR("The stlink project authors");
MODULE_DESCRIPTION("ST-Link V2 debug probe");
MODULE_LICENSE("GPL");
/* that of the tool, which tells when the two don't belong together */
MODULE_VERSION("0.1.0");
