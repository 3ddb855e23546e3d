// SPDX-License-Identifier: GPL-2.0
/*
 * attach FILE COMMAND: loads and attaches all BPF programs of FILE, runs the shell's
 * command, detaches them.  Ends with 0, or 1 if any of it failed, in libbpf's words.
 */
#include <bpf/libbpf.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
	struct bpf_program *program;
	struct bpf_object *object;
	int status;

	if (argc != 3)
		return 1;
	object = bpf_object__open_file(argv[1], NULL);
	if (!object || bpf_object__load(object))
		return 1;
	bpf_object__for_each_program(program, object) {
		if (!bpf_program__attach(program)) {
			perror(bpf_program__name(program));
			return 1;
		}
	}
	status = system(argv[2]);
	bpf_object__close(object);
	return status ? 1 : 0;
}
