/* SPDX-License-Identifier: MIT */
/*
 * A GICv3's CPU interface: system registers of this processor, by CP15 (ARM IHI 0069H, 12.5 and
 * 12.7). Group 1 of the security state that runs. Context: any, of the processor whose
 * interface it is, for all of this header.
 */
#ifndef HAL_GICV3_H
#define HAL_GICV3_H

#include <hal/barrier.h>
#include <lib/bitfield.h>
#include <lib/bits.h>
#include <lib/compiler.h>
#include <lib/types.h>

#define ID_PFR1_GIC		GENMASK(31, 28)
#define ICC_SRE_SRE		BIT(0)		/* system registers are in use */
#define ICC_IAR1_INTID		GENMASK(23, 0)
#define ICC_CTLR_PRIBITS	GENMASK(10, 8)	/* of a priority, less one; ro */
#define ICC_IGRPEN1_ENABLE	BIT(0)

/* Whether the processor has these registers at all. */
static inline bool gic_has_sysregs(void)
{
	u32 pfr1;

	__asm__("mrc p15, 0, %0, c0, c1, 1" : "=r" (pfr1));
	return FIELD_GET(ID_PFR1_GIC, pfr1) != 0;
}

/* False: what runs above (a hypervisor, secure firmware) has not left them to the kernel. */
static inline bool gic_enable_sre(void)
{
	u32 sre;

	__asm__ volatile("mrc p15, 0, %0, c12, c12, 5" : "=r" (sre));
	if (sre & ICC_SRE_SRE)
		return true;
	__asm__ volatile("mcr p15, 0, %0, c12, c12, 5" :: "r" (sre | ICC_SRE_SRE));
	isb();
	__asm__ volatile("mrc p15, 0, %0, c12, c12, 5" : "=r" (sre));
	return sre & ICC_SRE_SRE;
}

/*
 * Acknowledges: the INTID, which is active from then on. The barrier makes that seen by
 * what is asked of the distributor, and orders what the sender of an SGI wrote before reads here.
 */
static __always_inline u32 gic_read_iar(void)
{
	u32 iar;

	__asm__ volatile("mrc p15, 0, %0, c12, c12, 0" : "=r" (iar) :: "memory");
	dsb(sy);
	return iar & ICC_IAR1_INTID;
}

/* Drops the priority and ends the active state: EOImode 0. */
static __always_inline void gic_write_eoir(u32 intid)
{
	__asm__ volatile("mcr p15, 0, %0, c12, c12, 1" :: "r" (intid) : "memory");
	isb();
}

/* Sends an SGI. What the caller wrote is seen by the processors that it reaches. */
static inline void gic_write_sgi1r(u64 value)
{
	dsb(ishst);
	__asm__ volatile("mcrr p15, 0, %Q0, %R0, c12" :: "r" (value) : "memory");
	isb();
}

/* ICC_CTLR: how the interface works, and what it can. */

static inline u32 gic_read_ctlr(void)
{
	u32 ctlr;

	__asm__ volatile("mrc p15, 0, %0, c12, c12, 4" : "=r" (ctlr));
	return ctlr;
}

/* In effect at the return, as the others whose end is an isb. */
static inline void gic_write_ctlr(u32 value)
{
	__asm__ volatile("mcr p15, 0, %0, c12, c12, 4" :: "r" (value));
	isb();
}

/* Only interrupts more urgent than `value`, that is, of a lower number, are delivered. */
static inline void gic_write_pmr(u32 value)
{
	__asm__ volatile("mcr p15, 0, %0, c4, c6, 0" :: "r" (value));
}

/* Which bits of a priority preempt; the hardware has a least value. */
static inline void gic_write_bpr1(u32 value)
{
	__asm__ volatile("mcr p15, 0, %0, c12, c12, 3" :: "r" (value));
}

/* Of the active priorities there is a word for each bit of a priority beyond four, at most 4. */
static inline void gic_clear_active_priorities(void)
{
	u32 bits = FIELD_GET(ICC_CTLR_PRIBITS, gic_read_ctlr()) + 1;

	if (bits > 6) {
		__asm__ volatile("mcr p15, 0, %0, c12, c9, 3" :: "r" (0));
		__asm__ volatile("mcr p15, 0, %0, c12, c9, 2" :: "r" (0));
	}
	if (bits > 5)
		__asm__ volatile("mcr p15, 0, %0, c12, c9, 1" :: "r" (0));
	__asm__ volatile("mcr p15, 0, %0, c12, c9, 0" :: "r" (0));
	isb();
}

/* From now on group 1 is delivered here, or not. */
static inline void gic_write_grpen1(u32 value)
{
	__asm__ volatile("mcr p15, 0, %0, c12, c12, 7" :: "r" (value));
	isb();
}

#endif
