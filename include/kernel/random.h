/* SPDX-License-Identifier: MIT */
/*
 * Random numbers, fit for keys: a stream of ChaCha20 whose key is out of what the machine has
 * that nobody knows, at least 256 bits of it, and is replaced after each request.
 *
 * What it has: the boot loader's seed (/chosen rng-seed, wiped from the tree), which QEMU
 * gives too; a file of QEMU's (drivers/qemu_fw_cfg/); drivers' bytes; and when interrupts come.
 * Where there is a seed in the tree, numbers are good from the first line of main() on. Where
 * there is none, all functions give numbers that differ from boot to boot as far as the clock
 * does, which is said once in the log; who needs better ones waits: wait_for_random_bytes().
 */
#ifndef KERNEL_RANDOM_H
#define KERNEL_RANDOM_H

#include <kernel/bug.h>
#include <lib/compiler-context-analysis.h>
#include <lib/compiler.h>
#include <lib/kconfig.h>
#include <lib/types.h>

struct fdt_tree;

/* ---- numbers. Context: any. Of 0 bytes, and to 0 bytes, nothing is done. ---- */

void get_random_bytes(void *buf, size_t len);
u8 get_random_u8(void);
u16 get_random_u16(void);
u32 get_random_u32(void);
u64 get_random_u64(void);

/* Each number below `ceil` is equally likely. 0: any number. */
u32 get_random_u32_below(u32 ceil);

/* Both ends are among them. low <= high: what is not is reported, with CONFIG_DEBUG, and low. */
static inline u32 get_random_u32_inclusive(u32 low, u32 high)
{
	if (WARN(IS_ENABLED(CONFIG_DEBUG) && low > high, "no number from %u to %u", low, high))
		return low;
	return low + get_random_u32_below(high - low + 1);
}

static inline unsigned long get_random_long(void)
{
	return sizeof(long) == sizeof(u64) ? (unsigned long)get_random_u64() : get_random_u32();
}

/* Whether the numbers are good. Context: any. */
bool rng_is_initialized(void);

/*
 * Blocks until they are. Without any other source the time that a timer takes to interrupt a
 * loop is one: then it needs some tenths of a second, and on a machine whose every cycle is
 * the same (an emulator that counts instructions) it ends no earlier than interrupts come.
 * Context: task; may sleep.
 * Return: 0.
 */
int wait_for_random_bytes(void) __may_sleep;

/* Both. Context: task; may sleep. Return: 0. */
static inline int get_random_bytes_wait(void *buf, size_t nbytes) __may_sleep;
static inline int get_random_bytes_wait(void *buf, size_t nbytes)
{
	int ret = wait_for_random_bytes();

	get_random_bytes(buf, nbytes);
	return ret;
}

/* ---- sources ---- */

/* What tells machines apart but is no secret: a serial number, a MAC address. Context: any. */
void add_device_randomness(const void *buf, size_t len);

/*
 * From a device that makes noise: `entropy` bits of it, as its driver says; more than there are
 * bits count for no more than those. Context: any.
 */
void add_hwgenerator_randomness(const void *buf, size_t len, size_t entropy);

/* From the boot loader: trusted to be all noise unless random.trust_bootloader=0. Context: any. */
void add_bootloader_randomness(const void *buf, size_t len);

/*
 * Takes the seed of the tree, which begins at `tree_phys`, and wipes it there.
 * Context: boot, once, when there are a clock and memory.
 */
void random_init(const struct fdt_tree *tree, phys_addr_t tree_phys);

/*
 * An interrupt has been handled: the time of it is noted. Called while that is wanted
 * (irq_note_times()), which costs nothing when it is not.
 * Context: hard irq.
 */
void add_interrupt_randomness(void);

#ifdef CONFIG_KTEST
/* For tests. How many bytes of this CPU's batch are not given out yet. Context: any. */
size_t random_batch_left(void);

/* The key is as old as makes the next request have another. Context: any. */
void random_age_key(void);
#endif

#endif
