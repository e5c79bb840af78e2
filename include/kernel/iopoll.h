/* SPDX-License-Identifier: MIT */
/*
 * Waiting for a register to say something, with a bound.
 *
 *	err = readl_poll_timeout(base + STATUS, status, status & READY, 10, 1000);
 *
 * reads STATUS into `status` until the condition holds, sleeping 10 us in between, for at most
 * 1000 us; it is asked once more when the time is over, so a task that was not run for long is no
 * time-out. The _atomic forms spin. Names and arguments as in Linux.
 */
#ifndef KERNEL_IOPOLL_H
#define KERNEL_IOPOLL_H

#include <kernel/delay.h>
#include <kernel/io.h>
#include <kernel/ktime.h>
#include <kernel/sched.h>
#include <kernel/timekeeping.h>
#include <lib/errno.h>

/*
 * val = op(args) until cond, every `pause`(delay_us) if that is not 0, for timeout_us (0: for
 * ever). Context: as `pause`. Return: 0, or -ETIMEDOUT.
 */
#define IO_POLL(op, val, cond, pause, delay_us, timeout_us, delay_before_read, args...) ({	\
	u64 io_limit__ = (timeout_us);							\
	unsigned long io_delay__ = (delay_us);						\
	ktime_t io_end__ = ktime_add_us(ktime_get(), io_limit__);			\
	bool io_late__ = false;								\
											\
	if ((delay_before_read) && io_delay__)						\
		pause(io_delay__);							\
	for (;;) {									\
		(val) = op(args);							\
		if ((cond) || io_late__)						\
			break;								\
		io_late__ = io_limit__ && ktime_after(ktime_get(), io_end__);		\
		if (io_delay__ && !io_late__)						\
			pause(io_delay__);						\
		cpu_relax();								\
	}										\
	(cond) ? 0 : -ETIMEDOUT; })

/* Context: task; may sleep. */
static inline void __io_poll_sleep(unsigned long us)
	__may_sleep
{
	usleep_range((us >> 2) + 1, us);
}

/* Context: task; may sleep. Return: 0, and `val` is what met the condition; -ETIMEDOUT. */
#define read_poll_timeout(op, val, cond, delay_us, timeout_us, delay_before_read, args...)	\
	({ might_sleep_if((delay_us) != 0);						\
	   IO_POLL(op, val, cond, __io_poll_sleep, delay_us, timeout_us, delay_before_read, \
		   args); })
#define readx_poll_timeout(op, addr, val, cond, delay_us, timeout_us)			\
	read_poll_timeout(op, val, cond, delay_us, timeout_us, false, addr)

/* Context: any; spins. Return: as above. */
#define read_poll_timeout_atomic(op, val, cond, delay_us, timeout_us, delay_before_read,	\
				 args...)						\
	IO_POLL(op, val, cond, udelay, delay_us, timeout_us, delay_before_read, args)
#define readx_poll_timeout_atomic(op, addr, val, cond, delay_us, timeout_us)		\
	read_poll_timeout_atomic(op, val, cond, delay_us, timeout_us, false, addr)

#define readb_poll_timeout(addr, val, cond, delay_us, timeout_us) \
	readx_poll_timeout(readb, addr, val, cond, delay_us, timeout_us)
#define readw_poll_timeout(addr, val, cond, delay_us, timeout_us) \
	readx_poll_timeout(readw, addr, val, cond, delay_us, timeout_us)
#define readl_poll_timeout(addr, val, cond, delay_us, timeout_us) \
	readx_poll_timeout(readl, addr, val, cond, delay_us, timeout_us)
#define readl_relaxed_poll_timeout(addr, val, cond, delay_us, timeout_us) \
	readx_poll_timeout(readl_relaxed, addr, val, cond, delay_us, timeout_us)
#define readb_poll_timeout_atomic(addr, val, cond, delay_us, timeout_us) \
	readx_poll_timeout_atomic(readb, addr, val, cond, delay_us, timeout_us)
#define readw_poll_timeout_atomic(addr, val, cond, delay_us, timeout_us) \
	readx_poll_timeout_atomic(readw, addr, val, cond, delay_us, timeout_us)
#define readl_poll_timeout_atomic(addr, val, cond, delay_us, timeout_us) \
	readx_poll_timeout_atomic(readl, addr, val, cond, delay_us, timeout_us)
#define readl_relaxed_poll_timeout_atomic(addr, val, cond, delay_us, timeout_us) \
	readx_poll_timeout_atomic(readl_relaxed, addr, val, cond, delay_us, timeout_us)

#endif
