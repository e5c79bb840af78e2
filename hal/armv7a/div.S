/* SPDX-License-Identifier: MIT */
/*
 * The divisions that the compiler calls for (Arm IHI 0043, section 5.3), for a core without a
 * divider. By shifting and subtracting, a bit of the quotient at a time: nobody divides often
 * enough for the compiler's own, which are unrolled, ten times as large and twice as fast.
 *
 * What a division by 0 gives is not said; it ends.
 */
	.syntax unified
	.thumb
	.text

	/* r0 / r1: the quotient in r0, the rest in r1. r2, r3, ip are lost */
	.balign	4
	.global	__aeabi_uidivmod, __aeabi_uidiv
	.type	__aeabi_uidivmod, %function
	.thumb_func
__aeabi_uidivmod:
	.thumb_func
__aeabi_uidiv:
	.fnstart
	clz	r2, r0
	clz	r3, r1
	mov	ip, #0				@ the quotient
	subs	r2, r3, r2
	blo	2f
	lsl	r1, r1, r2			@ the divisor's first bit below the dividend's
1:	cmp	r0, r1
	it	hs
	subhs	r0, r0, r1
	adc	ip, ip, ip
	lsr	r1, r1, #1
	subs	r2, r2, #1
	bpl	1b
2:	mov	r1, r0
	mov	r0, ip
	bx	lr
	.fnend
	.size	__aeabi_uidivmod, . - __aeabi_uidivmod

	/* As C divides: towards 0, the rest has the sign of the dividend. */
	.balign	4
	.global	__aeabi_idivmod, __aeabi_idiv
	.type	__aeabi_idivmod, %function
	.thumb_func
__aeabi_idivmod:
	.thumb_func
__aeabi_idiv:
	.fnstart
	.save	{r4, r5, r6, lr}
	push	{r4, r5, r6, lr}
	movs	r4, r0				@ the sign of the rest
	it	mi
	rsbmi	r0, r0, #0
	eors	r5, r4, r1			@ that of the quotient
	cmp	r1, #0
	it	mi
	rsbmi	r1, r1, #0
	bl	__aeabi_uidivmod
	cmp	r4, #0
	it	mi
	rsbmi	r1, r1, #0
	cmp	r5, #0
	it	mi
	rsbmi	r0, r0, #0
	pop	{r4, r5, r6, pc}
	.fnend
	.size	__aeabi_idivmod, . - __aeabi_idivmod

	/* r0, r1 / r2, r3, low word first: the quotient in r0, r1, the rest in r2, r3 */
	.balign	4
	.global	__aeabi_uldivmod
	.type	__aeabi_uldivmod, %function
	.thumb_func
__aeabi_uldivmod:
	.fnstart
	.save	{r4, r5, r6, lr}
	push	{r4, r5, r6, lr}
	movs	r4, #0				@ the quotient: r4, r5
	movs	r5, #0
	clz	ip, r1				@ zeros before the dividend's first bit
	cmp	r1, #0
	itt	eq
	clzeq	ip, r0
	addeq	ip, ip, #32
	clz	r6, r3				@ and before the divisor's
	cmp	r3, #0
	itt	eq
	clzeq	r6, r2
	addeq	r6, r6, #32
	subs	r6, r6, ip			@ which is moved below it; by 32 or more: one
	blo	3f				@ word's bits all come from or go to the other
	rsb	ip, r6, #32
	lsr	ip, r2, ip
	sub	lr, r6, #32
	lsl	lr, r2, lr
	lsl	r3, r3, r6
	orr	r3, r3, ip
	orr	r3, r3, lr
	lsl	r2, r2, r6
2:	subs	ip, r0, r2
	sbcs	lr, r1, r3
	itt	hs
	movhs	r0, ip
	movhs	r1, lr
	adcs	r4, r4, r4
	adc	r5, r5, r5
	cmp	r6, #0
	it	eq
	beq	3f
	lsrs	r3, r3, #1
	rrx	r2, r2
	sub	r6, r6, #1
	b	2b
3:	mov	r2, r0
	mov	r3, r1
	mov	r0, r4
	mov	r1, r5
	pop	{r4, r5, r6, pc}
	.fnend
	.size	__aeabi_uldivmod, . - __aeabi_uldivmod
