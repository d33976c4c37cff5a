// SPDX-License-Identifier: GPL-2.0-only
/* stlink-sim: the loop that waits for sockets and for moments. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>

#include "sim.h"

static volatile sig_atomic_t quit;

static void on_signal(int number)
{
	(void)number;
	quit = 1;
}

static void catch_signals(sigset_t *while_polling)
{
	struct sigaction action = { .sa_handler = on_signal };
	sigset_t block;

	sigemptyset(&block);
	sigaddset(&block, SIGTERM);
	sigaddset(&block, SIGINT);
	sigprocmask(SIG_BLOCK, &block, while_polling);
	sigdelset(while_polling, SIGTERM);
	sigdelset(while_polling, SIGINT);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
}

static void loop(struct sim *sim, struct control *control)
{
	struct pollfd fds[REDIR_FDS + CONTROL_FDS];
	struct timespec timeout;
	sigset_t mask;

	catch_signals(&mask);
	while (!quit) {
		uint64_t next = sim_timers(sim), now = sim_now(), wait;
		nfds_t count = REDIR_FDS;

		memset(fds, 0, sizeof(fds));
		redir_poll(sim->redir, fds);
		if (control) {
			control_poll(control, fds + REDIR_FDS);
			count += CONTROL_FDS;
		}
		wait = next > now ? next - now : 0;
		timeout.tv_sec = wait / 1000000000u;
		timeout.tv_nsec = wait % 1000000000u;
		if (ppoll(fds, count, next == UINT64_MAX ? NULL : &timeout,
			  &mask) < 0) {
			if (errno != EINTR)
				return;
			continue;
		}
		if (control)
			control_handle(control, fds + REDIR_FDS);
		redir_handle(sim->redir, fds);
	}
}

int main(int argc, char **argv)
{
	struct sim sim = { .log = stderr };
	struct control *control = NULL;
	int status = 0;

	if (!options_parse(&sim.opt, argc, argv, &status))
		return status;
	if (sim.opt.log_file) {
		sim.log = fopen(sim.opt.log_file, "w");
		if (!sim.log) {
			fprintf(stderr, "stlink-sim: --log %s: %s\n",
				sim.opt.log_file, strerror(errno));
			return 1;
		}
	}
	/* answers are due to the microsecond, not to the default 50 */
	prctl(PR_SET_TIMERSLACK, 1000ul, 0, 0, 0);
	if (!sim_start(&sim)) {
		status = 1;
	} else if (sim.opt.control_path &&
		   !(control = control_new(sim.opt.control_path, &sim))) {
		fprintf(stderr, "stlink-sim: --control %s: %s\n",
			sim.opt.control_path, strerror(errno));
		sim.opt.save = false;
		status = 1;
	} else {
		loop(&sim, control);
	}
	if (status)
		sim.opt.save = false;
	control_free(control);
	sim_stop(&sim);
	if (sim.log != stderr)
		fclose(sim.log);
	return status;
}
