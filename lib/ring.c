/* SPDX-License-Identifier: MIT */
/*
 * The bulk side of the byte ring: at most two copies, up to the end of the
 * buffer and from its start, then one store that publishes them.
 */
#include <lib/ring.h>

#include <lib/errno.h>
#include <lib/minmax.h>
#include <lib/string.h>

int ring_init(struct ring *ring, void *data, unsigned int size)
{
	if (RING_SIZE_IS_BAD(size))
		return -EINVAL;
	*ring = (struct ring){ .data = data, .mask = size - 1 };
	return 0;
}

/* How many of `n` bytes from index `at` on lie before the end of the buffer. */
static unsigned int before_wrap(const struct ring *ring, unsigned int at, unsigned int n)
{
	return min(n, ring->mask + 1 - (at & ring->mask));
}

unsigned int ring_put(struct ring *ring, const void *src, unsigned int n)
{
	unsigned int head = ring->head, first;
	const u8 *bytes = src;

	n = min(n, ring_space(ring));
	first = before_wrap(ring, head, n);
	memcpy(ring->data + (head & ring->mask), bytes, first);
	memcpy(ring->data, bytes + first, n - first);
	smp_store_release(&ring->head, head + n);
	return n;
}

unsigned int ring_peek(const struct ring *ring, void *dst, unsigned int n)
{
	unsigned int tail = ring->tail, first;
	u8 *bytes = dst;

	n = min(n, ring_used(ring));
	first = before_wrap(ring, tail, n);
	memcpy(bytes, ring->data + (tail & ring->mask), first);
	memcpy(bytes + first, ring->data, n - first);
	return n;
}

unsigned int ring_skip(struct ring *ring, unsigned int n)
{
	n = min(n, ring_used(ring));
	smp_store_release(&ring->tail, ring->tail + n);
	return n;
}

unsigned int ring_get(struct ring *ring, void *dst, unsigned int n)
{
	return ring_skip(ring, ring_peek(ring, dst, n));
}
