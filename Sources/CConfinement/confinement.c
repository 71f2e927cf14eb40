#define _GNU_SOURCE
#include "confinement.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__linux__) && (defined(__x86_64__) || defined(__aarch64__))

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>

// Landlock, from include/uapi/linux/landlock.h: headers of a distribution may be older than its kernel. The numbers of
// calls above 424 are the same on every processor.
enum { LANDLOCK_CREATE_RULESET = 444, LANDLOCK_ADD_RULE = 445, LANDLOCK_RESTRICT_SELF = 446 };
enum { LANDLOCK_VERSION_FLAG = 1, LANDLOCK_RULE_PATH = 1 };

enum {
    FS_EXECUTE = 1 << 0,
    FS_WRITE_FILE = 1 << 1,
    FS_READ_FILE = 1 << 2,
    FS_READ_DIR = 1 << 3,
    FS_REMOVE_DIR = 1 << 4,
    FS_REMOVE_FILE = 1 << 5,
    FS_MAKE_DIR = 1 << 7,
    FS_MAKE_REG = 1 << 8,
    FS_VERSION_1 = (1 << 13) - 1,
    FS_REFER = 1 << 13,     // version 2
    FS_TRUNCATE = 1 << 14,  // version 3
    FS_IOCTL_DEV = 1 << 15, // version 5
};

struct ruleset {
    uint64_t files;
    uint64_t ports;  // version 4: bind, connect
    uint64_t scoped; // version 6: abstract sockets, signals
};

struct path_rule {
    uint64_t allowed;
    int32_t parent;
} __attribute__((packed));

int nbs_landlock_version(void) {
    long version = syscall(LANDLOCK_CREATE_RULESET, NULL, 0, LANDLOCK_VERSION_FLAG);
    return version > 0 ? (int)version : 0;
}

// What there is for a file; the rest is for folders, and is refused for a file.
static const uint64_t rights_of_a_file = FS_EXECUTE | FS_WRITE_FILE | FS_READ_FILE | FS_TRUNCATE | FS_IOCTL_DEV;

static int allow(int ruleset, const char *const *paths, uint64_t rights) {
    for (; *paths; paths++) {
        struct path_rule rule = {.allowed = rights, .parent = open(*paths, O_PATH | O_CLOEXEC)};
        if (rule.parent < 0) continue;
        struct stat status;
        int code = fstat(rule.parent, &status) == 0 ? 0 : errno;
        if (code == 0 && !S_ISDIR(status.st_mode)) rule.allowed &= rights_of_a_file;
        if (code == 0 && syscall(LANDLOCK_ADD_RULE, ruleset, LANDLOCK_RULE_PATH, &rule, 0) != 0) code = errno;
        close(rule.parent);
        if (code != 0) return code;
    }
    return 0;
}

int nbs_confine_files(const char *const *readable, const char *const *writable) {
    int version = nbs_landlock_version();
    if (version < 1) return ENOSYS;
    struct ruleset attributes = {.files = FS_VERSION_1};
    size_t size = offsetof(struct ruleset, ports);
    if (version >= 2) attributes.files |= FS_REFER;
    if (version >= 3) attributes.files |= FS_TRUNCATE;
    if (version >= 4) {
        attributes.ports = 3;
        size = offsetof(struct ruleset, scoped);
    }
    if (version >= 5) attributes.files |= FS_IOCTL_DEV;
    if (version >= 6) {
        attributes.scoped = 3;
        size = sizeof attributes;
    }
    int ruleset = (int)syscall(LANDLOCK_CREATE_RULESET, &attributes, size, 0);
    if (ruleset < 0) return errno;
    uint64_t reading = FS_READ_FILE | FS_READ_DIR;
    uint64_t writing = reading | FS_WRITE_FILE | FS_REMOVE_DIR | FS_REMOVE_FILE | FS_MAKE_DIR | FS_MAKE_REG | FS_REFER | FS_TRUNCATE;
    int code = allow(ruleset, readable, reading);
    if (code == 0) code = allow(ruleset, writable, writing & attributes.files);
    if (code == 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) code = errno;
    if (code == 0 && syscall(LANDLOCK_RESTRICT_SELF, ruleset, 0) != 0) code = errno;
    close(ruleset);
    return code;
}

#if defined(__x86_64__)
enum { OWN_ARCHITECTURE = AUDIT_ARCH_X86_64 };
#else
enum { OWN_ARCHITECTURE = AUDIT_ARCH_AARCH64 };
#endif

int nbs_filters_calls(void) {
    uint32_t action = SECCOMP_RET_ERRNO;
    return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
}

// A list of what is refused, and not of what is allowed: which calls the C library makes for threads, memory and clocks
// differs from version to version. Files are Landlock's business; what it does not look at stands here.
static const int refused[] = {
    // Programs and processes; `clone` and `clone3` below.
    SYS_execve, SYS_execveat, SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev, SYS_kcmp, SYS_setsid, SYS_setpgid,
    SYS_tkill, SYS_rt_sigqueueinfo, SYS_rt_tgsigqueueinfo, SYS_setrlimit, SYS_setpriority, SYS_sched_setscheduler,
    SYS_sched_setparam, SYS_sched_setattr, SYS_sched_setaffinity, SYS_ioprio_set, SYS_migrate_pages, SYS_move_pages,
    424 /* pidfd_send_signal */, 434 /* pidfd_open */, 438 /* pidfd_getfd */, 440 /* process_madvise */,
    448 /* process_mrelease */,
    // The network, and whatever else leads to other processes.
    SYS_socket, SYS_socketpair, SYS_bind, SYS_listen, SYS_accept, SYS_accept4, SYS_connect, SYS_sendto, SYS_sendmsg,
    SYS_sendmmsg, 425, 426, 427 /* io_uring */, SYS_shmget, SYS_shmat, SYS_shmctl, SYS_msgget, SYS_msgsnd, SYS_msgrcv,
    SYS_msgctl, SYS_semget, SYS_semop, SYS_semctl, SYS_mq_open, SYS_mq_unlink,
    // Memory that no limit counts.
    SYS_memfd_create, 447 /* memfd_secret */, SYS_userfaultfd,
    // What Landlock does not look at, or did not in its first versions.
    SYS_truncate, SYS_fchmodat, 452 /* fchmodat2 */, SYS_fchownat, SYS_fchown, SYS_utimensat, SYS_setxattr, SYS_lsetxattr,
    SYS_fsetxattr, SYS_removexattr, SYS_lremovexattr, SYS_fremovexattr, SYS_mknodat, SYS_symlinkat, SYS_linkat,
    SYS_open_by_handle_at, SYS_name_to_handle_at,
    // The system's own.
    SYS_mount, SYS_umount2, SYS_pivot_root, SYS_chroot, SYS_setns, SYS_unshare, SYS_bpf, SYS_perf_event_open,
    SYS_init_module, SYS_finit_module, SYS_delete_module, SYS_kexec_load, SYS_reboot, SYS_swapon, SYS_swapoff,
    SYS_sethostname, SYS_setdomainname, SYS_settimeofday, SYS_clock_settime, SYS_adjtimex, SYS_clock_adjtime, SYS_acct,
    SYS_quotactl, SYS_syslog, SYS_add_key, SYS_request_key, SYS_keyctl, SYS_fanotify_init, SYS_vhangup,
    428, 429, 430, 431, 432, 433, 442 /* open_tree to mount_setattr */, 443 /* quotactl_fd */,
#if defined(__x86_64__)
    // What other processors never had.
    SYS_fork, SYS_vfork, SYS_chmod, SYS_chown, SYS_lchown, SYS_utime, SYS_utimes, SYS_futimesat, SYS_mknod, SYS_symlink,
    SYS_link, SYS_iopl, SYS_ioperm, SYS_modify_ldt, SYS_kexec_file_load, SYS_uselib,
#endif
};

enum {
    REFUSED_COUNT = sizeof refused / sizeof refused[0],
    CLONE_THREAD_FLAG = 0x10000,
    CLONE3 = 435,
    LAST_KNOWN = 462,
};

#define ARGUMENT_LOW(n) (offsetof(struct seccomp_data, args) + 8 * (n))
#define ARGUMENT_HIGH(n) (ARGUMENT_LOW(n) + 4)
#define LOAD(place) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (place))
#define UNLESS_EQUAL(value, skip) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (value), 0, (skip))
#define ANSWER(answer) BPF_STMT(BPF_RET | BPF_K, (answer))
#define REFUSE SECCOMP_RET_ERRNO | EPERM

int nbs_confine_calls(void) {
    if (!nbs_filters_calls()) return ENOSYS;
    uint32_t self = (uint32_t)getpid();
    struct sock_filter before[] = {
        LOAD(offsetof(struct seccomp_data, arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, OWN_ARCHITECTURE, 1, 0),
        ANSWER(SECCOMP_RET_KILL_PROCESS),
        LOAD(offsetof(struct seccomp_data, nr)),
        // Calls that are newer than this list, those of the x32 interface among them: as on an older kernel, which the C library
        // knows how to do without. So with clone3, whose flags lie in memory, out of reach.
        BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, LAST_KNOWN, 0, 1),
        ANSWER(SECCOMP_RET_ERRNO | ENOSYS),
        UNLESS_EQUAL(CLONE3, 1),
        ANSWER(SECCOMP_RET_ERRNO | ENOSYS),
        // Threads, not processes.
        UNLESS_EQUAL(SYS_clone, 4),
        LOAD(ARGUMENT_LOW(0)),
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, CLONE_THREAD_FLAG, 0, 1),
        ANSWER(SECCOMP_RET_ALLOW),
        ANSWER(REFUSE),
        // Signals to itself.
        UNLESS_EQUAL(SYS_kill, 4),
        LOAD(ARGUMENT_LOW(0)),
        UNLESS_EQUAL(self, 1),
        ANSWER(SECCOMP_RET_ALLOW),
        ANSWER(REFUSE),
        UNLESS_EQUAL(SYS_tgkill, 4),
        LOAD(ARGUMENT_LOW(0)),
        UNLESS_EQUAL(self, 1),
        ANSWER(SECCOMP_RET_ALLOW),
        ANSWER(REFUSE),
        // Limits can be read.
        UNLESS_EQUAL(SYS_prlimit64, 6),
        LOAD(ARGUMENT_LOW(2)),
        UNLESS_EQUAL(0, 3),
        LOAD(ARGUMENT_HIGH(2)),
        UNLESS_EQUAL(0, 1),
        ANSWER(SECCOMP_RET_ALLOW),
        ANSWER(REFUSE),
        // Whoever replaces a file keeps its mode; that of a file in a scratch folder matters to nobody.
        UNLESS_EQUAL(SYS_fchmod, 1),
        ANSWER(SECCOMP_RET_ERRNO | 0),
    };
    enum { BEFORE_COUNT = sizeof before / sizeof before[0], COUNT = BEFORE_COUNT + 2 * REFUSED_COUNT + 1 };
    struct sock_filter filter[COUNT];
    int count = 0;
    for (int index = 0; index < BEFORE_COUNT; index++) filter[count++] = before[index];
    for (int index = 0; index < REFUSED_COUNT; index++) {
        filter[count++] = (struct sock_filter)UNLESS_EQUAL((uint32_t)refused[index], 1);
        filter[count++] = (struct sock_filter)ANSWER(REFUSE);
    }
    filter[count++] = (struct sock_filter)ANSWER(SECCOMP_RET_ALLOW);
    struct sock_fprog program = {.len = (unsigned short)count, .filter = filter};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return errno;
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0 ? 0 : errno;
}

#else

int nbs_landlock_version(void) { return 0; }
int nbs_filters_calls(void) { return 0; }
int nbs_confine_files(const char *const *readable, const char *const *writable) {
    (void)readable;
    (void)writable;
    return ENOSYS;
}
int nbs_confine_calls(void) { return ENOSYS; }

#endif
