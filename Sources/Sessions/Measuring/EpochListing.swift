import Localization
import NeuralEngine
import Outputs

/// The table that `train every=` shows, gathered as the training goes on: a long one does not keep every epoch.
///
/// A table has a bounded size. When it is full every other row goes, and rows from then on are twice as far apart.
struct EpochListing {
  /// The most rows there are, besides that of the first epoch.
  static let limit = TrainingHistory.limit

  private let every: Int
  /// From one row's epoch to the next one's: `every`, or that doubled as often as there was no room.
  private var distance: Int
  private let limit: Int
  private var rows: [(epoch: Int, metrics: EpochMetrics)] = []
  /// How many epochs have been taken.
  private var done = 0

  init(every: Int, limit: Int = EpochListing.limit) {
    self.every = every
    self.limit = limit
    distance = every
  }

  /// Takes the epochs that are new: at least every ``TrainingHistory/window`` epochs.
  mutating func take(_ history: TrainingHistory) {
    let epochs = history.epochs(after: done)
    // The last epoch before these that would have a row.
    var epoch = (history.count - epochs.count) / distance * distance
    while epoch <= history.count - distance {
      epoch += distance
      let place = epochs.endIndex - 1 - (history.count - epoch)
      guard epochs.indices.contains(place) else { continue }
      rows.append((epoch, epochs[place]))
      if rows.count > limit {
        distance *= 2
        rows.removeAll { !$0.epoch.isMultiple(of: distance) }
        epoch = epoch / distance * distance
      }
    }
    done = history.count
  }

  /// The table, with the first epoch in any case.
  func table(first: EpochMetrics?) -> Table {
    let metrics = first?.metrics ?? []
    let start = rows.first?.epoch == 1 ? [] : first.map { [(epoch: 1, metrics: $0)] } ?? []
    return Table(
      columns: [.numbers(localized("epoch"))] + metrics.map { .numbers($0.displayName) },
      rows: (start + rows).map { epoch, row in
        [String(epoch)] + metrics.map { metric in row[metric].map { metric.text($0) } ?? "" }
      },
      footer: distance == every
        ? [] : [localized("every \(distance) epochs, because the table is limited to \(limit) rows")]
    )
  }
}
