/* SPDX-License-Identifier: MIT */
/*
 * The played parts themselves, accessed as a driver would, against their manuals; and that
 * what a manual forbids is complained of.
 */
#include <test/reg_fake.h>

#include <kernel/io.h>
#include <lib/bits.h>
#include <test/fake_pl061.h>
#include <test/kunit.h>

#define NOWHERE		0x3f000000

/* PL061, Arm DDI 0190B */
enum { DATA_ALL = 0x3fc, DIR = 0x400, IS = 0x404, IBE = 0x408, IEV = 0x40c, IE = 0x410,
       RIS = 0x414, MIS = 0x418, IC = 0x41c };

static struct fake_pl061 gpio;
static struct reg_fake *played;

static void play(struct kunit *test, struct reg_fake *fake)
{
	KUNIT_ASSERT_EQ(test, reg_fake_attach(fake, NOWHERE), 0);
	played = fake;
}

static void play_pl061(struct kunit *test)
{
	fake_pl061_init(&gpio);
	play(test, &gpio.reg);
}

static void reg_fake_case_exit(struct kunit *test)
{
	if (played)
		reg_fake_detach(test, played);
	played = NULL;
}

static u8 get(unsigned int offset)
{
	return readb(played->hook.base + offset);
}

static void put(u8 value, unsigned int offset)
{
	writeb(value, played->hook.base + offset);
}

/* ---- rules ---- */

static void what_the_manual_forbids_is_complained_of(struct kunit *test)
{
	static const struct {
		bool write;
		unsigned int offset;
		u8 value;
		const char *complaint;
	} cases[] = {
		{ false, 0x424, 0, "offset 424 is reserved and was read" },
		{ true, 0x800, 0, "offset 800 is reserved and was written" },
		{ false, 0x401, 0, "offset 401 is reserved and was read" },
		{ true, RIS, 0, "RIS was written" },
		{ true, MIS, 1, "MIS was written" },
		{ true, 0xfe0, 1, "ID was written" },
		{ false, IC, 0, "IC was read" },
		{ false, MIS, 0, "" },
		{ true, IC, 0xff, "" },
	};

	play_pl061(test);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (cases[i].write)
			put(cases[i].value, cases[i].offset);
		else
			get(cases[i].offset);
		KUNIT_EXPECT_STREQ(test, reg_fake_forgive(played), cases[i].complaint);
	}
}

static void bits_without_a_meaning_are_complained_of(struct kunit *test)
{
	play_pl061(test);
	writel(0x101, played->hook.base + DIR);
	KUNIT_EXPECT_STREQ(test, reg_fake_forgive(played),
			   "DIR has no bits 100 and they were written");
}

static void the_first_complaint_is_kept(struct kunit *test)
{
	play_pl061(test);
	get(IC);
	put(0, MIS);
	KUNIT_EXPECT_EQ(test, played->broken, 2);
	KUNIT_EXPECT_STREQ(test, reg_fake_forgive(played), "IC was read");
	KUNIT_EXPECT_STREQ(test, reg_fake_forgive(played), "");
}

static void accesses_are_written_down(struct kunit *test)
{
	play_pl061(test);
	put(0x0f, DIR);
	get(DIR);
	put(0x04, 0x10);
	KUNIT_EXPECT_STREQ(test, reg_fake_noted(played), "DIR=0f DATA[04]=04");
	played->note_reads = true;
	get(RIS);
	put(1, IC);
	KUNIT_EXPECT_STREQ(test, reg_fake_noted(played), "RIS IC=01");
	KUNIT_EXPECT_EQ(test, played->reads, 2);
	KUNIT_EXPECT_EQ(test, played->writes, 3);
}

/* ---- scripts ---- */

static void script_is_followed_and_answers(struct kunit *test)
{
	play_pl061(test);
	reg_fake_script(played, "MIS:a5 DIR=01 DIR MIS:0 MIS");
	KUNIT_EXPECT_EQ(test, get(MIS), 0xa5);
	put(1, DIR);
	KUNIT_EXPECT_EQ(test, get(DIR), 1);	/* the model's */
	KUNIT_EXPECT_EQ(test, get(MIS), 0);
	KUNIT_EXPECT_STREQ(test, reg_fake_script_end(played), "MIS");
}

static void departure_from_a_script_is_complained_of(struct kunit *test)
{
	play_pl061(test);
	reg_fake_script(played, "DIR=01 IE=10");
	put(1, DIR);
	put(0x11, IE);
	KUNIT_EXPECT_STREQ(test, reg_fake_forgive(played),
			   "the script has \"IE=10\" where IE=11 came");
	reg_fake_script(played, "IE=1");
	put(0x10, IE);
	KUNIT_EXPECT_STREQ(test, reg_fake_forgive(played),
			   "the script has \"IE=1\" where IE=10 came");
	reg_fake_script(played, "");
	get(IE);
	KUNIT_EXPECT_STREQ(test, reg_fake_forgive(played), "the script has \"\" where IE came");
	reg_fake_script_end(played);
	get(IE);
}

/* ---- PL061 ---- */

static void pl061_masks_data_by_the_address(struct kunit *test)
{
	play_pl061(test);
	gpio.wires = 0x5a;
	KUNIT_EXPECT_EQ(test, get(DATA_ALL), 0x5a);
	KUNIT_EXPECT_EQ(test, get(0x0f << 2), 0x0a);
	KUNIT_EXPECT_EQ(test, get(0), 0);
	put(0xff, DATA_ALL);	/* inputs all */
	put(0x33, DIR);
	KUNIT_EXPECT_EQ(test, get(DATA_ALL), 0x48);
	put(0xff, 0x11 << 2);
	KUNIT_EXPECT_EQ(test, get(DATA_ALL), 0x59);
}

/* Wire:     ___/---\___   the level's status does the same, and IC changes nothing */
static void pl061_level_follows_the_wire(struct kunit *test)
{
	play_pl061(test);
	put(0x10, IS);
	put(0x10, IEV);
	put(0x10, IC);
	KUNIT_EXPECT_EQ(test, get(RIS), 0);
	fake_pl061_drive(&gpio, 4, true);
	KUNIT_EXPECT_EQ(test, get(RIS), 0x10);
	put(0x10, IC);
	KUNIT_EXPECT_EQ(test, get(RIS), 0x10);
	KUNIT_EXPECT_EQ(test, get(MIS), 0);
	put(0x10, IE);
	KUNIT_EXPECT_EQ(test, get(MIS), 0x10);
	KUNIT_EXPECT_TRUE(test, played->model->line(played));
	fake_pl061_drive(&gpio, 4, false);
	KUNIT_EXPECT_EQ(test, get(RIS), 0);
	KUNIT_EXPECT_FALSE(test, played->model->line(played));
}

static void pl061_as_qemu_latches_a_level(struct kunit *test)
{
	play_pl061(test);
	gpio.as_qemu = true;
	put(0x10, IS);
	put(0x10, IEV);
	put(0xff, IC);
	fake_pl061_drive(&gpio, 4, true);
	put(0x10, IC);
	fake_pl061_drive(&gpio, 4, false);
	KUNIT_EXPECT_EQ(test, get(RIS), 0x10);
	put(0x10, IC);
	KUNIT_EXPECT_EQ(test, get(RIS), 0);
}

static void pl061_edges_stay_until_each_is_cleared(struct kunit *test)
{
	play_pl061(test);
	put(0x01, IEV);		/* line 0 rising, 1 falling, 2 both */
	put(0x04, IBE);
	put(0xff, IC);
	for (unsigned int line = 0; line < 3; line++)
		fake_pl061_drive(&gpio, line, true);
	KUNIT_EXPECT_EQ(test, get(RIS), 0x05);
	put(0x01, IC);
	KUNIT_EXPECT_EQ(test, get(RIS), 0x04);
	put(0x04, IC);
	for (unsigned int line = 0; line < 3; line++)
		fake_pl061_drive(&gpio, line, false);
	KUNIT_EXPECT_EQ(test, get(RIS), 0x06);
}

static void pl061_sense_changes_while_masked(struct kunit *test)
{
	play_pl061(test);
	put(0x20, IBE);
	KUNIT_EXPECT_EQ(test, get(RIS), 0x20);	/* an event that never was */
	put(0x20, IC);
	put(0x20, IE);
	KUNIT_EXPECT_EQ(test, played->broken, 0);
	put(0x20, IEV);
	KUNIT_EXPECT_STREQ(test, reg_fake_forgive(played),
			   "the sense of lines 20 changed while they were on");
	put(0x21, IEV);
	KUNIT_EXPECT_EQ(test, played->broken, 0);
}

static int reg_fake_case_init(struct kunit *test)
{
	(void)test;
	played = NULL;
	return 0;
}

static const struct kunit_case reg_fake_cases[] = {
	KUNIT_CASE(what_the_manual_forbids_is_complained_of),
	KUNIT_CASE(bits_without_a_meaning_are_complained_of),
	KUNIT_CASE(the_first_complaint_is_kept),
	KUNIT_CASE(accesses_are_written_down),
	KUNIT_CASE(script_is_followed_and_answers),
	KUNIT_CASE(departure_from_a_script_is_complained_of),
	KUNIT_CASE(pl061_masks_data_by_the_address),
	KUNIT_CASE(pl061_level_follows_the_wire),
	KUNIT_CASE(pl061_as_qemu_latches_a_level),
	KUNIT_CASE(pl061_edges_stay_until_each_is_cleared),
	KUNIT_CASE(pl061_sense_changes_while_masked),
	{}
};

static struct kunit_suite reg_fake_suite = {
	.name = "reg_fake",
	.init = reg_fake_case_init,
	.exit = reg_fake_case_exit,
	.test_cases = reg_fake_cases,
};
kunit_test_suite(reg_fake_suite);
