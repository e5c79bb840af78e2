/* SPDX-License-Identifier: MIT */
/*
 * The boot command line: words of "name" or "name=value", apart by spaces.
 */
#include <kernel/boot.h>
#include <lib/errno.h>
#include <lib/minmax.h>
#include <lib/string.h>

const char *boot_command_line(void)
{
	const struct device_node *chosen;
	const char *args = NULL;

	if (device_tree.root) {
		chosen = fdt_node_child(device_tree.root, "chosen");
		args = chosen ? fdt_node_string(chosen, "bootargs") : NULL;
	}
	return args ? args : "";
}

int boot_param(const char *name, char *buf, size_t size)
{
	const char *word = boot_command_line(), *value = NULL;
	size_t name_len = strlen(name), len = 0;

	while (*word) {
		size_t word_len = strcspn(word, " ");

		if (word_len >= name_len && memcmp(word, name, name_len) == 0 &&
		    (word_len == name_len || word[name_len] == '=')) {
			value = word + name_len + (word_len > name_len);
			len = word_len - (size_t)(value - word);
		}
		word += word_len + strspn(word + word_len, " ");
	}
	if (!value)
		return -ENOENT;
	if (size) {
		size_t fits = min(len, size - 1);

		memcpy(buf, value, fits);
		buf[fits] = '\0';
	}
	return (int)len;
}
