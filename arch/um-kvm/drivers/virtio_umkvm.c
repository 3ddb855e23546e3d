// SPDX-License-Identifier: GPL-2.0
/*
 * The virtio transport of this machine (asm/umkvm.h): one page per device that
 * the host writes and this kernel reads, configuration by call, a doorbell and
 * an MSI vector per queue.  The drivers on top are the kernel's own.
 *
 * Setting a device up costs three or four calls; after that nothing here
 * reaches the shim's vCPU loop.
 */
#include <linux/device.h>
#include <linux/init.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/msi.h>
#include <linux/slab.h>
#include <linux/virtio.h>
#include <linux/virtio_config.h>
#include <linux/virtio_ring.h>
#include <asm/hypercall.h>
#include <asm/irq.h>
#include <asm/setup.h>

/*
 * One source of interrupts: a queue, or changes of the configuration
 * @index:	of the queue, or UMKVM_VECTOR_CONFIG
 * @msg:	what the host has to write; told by START or VECTOR
 */
struct vu_irq {
	struct vu_device *dev;
	struct virtqueue *vq;
	unsigned int index;
	int irq;
	struct msi_msg msg;
};

/*
 * @page:	what the host says of the device; only read
 * @status:	what the driver has written
 * @started:	queues are known to the host; protected by nothing, changes
 *		only in probe and remove
 */
struct vu_device {
	struct virtio_device vdev;
	const struct umkvm_device *page;
	unsigned int index;
	u8 status;
	bool started;
	struct vu_irq config_irq;
	struct vu_irq *queue_irq;
	unsigned int nr_queues;
};

static struct device *vu_root;

static struct vu_device *to_vu(struct virtio_device *vdev)
{
	return container_of(vdev, struct vu_device, vdev);
}

static u64 msi_address(const struct msi_msg *msg)
{
	return (u64)msg->address_hi << 32 | msg->address_lo;
}

/* A snapshot: the host increments generation before and after it writes */
static void vu_get(struct virtio_device *vdev, unsigned int offset, void *buf,
		   unsigned int len)
{
	const struct umkvm_device *page = to_vu(vdev)->page;
	u32 before;

	if (offset > UMKVM_CONFIG_MAX || len > UMKVM_CONFIG_MAX - offset) {
		memset(buf, 0, len);
		return;
	}
	do {
		/* pairs with the increment before virtio.c of host/ writes */
		before = smp_load_acquire(&page->generation);
		memcpy(buf, page->config + offset, len);
		/* pairs with the increment after it */
		smp_rmb();
	} while ((before & 1) || before != READ_ONCE(page->generation));
}

/* A field in one call; what is no field (a MAC address) byte by byte */
static void vu_set(struct virtio_device *vdev, unsigned int offset,
		   const void *buf, unsigned int len)
{
	unsigned int step = len <= 8 && is_power_of_2(len) ? len : 1;
	unsigned int i;
	u64 value = 0;

	for (i = 0; i < len; i += step) {
		memcpy(&value, buf + i, step);
		if (umkvm_call(UMKVM_CALL_VIRTIO_CONFIG, to_vu(vdev)->index,
			       offset + i, step, value))
			dev_warn_once(&vdev->dev, "configuration %u+%u is read-only\n",
				      offset, len);
	}
}

static u32 vu_generation(struct virtio_device *vdev)
{
	return READ_ONCE(to_vu(vdev)->page->generation);
}

static u8 vu_get_status(struct virtio_device *vdev)
{
	struct vu_device *dev = to_vu(vdev);

	return dev->status | (READ_ONCE(dev->page->status) &
			      VIRTIO_CONFIG_S_NEEDS_RESET);
}

static void vu_fill_queue(struct umkvm_queue *q, const struct vu_irq *i)
{
	*q = (struct umkvm_queue) {
		.index		= i->vq->index,
		.size		= virtqueue_get_vring_size(i->vq),
		.msi_data	= i->msg.data,
		.msi_addr	= i->irq ? msi_address(&i->msg) : 0,
		.desc_gpa	= virtqueue_get_desc_addr(i->vq),
		.avail_gpa	= virtqueue_get_avail_addr(i->vq),
		.used_gpa	= virtqueue_get_used_addr(i->vq),
	};
}

/* Tells the host all queues at once; from then on it uses them */
static int vu_start(struct vu_device *dev)
{
	struct umkvm_queue *queues;
	unsigned int n = 0;
	unsigned int i;
	s32 err;

	queues = kcalloc(dev->nr_queues, sizeof(*queues), GFP_KERNEL);
	if (!queues)
		return -ENOMEM;
	for (i = 0; i < dev->nr_queues; i++)
		if (dev->queue_irq[i].vq)
			vu_fill_queue(&queues[n++], &dev->queue_irq[i]);
	dev->started = true;
	err = umkvm_call(UMKVM_CALL_VIRTIO_START, dev->index,
			 virt_to_phys(queues), n,
			 dev->config_irq.irq ?
				msi_address(&dev->config_irq.msg) : 0,
			 dev->config_irq.msg.data);
	if (err)
		dev->started = false;
	kfree(queues);
	return err;
}

/* Only DRIVER_OK means something to the host before the device runs */
static void vu_set_status(struct virtio_device *vdev, u8 status)
{
	struct vu_device *dev = to_vu(vdev);
	u8 set = status & ~dev->status;
	int err;

	dev->status = status & ~VIRTIO_CONFIG_S_NEEDS_RESET;
	if (!(set & VIRTIO_CONFIG_S_DRIVER_OK))
		return;
	err = vu_start(dev);
	if (err)
		dev_err(&vdev->dev, "the host refuses the queues: %d\n", err);
}

static void vu_reset(struct virtio_device *vdev)
{
	struct vu_device *dev = to_vu(vdev);

	dev->started = false;
	dev->status = 0;
	umkvm_call(UMKVM_CALL_VIRTIO_RESET, dev->index);
}

static u64 vu_get_features(struct virtio_device *vdev)
{
	return to_vu(vdev)->page->features;
}

static int vu_finalize_features(struct virtio_device *vdev)
{
	vring_transport_features(vdev);
	return umkvm_call(UMKVM_CALL_VIRTIO_FEATURES, to_vu(vdev)->index,
			  vdev->features);
}

static bool vu_notify(struct virtqueue *vq)
{
	umkvm_doorbell(to_vu(vq->vdev)->page->doorbell + vq->index);
	return true;
}

static irqreturn_t vu_config_interrupt(int irq, void *data)
{
	struct vu_device *dev = data;

	virtio_config_changed(&dev->vdev);
	return IRQ_HANDLED;
}

/* The interrupt moves to another CPU; the descriptor's lock is held */
static void vu_write_msi(void *owner, unsigned int irq,
			 const struct msi_msg *msg)
{
	struct vu_irq *i = owner;

	i->msg = *msg;
	if (i->dev->started)
		umkvm_call(UMKVM_CALL_VIRTIO_VECTOR, i->dev->index, i->index,
			   msi_address(msg), msg->data);
}

static int vu_request_irq(struct vu_irq *i, irq_handler_t handler, void *data,
			  const char *name)
{
	int err;
	int irq = umkvm_msi_alloc(vu_write_msi, i, &i->msg);

	if (irq < 0)
		return irq;
	err = request_irq(irq, handler, 0, name, data);
	if (err) {
		umkvm_msi_free(irq);
		return err;
	}
	i->irq = irq;
	return 0;
}

static void vu_free_irq(struct vu_irq *i, void *data)
{
	if (!i->irq)
		return;
	free_irq(i->irq, data);
	umkvm_msi_free(i->irq);
	i->irq = 0;
}

static void vu_del_vqs(struct virtio_device *vdev)
{
	struct vu_device *dev = to_vu(vdev);
	unsigned int i;

	for (i = 0; i < dev->nr_queues; i++) {
		struct vu_irq *q = &dev->queue_irq[i];

		if (!q->vq)
			continue;
		vu_free_irq(q, q->vq);
		vring_del_virtqueue(q->vq);
	}
	vu_free_irq(&dev->config_irq, dev);
	kfree(dev->queue_irq);
	dev->queue_irq = NULL;
	dev->nr_queues = 0;
}

static int vu_setup_vq(struct vu_device *dev, unsigned int index,
		       struct virtqueue_info *info)
{
	struct vu_irq *i = &dev->queue_irq[index];
	struct virtqueue *vq;

	if (index >= dev->page->nr_queues)
		return -ENOENT;
	vq = vring_create_virtqueue(index, dev->page->queue_max[index],
				    SMP_CACHE_BYTES, &dev->vdev, true, true,
				    info->ctx, vu_notify, info->callback,
				    info->name);
	if (!vq)
		return -ENOMEM;
	vq->num_max = dev->page->queue_max[index];
	i->vq = vq;
	if (!info->callback)
		return 0;
	return vu_request_irq(i, vring_interrupt, vq, info->name);
}

static int vu_find_vqs(struct virtio_device *vdev, unsigned int nvqs,
		       struct virtqueue *vqs[], struct virtqueue_info info[],
		       struct irq_affinity *desc)
{
	struct vu_device *dev = to_vu(vdev);
	unsigned int index = 0;
	unsigned int i;
	int err;

	dev->queue_irq = kcalloc(nvqs, sizeof(*dev->queue_irq), GFP_KERNEL);
	if (!dev->queue_irq)
		return -ENOMEM;
	dev->nr_queues = nvqs;
	err = vu_request_irq(&dev->config_irq, vu_config_interrupt, dev,
			     dev_name(&vdev->dev));
	for (i = 0; !err && i < nvqs; i++) {
		vqs[i] = NULL;
		if (!info[i].name)
			continue;
		dev->queue_irq[index].dev = dev;
		dev->queue_irq[index].index = index;
		err = vu_setup_vq(dev, index, &info[i]);
		vqs[i] = dev->queue_irq[index].vq;
		index++;
	}
	if (err)
		vu_del_vqs(vdev);
	return err;
}

static void vu_synchronize_cbs(struct virtio_device *vdev)
{
	struct vu_device *dev = to_vu(vdev);
	unsigned int i;

	for (i = 0; i < dev->nr_queues; i++)
		if (dev->queue_irq[i].irq)
			synchronize_irq(dev->queue_irq[i].irq);
}

static int vu_set_vq_affinity(struct virtqueue *vq, const struct cpumask *mask)
{
	int irq = to_vu(vq->vdev)->queue_irq[vq->index].irq;

	return irq ? irq_set_affinity_hint(irq, mask) : -EINVAL;
}

static const struct virtio_config_ops vu_ops = {
	.get			= vu_get,
	.set			= vu_set,
	.generation		= vu_generation,
	.get_status		= vu_get_status,
	.set_status		= vu_set_status,
	.reset			= vu_reset,
	.find_vqs		= vu_find_vqs,
	.del_vqs		= vu_del_vqs,
	.synchronize_cbs	= vu_synchronize_cbs,
	.get_features		= vu_get_features,
	.finalize_features	= vu_finalize_features,
	.set_vq_affinity	= vu_set_vq_affinity,
};

static void vu_release(struct device *d)
{
	kfree(to_vu(dev_to_virtio(d)));
}

static int __init vu_register(unsigned int index)
{
	struct vu_device *dev = kzalloc(sizeof(*dev), GFP_KERNEL);
	int err;

	if (!dev)
		return -ENOMEM;
	dev->index = index;
	dev->page = (struct umkvm_device *)__va(UMKVM_DEVICES_GPA) + index;
	dev->config_irq.dev = dev;
	dev->config_irq.index = UMKVM_VECTOR_CONFIG;
	dev->vdev.dev.parent = vu_root;
	dev->vdev.dev.release = vu_release;
	dev->vdev.config = &vu_ops;
	dev->vdev.id.device = dev->page->virtio_id;
	dev->vdev.id.vendor = UMKVM_BOOT_MAGIC;
	err = register_virtio_device(&dev->vdev);
	if (err)
		put_device(&dev->vdev.dev);
	return err;
}

static int __init vu_init(void)
{
	unsigned int i;
	int err;

	vu_root = root_device_register("umkvm");
	if (IS_ERR(vu_root))
		return PTR_ERR(vu_root);
	for (i = 0; i < umkvm_boot.nr_devices && i < UMKVM_DEVICES_MAX; i++) {
		err = vu_register(i);
		if (err)
			dev_err(vu_root, "device %u: error %d\n", i, err);
	}
	return 0;
}
subsys_initcall(vu_init);
