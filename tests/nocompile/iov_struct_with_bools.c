/* SPDX-License-Identifier: MIT */
/*
 * Bytes from outside are to become bools, of which not each byte is a value.
 *
 * gcc: a member is neither an integer nor an array of integers
 * clang: a member is neither an integer nor an array of integers
 */
#include <kernel/uio.h>

#ifdef TWIN
struct reply {
	u8 flags[4];
	u32 length;
};
DEFINE_IOV_STRUCT(reply, flags, length);
#else
struct reply {
	bool flags[4];
	u32 length;
};
DEFINE_IOV_STRUCT(reply, flags, length);
#endif

int send(struct iov_iter *i)
{
	return reply_to_iter(&(struct reply){ }, i);
}
