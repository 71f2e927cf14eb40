// The C library of the system, whatever it is called there: whoever imports this module sees all of it.

#if canImport(Darwin)
  @_exported import Darwin
#elseif canImport(Musl)
  @_exported import Musl
#else
  @_exported import Glibc
#endif
