/* SPDX-License-Identifier: MIT */
/*
 * A queue of bytes between one producer and one consumer, without a lock: an
 * interrupt handler and a task, say, on one processor or on two.
 *
 * The indices count bytes ever put and ever taken. They run freely and wrap
 * with the type; their difference is what the ring holds, so all of the size is
 * usable and full is never taken for empty. The size is a power of two.
 *
 * Each index has one writer. It is published with release after the bytes were
 * copied and read with acquire by the other side before it touches them. Two
 * producers (or two consumers) need a lock among themselves.
 *
 * Context: any, for all of this header, of the side that a function is for.
 */
#ifndef LIB_RING_H
#define LIB_RING_H

#include <lib/atomic.h>
#include <lib/build_bug.h>
#include <lib/compiler.h>
#include <lib/types.h>

/*
 * [I] never changes  [p] written by the producer only  [c] by the consumer only.
 * head - tail is 0 .. mask + 1; the bytes tail .. head - 1, taken & mask, are valid.
 */
struct ring {
	u8 *data;		/* [I] */
	unsigned int mask;	/* [I] the size less one */
	unsigned int head;	/* [p] bytes ever put */
	unsigned int tail;	/* [c] bytes ever taken */
};

#define RING_SIZE_MAX		(1u << 31)
#define RING_SIZE_IS_BAD(n)	((n) == 0 || ((n) & ((n) - 1)) || (n) > RING_SIZE_MAX)

/* A ring over an array of bytes, for static initialisation. */
#define RING_INIT(array) {							\
	.data = (array),							\
	.mask = (unsigned int)sizeof(array) - 1 +				\
		(unsigned int)BUILD_BUG_ON_ZERO(RING_SIZE_IS_BAD(sizeof(array))),	\
}

/*
 * Before either side uses it; `data` stays the caller's. Returns 0, or -EINVAL if `size` is
 * not a power of two up to 2^31.
 */
int __must_check ring_init(struct ring *ring, void *data, unsigned int size);

/* For either side, or a third who wants a hint: true may have become false by now. */
static inline bool ring_is_empty(const struct ring *ring)
{
	return READ_ONCE(ring->head) == READ_ONCE(ring->tail);
}

/* Consumer: how many bytes can be taken; more may come meanwhile. */
static inline unsigned int ring_used(const struct ring *ring)
{
	return smp_load_acquire(&ring->head) - ring->tail;
}

/* Producer: how many bytes can be put; more may fit meanwhile. */
static __always_inline unsigned int ring_space(const struct ring *ring)
{
	return ring->mask + 1 - (ring->head - smp_load_acquire(&ring->tail));
}

/* Producer: puts one byte; false if the ring is full. */
static __always_inline bool ring_put_byte(struct ring *ring, u8 byte)
{
	if (!ring_space(ring))
		return false;
	ring->data[ring->head & ring->mask] = byte;
	smp_store_release(&ring->head, ring->head + 1);
	return true;
}

/* Consumer: takes one byte; false if the ring is empty. */
static inline bool ring_get_byte(struct ring *ring, u8 *byte)
{
	if (!ring_used(ring))
		return false;
	*byte = ring->data[ring->tail & ring->mask];
	smp_store_release(&ring->tail, ring->tail + 1);
	return true;
}

/* Producer: puts as many of `n` bytes as fit and returns their number. */
unsigned int ring_put(struct ring *ring, const void *src, unsigned int n);

/* Consumer: takes up to `n` bytes and returns their number. */
unsigned int ring_get(struct ring *ring, void *dst, unsigned int n);

/* Consumer: as ring_get(), but the bytes stay. Returns their number. */
unsigned int ring_peek(const struct ring *ring, void *dst, unsigned int n);

/* Consumer: drops up to `n` bytes and returns their number. */
unsigned int ring_skip(struct ring *ring, unsigned int n);

#endif
