/* SPDX-License-Identifier: MIT */
/*
 * Random numbers: what comes in is hashed into a pool; what goes out is a stream cipher's.
 *
 *	sources --> pool (BLAKE2s) --extract--> key --ChaCha20--> numbers
 *	              ^ counts bits              ^      \_ the next key
 *
 * The pool is taken from when it holds 256 bits, so that nobody who has seen the numbers can
 * guess what came in bit by bit, and then once a minute, if somebody asks. Who asks earlier
 * gets what there is, which then counts for nothing. The key is replaced by the first half of
 * the first block that it makes: who reads memory learns nothing of numbers given out before.
 * A number of up to eight bytes comes out of its CPU's own batch, which is cleared as it is
 * used up.
 *
 * The time of each interrupt goes into its CPU's fast pool; 64 of them go on to the pool and are
 * counted as one bit. That is wanted until there are 256, and for one such round a minute after.
 *
 * Documents: RFC 8439 (ChaCha20), RFC 7693 (BLAKE2s); D. J. Bernstein, Fast-key-erasure
 * random-number generators, 2017.
 *
 * Locks: [k] key.lock, [p] pool.lock; never both. [c] of this CPU, interrupts off.
 */
#define pr_fmt(fmt) "random: " fmt

#include <kernel/random.h>

#include <hal/arch_timer.h>
#include <hal/irqflags.h>
#include <hal/memory.h>
#include <hal/traps.h>
#include <kernel/boot.h>
#include <kernel/irq.h>
#include <kernel/jiffies.h>
#include <kernel/moduleparam.h>
#include <kernel/printk.h>
#include <kernel/sched.h>
#include <kernel/smp.h>
#include <kernel/spinlock.h>
#include <kernel/timekeeping.h>
#include <kernel/timer.h>
#include <kernel/wait.h>
#include <lib/blake2s.h>
#include <lib/chacha.h>
#include <lib/math.h>
#include <lib/minmax.h>
#include <lib/string.h>

#define KEY_SIZE		CHACHA_KEY_SIZE
#define NEEDED_BITS		256
#define RESEED_INTERVAL		(60 * HZ)
#define EVENTS_PER_BIT		64
#define BATCH_SIZE		96

static_assert(KEY_SIZE == BLAKE2S_HASH_SIZE);

static bool trust_bootloader = true;
/* Early: the seed is looked at before there are tasks. */
PARAM_VARIABLE(MODULE_PARAM_PREFIX, trust_bootloader, trust_bootloader, param_type_bool,
	       param_ops_bool, 0444, true);
MODULE_PARM_DESC(trust_bootloader, "the boot loader's seed is noise");

/* ---- the pool ---- */

static struct {
	raw_spinlock_t lock;
	struct blake2s_state hash __guarded_by(&lock);	/* [p] */
	bool begun __guarded_by(&lock);			/* [p] the hash is */
	unsigned int bits __guarded_by(&lock);		/* [p] that came in since the last key */
} pool = { .lock = __RAW_SPIN_LOCK_UNLOCKED(pool.lock) };

static struct {
	raw_spinlock_t lock;
	u8 key[KEY_SIZE] __guarded_by(&lock);		/* [k] */
	unsigned long birth __guarded_by(&lock);	/* [k] in jiffies */
	bool has_key __guarded_by(&lock);		/* [k] as good as can be now */
} base = { .lock = __RAW_SPIN_LOCK_UNLOCKED(base.lock) };

static unsigned int generation = 1;	/* [a] another with each key from the pool */
static bool ready;			/* [a] */
static DECLARE_WAIT_QUEUE_HEAD(ready_wait);

static u64 cycles(void)
{
	return arch_timer_rate ? arch_timer_read() : 0;
}

static void mix_locked(const void *buf, size_t len)
	__must_hold(&pool.lock)
{
	u64 now = cycles();

	if (unlikely(!pool.begun)) {
		blake2s_init_key(&pool.hash, NULL, 0);
		pool.begun = true;
	}
	blake2s_update(&pool.hash, &now, sizeof(now));
	blake2s_update(&pool.hash, buf, len);
}

/* The key and the pool's next beginning are made of the same and tell nothing of each other. */
static void extract_locked(u8 key[static KEY_SIZE])
	__must_hold(&pool.lock)
{
	static const u8 nonce[CHACHA_NONCE_SIZE];
	u8 seed[KEY_SIZE], block[CHACHA_BLOCK_SIZE];
	u32 state[CHACHA_STATE_WORDS];

	mix_locked(NULL, 0);
	blake2s_final(&pool.hash, seed);
	chacha_init(state, seed, nonce, 0);
	chacha20_block(state, block);
	memcpy(key, block, KEY_SIZE);
	blake2s_init_key(&pool.hash, block + KEY_SIZE, KEY_SIZE);
	pool.bits = 0;
	memzero_explicit(seed, sizeof(seed));
	memzero_explicit(block, sizeof(block));
	memzero_explicit(state, sizeof(state));
}

static void mix(const void *buf, size_t len)
{
	guard(raw_spinlock_irqsave)(&pool.lock);
	mix_locked(buf, len);
}

/* ---- the key ---- */

static void reseed(void)
{
	u8 key[KEY_SIZE];

	scoped_guard(raw_spinlock_irqsave, &pool.lock)
		extract_locked(key);
	scoped_guard(raw_spinlock_irqsave, &base.lock) {
		memcpy(base.key, key, KEY_SIZE);
		base.birth = jiffies;
		base.has_key = true;
		WRITE_ONCE(generation, generation + 1);
	}
	memzero_explicit(key, sizeof(key));
}

/* The pool holds enough. Whoever sees that it is so gets a key that was made after. */
static void become_ready(void)
{
	scoped_guard(raw_spinlock_irqsave, &base.lock) {
		base.has_key = false;
		WRITE_ONCE(generation, generation + 1);
	}
	smp_store_release(&ready, true);
	irq_note_times(false);
	wake_up_all(&ready_wait);
	pr_info("seeded\n");
}

static void credit(size_t bits)
{
	unsigned int have;

	scoped_guard(raw_spinlock_irqsave, &pool.lock)
		have = pool.bits = (unsigned int)min(pool.bits + bits, (size_t)NEEDED_BITS);
	if (have == NEEDED_BITS && !smp_load_acquire(&ready))
		become_ready();
}

/* The first key, the first good one, and once a minute another: of what has come in. */
static void reseed_if_needed(void)
{
	bool old, none;

	scoped_guard(raw_spinlock_irqsave, &base.lock) {
		none = !base.has_key;
		old = time_after(jiffies, base.birth + RESEED_INTERVAL);
	}
	if (likely(!none && !(old && smp_load_acquire(&ready))))
		return;
	reseed();
	if (old)
		irq_note_times(true);
}

/* `out` gets up to half a block; the other half is the key of whoever comes next. */
static void erase_key_for(u8 *out, size_t len)
{
	static const u8 nonce[CHACHA_NONCE_SIZE];
	u32 state[CHACHA_STATE_WORDS];
	u8 block[CHACHA_BLOCK_SIZE];

	scoped_guard(raw_spinlock_irqsave, &base.lock) {
		chacha_init(state, base.key, nonce, 0);
		chacha20_block(state, block);
		memcpy(base.key, block, KEY_SIZE);
	}
	memcpy(out, block + KEY_SIZE, len);
	memzero_explicit(block, sizeof(block));
	memzero_explicit(state, sizeof(state));
}

/* ---- numbers ---- */

static void fill_from(const u8 key[static KEY_SIZE], u8 *out, size_t len)
{
	static const u8 nonce[CHACHA_NONCE_SIZE];
	u32 state[CHACHA_STATE_WORDS];
	u8 block[CHACHA_BLOCK_SIZE];

	chacha_init(state, key, nonce, 0);
	while (len) {
		size_t n = min(len, sizeof(block));

		chacha20_block(state, block);
		/* 256 GiB are more than there can be */
		memcpy(out, block, n);
		out += n;
		len -= n;
	}
	memzero_explicit(block, sizeof(block));
	memzero_explicit(state, sizeof(state));
}

void get_random_bytes(void *buf, size_t len)
{
	u8 key[KEY_SIZE];

	if (!len)
		return;
	if (!rng_is_initialized())
		pr_notice_once("numbers are asked for before there is a seed\n");
	reseed_if_needed();
	if (len <= KEY_SIZE) {
		erase_key_for(buf, len);
		return;
	}
	erase_key_for(key, sizeof(key));
	fill_from(key, buf, len);
	memzero_explicit(key, sizeof(key));
}

/* [c] What is beyond `used` is not given out yet, before it there are zeros. */
static struct batch {
	u8 bytes[BATCH_SIZE];
	size_t used;
	unsigned int generation;	/* of the key; 0: none */
} batches[CONFIG_NR_CPUS];

/* Numbers from before the seed, and of an old one, are not given out after. */
static bool batch_is_usable(const struct batch *b, size_t len)
{
	return b->used + len <= BATCH_SIZE && b->generation == READ_ONCE(generation) &&
	       rng_is_initialized();
}

static void take_from_batch(void *out, size_t len)
{
	struct batch *b;

	guard(irqsave)();
	b = &batches[smp_processor_id()];
	if (!batch_is_usable(b, len)) {
		get_random_bytes(b->bytes, sizeof(b->bytes));
		b->generation = READ_ONCE(generation);
		b->used = 0;
	}
	memcpy(out, b->bytes + b->used, len);
	memzero_explicit(b->bytes + b->used, len);
	b->used += len;
}

#ifdef CONFIG_KTEST

size_t random_batch_left(void)
{
	guard(irqsave)();
	return BATCH_SIZE - batches[smp_processor_id()].used;
}

void random_age_key(void)
{
	guard(raw_spinlock_irqsave)(&base.lock);
	base.birth = jiffies - RESEED_INTERVAL - 1;
}

#endif

#define DEFINE_GET_RANDOM(type)		\
type get_random_##type(void)		\
{					\
	type n;				\
					\
	take_from_batch(&n, sizeof(n));	\
	return n;			\
}

DEFINE_GET_RANDOM(u8)
DEFINE_GET_RANDOM(u16)
DEFINE_GET_RANDOM(u32)
DEFINE_GET_RANDOM(u64)

/*
 * The upper half of a product by `ceil`; of the lower half, what would make some results
 * likelier than others is drawn again (D. Lemire, Fast random integer generation in an
 * interval, 2019).
 */
u32 get_random_u32_below(u32 ceil)
{
	u64 product;

	if (!ceil)
		return get_random_u32();
	product = (u64)get_random_u32() * ceil;
	if ((u32)product < ceil) {
		u32 uneven = -ceil % ceil;

		while ((u32)product < uneven)
			product = (u64)get_random_u32() * ceil;
	}
	return (u32)(product >> 32);
}

bool rng_is_initialized(void)
{
	return smp_load_acquire(&ready);
}

/* ---- sources ---- */

void add_device_randomness(const void *buf, size_t len)
{
	mix(buf, len);
}

void add_hwgenerator_randomness(const void *buf, size_t len, size_t entropy)
{
	mix(buf, len);
	credit(min(entropy, len * 8));
}

void add_bootloader_randomness(const void *buf, size_t len)
{
	mix(buf, len);
	if (trust_bootloader)
		credit(len * 8);
}

/* [c] A block of the hash. */
static struct fast_pool {
	u32 words[BLAKE2S_BLOCK_SIZE / sizeof(u32)];
	unsigned int count;
} fast_pools[CONFIG_NR_CPUS];

static noinline void empty_fast_pool(struct fast_pool *fast)
{
	mix(fast->words, sizeof(fast->words));
	if (rng_is_initialized())
		irq_note_times(false);
	credit(1);
}

/* Four times have passed over each word when it is hashed. */
void add_interrupt_randomness(void)
{
	struct fast_pool *fast = &fast_pools[smp_processor_id()];
	u32 *word = &fast->words[fast->count % ARRAY_SIZE(fast->words)];

	*word = (*word << 7 | *word >> 25) ^ (u32)cycles();
	if (unlikely(++fast->count % EVENTS_PER_BIT == 0))
		empty_fast_pool(fast);
}

/* ---- waiting ---- */

#define TRIES		32	/* of which the counter differs in most, or it is no source */

/* [o] the waiting task's */
struct jitter {
	struct timer_list timer;
	unsigned long ticks;		/* [a] */
};

static void jitter_tick(struct timer_list *t)
{
	struct jitter *j = from_timer(j, t, timer);

	WRITE_ONCE(j->ticks, j->ticks + 1);
	credit(1);
}

/* Whether what the counter says depends on what happens in between at all. */
static bool counter_moves(void)
{
	unsigned int different = 0;
	u64 last = 0;

	for (unsigned int i = 0; i < TRIES; i++) {
		u64 delta, now = cycles();

		mix(&now, sizeof(now));
		delta = cycles() - now;
		different += delta != last;
		last = delta;
	}
	return different > TRIES / 4;
}

/*
 * A loop of yields and hashes, stopped once a jiffy: how far it got each time depends on
 * caches, buses and whatever else happens on the machine. A jiffy counts as one bit.
 */
static void gather_jitter(void)
{
	struct jitter j = { .ticks = 0 };

	if (!counter_moves())
		return;
	timer_setup_on_stack(&j.timer, jitter_tick, 0);
	while (!rng_is_initialized()) {
		if (!timer_pending(&j.timer))
			mod_timer(&j.timer, jiffies + 1);
		mix(&j.ticks, sizeof(j.ticks));
		cond_resched();
	}
	del_timer_sync(&j.timer);
	destroy_timer_on_stack(&j.timer);
}

int wait_for_random_bytes(void)
{
	might_sleep();
	while (!rng_is_initialized()) {
		gather_jitter();
		wait_event_timeout(ready_wait, rng_is_initialized(), HZ);
	}
	return 0;
}

/* ---- boot ---- */

static bool can_be_read(const u8 *p)
{
	unsigned long word;

	/* SAFETY: the word that the byte is in. */
	return !hal_probe_read((const void *)ALIGN_DOWN((unsigned long)p, sizeof(word)), &word);
}

/*
 * The tree is mapped read-only; where it lies in memory the linear map shows the same bytes.
 * That in flash stays as it is.
 */
static void wipe(const struct property *seed, phys_addr_t pa)
{
	u8 *alias = phys_to_virt(pa), *end = alias + seed->length - 1;

	if (!can_be_read(alias) || !can_be_read(end) ||
	    memcmp(alias, seed->value, (size_t)seed->length) != 0)
		return;
	memzero_explicit(alias, (size_t)seed->length);
}

void random_init(const struct fdt_tree *tree, phys_addr_t tree_phys)
{
	const struct device_node *chosen = tree->chosen;
	const struct property *seed = chosen ? fdt_node_property(chosen, "rng-seed") : NULL;

	mix(NULL, 0);
	if (!seed || seed->length <= 0)
		return;
	add_bootloader_randomness(seed->value, (size_t)seed->length);
	wipe(seed, tree_phys + (phys_addr_t)((const u8 *)seed->value - (const u8 *)tree->blob));
}
