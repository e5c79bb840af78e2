/* SPDX-License-Identifier: MIT */
/*
 * The names of error numbers, for people: "probe failed: -ENOMEM".
 *
 * One string holds all names, one array the numbers in the same order; both
 * come from one list. A table of pointers would be larger, and a name is looked
 * up only to be printed.
 */
#include <lib/errno.h>

#include <lib/kconfig.h>
#include <lib/math.h>
#include <lib/string.h>

#define EACH_ERRNO(X)							\
	X(EPERM) X(ENOENT) X(EINTR) X(EIO) X(ENXIO) X(E2BIG)		\
	X(ENOEXEC) X(EBADF) X(ECHILD) X(EAGAIN) X(ENOMEM) X(EACCES)	\
	X(EFAULT) X(EBUSY) X(EEXIST) X(EXDEV) X(ENODEV) X(ENOTDIR)	\
	X(EISDIR) X(EINVAL) X(ENFILE) X(EMFILE) X(ENOTTY) X(EFBIG)	\
	X(ENOSPC) X(ESPIPE) X(EROFS) X(EPIPE) X(EDOM) X(ERANGE)		\
	X(EDEADLK) X(ENAMETOOLONG) X(ENOSYS) X(ENOTEMPTY) X(ENODATA)	\
	X(ETIME) X(EPROTO) X(EBADMSG) X(EOVERFLOW) X(EILSEQ)		\
	X(EMSGSIZE) X(EOPNOTSUPP) X(EADDRINUSE) X(ECONNABORTED)		\
	X(ECONNRESET) X(ENOBUFS) X(ENOTCONN) X(ESHUTDOWN) X(ETIMEDOUT) \
	X(ECONNREFUSED) X(EALREADY) X(EINPROGRESS) X(ECANCELED)		\
	X(EOWNERDEAD) X(ENOTRECOVERABLE) X(EPROBE_DEFER) X(ENOTSUPP)

#define NUMBER(e)	e,
#define NAME(e)		"-" #e "\0"

static const u16 numbers[] = { EACH_ERRNO(NUMBER) };
static const char names[] = EACH_ERRNO(NAME);

const char *errno_name(int err)
{
	unsigned int number = err < 0 ? -(unsigned int)err : (unsigned int)err;
	const char *name = names;

	if (!IS_ENABLED(CONFIG_SYMBOLIC_ERRNAME))
		return NULL;
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
		if (numbers[i] == number)
			return name;
		name += strlen(name) + 1;
	}
	return NULL;
}
