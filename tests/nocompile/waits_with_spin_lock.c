/* SPDX-License-Identifier: MIT */
/*
 * A task waits for an event with a spin lock held.
 *
 * clang-context: cannot call function '.*' while context_role 'role_spinning' is held
 */
#include <kernel/spinlock.h>
#include <kernel/wait.h>

#ifdef TWIN
void wait_ready(spinlock_t *lock, struct wait_queue_head *wq, const bool *ready)
{
	spin_lock_irq(lock);
	wait_event_lock_irq(*wq, READ_ONCE(*ready), *lock);
	spin_unlock_irq(lock);
}
#else
void wait_ready(spinlock_t *lock, struct wait_queue_head *wq, const bool *ready)
{
	unsigned long flags;

	spin_lock_irqsave(lock, flags);
	wait_event(*wq, READ_ONCE(*ready));
	spin_unlock_irqrestore(lock, flags);
}
#endif
