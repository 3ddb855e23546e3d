// SPDX-License-Identifier: GPL-2.0
/*
 * Threads: clone and clone3 without libc, pthreads with TLS, futexes of each
 * kind, the kernel's duties at a thread's end, membarrier and rseq.
 */
#include <linux/futex.h>
#include <linux/membarrier.h>
#include <linux/sched.h>
#include <pthread.h>
#include <sched.h>
#include <sys/rseq.h>
#include <time.h>
#include "rawcall.h"
#include "tap.h"

static int counter;
static _Thread_local int tls = 5;

static long futex(int *word, int op, int val, const struct timespec *ts)
{
	return syscall(SYS_futex, word, op, val, ts, NULL, FUTEX_BITSET_MATCH_ANY);
}

/* A thread by hand: shares memory, has its own stack and FS, tells its end */
static char stack[16384] __aligned(16);
static int tid_word = -1;
static unsigned long child_fs[8];

static int clone_child(void *arg)
{
	unsigned long fs;

	asm volatile("movq %%fs:0, %0" : "=r"(fs));
	counter = fs == (unsigned long)child_fs ? 42 : 1;
	return 0;
}

static void clone_by_hand(void)
{
	int flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND |
		    CLONE_THREAD | CLONE_SYSVSEM | CLONE_SETTLS |
		    CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID |
		    CLONE_PARENT_SETTID;
	int parent_tid = 0, tid;

	child_fs[0] = (unsigned long)child_fs;
	tid = clone(clone_child, stack + sizeof(stack), flags, NULL,
		    &parent_tid, child_fs, &tid_word);
	check(tid > 0);
	check_eq(parent_tid, tid);
	while (__atomic_load_n(&tid_word, __ATOMIC_SEQ_CST))
		futex(&tid_word, FUTEX_WAIT, tid, NULL);
	check_eq(counter, 42);
}

static void clone3_process(void)
{
	int pidfd = -1;
	struct clone_args args = {
		.flags = CLONE_PIDFD | CLONE_CLEAR_SIGHAND,
		.pidfd = (unsigned long)&pidfd,
		.exit_signal = SIGCHLD,
	};
	siginfo_t info;
	long pid = syscall(SYS_clone3, &args, sizeof(args));

	if (!pid)
		_exit(7);
	check(pid > 0 && pidfd >= 0);
	check(!waitid(P_PIDFD, pidfd, &info, WEXITED));
	check_eq(info.si_pid, pid);
	check_eq(info.si_status, 7);
	args.flags = 1UL << 60;
	check(syscall(SYS_clone3, &args, sizeof(args)) == -1);
	check_eq(errno, EINVAL);
}

static void *add(void *arg)
{
	int i;

	check_eq(tls, 5);
	tls = (long)arg;
	for (i = 0; i < 1000; i++) {
		__atomic_fetch_add(&counter, 1, __ATOMIC_SEQ_CST);
		if (i % 100 == 0)
			sched_yield();
		check_eq(tls, (long)arg);
	}
	return (void *)(2 * (long)arg);
}

static void tls_and_join(void)
{
	pthread_t t[8];
	void *ret;
	long i;

	for (i = 0; i < 8; i++)
		check(!pthread_create(&t[i], NULL, add, (void *)i));
	for (i = 0; i < 8; i++) {
		check(!pthread_join(t[i], &ret));
		check_eq(ret, 2 * i);
	}
	check_eq(counter, 8000);
	check_eq(tls, 5);
}

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static int turn;

static void *take_turns(void *arg)
{
	int i;

	for (i = 0; i < 200; i++) {
		pthread_mutex_lock(&lock);
		while (turn % 3 != (long)arg)
			pthread_cond_wait(&cond, &lock);
		turn++;
		pthread_cond_broadcast(&cond);
		pthread_mutex_unlock(&lock);
	}
	return NULL;
}

static void condition(void)
{
	pthread_t t[3];
	long i;

	for (i = 0; i < 3; i++)
		check(!pthread_create(&t[i], NULL, take_turns, (void *)i));
	for (i = 0; i < 3; i++)
		check(!pthread_join(t[i], NULL));
	check_eq(turn, 600);
}

static void futex_basics(void)
{
	struct timespec ts = { .tv_nsec = 30000000 };
	int word = 1;
	uint64_t start;

	check(futex(&word, FUTEX_WAIT, 2, NULL) == -1 && errno == EAGAIN);
	start = now_ns();
	check(futex(&word, FUTEX_WAIT, 1, &ts) == -1 && errno == ETIMEDOUT);
	check(now_ns() - start >= 30000000);
	check_eq(futex(&word, FUTEX_WAKE, 10, NULL), 0);
	check(futex((int *)((char *)&word + 1), FUTEX_WAIT, 1, NULL) == -1);
	check_eq(errno, EINVAL);
	check(futex((int *)0xffff888000000000, FUTEX_WAIT, 1, NULL) == -1);
	check_eq(errno, EFAULT);
}

/* Shared memory, found by its page: not yet touched by the child */
static void futex_shared(void)
{
	int *word = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int i;

	check(word != MAP_FAILED);
	if (!fork()) {
		for (i = 0; i < 200; i++) {
			while (__atomic_load_n(word, __ATOMIC_SEQ_CST) != 1)
				futex(word, FUTEX_WAIT, 0, NULL);
			__atomic_store_n(word, 0, __ATOMIC_SEQ_CST);
			futex(word, FUTEX_WAKE, 1, NULL);
		}
		_exit(0);
	}
	for (i = 0; i < 200; i++) {
		__atomic_store_n(word, 1, __ATOMIC_SEQ_CST);
		futex(word, FUTEX_WAKE, 1, NULL);
		while (__atomic_load_n(word, __ATOMIC_SEQ_CST))
			futex(word, FUTEX_WAIT, 1, NULL);
	}
	check_eq(wait_child(-1), 0);
}

/* The kernel itself does compare-and-exchange on a user word */
static void futex_pi(void)
{
	int word = 0, *bad = map_pages(1, PROT_READ);

	if (futex(&word, FUTEX_LOCK_PI, 0, NULL) && errno == ENOSYS)
		skip("no priority inheritance");
	check_eq(word, syscall(SYS_gettid));
	check(futex(&word, FUTEX_LOCK_PI, 0, NULL) == -1 && errno == EDEADLK);
	check(!futex(&word, FUTEX_UNLOCK_PI, 0, NULL));
	check_eq(word, 0);
	check(futex(bad, FUTEX_LOCK_PI, 0, NULL) == -1 && errno == EFAULT);
}

static void *die_with_lock(void *arg)
{
	pthread_mutex_lock(arg);
	return NULL;
}

static void robust(void)
{
	pthread_mutexattr_t attr;
	pthread_mutex_t m;
	pthread_t t;

	pthread_mutexattr_init(&attr);
	pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_ROBUST);
	check(!pthread_mutex_init(&m, &attr));
	check(!pthread_create(&t, NULL, die_with_lock, &m));
	check(!pthread_join(t, NULL));
	check_eq(pthread_mutex_lock(&m), EOWNERDEAD);
}

static void *sleep_long(void *arg)
{
	pause();
	return NULL;
}

/* exit_group takes all threads along, exec leaves only one */
static void leave_threads(void *arg)
{
	pthread_t t;
	int i;

	for (i = 0; i < 5; i++)
		check(!pthread_create(&t, NULL, sleep_long, NULL));
	if (arg)
		execl("/proc/self/exe", "exits_getppid", "0", "-q", NULL);
	_exit(0);
}

static void exit_group(void)
{
	check_child(leave_threads, NULL);
	check_child(leave_threads, "exec");
}

static pthread_t signalled;
static int handled_by;

static void note_thread(int signo)
{
	handled_by = syscall(SYS_gettid);
}

static void *wait_signal(void *arg)
{
	__atomic_store_n((int *)arg, syscall(SYS_gettid), __ATOMIC_SEQ_CST);
	while (!__atomic_load_n(&handled_by, __ATOMIC_SEQ_CST))
		sched_yield();
	return NULL;
}

static void directed_signal(void)
{
	int tid = 0;

	signal(SIGUSR1, note_thread);
	check(!pthread_create(&signalled, NULL, wait_signal, &tid));
	while (!__atomic_load_n(&tid, __ATOMIC_SEQ_CST))
		sched_yield();
	check(!pthread_kill(signalled, SIGUSR1));
	check(!pthread_join(signalled, NULL));
	check_eq(handled_by, tid);
}

static void membarrier(void)
{
	long ok = syscall(SYS_membarrier, MEMBARRIER_CMD_QUERY, 0, 0);

	check(ok > 0);
	check(ok & MEMBARRIER_CMD_PRIVATE_EXPEDITED);
	check(ok & MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE);
	check(syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0) ==
	      -1 && errno == EPERM);
	check(!syscall(SYS_membarrier,
		       MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0));
	check(!syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0));
	check(!syscall(SYS_membarrier,
		       MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE, 0,
		       0));
	check(!syscall(SYS_membarrier,
		       MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE, 0, 0));
	check(!syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0));
}

static struct rseq *my_rseq(void)
{
	return (struct rseq *)((char *)pthread_self() + __rseq_offset);
}

/* libc has registered it; the CPU number in it follows the thread */
static void rseq_cpu(void)
{
	unsigned int cpu;
	int i, same = 0;

	if (!__rseq_size)
		skip("libc has not registered rseq");
	for (i = 0; i < 100; i++) {
		check(!syscall(SYS_getcpu, &cpu, NULL, NULL));
		same += my_rseq()->cpu_id == cpu;
		sched_yield();
	}
	check(same > 50);
	if (!fork())
		_exit((int)my_rseq()->cpu_id < 0);
	check_eq(wait_child(-1), 0);
}

/*
 * A critical section that a signal interrupts restarts at its abort handler;
 * the four bytes before that are the signature that libc registered.
 */
static __noinline int critical(struct rseq *rs, struct rseq_cs *cs)
{
	int aborted;

	asm volatile("leaq 1f(%%rip), %%rax; movq %%rax, 8(%2);"
		     "movq $2f - 1f, 16(%2);"
		     "leaq 4f(%%rip), %%rax; movq %%rax, 24(%2);"
		     "movq %2, %1; 1: movl $39, %%eax; 5: jmp 5b; 2:"
		     "xorl %0, %0; jmp 6f;"
		     ".byte 0x0f, 0xb9, 0x3d; .long 0x53053053;"
		     "4: movl $1, %0; 6:"
		     : "=&r"(aborted), "=m"(rs->rseq_cs) : "r"(cs)
		     : "rax", "memory", "cc");
	return aborted;
}

static void rseq_abort(void)
{
	static struct rseq_cs cs __aligned(32);
	struct itimerspec it = { .it_value.tv_nsec = 20000000 };
	timer_t timer;

	if (!__rseq_size)
		skip("libc has not registered rseq");
	signal(SIGALRM, note_thread);
	check(!timer_create(CLOCK_MONOTONIC, NULL, &timer));
	check(!timer_settime(timer, 0, &it, NULL));
	check_eq(critical(my_rseq(), &cs), 1);
	check_eq(my_rseq()->rseq_cs, 0);
}

static const struct tap_case cases[] = {
	{ "clone_by_hand", clone_by_hand },
	{ "clone3_process", clone3_process },
	{ "tls_and_join", tls_and_join },
	{ "condition", condition },
	{ "futex_basics", futex_basics },
	{ "futex_shared", futex_shared },
	{ "futex_pi", futex_pi },
	{ "robust", robust },
	{ "exit_group", exit_group },
	{ "directed_signal", directed_signal },
	{ "membarrier", membarrier },
	{ "rseq_cpu", rseq_cpu },
	{ "rseq_abort", rseq_abort },
};

TAP_SUITE(thread, cases);
