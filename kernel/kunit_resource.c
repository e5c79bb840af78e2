/* SPDX-License-Identifier: MIT */
/*
 * What a case has to be undone, in one list: memory and actions, the youngest first. Shared
 * with the host's tests.
 *
 * An entry leaves the list before its action is called: an action that ends its task is not
 * called again, and the others still are.
 */
#include <test/kunit.h>
#include <kernel/slab.h>
#include <lib/errno.h>

struct kunit_resource {
	struct list_head link;
	kunit_action_t *action;		/* NULL: memory */
	void *ctx;
	u64 data[];
};

static struct kunit_resource *add_resource(struct kunit *test, size_t size, gfp_t gfp)
{
	struct kunit_resource *res = kzalloc(sizeof(*res) + size, gfp | __GFP_NO_FAULT);

	if (res)
		list_add(&res->link, &test->resources);
	return res;
}

void *kunit_kzalloc(struct kunit *test, size_t size, gfp_t gfp)
{
	struct kunit_resource *res = add_resource(test, size, gfp);

	return res ? res->data : NULL;
}

int kunit_add_action(struct kunit *test, kunit_action_t *action, void *ctx)
{
	struct kunit_resource *res = add_resource(test, 0, GFP_KERNEL);

	if (!res)
		return -ENOMEM;
	res->action = action;
	res->ctx = ctx;
	return 0;
}

int kunit_add_action_or_reset(struct kunit *test, kunit_action_t *action, void *ctx)
{
	int err = kunit_add_action(test, action, ctx);

	if (err)
		action(ctx);
	return err;
}

/* Returns whether it was there. */
static bool take_off(struct kunit *test, kunit_action_t *action, void *ctx)
{
	struct kunit_resource *res;

	list_for_each_entry(res, &test->resources, link) {
		if (res->action == action && res->ctx == ctx) {
			list_del(&res->link);
			kfree(res);
			return true;
		}
	}
	return false;
}

void kunit_remove_action(struct kunit *test, kunit_action_t *action, void *ctx)
{
	take_off(test, action, ctx);
}

void kunit_release_action(struct kunit *test, kunit_action_t *action, void *ctx)
{
	if (take_off(test, action, ctx))
		action(ctx);
}

void kunit_cleanup(struct kunit *test)
{
	while (!list_empty(&test->resources)) {
		struct kunit_resource *res =
			list_first_entry(&test->resources, struct kunit_resource, link);
		kunit_action_t *action = res->action;
		void *ctx = res->ctx;

		list_del(&res->link);
		kfree(res);
		if (action)
			action(ctx);
	}
}
