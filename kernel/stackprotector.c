/* SPDX-License-Identifier: MIT */
/*
 * The canary and what comes of one that was changed. The names are the
 * compiler's: gcc's documentation of -fstack-protector.
 *
 * main() sets the canary, since it never returns: a function that stands on
 * the stack when the canary changes would find its own one wrong.
 *
 * Seeds of any length go through SplitMix64's finaliser, by eight bytes, so
 * that each bit of them may change each bit of the canary.
 */
#include <kernel/stackprotector.h>

#include <hal/arch_timer.h>
#include <kernel/bug.h>
#include <kernel/kthread.h>
#include <kernel/sched.h>
#include <lib/errno.h>
#include <lib/minmax.h>
#include <lib/string.h>

/* 0 until main() has set it; what is protected and returns earlier finds it unchanged. */
unsigned long __stack_chk_guard;

void __stack_chk_fail(void) __noreturn;

/* Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014 */
static u64 mix(u64 state, u64 input)
{
	u64 z = (state ^ input) + 0x9e3779b97f4a7c15;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

static u64 mix_property(u64 state, const struct device_node *chosen, const char *name)
{
	const struct property *seed = fdt_node_property(chosen, name);

	for (int at = 0; seed && at < seed->length; at += (int)sizeof(u64)) {
		size_t rest = (size_t)(seed->length - at);
		u64 piece = 0;

		memcpy(&piece, (const u8 *)seed->value + at, min(rest, sizeof(piece)));
		state = mix(state, piece);
	}
	return state;
}

unsigned long stack_canary(const struct device_node *root)
{
	const struct device_node *chosen = root ? fdt_node_child(root, "chosen") : NULL;
	u64 state = mix(0, arch_timer_rate ? arch_timer_read() : 0);

	if (chosen) {
		state = mix_property(state, chosen, "rng-seed");
		state = mix_property(state, chosen, "kaslr-seed");
	}
	return (unsigned long)state & ~0xfful;
}

/*
 * Called at the very end of the function, so that the return address may be behind it. A case of
 * the tests ends alone: what is above the frame of its task is not gone back to.
 */
void __stack_chk_fail(void)
{
	if (!in_hardirq() && !irqs_disabled() && kthread_is_expendable(current)) {
		WARN(true, "stack smashed: %pB wrote beyond its frame",
		     __builtin_return_address(0));
		kthread_exit(-EFAULT);
	}
	panic("stack smashed: %pB wrote beyond its frame", __builtin_return_address(0));
}
