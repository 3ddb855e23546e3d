// SPDX-License-Identifier: GPL-2.0
/*
 * The neighbours of a virtio device, for tests without KVM or threads: see
 * fakes.h.
 */
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "console.h"
#include "die.h"
#include "event.h"
#include "fakes.h"
#include "vm.h"

struct fakes fakes;

void fakes_reset(void)
{
	memset(&fakes, 0, sizeof(fakes));
}

int event_new_fd(void)
{
	return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
}

void event_add(struct event *event)
{
	if (fakes.nr_events < ARRAY_SIZE(fakes.events))
		fakes.events[fakes.nr_events++] = event;
}

void event_wake(void)
{
}

void event_signal(int fd)
{
	const u64 one = 1;

	fakes.signals++;
	if (write(fd, &one, sizeof(one)) < 0)
		fakes.signals--;
}

unsigned int vm_new_route(struct vm *vm)
{
	return vm->nr_routes++;
}

void vm_set_route(struct vm *vm, unsigned int route, const struct vm_route *to)
{
	vm->routes[route] = *to;
}

int vm_commit_routes(struct vm *vm)
{
	(void)vm;
	return 0;
}

void vm_wire_irq(struct vm *vm, unsigned int route, int eventfd)
{
	(void)vm;
	(void)route;
	(void)eventfd;
}

void vm_wire_doorbell(struct vm *vm, u32 number, int eventfd)
{
	(void)vm;
	(void)number;
	(void)eventfd;
}

bool console_is_tty(void)
{
	return fakes.is_tty;
}

bool console_size(u16 *cols, u16 *rows)
{
	*cols = 80;
	*rows = 25;
	return fakes.is_tty;
}

bool console_write(const void *text, size_t len)
{
	size_t room = sizeof(fakes.output) - fakes.output_len;
	size_t part = min_u64(len, room);

	memcpy(fakes.output + fakes.output_len, text, part);
	fakes.output_len += part;
	return true;
}

ssize_t console_read(void *to, size_t len)
{
	size_t part = min_u64(len, fakes.input_len);

	if (!part)
		return fakes.input_open ? -1 : 0;
	memcpy(to, fakes.input, part);
	fakes.input += part;
	fakes.input_len -= part;
	return part;
}

/* Nothing: the tests remove what they made. */
void at_quit(void (*fn)(void))
{
	(void)fn;
}
