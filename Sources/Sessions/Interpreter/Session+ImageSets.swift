import DataFiles
import Datasets
import Foundations

extension Session {
  /// Fetches the large built-in sets among some words, for sessions that may not; what cannot be fetched stays missing, and is
  /// told by the cell that wants it.
  ///
  /// - Returns: the folders that the sets may lie in; empty where no word names one.
  public static func fetchSets(among words: Set<String>, environment: [String: String]) -> [String] {
    let sets = ImageSet.all.filter { words.contains($0.name) }
    guard !sets.isEmpty else { return [] }
    let locations = DataLocations(environment: environment)
    for set in sets { _ = try? set.load(locations) }
    return locations.folders + [locations.cache]
  }
}
