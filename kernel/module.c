/* SPDX-License-Identifier: MIT */
/*
 * Modules that are ended and begun again: see <kernel/module.h>.
 *
 * Those that are there are a list, that which began last first, so that whoever is ended goes
 * before what it may have been built on.
 *
 * Locking: module_mutex for the list, and while an init or exit function runs.
 */
#include <kernel/module.h>

#include <kernel/mutex.h>
#include <lib/errno.h>
#include <lib/string.h>

static DEFINE_MUTEX(module_mutex);
static struct list_head present __guarded_by(&module_mutex) = LIST_HEAD_INIT(present);

static bool is_present(const struct module *mod)
	__must_hold(&module_mutex)
{
	return !list_empty(&mod->list);
}

static struct module *find_module(const char *name)
{
	for_each_table_entry(modules, entry)
		if (strcmp((*entry)->name, name) == 0)
			return *entry;
	return NULL;
}

void module_has_begun(initcall_t init)
{
	for_each_table_entry(modules, entry) {
		if ((*entry)->begins_with() != init)
			continue;
		scoped_guard(mutex, &module_mutex)
			list_add(&(*entry)->list, &present);
	}
}

int module_load(const char *name)
{
	struct module *mod = find_module(name);
	int err;

	if (!mod)
		return -ENOENT;
	guard(mutex)(&module_mutex);
	if (is_present(mod))
		return -EEXIST;
	err = mod->begins_with()();
	if (!err)
		list_add(&mod->list, &present);
	return err;
}

static bool is_named(const struct module *mod, const char *const names[], unsigned int nr)
{
	for (unsigned int i = 0; i < nr; i++)
		if (strcmp(mod->name, names[i]) == 0)
			return true;
	return false;
}

static bool all_are_present(const char *const names[], unsigned int nr)
	__must_hold(&module_mutex)
{
	for (unsigned int i = 0; i < nr; i++) {
		const struct module *mod = find_module(names[i]);

		if (!mod || !is_present(mod))
			return false;
	}
	return true;
}

int module_unload(const char *const names[], unsigned int nr)
{
	struct module *mod, *next;

	guard(mutex)(&module_mutex);
	if (!all_are_present(names, nr))
		return -ENOENT;
	list_for_each_entry_safe(mod, next, &present, list) {
		if (!is_named(mod, names, nr))
			continue;
		list_del_init(&mod->list);
		mod->exit();
	}
	return 0;
}

void for_each_module(void (*show)(const struct module *mod, void *arg), void *arg)
{
	const struct module *mod;

	guard(mutex)(&module_mutex);
	list_for_each_entry(mod, &present, list)
		show(mod, arg);
}
