/* SPDX-License-Identifier: MIT */
/*
 * QEMU's firmware configuration device: a seed for random numbers, for a machine whose tree has
 * none.
 *
 *	qemu-system-arm ... -fw_cfg name=opt/org.nocla/rng-seed,file=seed
 *
 * It is read once, when the device is probed, and counts as the boot loader's (see
 * random.trust_bootloader). What was read is wiped; QEMU's own copy cannot be, so who runs
 * the guest gives each run another. Without such a file nothing is said.
 *
 * Nothing is believed of what is read: the directory is looked through for so many entries, and
 * so much of the seed is read, whatever sizes it says.
 *
 * Document: QEMU, docs/specs/fw_cfg.rst. Locking: none, nobody else has the device.
 */
#include <drivers/platform_device.h>
#include <kernel/io.h>
#include <kernel/module.h>
#include <kernel/random.h>
#include <lib/byteorder.h>
#include <lib/err.h>
#include <lib/errno.h>
#include <lib/math.h>
#include <lib/minmax.h>
#include <lib/string.h>

#include "qemu_fw_cfg_regs.h"

#define SEED_NAME	"opt/org.nocla/rng-seed"
#define SEED_MAX	64	/* bytes: twice what is needed */
#define FILES_MAX	1024

static void fw_cfg_select(void __iomem *base, u16 key)
{
	writew(cpu_to_be16(key), base + FW_CFG_SELECTOR);
}

/* Whole words, as memory has them. What is behind an item's end reads as 0. */
static void fw_cfg_read(void __iomem *base, void *buf, size_t len)
{
	for (__le32 *word = buf, *end = buf + len; word < end; word++)
		*word = cpu_to_le32(readl_relaxed(base + FW_CFG_DATA));
}

static bool fw_cfg_is_there(void __iomem *base)
{
	u32 signature;

	fw_cfg_select(base, FW_CFG_SIGNATURE);
	fw_cfg_read(base, &signature, sizeof(signature));
	return memcmp(&signature, "QEMU", sizeof(signature)) == 0;
}

/* Return: 0; -ENOENT if there is no such file. */
static int fw_cfg_find(void __iomem *base, const char *name, struct fw_cfg_file *file)
{
	__be32 be_count;
	u32 count;

	fw_cfg_select(base, FW_CFG_FILE_DIR);
	fw_cfg_read(base, &be_count, sizeof(be_count));
	count = min_t(u32, be32_to_cpu(be_count), FILES_MAX);
	while (count--) {
		fw_cfg_read(base, file, sizeof(*file));
		if (strncmp(file->name, name, sizeof(file->name)) == 0)
			return 0;
	}
	return -ENOENT;
}

static int fw_cfg_probe(struct platform_device *pdev)
{
	void __iomem *base = devm_platform_ioremap_registers(pdev, 0, FW_CFG_SIZE);
	struct fw_cfg_file file;
	u32 seed[SEED_MAX / sizeof(u32)];
	size_t len;

	if (IS_ERR(base))
		return PTR_ERR(base);
	if (!fw_cfg_is_there(base))
		return dev_err_probe(&pdev->dev, -ENODEV, "no signature of QEMU's\n");
	if (fw_cfg_find(base, SEED_NAME, &file))
		return 0;
	len = min_t(size_t, be32_to_cpu(file.size), sizeof(seed));
	if (!len)
		dev_warn(&pdev->dev, "%s is empty\n", SEED_NAME);
	fw_cfg_select(base, be16_to_cpu(file.select));
	fw_cfg_read(base, seed, len);
	add_bootloader_randomness(seed, len);
	memzero_explicit(seed, sizeof(seed));
	return 0;
}

static const struct of_device_id fw_cfg_of_match[] = {
	{ .compatible = "qemu,fw-cfg-mmio" },
	{ }
};

static struct platform_driver fw_cfg_driver = {
	.probe = fw_cfg_probe,
	.driver = { .name = "qemu_fw_cfg", .of_match_table = fw_cfg_of_match },
};
module_platform_driver(fw_cfg_driver);
