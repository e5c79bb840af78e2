/* SPDX-License-Identifier: MIT */
/*
 * The shell between its files: what it does around each command.
 */
#ifndef SHELL_PRIV_H
#define SHELL_PRIV_H

#include <kernel/shell.h>
#include <lib/types.h>

#ifdef CONFIG_FAULT_INJECTION

/*
 * The calling task is about to run this command. Returns whether its requests are to fail as
 * "fault" was told: shell_fault_end() follows the command then.
 */
bool shell_fault_begin(const struct shell_command *command);
void shell_fault_end(void);

#else

static inline bool shell_fault_begin(const struct shell_command *command)
{
	(void)command;
	return false;
}

static inline void shell_fault_end(void)
{
}

#endif

#endif
