/* SPDX-License-Identifier: MIT */
/*
 * An address of the kernel is to be copied out.
 *
 * gcc: a member is neither an integer nor an array of integers
 * clang: a member is neither an integer nor an array of integers
 */
#include <kernel/uio.h>

#ifdef TWIN
struct reply {
	char name[8];
	unsigned long cookie;
};
DEFINE_IOV_STRUCT(reply, name, cookie);
#else
struct reply {
	char name[8];
	char *cookie;
};
DEFINE_IOV_STRUCT(reply, name, cookie);
#endif

int send(struct iov_iter *i)
{
	return reply_to_iter(&(struct reply){ }, i);
}
