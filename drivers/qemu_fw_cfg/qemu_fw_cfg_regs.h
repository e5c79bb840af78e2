/* SPDX-License-Identifier: MIT */
/*
 * QEMU's firmware configuration device as it is in memory (QEMU, docs/specs/fw_cfg.rst; binding
 * qemu,fw-cfg-mmio): items of bytes, each with a key. What is selected is read from its first byte
 * on; after its last one come zeros.
 */
#ifndef QEMU_FW_CFG_REGS_H
#define QEMU_FW_CFG_REGS_H

#include <lib/build_bug.h>
#include <lib/byteorder.h>
#include <lib/types.h>

#define FW_CFG_DATA		0x00	/* ro  the next bytes, in memory's order at any width */
#define FW_CFG_SELECTOR		0x08	/* wo  16 bits, big-endian: a key */
#define FW_CFG_SIZE		0x18

#define FW_CFG_SIGNATURE	0x0000	/* "QEMU" */
#define FW_CFG_FILE_DIR		0x0019	/* the number of files, big-endian, and their entries */

#define FW_CFG_FILE_NAME_LEN	56

struct fw_cfg_file {
	__be32 size;
	__be16 select;
	__be16 reserved;
	char name[FW_CFG_FILE_NAME_LEN];	/* ends with a 0 */
};

static_assert(sizeof(struct fw_cfg_file) == 64);

#endif
