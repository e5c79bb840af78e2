/* SPDX-License-Identifier: MIT */
/*
 * A structure with padding is to be copied out: what was in memory before would go with it.
 *
 * gcc: it has padding, or a member that is not named
 * clang: it has padding, or a member that is not named
 */
#include <kernel/uio.h>

#ifdef TWIN
struct reply {
	u16 type;
	u16 reserved;
	u32 length;
};
DEFINE_IOV_STRUCT(reply, type, reserved, length);
#else
struct reply {
	u16 type;
	u32 length;
};
DEFINE_IOV_STRUCT(reply, type, length);
#endif

int send(struct iov_iter *i)
{
	return reply_to_iter(&(struct reply){ .length = 1 }, i);
}
