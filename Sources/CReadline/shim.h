#pragma once
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <readline/readline.h>
#include <readline/history.h>

/* Readline keeps its state in C globals of function pointer and char * type, which Swift 6 will not let
   anyone touch. These functions are the only way in. */

/* The next byte. What is pasted may end its lines as Windows does, and readline would make two lines' ends of one. */
static inline int nbs_readline_getc(FILE *stream) {
    static int last = 0, matched = 0, is_pasting = 0;
    int byte = rl_getc(stream);
    while (is_pasting && last == '\r' && byte == '\n') {
        last = 0;
        byte = rl_getc(stream);
    }
    last = byte;
    const char *mark = is_pasting ? "\033[201~" : "\033[200~";
    matched = byte == mark[matched] ? matched + 1 : byte == mark[0];
    if (mark[matched] == 0) {
        is_pasting = !is_pasting;
        matched = 0;
    }
    return byte;
}

static inline void nbs_readline_setup(const char *name, rl_completion_func_t *complete,
                                      rl_cpvfunc_t *word_breaks, rl_voidfunc_t *redisplay) {
    rl_readline_name = name;
    rl_attempted_completion_function = complete;
    rl_completion_word_break_hook = word_breaks;
    rl_getc_function = nbs_readline_getc;
    rl_completer_quote_characters = "\"'";
    /* The program's own handlers decide what Ctrl-C means. */
    rl_catch_signals = 0;
    rl_catch_sigwinch = 1;
    rl_variable_bind("enable-bracketed-paste", "on");
    /* Reads ~/.inputrc now, so that keys can be bound where it has left them alone. */
    rl_initialize();
    /* With one of these set before, readline would not ask what the terminal can do. */
    rl_redisplay_function = redisplay;
}

/* Binds the keys of `theirs` in the usual keymaps to `ours`, and leaves what the user has bound otherwise. */
static inline void nbs_readline_replace(const char *name, rl_command_func_t *theirs, rl_command_func_t *ours,
                                        const char *key) {
    Keymap maps[] = {emacs_standard_keymap, vi_insertion_keymap, vi_movement_keymap};
    for (int i = 0; i < 3; i++)
        if (rl_function_of_keyseq(key, maps[i], NULL) == theirs) rl_bind_keyseq_in_map(key, ours, maps[i]);
    rl_add_defun(name, ours, -1);
}

static inline void nbs_add_history(const char *cell) { add_history(cell); }
static inline const char *nbs_readline_version(void) { return rl_library_version; }
static inline const char *nbs_readline_buffer(void) { return rl_line_buffer ? rl_line_buffer : ""; }
static inline int nbs_readline_end(void) { return rl_end; }
static inline int nbs_readline_point(void) { return rl_point; }
static inline void nbs_readline_set_point(int point) { rl_point = point; }
static inline int nbs_readline_mark(void) { return rl_mark; }

/* Draws another text in place of the line: the line with more in it. */
static inline void nbs_readline_draw(char *text, int end, int point, int mark) {
    char *line = rl_line_buffer;
    int real_end = rl_end, real_point = rl_point, real_mark = rl_mark;
    rl_line_buffer = text;
    rl_end = end;
    rl_point = point;
    rl_mark = mark;
    rl_redisplay();
    rl_line_buffer = line;
    rl_end = real_end;
    rl_point = real_point;
    rl_mark = real_mark;
}

/* Takes the terminal back from the shell, and draws the line anew below what the shell has written. */
static inline void nbs_readline_resume(void) {
    /* Readline believes that it has the terminal still, and would not take it a second time. */
    if (rl_deprep_term_function) (*rl_deprep_term_function)();
    if (rl_prep_term_function) (*rl_prep_term_function)(1);
    rl_on_new_line();
    rl_forced_update_display();
}

/* Whether the terminal can move its cursor up, which lines below each other need. */
static inline int nbs_readline_can_move_up(void) {
    char *up = rl_get_termcap("up");
    return up != NULL && *up != 0;
}

/* The characters that a completion is followed by: none behind an option's "=". */
static inline void nbs_readline_append_space(int wanted) { rl_completion_append_character = wanted ? ' ' : '\0'; }

/* Keeps readline from falling back on file names where none are wanted. */
static inline void nbs_readline_no_files(void) { rl_attempted_completion_over = 1; }

/* Puts the cursor behind the last line, for what is written below it. */
static inline void nbs_readline_go_to_end(void) {
    rl_point = rl_end;
    if (rl_redisplay_function) rl_redisplay_function();
}

/* Whether a search shows its own prompt and line. */
static inline int nbs_readline_is_searching(void) { return RL_ISSTATE(RL_STATE_ISEARCH | RL_STATE_NSEARCH) != 0; }

/* Ends a search, and shows the prompt with what it has found. */
static inline void nbs_readline_end_search(void) { rl_callback_sigcleanup(); }

/* Forgets the line being typed and everything half done with it: a search, an argument, a macro. */
static inline void nbs_readline_abandon(void) {
    rl_free_line_state();
    rl_callback_sigcleanup();
    rl_cleanup_after_signal();
}

/* What a changed window needs. */
static inline void nbs_readline_check_signals(void) {
    rl_voidfunc_t *redisplay = rl_redisplay_function;
    if (!rl_pending_signal()) return;
    /* Readline draws anew from where the line begins only if it believes to draw by itself. */
    rl_redisplay_function = rl_redisplay;
    rl_check_signals();
    rl_redisplay_function = redisplay;
    if (redisplay) redisplay();
}

static inline FILE *nbs_stdin(void) { return stdin; }
