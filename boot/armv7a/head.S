/* SPDX-License-Identifier: MIT */
/*
 * From reset, or from a boot loader, to C with the MMU on.
 *
 * Entered as Linux's boot protocol for Arm says: SVC or HYP mode, MMU and data
 * cache off, r2 = physical address of the device tree, at any 4 KiB-aligned
 * address. The code up to the jump into the map runs where it was loaded and
 * takes addresses relative to the pc only. The one place where it cannot be is
 * the physical address that is also its virtual one. Processors other than the
 * first of their cluster that come in together with it are parked.
 *
 * Until then: r4 = physical minus virtual address of the image, r5 = r2 at
 * entry, r6 = physical address of the first-level table.
 */
#include <hal/memory.h>
#include "boot_regs.h"

	.syntax unified
	.arch_extension virt
	.arm

	/* sets \reg to the physical address of \sym */
	.macro	phys reg, sym
	ldr	\reg, =\sym
	add	\reg, \reg, r4
	.endm

	.section .head.text, "ax", %progbits
	.global	_start
_start:
	.rept	8
	nop
	.endr
	b	start
	.word	ZIMAGE_MAGIC		@ at 0x24
	.word	0			@ start: runs at any address
	.word	_image_end - _start	@ end, with what the image needs after its last byte
	.word	ZIMAGE_ENDIAN

start:
	mov	r5, r2
	mrs	r0, cpsr
	and	r0, r0, #0x1f
	cmp	r0, #MODE_HYP
	bleq	leave_hyp
	cpsid	aif, #MODE_SVC

	mrc	p15, 0, r0, c0, c0, 5		@ MPIDR
	lsls	r1, r0, #24			@ Aff0: the cluster may have any number
	bne	park
	bl	join_coherency

	adr	r4, _start
	ldr	r0, =IMAGE_BASE
	sub	r4, r4, r0

	bl	invalidate_caches
	bl	build_tables
	bl	enable_mmu			@ returns into the map

	/* From here on at the linked address. */
	bl	clear_bss
	ldr	r0, =image_phys
	ldr	r1, =IMAGE_BASE
	add	r1, r1, r4
	str	r1, [r0]
	ldr	r0, =kernel_l1
	sub	r2, r6, r4
	str	r2, [r0]

	/* The page that switched the MMU on is not to stay at its physical address. */
	lsr	r1, r1, #SECTION_SHIFT
	mov	r3, #0
	str	r3, [r2, r1, lsl #2]
	dsb
	mcr	p15, 0, r3, c8, c7, 0		@ TLBIALL
	dsb
	isb

	ldr	r0, =vectors
	mcr	p15, 0, r0, c12, c0, 0		@ VBAR
	cps	#MODE_ABT
	ldr	sp, =_abt_stack_top
	cps	#MODE_UND
	ldr	sp, =_und_stack_top
	cps	#MODE_FIQ
	ldr	sp, =_und_stack_top
	cps	#MODE_IRQ
	ldr	sp, =_irq_stack_top
	cps	#MODE_SVC
	ldr	sp, =_boot_stack_top
	cpsie	a

	mov	r0, #0
	mcr	p15, 0, r0, c13, c0, 3		@ TPIDRURO: the first processor
	mcr	p15, 0, r0, c13, c0, 4		@ TPIDRPRW: nobody runs yet
	mov	r0, r5
	mov	r11, #0
	mov	lr, #0
	ldr	pc, =hal_boot

#ifdef CONFIG_SMP
	/*
	 * Another processor, started by hal_cpu_start(): r0 = physical address of the table with
	 * which it switches its MMU on, and in the low bits its number.
	 */
	.global	secondary_start
secondary_start:
	ubfx	r11, r0, #0, #L1_TABLE_SHIFT
	sub	r6, r0, r11
	mrs	r0, cpsr
	and	r0, r0, #0x1f
	cmp	r0, #MODE_HYP
	bleq	leave_hyp
	cpsid	aif, #MODE_SVC
	mrc	p15, 0, r0, c0, c0, 5		@ MPIDR
	bl	join_coherency
	adr	r4, secondary_start
	ldr	r0, =secondary_start
	sub	r4, r4, r0
	bl	invalidate_caches
	bl	enable_mmu			@ returns into the map

	ldr	r5, =hal_secondary
	mov	r0, #SECONDARY_SIZE
	mla	r5, r11, r0, r5
	ldr	r0, [r5, #SECONDARY_TABLE]
	orr	r0, r0, #TTBR_WALK
	mcr	p15, 0, r0, c2, c0, 0		@ TTBR0
	isb
	mov	r0, #0
	mcr	p15, 0, r0, c8, c7, 0		@ TLBIALL
	dsb
	isb
	ldr	r0, =vectors
	mcr	p15, 0, r0, c12, c0, 0		@ VBAR
	ldm	r5, {r0-r4, r7, r8}		@ 4 stacks; task; number; entry
	cps	#MODE_ABT
	mov	sp, r1
	cps	#MODE_UND
	mov	sp, r2
	cps	#MODE_FIQ
	mov	sp, r2
	cps	#MODE_IRQ
	mov	sp, r0
	cps	#MODE_SVC
	mov	sp, r3
	cpsie	a
	mcr	p15, 0, r4, c13, c0, 4		@ TPIDRPRW
	mcr	p15, 0, r7, c13, c0, 3		@ TPIDRURO
	mov	r0, r7
	mov	r11, #0
	mov	lr, #0
	bx	r8
#endif

	/*
	 * HYP to SVC: timers and GIC system registers left to the kernel, the
	 * virtual count equal to the physical one. Returns in SVC mode.
	 */
leave_hyp:
	mov	r0, #0
	mcr	p15, 4, r0, c1, c1, 0		@ HCR: trap nothing
	mcr	p15, 4, r0, c1, c1, 2		@ HCPTR
	mcr	p15, 4, r0, c1, c1, 3		@ HSTR
	mcrr	p15, 4, r0, r0, c14		@ CNTVOFF
	mrc	p15, 4, r1, c1, c1, 1		@ HDCR: all counters to the kernel
	and	r1, r1, #0x1f
	mcr	p15, 4, r1, c1, c1, 1
	mov	r0, #CNTHCTL_EL1_ACCESS
	mcr	p15, 4, r0, c14, c1, 0		@ CNTHCTL
	mrc	p15, 0, r0, c0, c0, 0
	mcr	p15, 4, r0, c0, c0, 0		@ VPIDR
	mrc	p15, 0, r0, c0, c0, 5
	mcr	p15, 4, r0, c0, c0, 5		@ VMPIDR
	mrc	p15, 0, r0, c0, c1, 1		@ ID_PFR1: GIC system registers?
	ands	r0, r0, #ID_PFR1_GIC
	beq	1f
	mrc	p15, 4, r0, c12, c9, 5		@ ICC_HSRE
	orr	r0, r0, #ICC_HSRE_ENABLE | ICC_HSRE_SRE
	mcr	p15, 4, r0, c12, c9, 5
	isb
1:	mov	r0, #MODE_SVC | PSR_AIF
	msr	spsr_cxsf, r0
	msr	elr_hyp, lr
	eret

park:
	wfi
	b	park

	/*
	 * A processor whose ACTLR.SMP is clear takes no part in coherency, or (A7) caches nothing.
	 * On Cortex-A5 and A9 TLB and cache maintenance reaches the others with FW only.
	 */
join_coherency:
	and	r0, r0, #MPIDR_MP | MPIDR_U
	cmp	r0, #MPIDR_MP
	bxne	lr
	mrc	p15, 0, r0, c0, c0, 0		@ MIDR
	ldr	r1, =MIDR_PART_MASK
	and	r0, r0, r1
	ldr	r1, =MIDR_CORTEX_A9
	cmp	r0, r1
	ldrne	r1, =MIDR_CORTEX_A5
	cmpne	r0, r1
	mov	r1, #ACTLR_SMP
	orreq	r1, r1, #ACTLR_FW
	mrc	p15, 0, r0, c1, c0, 1		@ ACTLR: written only where there is need
	bic	r2, r1, r0
	cmp	r2, #0
	orrne	r0, r0, r1
	.global	write_actlr
write_actlr:
	mcrne	p15, 0, r0, c1, c0, 1
	bx	lr

	/*
	 * The first-level caches hold garbage after a reset on some cores. Only
	 * this level goes by set and way: further out belongs to the loader.
	 */
invalidate_caches:
	mov	r0, #0
	mcr	p15, 0, r0, c7, c5, 0		@ ICIALLU
	mcr	p15, 0, r0, c7, c5, 6		@ BPIALL
	mcr	p15, 0, r0, c8, c7, 0		@ TLBIALL
	mcr	p15, 2, r0, c0, c0, 0		@ CSSELR: level 1, data
	isb
	mrc	p15, 1, r0, c0, c0, 0		@ CCSIDR
	and	r1, r0, #7
	add	r1, r1, #4			@ log2 of the line's bytes
	ubfx	r2, r0, #3, #10			@ ways - 1
	ubfx	r3, r0, #13, #15		@ sets - 1
	clz	r7, r2				@ where the way's number begins
	mov	r8, #1
	lsl	r8, r8, r1			@ one set further
1:	lsl	r9, r2, r7			@ way
	orr	r9, r9, r3, lsl r1
	add	r10, r3, #1
2:	mcr	p15, 0, r9, c7, c6, 2		@ DCISW
	sub	r9, r9, r8
	subs	r10, r10, #1
	bne	2b
	subs	r2, r2, #1
	bpl	1b
	dsb
	isb
	bx	lr

	/* The image by pages, and the page this runs on at its physical address. */
build_tables:
	phys	r6, _page_tables
	ldr	r0, =L1_TABLE_SIZE - 1
	add	r6, r6, r0
	bic	r6, r6, r0

	mov	r0, r6				@ clear the first level and the image's tables
	add	r1, r6, #L1_TABLE_SIZE
	add	r1, r1, #IMAGE_L2_TABLES * L2_TABLE_SIZE
	mov	r2, #0
	mov	r3, #0
	mov	r7, #0
	mov	r8, #0
	mov	r9, #0
	mov	r10, #0
	mov	r11, #0
	mov	r12, #0
1:	stmia	r0!, {r2, r3, r7-r12}
	stmia	r0!, {r2, r3, r7-r12}
	stmia	r0!, {r2, r3, r7-r12}
	stmia	r0!, {r2, r3, r7-r12}
	cmp	r0, r1
	blo	1b

	add	r0, r6, #L1_TABLE_SIZE		@ link the image's tables
	orr	r0, r0, #L1_TABLE
	add	r1, r6, #(IMAGE_BASE >> SECTION_SHIFT) * 4
	mov	r2, #IMAGE_L2_TABLES
1:	str	r0, [r1], #4
	add	r0, r0, #L2_TABLE_SIZE
	subs	r2, r2, #1
	bne	1b

	mov	r12, lr
	ldr	r1, =_image_start
	ldr	r2, =_text_end
	ldr	r3, =PAGE_RX
	bl	map_pages
	ldr	r2, =_rodata_end
	ldr	r3, =PAGE_RO
	bl	map_pages
	ldr	r2, =_image_end
	ldr	r3, =PAGE_RW
	bl	map_pages
	mov	r3, #0				@ no page under a stack
	ldr	r1, =_irq_stack_guard
	bl	map_guard
	ldr	r1, =_abt_stack_guard
	bl	map_guard
	ldr	r1, =_und_stack_guard
	bl	map_guard
	ldr	r1, =_boot_stack_guard
	bl	map_guard

	adr	r0, enable_mmu
	lsr	r0, r0, #SECTION_SHIFT
	ldr	r1, =SECTION_RX
	orr	r1, r1, r0, lsl #SECTION_SHIFT
	str	r1, [r6, r0, lsl #2]
	bx	r12

	/* Maps from r1 up to r2 with the attributes r3; leaves r1 = r2. */
map_guard:
	add	r2, r1, #PAGE_SIZE
map_pages:
	add	r7, r6, #L1_TABLE_SIZE
	ldr	r0, =IMAGE_BASE
	sub	r0, r1, r0
	add	r7, r7, r0, lsr #PAGE_SHIFT - 2
	cmp	r3, #0
	addne	r0, r1, r4
	orrne	r0, r0, r3
	moveq	r0, #0
	sub	r8, r2, r1
1:	str	r0, [r7], #4
	cmp	r3, #0
	addne	r0, r0, #PAGE_SIZE
	subs	r8, r8, #PAGE_SIZE
	bhi	1b
	mov	r1, r2
	bx	lr

	/* The caller's address, made virtual, is where it returns to. */
	.global	enable_mmu
enable_mmu:
	sub	lr, lr, r4
	mov	r0, #0
	mcr	p15, 0, r0, c2, c0, 2		@ TTBCR: one table, short descriptors
	orr	r1, r6, #TTBR_WALK
	mcr	p15, 0, r1, c2, c0, 0		@ TTBR0
	mov	r0, #1
	mcr	p15, 0, r0, c3, c0, 0		@ DACR: domain 0 obeys the permissions
	mcr	p15, 0, r0, c8, c7, 0		@ TLBIALL
	mrc	p15, 0, r0, c1, c0, 0
	ldr	r1, =SCTLR_CLEAR
	bic	r0, r0, r1
	ldr	r1, =SCTLR_SET
	orr	r0, r0, r1
	dsb
	isb
	mcr	p15, 0, r0, c1, c0, 0		@ SCTLR
	isb
	bx	lr

clear_bss:
	ldr	r0, =_bss_start
	ldr	r1, =_bss_end
	mov	r2, #0
	mov	r3, #0
	mov	r7, #0
	mov	r8, #0
1:	cmp	r0, r1
	stmialo	r0!, {r2, r3, r7, r8}
	stmialo	r0!, {r2, r3, r7, r8}
	blo	1b
	bx	lr

	.ltorg
	.size	_start, . - _start
