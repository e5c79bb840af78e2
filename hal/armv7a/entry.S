/* SPDX-License-Identifier: MIT */
/*
 * Exception vectors.
 *
 * An interrupt stays on the IRQ mode's own stack from here until it returns:
 * interrupts are masked all along, so the banked lr and spsr need no saving
 * and six registers are the whole frame. unwind.c knows this frame.
 *
 * A fault saves all registers on its own mode's stack, which stands when the
 * task's own has overflowed. A fault inside a fault finds room below.
 */
#include <hal/context.h>
#include <hal/memory.h>

#define MODE_MASK	0x1f
#define PSR_IF		0xc0

/* offsets in struct pt_regs */
#define PT_SP		52
#define PT_PC		60
#define PT_CPSR		64
#define PT_SIZE		72

	.syntax unified
	.arm
	.section .entry.text, "ax", %progbits

	.balign	32
	.global	vectors
vectors:
	b	.				@ reset does not come here
	b	vector_undefined
	b	vector_svc
	b	vector_prefetch
	b	vector_data
	b	.				@ HYP mode is left at boot
	b	vector_irq
	b	vector_fiq

	.global	vector_irq, vector_irq_end
	.type	vector_irq, %function
vector_irq:
	sub	lr, lr, #4
	push	{r0-r3, r12, lr}
	bl	handle_arch_irq
	clrex					@ a cmpxchg may have left the monitor set
	ldm	sp!, {r0-r3, r12, pc}^
vector_irq_end:

	/* Semihosting without a debugger: the answer is "not there". */
vector_svc:
	mvn	r0, #0
	movs	pc, lr

	.macro	fault kind, offset
	sub	lr, lr, #\offset
	sub	sp, sp, #PT_SIZE
	stm	sp, {r0-r12}
	mov	r1, #\kind
	b	fault_common
	.endm

vector_undefined:
	fault	0, 0			@ how far lr is off depends on the state: see C
vector_prefetch:
	fault	1, 4
vector_data:
	fault	2, 8
vector_fiq:
	fault	3, 4

fault_common:
	mrs	r2, spsr
	mrs	r4, cpsr
	str	lr, [sp, #PT_PC]
	str	r2, [sp, #PT_CPSR]
	add	r5, sp, #PT_SIZE		@ sp and lr of the mode that faulted
	mov	r6, lr
	eor	r3, r2, r4
	tst	r3, #MODE_MASK
	beq	1f				@ this very mode: a fault inside a fault
	and	r3, r2, #MODE_MASK
	orr	r3, r3, #PSR_IF
	msr	cpsr_c, r3
	mov	r5, sp
	mov	r6, lr
	msr	cpsr_c, r4
1:	add	r3, sp, #PT_SP
	stm	r3, {r5, r6}
	mov	r0, sp
	bl	hal_fault
	ldr	r0, [sp, #PT_CPSR]
	ldr	lr, [sp, #PT_PC]
	msr	spsr_cxsf, r0
	ldm	sp, {r0-r12}
	add	sp, sp, #PT_SIZE
	movs	pc, lr
	.ltorg

	/* What stopped code goes on with: r1, on the stack that ends at r0 or, for 0, its own. */
	.balign	4
	.global	hal_diverted
	.type	hal_diverted, %function
hal_diverted:
	.fnstart
	.cantunwind
	cmp	r0, #0
	moveq	r0, sp
	bic	sp, r0, #7			@ it may have stood anywhere in a function
	mov	lr, #0
	bx	r1
	.fnend
	.size	hal_diverted, . - hal_diverted

	/* int hal_probe_read(const void *addr, unsigned long *value) */
	.thumb
	.balign	4
	.global	hal_probe_read, probe_access, probe_failed
	.type	hal_probe_read, %function
	.thumb_func
hal_probe_read:
	mov	r3, lr				@ in abort mode the fault takes lr
probe_access:
	ldr.w	r0, [r0]
	str	r0, [r1]
	movs	r0, #0
	bx	r3
	.thumb_func
probe_failed:
	mvn	r0, #13				@ -EFAULT
	bx	r3

	/*
	 * task_struct *hal_context_switch(task_struct *prev, task_struct *next)
	 * r0 is left as it is: the result.
	 */
	.balign	4
	.global	hal_context_switch
	.type	hal_context_switch, %function
	.thumb_func
hal_context_switch:
	push	{r4-r11, lr}
	str	sp, [r0, #HAL_CONTEXT_OFFSET]
	ldr	sp, [r1, #HAL_CONTEXT_OFFSET]
	pop	{r4-r11, pc}
	.size	hal_context_switch, . - hal_context_switch

	/*
	 * Where a new context begins: r4 = entry, r5 = arg, r0 = what was left for it. The unwinder
	 * ends at the call.
	 */
	.global	hal_context_begin, hal_context_begin_end
	.type	hal_context_begin, %function
	.thumb_func
hal_context_begin:
	.fnstart
	.cantunwind
	mov	r1, r0
	mov	r0, r5
	blx	r4
hal_context_begin_end:
	udf	#0				@ entry does not return
	.fnend
	.size	hal_context_begin, . - hal_context_begin

	/* void hal_unwind_here(struct hal_unwind *u): the registers as the caller has them */
	.global	hal_unwind_here
	.type	hal_unwind_here, %function
	.thumb_func
hal_unwind_here:
	stm	r0, {r0-r12}
	str	sp, [r0, #52]
	str	lr, [r0, #56]
	bic	r1, lr, #1
	str	r1, [r0, #60]
	bx	lr
	.size	hal_unwind_here, . - hal_unwind_here
