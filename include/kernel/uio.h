/* SPDX-License-Identifier: MIT */
/*
 * A position in a buffer of several segments, from which bytes are read or to which they are
 * written, each once and in order. Names as in Linux, of which the kernel's own segments are
 * here: struct kvec.
 *
 *	struct kvec parts[] = { { head, 12 }, { body, len } };
 *	struct iov_iter iter;
 *
 *	iov_iter_kvec(&iter, READ, parts, 2, 12 + len);		it is filled by a read
 *	if (copy_to_iter(reply, reply_len, &iter) != reply_len)
 *		return -EFAULT;
 *
 * A copy that comes to the end, or to memory that cannot be had, says how many bytes it copied,
 * and the position is behind those. What the segments point at is the caller's, and stays there
 * for as long as the iterator is used. A test sets where the memory cannot be had:
 * iov_iter_fault_after().
 *
 * Whole structures go with the functions of DEFINE_IOV_STRUCT, for types that have no byte of
 * padding, in which there would be what was in memory before.
 *
 * Locking: the owner's of the iterator. Context of all: any.
 */
#ifndef KERNEL_UIO_H
#define KERNEL_UIO_H

#include <lib/build_bug.h>
#include <lib/compiler.h>
#include <lib/errno.h>
#include <lib/math.h>
#include <lib/types.h>

#define READ	0u	/* the iterator is written to: the destination of a read */
#define WRITE	1u	/* the iterator is read from: the source of a write */

struct kvec {
	void *iov_base;
	size_t iov_len;
};

/* [o] all. At most `count` more bytes are copied, and no more than the segments have. */
struct iov_iter {
	const struct kvec *kvec;	/* the segment where it is */
	size_t nr_segs;			/* those left, with that one */
	size_t iov_offset;		/* in it; its length at most */
	size_t count;
	size_t done;			/* bytes that it went, which it can go back */
	bool data_source;		/* WRITE */
#ifdef CONFIG_FAULT_INJECTION
	size_t faults_at;		/* as `done` counts; SIZE_MAX: nowhere */
#endif
};

/*
 * At the beginning of the segments. Of a `count` that is more than the sum of their lengths no more
 * is copied than that. A direction that is none is reported, with CONFIG_DEBUG, and is READ.
 */
void iov_iter_kvec(struct iov_iter *i, unsigned int direction, const struct kvec *kvec,
		   unsigned long nr_segs, size_t count);

/*
 * Copies to where the iterator is, or from there; or writes zeroes.
 * Return: how many bytes; less than `bytes` at the end of the iterator and at a fault, and 0, with
 * a report, for one of the other direction.
 */
size_t __must_check copy_to_iter(const void *addr, size_t bytes, struct iov_iter *i);
size_t __must_check copy_from_iter(void *addr, size_t bytes, struct iov_iter *i);
size_t __must_check iov_iter_zero(size_t bytes, struct iov_iter *i);

/* All bytes and true, or false, and the position is where it was. */
bool __must_check copy_from_iter_full(void *addr, size_t bytes, struct iov_iter *i);
bool __must_check copy_to_iter_full(const void *addr, size_t bytes, struct iov_iter *i);

/* Skips bytes; at most those that are left. */
void iov_iter_advance(struct iov_iter *i, size_t bytes);

/* Goes back. More than it went is reported, and it stays where it is. */
void iov_iter_revert(struct iov_iter *i, size_t bytes);

/* How many bytes are left. */
static inline size_t iov_iter_count(const struct iov_iter *i)
{
	return i->count;
}

/* How many of them lie in one piece where it is. */
size_t iov_iter_single_seg_count(const struct iov_iter *i);

/* Returns READ or WRITE. */
static inline unsigned int iov_iter_rw(const struct iov_iter *i)
{
	return i->data_source ? WRITE : READ;
}

/* No more than `count` bytes are left from now on. */
static inline void iov_iter_truncate(struct iov_iter *i, size_t count)
{
	if (i->count > count)
		i->count = count;
}

/* After truncate: `count` bytes are left, which it had before. */
static inline void iov_iter_reexpand(struct iov_iter *i, size_t count)
{
	i->count = count;
}

/*
 * What lies so many bytes further on, and behind, cannot be had, until this is called again;
 * SIZE_MAX: all can. It stays where it is while the iterator goes on and back.
 */
static inline void iov_iter_fault_after(struct iov_iter *i, size_t bytes)
{
#ifdef CONFIG_FAULT_INJECTION
	i->faults_at = bytes < SIZE_MAX - i->done ? i->done + bytes : SIZE_MAX;
#else
	(void)i;
	(void)bytes;
#endif
}

/*
 * Makes, of `struct type`, all of whose members are named, those of a member that is a structure
 * by their paths (head.length),
 *
 *	int type_to_iter(const struct type *obj, struct iov_iter *i)
 *	int type_from_iter(struct type *obj, struct iov_iter *i)
 *
 * Return: 0; -EFAULT, with the position where it was. A type with padding does not compile, nor
 * one with a member that is neither an integer nor an array of integers: of a bool not each byte
 * is a value, a pointer is nobody else's business.
 */
#define DEFINE_IOV_STRUCT(type, members...)					\
static_assert(0 IOV_EVAL(IOV_MEMBERS(IOV_OTHER, struct type, members)) == 0,	\
	      "a member is neither an integer nor an array of integers");	\
static_assert(sizeof(struct type) ==						\
	      0 IOV_EVAL(IOV_MEMBERS(IOV_SIZE, struct type, members)),		\
	      "it has padding, or a member that is not named");			\
static inline __maybe_unused __must_check int					\
type##_to_iter(const struct type *obj, struct iov_iter *i)			\
{										\
	return copy_to_iter_full(obj, sizeof(*obj), i) ? 0 : -EFAULT;		\
}										\
static inline __maybe_unused __must_check int					\
type##_from_iter(struct type *obj, struct iov_iter *i)				\
{										\
	return copy_from_iter_full(obj, sizeof(*obj), i) ? 0 : -EFAULT;		\
}										\
struct type##_goes_to_iter

#define IOV_SIZE(type, member)	sizeof(((type *)0)->member)

/* 1 of a type that is not all integers. An array is one of as many as there is room for. */
#define IOV_OTHER(type, member)							\
	_Generic((__typeof__(((type *)0)->member) *)0,				\
		 IOV_INTEGERS(type, member, char),				\
		 IOV_INTEGERS(type, member, signed char),			\
		 IOV_INTEGERS(type, member, unsigned char),			\
		 IOV_INTEGERS(type, member, short),				\
		 IOV_INTEGERS(type, member, unsigned short),			\
		 IOV_INTEGERS(type, member, int),				\
		 IOV_INTEGERS(type, member, unsigned int),			\
		 IOV_INTEGERS(type, member, long),				\
		 IOV_INTEGERS(type, member, unsigned long),			\
		 IOV_INTEGERS(type, member, long long),				\
		 IOV_INTEGERS(type, member, unsigned long long),		\
		 default: 1)
#define IOV_INTEGERS(type, member, integer) \
	integer *: 0, integer (*)[DIV_ROUND_UP(IOV_SIZE(type, member), sizeof(integer))]: 0

/* The sum of what(type, member): a macro does not expand in itself, so each scan adds one more. */
#define IOV_MEMBERS(what, type, member, ...) \
	+ what(type, member) __VA_OPT__(IOV_MEMBERS_AGAIN IOV_NONE (what, type, __VA_ARGS__))
#define IOV_MEMBERS_AGAIN()	IOV_MEMBERS
#define IOV_NONE		()
#define IOV_EVAL(x...)		IOV_EVAL_4(IOV_EVAL_4(IOV_EVAL_4(IOV_EVAL_4(x))))
#define IOV_EVAL_4(x...)	IOV_EVAL_1(IOV_EVAL_1(IOV_EVAL_1(IOV_EVAL_1(x))))
#define IOV_EVAL_1(x...)	x

#endif
