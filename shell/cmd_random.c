/* SPDX-License-Identifier: MIT */
/*
 * The command `random`: numbers, as they are now or when they are good ones.
 */
#include <kernel/random.h>
#include <kernel/shell.h>
#include <lib/errno.h>
#include <lib/string.h>

static int cmd_random(int argc, char **argv)
{
	bool wait = argc == 2 && strcmp(argv[1], "wait") == 0;

	if (argc > 1 && !wait)
		return -EINVAL;
	if (wait)
		wait_for_random_bytes();
	shell_printf("%016llx%s\n", (unsigned long long)get_random_u64(),
		     rng_is_initialized() ? "" : ", and it is not seeded");
	return 0;
}
SHELL_COMMAND(random, cmd_random, "[wait]", "a random number; wait: for a seed");
