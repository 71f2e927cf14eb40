#pragma once
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <editline/readline.h>

/* What CReadline gives the prompt, by libedit's imitation of readline. It edits one line at a time: what keys of the prompt's
   own need is not there, so the prompt reads the lines of a cell one by one, as in a terminal that cannot move up. */

typedef char *nbs_word_breaks(void);

static inline void nbs_readline_setup(const char *name, rl_completion_func_t *complete, nbs_word_breaks *word_breaks,
                                      void (*redisplay)(void)) {
    (void)redisplay;
    /* Readline does this by itself; without it letters beyond ASCII are lost. */
    setlocale(LC_CTYPE, "");
    rl_readline_name = name;
    rl_attempted_completion_function = complete;
    rl_completion_word_break_hook = word_breaks;
    rl_completer_quote_characters = "\"'";
    /* The program's own handlers decide what Ctrl-C means. */
    rl_catch_signals = 0;
    /* Reads ~/.editrc. */
    rl_initialize();
}

static inline void nbs_add_history(const char *cell) { add_history(cell); }
static inline const char *nbs_readline_version(void) { return rl_library_version; }
static inline const char *nbs_readline_buffer(void) { return rl_line_buffer ? rl_line_buffer : ""; }
static inline int nbs_readline_point(void) { return rl_point; }
static inline int nbs_readline_can_move_up(void) { return 0; }

static inline void nbs_readline_resume(void) {
    rl_prep_terminal(1);
    rl_forced_update_display();
}

static inline void nbs_readline_append_space(int wanted) { rl_completion_append_character = wanted ? ' ' : '\0'; }
static inline void nbs_readline_no_files(void) { rl_attempted_completion_over = 1; }
static inline void nbs_readline_go_to_end(void) {}
static inline int nbs_readline_is_searching(void) { return 0; }
static inline void nbs_readline_end_search(void) {}
static inline void nbs_readline_abandon(void) { rl_replace_line("", 1); }

/* A window that has changed its size is noticed at the next key. */
static inline void nbs_readline_check_signals(void) { rl_resize_terminal(); }
