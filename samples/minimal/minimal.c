/* SPDX-License-Identifier: MIT */
/*
 * The least that is a module: it comes with the kernel, keeps something, and gives it back.
 *
 *   nocla> rmmod minimal			calls minimal_exit(), and
 *   nocla> modprobe minimal		minimal_init() once more (CONFIG_MODULE_UNLOAD)
 */
#define pr_fmt(fmt) "minimal: " fmt

#include <kernel/module.h>
#include <kernel/printk.h>
#include <kernel/slab.h>
#include <kernel/vec.h>

static VEC(int) numbers;

static int __init minimal_init(void)
{
	static const int first[] = { 72, 108, 200 };
	int err;

	for (unsigned int i = 0; i < 3; i++) {
		err = vec_push(&numbers, first[i], GFP_KERNEL);
		if (err)
			goto out_free;
	}
	pr_info("built in\n");
	return 0;

out_free:
	vec_free(&numbers);
	return err;
}
module_init(minimal_init);

static void __exit minimal_exit(void)
{
	pr_info("my numbers were %d, %d and %d\n", *vec_at(&numbers, 0), *vec_at(&numbers, 1),
		*vec_at(&numbers, 2));
	vec_free(&numbers);
	pr_info("%zu numbers left\n", vec_len(&numbers));
}
module_exit(minimal_exit);

MODULE_LICENSE("MIT");
MODULE_DESCRIPTION("The least that is a module");
