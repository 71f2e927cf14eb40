#pragma once
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <readline/readline.h>
#include <readline/history.h>

/* Readline keeps its state in C globals of function pointer and char * type, which Swift 6 will not let
   anyone touch. These functions are the only way in. */

static inline void nbs_readline_setup(const char *name, rl_completion_func_t *complete) {
    rl_readline_name = name;
    rl_attempted_completion_function = complete;
    rl_completer_word_break_characters = (char *)" \t\n\"'(),;={}[]<>+-*/@^:";
    rl_completer_quote_characters = "\"'";
    /* The program's own handlers decide what Ctrl-C means. */
    rl_catch_signals = 0;
    rl_catch_sigwinch = 1;
    rl_variable_bind("enable-bracketed-paste", "on");
}

static inline const char *nbs_readline_buffer(void) { return rl_line_buffer; }

/* The characters that a completion is followed by: none behind an option's "=". */
static inline void nbs_readline_append_space(int wanted) { rl_completion_append_character = wanted ? ' ' : '\0'; }

/* Keeps readline from falling back on file names where none are wanted. */
static inline void nbs_readline_no_files(void) { rl_attempted_completion_over = 1; }

/* Forgets the line being typed and everything half done with it: a search, an argument, a macro. */
static inline void nbs_readline_abandon(void) {
    rl_free_line_state();
    rl_callback_sigcleanup();
    rl_cleanup_after_signal();
}

static inline void nbs_history_keep_lines_whole(void) {
    /* Time stamps part the entries of the history file, so that one of several lines stays whole. */
    history_write_timestamps = 1;
    history_comment_char = '#';
    history_multiline_entries = 1;
}

static inline FILE *nbs_stdin(void) { return stdin; }
