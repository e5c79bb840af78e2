/* SPDX-License-Identifier: MIT */
/*
 * An object has two work items, and one is initialised with the function of the other.
 *
 * gcc: beep is not for the item blink
 * clang: beep is not for the item blink
 * clang-context: beep is not for the item blink
 */
#include <kernel/workqueue.h>

struct panel {
	int blinks, beeps;
	struct work_struct blink, beep;
};

DEFINE_WORK_FN(blink, struct panel, panel, blink)
{
	panel->blinks++;
}

DEFINE_WORK_FN(beep, struct panel, panel, beep)
{
	panel->beeps++;
}

#ifdef TWIN
void panel_init(struct panel *panel)
{
	INIT_WORK_FN(panel, blink, blink);
	INIT_WORK_FN(panel, beep, beep);
}
#else
void panel_init(struct panel *panel)
{
	INIT_WORK_FN(panel, blink, beep);
	INIT_WORK_FN(panel, beep, blink);
}
#endif
