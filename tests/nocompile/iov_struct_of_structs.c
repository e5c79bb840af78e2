/* SPDX-License-Identifier: MIT */
/*
 * A structure with padding inside of another is to be copied out as one member.
 *
 * gcc: a member is neither an integer nor an array of integers
 * clang: a member is neither an integer nor an array of integers
 */
#include <kernel/uio.h>

#ifdef TWIN
struct reply {
	struct {
		u16 type, reserved;
		u32 length;
	} head;
	u64 offset;
};
DEFINE_IOV_STRUCT(reply, head.type, head.reserved, head.length, offset);
#else
struct reply {
	struct {
		u16 type;
		u32 length;
	} head;
	u64 offset;
};
DEFINE_IOV_STRUCT(reply, head, offset);
#endif

int send(struct iov_iter *i)
{
	return reply_to_iter(&(struct reply){ }, i);
}
