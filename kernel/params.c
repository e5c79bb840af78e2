/* SPDX-License-Identifier: MIT */
/*
 * Parameters: the command line, the types, and setting one while the kernel runs.
 *
 * The command line is copied once, as words that end with a 0, an empty one last. Each
 * parameter set at boot may keep a pointer into its word. So a charp points there, at what
 * it was compiled with, or to memory of its own: only the last lies outside the image and is
 * freed.
 *
 * Locking: param_lock, but not in early boot, when nobody else runs.
 */
#include <kernel/moduleparam.h>

#include <hal/irqflags.h>
#include <hal/memory.h>
#include <kernel/boot.h>
#include <kernel/lockdep.h>
#include <kernel/printk.h>
#include <kernel/slab.h>
#include <lib/err.h>
#include <lib/kstrtox.h>
#include <lib/minmax.h>
#include <lib/sprintf.h>
#include <lib/string.h>

#define COMMAND_LINE_SIZE	1024
#define CHARP_MAX		1024

DEFINE_MUTEX(param_lock);

static char words[COMMAND_LINE_SIZE];	/* [I] after params_setup() */

/* ---- the command line ---- */

const char *boot_command_line(void)
{
	const struct device_node *chosen = device_tree.chosen;
	const char *args = chosen ? fdt_node_string(chosen, "bootargs") : NULL;

	return args ? args : "";
}

static bool is_separator(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

/* The next word of the line without its quotes; what does not fit is left out. */
static char *copy_word(char *to, const char *end, const char **line)
{
	const char *c = *line;
	bool quoted = false;

	for (; *c && (quoted || !is_separator(*c)); c++) {
		if (*c == '"')
			quoted = !quoted;
		else if (to < end)
			*to++ = *c;
	}
	*line = c;
	return to;
}

/* Room for two terminators stays: that of the last word and the empty word. */
static void split_command_line(const char *line)
{
	const char *end = words + sizeof(words) - 2;
	char *to = words, *word;

	for (;;) {
		while (is_separator(*line))
			line++;
		if (!*line)
			break;
		word = to;
		to = copy_word(word, end, &line);
		if (to == end) {
			pr_err("the command line is too long: cut at %u characters\n",
			       COMMAND_LINE_SIZE);
			to = word;
			break;
		}
		*to = '\0';
		if (strcmp(word, "--") == 0) {
			to = word;
			break;
		}
		if (to > word)
			to++;
	}
	*to = '\0';
}

#define for_each_word(word) \
	for (const char *word = words; *word; word += strlen(word) + 1)

static char dash_to_underscore(char c)
{
	return c == '-' ? '_' : c;
}

/* Whether the word is this name, alone or with a value, which *value then is, or NULL. */
static bool is_word_of(const char *word, const char *name, const char **value)
{
	while (*name && dash_to_underscore(*word) == dash_to_underscore(*name))
		word++, name++;
	if (*name || (*word && *word != '='))
		return false;
	*value = *word ? word + 1 : NULL;
	return true;
}

/* ---- setting ---- */

static const struct kernel_param *find_of_word(const char *word, const char **value)
{
	for_each_table_entry(kernel_params, kp)
		if (is_word_of(word, kp->name, value))
			return kp;
	return NULL;
}

const struct kernel_param *kernel_param_find(const char *name)
{
	const char *value;
	const struct kernel_param *kp = strchr(name, '=') ? NULL : find_of_word(name, &value);

	return kp;
}

static int set_value(const struct kernel_param *kp, const char *value)
{
	if (!value && !(kp->ops->flags & KERNEL_PARAM_OPS_FL_NOARG))
		return -EINVAL;
	return kp->ops->set(value, kp);
}

/* A name with a dot is nobody's but a module's. */
static bool is_of_module(const char *word)
{
	return word[strcspn(word, ".=")] == '.';
}

static void set_from_command_line(bool early)
{
	const struct kernel_param *kp;
	const char *value;
	int err;

	for_each_word(word) {
		kp = find_of_word(word, &value);
		if (!kp && !early && is_of_module(word))
			pr_warn("%s: there is no such parameter\n", word);
		if (!kp || kp->early != early)
			continue;
		err = set_value(kp, value);
		if (err)
			pr_err("parameter %s: %s is not accepted [%pe], it stays as it was\n",
			       kp->name, value ? value : "no value", ERR_PTR(err));
	}
}

void params_setup(void)
{
	split_command_line(boot_command_line());
	set_from_command_line(true);
}

void params_init(void)
{
	guard(mutex)(&param_lock);
	set_from_command_line(false);
}

int kernel_param_set(const struct kernel_param *kp, const char *val)
{
	if (!(kp->perm & 0222))
		return -EPERM;
	guard(mutex)(&param_lock);
	return set_value(kp, val);
}

int kernel_param_get(const struct kernel_param *kp, char *buf, size_t size)
{
	char *text __free(kfree) = NULL;
	int len;

	if (!(kp->perm & 0444) || !kp->ops->get)
		return -EPERM;
	text = kmalloc(PARAM_TEXT_MAX, GFP_KERNEL);
	if (!text)
		return -ENOMEM;
	scoped_guard(mutex, &param_lock)
		len = kp->ops->get(text, kp);
	if (len < 0)
		return len;
	if (len && text[len - 1] == '\n')
		len--;
	text[len] = '\0';
	return scnprintf(buf, size, "%s", text);
}

const char *kernel_param_description(const struct kernel_param *kp)
{
	for_each_table_entry(kernel_param_descs, desc)
		if (desc->param == kp)
			return desc->text;
	return "";
}

/* ---- types ---- */

#define DEFINE_INTEGER_PARAM(name, type, parse, format)				\
	int param_set_##name(const char *val, const struct kernel_param *kp);	\
	int param_set_##name(const char *val, const struct kernel_param *kp)	\
	{									\
		return parse(val, 0, (type *)kp->arg);				\
	}									\
	int param_get_##name(char *buffer, const struct kernel_param *kp);	\
	int param_get_##name(char *buffer, const struct kernel_param *kp)	\
	{									\
		return scnprintf(buffer, PARAM_TEXT_MAX, format "\n", *(type *)kp->arg); \
	}									\
	const struct kernel_param_ops param_ops_##name = {			\
		.set = param_set_##name, .get = param_get_##name,		\
	}

DEFINE_INTEGER_PARAM(byte, u8, kstrtou8, "%hhu");
DEFINE_INTEGER_PARAM(short, s16, kstrtos16, "%hd");
DEFINE_INTEGER_PARAM(ushort, u16, kstrtou16, "%hu");
DEFINE_INTEGER_PARAM(int, int, kstrtoint, "%d");
DEFINE_INTEGER_PARAM(uint, unsigned int, kstrtouint, "%u");
DEFINE_INTEGER_PARAM(long, long, kstrtol, "%ld");
DEFINE_INTEGER_PARAM(ulong, unsigned long, kstrtoul, "%lu");

int param_set_bool(const char *val, const struct kernel_param *kp)
{
	return kstrtobool(val ? val : "1", kp->arg);
}

int param_get_bool(char *buffer, const struct kernel_param *kp)
{
	return scnprintf(buffer, PARAM_TEXT_MAX, "%c\n", *(bool *)kp->arg ? 'Y' : 'N');
}

const struct kernel_param_ops param_ops_bool = {
	.flags = KERNEL_PARAM_OPS_FL_NOARG, .set = param_set_bool, .get = param_get_bool,
};

static bool is_boot_word(const char *val)
{
	return val >= words && val < words + sizeof(words);
}

int param_set_charp(const char *val, const struct kernel_param *kp)
{
	/* SAFETY: Linux's type of the variable; who reads the text does not write to it. */
	char **text = kp->arg, *old = *text, *copy = (char *)(unsigned long)val;

	/* In early boot nobody else runs, and with interrupts off it could not be taken. */
	lockdep_assert((kp->early && irqs_disabled()) || lock_is_held(&param_lock),
		       "param_lock is not held");
	if (strlen(val) > CHARP_MAX)
		return -ENOSPC;
	if (!is_boot_word(val)) {
		copy = kstrdup(val, GFP_KERNEL);
		if (!copy)
			return -ENOMEM;
	}
	*text = copy;
	if (old && !is_image_address(old))
		kfree(old);
	return 0;
}

int param_get_charp(char *buffer, const struct kernel_param *kp)
{
	lockdep_assert_held(&param_lock);
	return scnprintf(buffer, PARAM_TEXT_MAX, "%s\n", *(char **)kp->arg);
}

const struct kernel_param_ops param_ops_charp = {
	.set = param_set_charp, .get = param_get_charp,
};

static int set_string(const char *val, const struct kernel_param *kp)
{
	if (strlen(val) >= kp->str->maxlen)
		return -ENOSPC;
	strscpy(kp->str->string, val, kp->str->maxlen);
	return 0;
}

static int get_string(char *buffer, const struct kernel_param *kp)
{
	return scnprintf(buffer, PARAM_TEXT_MAX, "%s\n", kp->str->string);
}

const struct kernel_param_ops param_ops_string = {
	.set = set_string, .get = get_string,
};

/* Sets one element to what ends at the next comma; *val goes on behind it, or to NULL. */
static int set_element(const struct kernel_param *element, char **val)
{
	char *comma = strchr(*val, ',');
	int err;

	if (comma)
		*comma = '\0';
	err = element->ops->set(*val, element);
	if (comma)
		*comma = ',';
	*val = comma ? comma + 1 : NULL;
	return err;
}

/* Numbers are read into the air first, so that a bad one leaves the array as it was. */
static int check_elements(const struct kparam_array *arr, char *val)
{
	u64 air;
	const struct kernel_param element = { .ops = arr->ops, .arg = &air };
	unsigned int n = 0;
	int err = 0;

	while (val && !err && n++ < arr->max) {
		if (arr->ops == &param_ops_charp)
			val = strchr(val, ',') ? strchr(val, ',') + 1 : NULL;
		else
			err = set_element(&element, &val);
	}
	return err ? err : val ? -EINVAL : 0;
}

static int set_elements(const struct kparam_array *arr, char *val)
{
	struct kernel_param element = { .ops = arr->ops, .arg = arr->elem };
	int err = check_elements(arr, val);
	unsigned int n;

	for (n = 0; val && !err; n++) {
		err = set_element(&element, &val);
		element.arg = (u8 *)element.arg + arr->elemsize;
	}
	if (!err && arr->num)
		*arr->num = n;
	return err;
}

static int set_array(const char *val, const struct kernel_param *kp)
{
	char *copy __free(kfree) = kstrdup(val, GFP_KERNEL);

	return copy ? set_elements(kp->arr, copy) : -ENOMEM;
}

static int get_array(char *buffer, const struct kernel_param *kp)
{
	const struct kparam_array *arr = kp->arr;
	struct kernel_param element = { .ops = arr->ops, .arg = arr->elem };
	unsigned int count = arr->num ? *arr->num : arr->max;
	int len = 0, n;

	/* Behind the half there may be no room for one more text. */
	for (unsigned int i = 0; i < count && len <= PARAM_TEXT_MAX / 2; i++) {
		/* The line end of the one before becomes the comma. */
		if (i)
			buffer[len - 1] = ',';
		n = arr->ops->get(buffer + len, &element);
		len += n;
		element.arg = (u8 *)element.arg + arr->elemsize;
	}
	buffer[len] = '\0';
	return len;
}

const struct kernel_param_ops param_ops_array = {
	.set = set_array, .get = get_array,
};
