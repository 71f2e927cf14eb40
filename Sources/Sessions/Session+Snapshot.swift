import Datasets
import NeuralEngine

/// Everything in a session at one moment: taking it up again brings back the same bits.
///
/// Making one is cheap. Arrays and tables are values that are copied when one of both is written to, and the
/// numbers of a network are copied only if they have changed since the last snapshot.
public struct SessionSnapshot {
  let seed: UInt64
  let random: RandomStream
  let options: SessionOptions
  let parameters: SessionParameters
  let variables: [String: Value]
  let series: [String: [Double]]
  let data: [String: DataReference]
  let networks: [String: Network]
  let current: Network?
  /// What stands inside the objects that the names stand for.
  let dataStates: [ObjectIdentifier: DataState]
  let networkStates: [ObjectIdentifier: (network: Network, state: NetworkState)]
  let trainedData: [ObjectIdentifier: TrainedData]
  let leaves: [ObjectIdentifier: (leaves: ParameterLeaves, made: ParameterLeaves.Made)]

  /// What can change in a data set.
  struct DataState {
    let reference: DataReference
    let parts: DatasetParts
    let preparation: Preparation?
  }
}

extension Session {
  /// The session as it is now.
  public func snapshot() -> SessionSnapshot {
    let values = namespace.definedVariables
    let (networks, data) = reachableObjects()
    return SessionSnapshot(
      seed: seed, random: random, options: options, parameters: parameters,
      variables: Dictionary(uniqueKeysWithValues: values.compactMap { v in v.value.map { (v.name, $0) } }),
      series: namespace.recordedSeries.mapValues(\.values), data: namespace.data,
      networks: namespace.networks, current: namespace.current,
      dataStates: data.mapValues {
        SessionSnapshot.DataState(reference: $0, parts: $0.parts, preparation: $0.preparation)
      },
      networkStates: networks.mapValues { ($0, $0.state) }, trainedData: namespace.trainedData,
      leaves: namespace.parameterLeaves.mapValues { ($0, $0.made) })
  }

  /// Makes the session what it was.
  public func restore(_ snapshot: SessionSnapshot) {
    restoreStream(seed: snapshot.seed, random: snapshot.random)
    options = snapshot.options
    parameters = snapshot.parameters
    for variable in namespace.definedVariables where snapshot.variables[variable.name] == nil {
      variable.value = nil
    }
    // The values carry the marks of their variables, which are still the same objects.
    for (name, value) in snapshot.variables { namespace.variable(name).value = value }
    for (name, series) in namespace.recordedSeries { series.restore(snapshot.series[name] ?? []) }
    namespace.data = snapshot.data
    namespace.networks = snapshot.networks
    namespace.current = snapshot.current
    for state in snapshot.dataStates.values {
      state.reference.parts = state.parts
      state.reference.preparation = state.preparation
    }
    for (network, state) in snapshot.networkStates.values { network.restore(state) }
    namespace.trainedData = snapshot.trainedData
    namespace.parameterLeaves = snapshot.leaves.mapValues(\.leaves)
    for (leaves, made) in snapshot.leaves.values { leaves.made = made }
  }

  /// The networks and data sets that a name or a value leads to, also those that were deleted by name.
  func reachableObjects() -> (
    networks: [ObjectIdentifier: Network], data: [ObjectIdentifier: DataReference]
  ) {
    var networks: [ObjectIdentifier: Network] = [:]
    var data: [ObjectIdentifier: DataReference] = [:]
    func visit(_ value: Value) {
      switch value {
      case .network(let network): networks[ObjectIdentifier(network)] = network
      case .layer(let layer): networks[ObjectIdentifier(layer.network)] = layer.network
      case .data(let reference): data[ObjectIdentifier(reference)] = reference
      case .list(let items): for item in items { visit(item) }
      case .tensor, .string, .function, .nothing: break
      }
    }
    for network in namespace.networks.values { visit(.network(network)) }
    for reference in namespace.data.values { visit(.data(reference)) }
    for variable in namespace.definedVariables { variable.value.map(visit) }
    return (networks, data)
  }
}

extension SessionSnapshot {
  /// How much memory this snapshot holds that a later one does not: what would be free without it.
  func bytes(apartFrom later: SessionSnapshot) -> Int {
    var bytes = 0
    for (name, value) in variables {
      guard case .tensor(let tensor) = value else { continue }
      if case .tensor(let other)? = later.variables[name], other === tensor { continue }
      bytes += 8 * tensor.count
    }
    for (identity, (_, state)) in networkStates
    where later.networkStates[identity]?.state.weights !== state.weights {
      bytes += state.weights.bytes + (state.lastTraining?.history.bytes ?? 0)
    }
    for (identity, state) in dataStates where later.dataStates[identity]?.parts != state.parts {
      bytes += 8 * state.parts.named.reduce(0) { $0 + $1.data.rows * ($1.data.inputWidth + 1) }
    }
    return bytes
  }
}
