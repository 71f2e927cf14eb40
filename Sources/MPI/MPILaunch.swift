import Foundation
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
      if let size = number("PMI_SIZE"), size > 1 { throw MPILaunch.refusal(environment) }
      return nil
    }
    if number("OMPI_COMM_WORLD_SIZE", "SLURM_STEP_NUM_TASKS", "SLURM_NTASKS") == 1 { return nil }
    isFirst = number("OMPI_COMM_WORLD_RANK", "PMIX_RANK") ?? 0 == 0
    let processors = ProcessInfo.processInfo.processorCount
    let onThisMachine =
      number("OMPI_COMM_WORLD_LOCAL_SIZE") ?? MPILaunch.most(environment["SLURM_STEP_TASKS_PER_NODE"]) ?? 1
    let share = number("SLURM_CPUS_PER_TASK") ?? processors / max(1, onThisMachine)
    // Whoever has started it may have bound it to some of them, or to one: more threads than that are in each other's way.
    threads = max(1, min(share, ProcessInfo.processInfo.activeProcessorCount))
  }

  /// The largest of Slurm's counts, one for each node: `4(x2),3`.
  private static func most(_ counts: String?) -> Int? {
    counts?.split(separator: ",").compactMap { Int($0.prefix { $0 != "(" }) }.max()
  }

  private static func refusal(_ environment: [String: String]) -> CodedError {
    if environment["SLURM_PROCID"] != nil {
      return CodedError(
        .missingLibrary,
        "`srun` has started this process by PMI-2 or a library of its kind. nbs works with Open MPI only, which `srun` starts by "
          + "PMIx: srun --mpi=pmix. Whether this Slurm knows it, `srun --mpi=list` tells; `mpirun.openmpi` within the job does "
          + "without.")
    }
    return CodedError(
      .missingLibrary,
      "This process was started by MPICH or a library of its kind. nbs works with Open MPI only. On Debian: apt-get install "
        + "openmpi-bin, and start it by `mpirun.openmpi`; under Slurm by `srun --mpi=pmix`.")
  }

  /// What there is to say of processes that `srun` has started side by side without telling them of each other: each of them
  /// is alone. It is for one of them to say; nil in all others, and for a process that was started otherwise.
  ///
  /// A script of `sbatch` knows how many processes its job may have, and is no such process: `srun` alone counts those of a
  /// step.
  public static func notice(_ environment: [String: String]) -> String? {
    let hasCompany =
      ["OMPI_COMM_WORLD_SIZE", "PMIX_RANK", "PMI_SIZE"].contains { environment[$0] != nil }
    guard !hasCompany, environment["SLURM_PROCID"] == "0",
      let count = environment["SLURM_STEP_NUM_TASKS"].flatMap(Int.init), count > 1
    else { return nil }
    return
      "`srun` has started \(count) processes that do not know of each other: each of them does all of the work. To share it: srun --mpi=pmix"
  }
}
