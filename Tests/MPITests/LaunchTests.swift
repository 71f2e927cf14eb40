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
    let launch = try #require(
      try MPILaunch(["PMIX_RANK": "3", "SLURM_NTASKS": "8", "SLURM_CPUS_PER_TASK": "16"]))
    #expect(launch.threads == 16)
  }

  @Test func anotherMPIIsRefused() throws {
    let refusal = try #require(throws: CodedError.self) { try MPILaunch(["PMI_SIZE": "2", "PMI_RANK": "0"]) }
    #expect(refusal.code == .missingLibrary)
    #expect(refusal.message.contains("mpirun.openmpi"))
  }
}
