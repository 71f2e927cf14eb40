internal import NetworkSchema

/// Options that are never missing among completed ones: what is left out has the default that the schema states, and what
/// has none must be given. The schema has been held against them; see ``KindSchema/check(_:)``.
extension OptionValues {
  func required(_ name: String) -> Double { present(number(name), name) }
  func required(_ name: String) -> Int { present(integer(name), name) }
  func required(_ name: String) -> Bool { present(boolean(name), name) }
  func required(_ name: String) -> String { present(word(name), name) }
  func required(_ name: String) -> [Int] { present(sizes(name), name) }

  private func present<Wanted>(_ value: Wanted?, _ name: String) -> Wanted {
    guard let value else { preconditionFailure("The schema states no default of \(name), nor asks for it.") }
    return value
  }
}
