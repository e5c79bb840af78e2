/* SPDX-License-Identifier: MIT */
/*
 * What hrtimer.c is made of. An hrtimer is on the same lists as any timer; its key is a value
 * of the counter, between two that its caller names.
 */
#ifndef TIMER_PRIV_H
#define TIMER_PRIV_H

#include <kernel/hrtimer.h>

/* Arms it, be it pending or not. Context: any. */
void timer_arm_hr(struct hrtimer *hr, u64 first, u64 last);

/* The same unless it is pending. Context: its function, at the end. */
void timer_rearm_hr(struct hrtimer *hr, u64 first, u64 last);

/* Cancels. Context: any. Return: whether it was pending, or -1 if the function runs. */
int timer_try_to_cancel_hr(struct hrtimer *hr) __must_check;

/* Context: any; without a lock the answer may be old already. */
bool timer_function_runs(const struct timer_list *t);

/* Whether it is on the calling CPU's wheel, or was last. Context: interrupts off. */
bool timer_is_of_this_cpu(const struct timer_list *t);

#endif
