/* SPDX-License-Identifier: MIT */
/*
 * IS_ENABLED(CONFIG_X): 1 if the option is y, else 0, as an expression.
 *
 * Both branches of `if (IS_ENABLED(...))` are compiled, so a configuration
 * that nobody builds cannot rot. An option that is y is a macro that expands
 * to 1; one that is n is not defined at all: the trick is to let that 1 turn
 * one argument into two and to look at which argument comes second.
 */
#ifndef LIB_KCONFIG_H
#define LIB_KCONFIG_H

#define KCONFIG_PAIR_1			0,
#define KCONFIG_SECOND(a, b, ...)	b
#define KCONFIG_PICK(pair)		KCONFIG_SECOND(pair 1, 0, 0)
#define KCONFIG_PASTE(value)		KCONFIG_PICK(KCONFIG_PAIR_##value)
#define IS_ENABLED(option)		KCONFIG_PASTE(option)

#endif
