// SPDX-License-Identifier: GPL-2.0
/*
 * futex, cond, pi, pipe: threads that wait for each other.  No wait has a
 * time-out, and no signal comes to the rescue: after a lost wake-up the count
 * of operations stands still for good, which the main process notices.
 */
#include <linux/futex.h>
#include <pthread.h>
#include "stress.h"

/* futex: two threads hand a word to each other ------------------------------ */

#define HALT	2U

static struct {
	_Alignas(64) unsigned int turn;
} pair[MAX_THREADS / 2];

static void await_turn(unsigned int *turn, unsigned int mine)
{
	unsigned int now;

	while ((now = load(turn)) != mine && now != HALT)
		if (syscall(SYS_futex, turn, FUTEX_WAIT_PRIVATE, now, NULL))
			check(errno == EAGAIN || errno == EINTR);
}

static void futex_thread(struct worker *me)
{
	unsigned int *turn = &pair[me->nr / 2].turn, mine = me->nr & 1;

	do {
		await_turn(turn, mine);
		if (load(turn) == HALT)
			return;
		store(turn, mine == 0 && stopping() ? HALT : !mine);
		check(syscall(SYS_futex, turn, FUTEX_WAKE_PRIVATE, 1) >= 0);
		count_one(me);
	} while (load(turn) != HALT);
}

const struct family futex_family = { "futex", NULL, futex_thread, true };

/* cond: even threads put numbers into a queue, odd ones take them out ------- */

#define QUEUE	4U

static struct {
	pthread_mutex_t lock;
	pthread_cond_t room, filled;
	unsigned long item[QUEUE];
	unsigned int used, producers, consumers;
	unsigned long sum_in, sum_out;
} queue = {
	.lock = PTHREAD_MUTEX_INITIALIZER,
	.room = PTHREAD_COND_INITIALIZER,
	.filled = PTHREAD_COND_INITIALIZER,
};

static void cond_setup(unsigned int threads)
{
	queue.producers = queue.consumers = threads / 2;
}

static void produce(struct worker *me)
{
	while (!stopping()) {
		unsigned long item = rnd(me, 1 << 30);

		check(!pthread_mutex_lock(&queue.lock));
		while (queue.used == QUEUE)
			pthread_cond_wait(&queue.room, &queue.lock);
		queue.item[queue.used++] = item;
		queue.sum_in += item;
		pthread_cond_signal(&queue.filled);
		check(!pthread_mutex_unlock(&queue.lock));
		count_one(me);
	}
	check(!pthread_mutex_lock(&queue.lock));
	queue.producers--;
	pthread_cond_broadcast(&queue.filled);
	check(!pthread_mutex_unlock(&queue.lock));
}

/* The last consumer holds what came out against what went in */
static void consume(struct worker *me)
{
	check(!pthread_mutex_lock(&queue.lock));
	while (queue.used || queue.producers) {
		if (!queue.used) {
			pthread_cond_wait(&queue.filled, &queue.lock);
			continue;
		}
		queue.sum_out += queue.item[--queue.used];
		pthread_cond_signal(&queue.room);
		check(!pthread_mutex_unlock(&queue.lock));
		count_one(me);
		check(!pthread_mutex_lock(&queue.lock));
	}
	if (!--queue.consumers)
		check_eq(queue.sum_out, queue.sum_in);
	check(!pthread_mutex_unlock(&queue.lock));
}

static void cond_thread(struct worker *me)
{
	if (me->nr & 1)
		consume(me);
	else
		produce(me);
}

const struct family cond_family = { "cond", cond_setup, cond_thread, true };

/* pi: a mutex with priority inheritance, whose waiters the kernel queues ---- */

static pthread_mutex_t pi_lock;
static volatile unsigned long pi_first, pi_second;

static void pi_setup(unsigned int threads)
{
	pthread_mutexattr_t attr;

	check(!pthread_mutexattr_init(&attr));
	check(!pthread_mutexattr_setprotocol(&attr, PTHREAD_PRIO_INHERIT));
	check(!pthread_mutex_init(&pi_lock, &attr));
}

static void pi_thread(struct worker *me)
{
	unsigned long n;

	while (!stopping()) {
		check(!pthread_mutex_lock(&pi_lock));
		n = ++pi_first;
		if (!rnd(me, 64))
			syscall(SYS_sched_yield);
		check_eq(++pi_second, n);
		check(!pthread_mutex_unlock(&pi_lock));
		count_one(me);
	}
}

const struct family pi_family = { "pi", pi_setup, pi_thread, false };
