import Foundation
import Foundations
import Testing

@testable import MPI

/// What the environment says of how nbs was started.
@Suite struct LaunchTests {
  @Test func aProcessAloneJoinsNobody() throws {
    #expect(try MPILaunch([:]) == nil)
    #expect(try MPILaunch(["OMPI_COMM_WORLD_SIZE": "1"]) == nil)
    #expect(try MPILaunch(["PMI_SIZE": "1", "PMI_RANK": "0"]) == nil)
  }

  @Test func processesShareTheCores() throws {
    let alone = try #require(
      try MPILaunch(["OMPI_COMM_WORLD_SIZE": "4", "OMPI_COMM_WORLD_LOCAL_SIZE": "1"]))
    #expect(alone.threads >= 1)
    let crowded = try #require(
      try MPILaunch(["OMPI_COMM_WORLD_SIZE": "9000", "OMPI_COMM_WORLD_LOCAL_SIZE": "9000"]))
    #expect(crowded.threads == 1)
  }

  @Test func slurmSaysHowManyThreads() throws {
    let processors = ProcessInfo.processInfo.activeProcessorCount
    func threads(_ environment: [String: String]) throws -> Int {
      try #require(
        try MPILaunch(environment.merging(["PMIX_RANK": "3", "SLURM_STEP_NUM_TASKS": "8"]) { $1 })
      )
      .threads
    }
    #expect(try threads(["SLURM_CPUS_PER_TASK": "1"]) == 1)
    // What srun binds a process to counts, not what a script of sbatch asked for.
    #expect(try threads(["SLURM_CPUS_PER_TASK": "90000"]) == processors)
    #expect(try threads(["SLURM_STEP_TASKS_PER_NODE": "3,90000(x2)"]) == 1)
    #expect(try threads(["SLURM_STEP_TASKS_PER_NODE": "1(x8)"]) == processors)
  }

  @Test func aStepOfOneProcessJoinsNobody() throws {
    #expect(try MPILaunch(["PMIX_RANK": "0", "SLURM_NTASKS": "4", "SLURM_STEP_NUM_TASKS": "1"]) == nil)
  }

  /// The variables are those of Slurm 22.05.
  @Test func processesWithoutMPIAreToldOf() throws {
    let step = [
      "SLURM_PROCID": "0", "SLURM_NTASKS": "3", "SLURM_STEP_ID": "0", "SLURM_STEP_NUM_TASKS": "3",
    ]
    #expect(try MPILaunch(step) == nil)
    let told = try #require(MPILaunch.notice(step))
    #expect(told.contains("3 processes that do not know of each other"))
    #expect(told.contains("srun --mpi=pmix"))
    func notice(_ changes: [String: String?]) -> String? {
      var environment = step
      for (name, value) in changes { environment[name] = value }
      return MPILaunch.notice(environment)
    }
    #expect(notice(["SLURM_PROCID": "1"]) == nil)
    #expect(notice(["SLURM_STEP_NUM_TASKS": "1"]) == nil)
    #expect(notice(["PMIX_RANK": "0"]) == nil)
    #expect(notice(["OMPI_COMM_WORLD_SIZE": "2"]) == nil)
    // A script of sbatch, which may start anything.
    #expect(notice(["SLURM_STEP_ID": nil, "SLURM_STEP_NUM_TASKS": nil]) == nil)
    #expect(MPILaunch.notice([:]) == nil)
  }

  @Test func anotherWayOfSlurmIsRefused() throws {
    let refusal = try #require(throws: CodedError.self) {
      try MPILaunch(["PMI_SIZE": "3", "PMI_RANK": "1", "SLURM_PROCID": "1", "SLURM_STEP_NUM_TASKS": "3"])
    }
    #expect(refusal.code == .missingLibrary)
    #expect(refusal.message.contains("srun --mpi=pmix"))
    #expect(!refusal.message.contains("MPICH"))
  }

  @Test func anotherMPIIsRefused() throws {
    let refusal = try #require(throws: CodedError.self) { try MPILaunch(["PMI_SIZE": "2", "PMI_RANK": "0"]) }
    #expect(refusal.code == .missingLibrary)
    #expect(refusal.message.contains("mpirun.openmpi"))
  }
}
