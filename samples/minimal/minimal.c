/* SPDX-License-Identifier: MIT */
/*
 * The least that is a module: it comes with the kernel, keeps something, and gives it back.
 *
 * Nothing unloads a module here; what there is of an end is the machine's, so that is when
 * minimal_exit() is called.
 */
#define pr_fmt(fmt) "minimal: " fmt

#include <kernel/module.h>
#include <kernel/printk.h>
#include <kernel/reboot.h>
#include <kernel/slab.h>
#include <kernel/vec.h>

static VEC(int) numbers;

static void __exit minimal_exit(void)
{
	pr_info("my numbers were %d, %d and %d\n", *vec_at(&numbers, 0), *vec_at(&numbers, 1),
		*vec_at(&numbers, 2));
	vec_free(&numbers);
	pr_info("%zu numbers left\n", vec_len(&numbers));
}
module_exit(minimal_exit);

static int minimal_at_reboot(struct notifier_block *nb, unsigned long action, void *data)
{
	(void)nb;
	(void)action;
	(void)data;
	minimal_exit();
	return NOTIFY_DONE;
}

static struct notifier_block minimal_notifier = { .notifier_call = minimal_at_reboot };

static int __init minimal_init(void)
{
	static const int first[] = { 72, 108, 200 };
	int err;

	for (unsigned int i = 0; i < 3; i++) {
		err = vec_push(&numbers, first[i], GFP_KERNEL);
		if (err)
			goto out_free;
	}
	err = register_reboot_notifier(&minimal_notifier);
	if (err)
		goto out_free;
	pr_info("built in\n");
	return 0;

out_free:
	vec_free(&numbers);
	return err;
}
module_init(minimal_init);

MODULE_LICENSE("MIT");
MODULE_DESCRIPTION("The least that is a module");
