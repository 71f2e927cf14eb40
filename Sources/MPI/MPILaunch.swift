public import Foundations
import SystemLibrary

/// How this process was started among others, as its environment tells.
public struct MPILaunch: Equatable {
  /// How many threads this process may take: its share of the machine.
  public let threads: Int
  /// Whether this is the process that speaks to the user.
  public let isFirst: Bool

  /// Reads an environment.
  ///
  /// - Returns: nil for a process that was started alone.
  /// - Throws: `missing-library` for one that another MPI than Open MPI has started.
  public init?(_ environment: [String: String]) throws(CodedError) {
    func number(_ names: String...) -> Int? {
      names.lazy.compactMap { environment[$0].flatMap(Int.init) }.first
    }
    let isOpenMPI = environment["OMPI_COMM_WORLD_SIZE"] != nil || environment["PMIX_RANK"] != nil
    guard isOpenMPI else {
      if let size = number("PMI_SIZE"), size > 1 {
        throw CodedError(
          .missingLibrary,
          "This process was started by MPICH or a library of its kind. nbs works with Open MPI only. On Debian: apt-get install "
            + "openmpi-bin, and start it by `mpirun.openmpi`; under Slurm by `srun --mpi=pmix`.")
      }
      return nil
    }
    if number("OMPI_COMM_WORLD_SIZE", "SLURM_NTASKS") == 1 { return nil }
    isFirst = number("OMPI_COMM_WORLD_RANK", "PMIX_RANK") ?? 0 == 0
    let onThisMachine = number("OMPI_COMM_WORLD_LOCAL_SIZE", "SLURM_NTASKS_PER_NODE") ?? 1
    let processors = sysconf(Int32(_SC_NPROCESSORS_ONLN))
    threads = max(1, number("SLURM_CPUS_PER_TASK") ?? processors / max(1, onThisMachine))
  }
}
