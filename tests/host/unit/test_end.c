// SPDX-License-Identifier: GPL-2.0
/*
 * Which end of a guest counts, and that no signal is lost between two boots.
 */
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "console.h"
#include "dump.h"
#include "end.h"
#include "signals.h"
#include "stats.h"
#include "vcpu.h"
#include "virtio_console.h"
#include "unit.h"

static struct vcpu cpus[2];
static struct vm vm = { .cpus = cpus, .nr_cpus = 2 };
static unsigned int requests[2];
static unsigned int dumps;

/* What signals.c and end.c ask of the rest of the shim */

void vcpu_request(struct vcpu *cpu, unsigned int what)
{
	requests[cpu - cpus] |= what;
}

void vcpu_where(char *text, size_t len)
{
	if (len)
		text[0] = '\0';
}

void stats_print(struct vm *of)
{
	(void)of;
}

void console_print_tail(void)
{
}

void dump_write(struct vm *of)
{
	(void)of;
	dumps++;
}

void console_raw(void)
{
}

void console_restore(void)
{
}

void virtio_console_resized(void)
{
}

static int setup(void **state)
{
	(void)state;
	end_clear();
	requests[0] = requests[1] = 0;
	return 0;
}

static void reboot(void)
{
	end_guest(END_RESTART, UMKVM_EXIT_REBOOT, "%s", "");
}

static void first_reason_wins(void **state)
{
	(void)state;
	end_guest(END_POWER_OFF, 7, "%s", "");
	kill(getpid(), SIGTERM);
	signals_wait_end(&vm);
	reboot();
	assert_int_equal(end_get()->kind, END_POWER_OFF);
	assert_int_equal(end_get()->status, 7);
}

static void reboot_can_be_cleared(void **state)
{
	(void)state;
	reboot();
	assert_true(end_pending());
	end_clear();
	assert_false(end_pending());
	end_guest(END_PANIC, 9, "text");
	assert_int_equal(end_get()->kind, END_PANIC);
	assert_string_equal(end_get()->text, "text");
}

/* The guest is faster than the main thread */
static void signal_beside_a_reboot(void **state)
{
	(void)state;
	reboot();
	kill(getpid(), SIGTERM);
	signals_wait_end(&vm);
	assert_int_equal(end_get()->kind, END_SIGNAL);
	assert_int_equal(end_get()->status, 128 + SIGTERM);
	assert_string_equal(end_get()->text, "SIGTERM");
}

static void reboot_after_a_signal(void **state)
{
	(void)state;
	kill(getpid(), SIGINT);
	signals_wait_end(&vm);
	reboot();
	assert_int_equal(end_get()->kind, END_SIGNAL);
	assert_int_equal(end_get()->status, 128 + SIGINT);
}

static void registers_beside_a_reboot(void **state)
{
	(void)state;
	reboot();
	kill(getpid(), SIGQUIT);
	signals_wait_end(&vm);
	assert_int_equal(end_get()->kind, END_RESTART);
	assert_int_equal(requests[0], VCPU_REGS);
	assert_int_equal(requests[1], VCPU_REGS);
}

static void dump_is_no_end(void **state)
{
	(void)state;
	kill(getpid(), SIGABRT);
	kill(getpid(), SIGTERM);
	signals_wait_end(&vm);
	assert_int_equal(dumps, 1);
	assert_int_equal(end_get()->status, 128 + SIGTERM);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(first_reason_wins, setup),
		cmocka_unit_test_setup(reboot_can_be_cleared, setup),
		cmocka_unit_test_setup(signal_beside_a_reboot, setup),
		cmocka_unit_test_setup(reboot_after_a_signal, setup),
		cmocka_unit_test_setup(registers_beside_a_reboot, setup),
		cmocka_unit_test_setup(dump_is_no_end, setup),
	};

	end_init();
	signals_block(true);
	return cmocka_run_group_tests_name("end", tests, NULL, NULL);
}
