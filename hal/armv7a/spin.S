/* SPDX-License-Identifier: MIT */
/*
 * Where a spin lock is waited for. The code that takes one (<hal/spinlock.h>) is in the midst of
 * any function and lets nothing be saved but ip, lr and the flags: the rest is saved here.
 */
	.syntax unified
	.thumb
	.section .text.hal_spin_wait, "ax", %progbits

	/* ip: the lock's word */
	.balign	4
	.global	hal_spin_wait
	.type	hal_spin_wait, %function
	.thumb_func
hal_spin_wait:
	.fnstart
	.save	{r0-r4, lr}
	push	{r0-r4, lr}			@ r4 for the stack's alignment
	mov	r0, ip
	bl	spin_wait
	pop	{r0-r4, pc}
	.fnend
	.size	hal_spin_wait, . - hal_spin_wait
