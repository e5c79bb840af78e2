/* SPDX-License-Identifier: MIT */
/*
 * The padding is in a structure inside of that which is to be copied out.
 *
 * gcc: it has padding, or a member that is not named
 * clang: it has padding, or a member that is not named
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
DEFINE_IOV_STRUCT(reply, head.type, head.length, offset);
#endif

int send(struct iov_iter *i)
{
	return reply_to_iter(&(struct reply){ }, i);
}
