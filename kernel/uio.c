/* SPDX-License-Identifier: MIT */
/*
 * Iterators over segments: one loop walks, and what is done with each piece is told apart by
 * what there is to copy with. A segment may be empty.
 *
 * Locking: the owner's of the iterator.
 */
#include <kernel/uio.h>

#include <kernel/bug.h>
#include <lib/minmax.h>
#include <lib/string.h>

void iov_iter_kvec(struct iov_iter *i, unsigned int direction, const struct kvec *kvec,
		   unsigned long nr_segs, size_t count)
{
	WARN(IS_ENABLED(CONFIG_DEBUG) && direction != READ && direction != WRITE,
	     "an iterator of direction %u, which is read as READ", direction);
	*i = (struct iov_iter){
		.kvec = kvec,
		.nr_segs = nr_segs,
		.count = count,
		.data_source = direction == WRITE,
	};
	iov_iter_fault_after(i, SIZE_MAX);
}

size_t iov_iter_single_seg_count(const struct iov_iter *i)
{
	return i->nr_segs ? min(i->kvec->iov_len - i->iov_offset, i->count) : 0;
}

/* Of the next `bytes`, which lie in one piece, how many can be had. */
static size_t can_be_had(struct iov_iter *i, size_t bytes)
{
#ifdef CONFIG_FAULT_INJECTION
	if (i->faults_at != SIZE_MAX)
		bytes = min(bytes, i->faults_at - min(i->faults_at, i->done));
#else
	(void)i;
#endif
	return bytes;
}

static void step(struct iov_iter *i, size_t bytes)
{
	i->iov_offset += bytes;
	i->count -= bytes;
	i->done += bytes;
}

/* How much lies in one piece, after what is empty; 0 at the end. */
static size_t next_piece(struct iov_iter *i, size_t bytes)
{
	while (i->nr_segs && i->iov_offset == i->kvec->iov_len) {
		i->kvec++;
		i->nr_segs--;
		i->iov_offset = 0;
	}
	return min(bytes, iov_iter_single_seg_count(i));
}

/* With `to`, bytes go there; with `from`, they come from there; with neither they become zero. */
static size_t copy(struct iov_iter *i, size_t bytes, char *to, const char *from)
{
	size_t copied = 0, piece;

	while ((piece = next_piece(i, bytes - copied)) != 0) {
		size_t now = can_be_had(i, piece);
		char *at = (char *)i->kvec->iov_base + i->iov_offset;

		if (to)
			memcpy(to + copied, at, now);
		else if (from)
			memcpy(at, from + copied, now);
		else
			memset(at, 0, now);
		step(i, now);
		copied += now;
		if (now < piece)
			break;
	}
	return copied;
}

static bool is_of(const struct iov_iter *i, unsigned int direction)
{
	return !WARN(iov_iter_rw(i) != direction, "an iterator to be %s is %s",
		     direction == WRITE ? "written to" : "read from",
		     direction == WRITE ? "read from" : "written to");
}

size_t copy_to_iter(const void *addr, size_t bytes, struct iov_iter *i)
{
	return is_of(i, READ) && bytes ? copy(i, bytes, NULL, addr) : 0;
}

size_t copy_from_iter(void *addr, size_t bytes, struct iov_iter *i)
{
	return is_of(i, WRITE) && bytes ? copy(i, bytes, addr, NULL) : 0;
}

size_t iov_iter_zero(size_t bytes, struct iov_iter *i)
{
	return is_of(i, READ) ? copy(i, bytes, NULL, NULL) : 0;
}

/* Whether all was copied; goes back over what was, if not. */
static bool all_of(struct iov_iter *i, size_t copied, size_t bytes)
{
	if (copied == bytes)
		return true;
	iov_iter_revert(i, copied);
	return false;
}

bool copy_from_iter_full(void *addr, size_t bytes, struct iov_iter *i)
{
	return all_of(i, copy_from_iter(addr, bytes, i), bytes);
}

bool copy_to_iter_full(const void *addr, size_t bytes, struct iov_iter *i)
{
	return all_of(i, copy_to_iter(addr, bytes, i), bytes);
}

void iov_iter_advance(struct iov_iter *i, size_t bytes)
{
	size_t piece;

	while ((piece = next_piece(i, bytes)) != 0) {
		step(i, piece);
		bytes -= piece;
	}
}

void iov_iter_revert(struct iov_iter *i, size_t bytes)
{
	if (WARN(bytes > i->done, "an iterator goes %zu bytes back, and went %zu", bytes, i->done))
		return;
	i->done -= bytes;
	i->count += bytes;
	while (bytes > i->iov_offset) {
		bytes -= i->iov_offset;
		i->kvec--;
		i->nr_segs++;
		i->iov_offset = i->kvec->iov_len;
	}
	i->iov_offset -= bytes;
}
