extension ValuePlot {
  /// The line through points, broken where one has no place.
  func path(through points: some Collection<(Double, Double)>, in frame: SVGFrame) -> String {
    var path = PathBuilder(isDense: Double(points.count) > frame.width * 2)
    for (x, y) in points {
      guard x.isFinite, canDraw(y) else {
        path.lift()
        continue
      }
      let place = frame.place(x, y)
      path.add(place.x, place.y)
    }
    path.lift()
    return path.text
  }

  /// Where points along x have no place along y; so many at the most that the picture has a bounded size.
  func flaws(of points: some Collection<(Double, Double)>) -> [Double] {
    points.filter { x, y in x.isFinite && !canDraw(y) }.prefix(2000).map(\.0)
  }
}
