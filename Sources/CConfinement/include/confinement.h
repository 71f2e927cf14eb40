// Rights that a thread gives up for good, and with it whatever it starts afterwards: files by Landlock, the network,
// processes and the rest by seccomp. Neither needs privileges. Numbers of errors are those of errno; 0 is success.

#pragma once

// The version of Landlock that the kernel has; 0 where it has none, or none for us.
int nbs_landlock_version(void);

// Whether the kernel filters system calls on this processor.
int nbs_filters_calls(void);

// From now on only these files and folders can be opened: `readable` for reading, `writable` for anything but links,
// sockets and devices. Lists end with a null pointer; what is not there is left out. Ports of TCP are closed too, and
// signals and abstract sockets outside, where the kernel knows how.
int nbs_confine_files(const char *const *readable, const char *const *writable);

// From now on there are no new processes and programs, no sockets, no signals to others, no changes of modes, owners and
// times of files, no limits that are raised, and none of the calls that administrators have.
int nbs_confine_calls(void);
