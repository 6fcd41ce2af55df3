/// Finds what somebody may have meant who wrote a word that does not exist.
enum Suggestion {
    /// `did you mean 'rounds'?`, or all the words when none is near.
    static func hint(for word: String, among known: [String]) -> String {
        if known.contains(word.lowercased()) { return "names are lower case: write '\(word.lowercased())'" }
        if let nearest = nearest(to: word, among: known) { return "did you mean '\(nearest)'?" }
        return "there are \(known.joined(separator: ", "))"
    }

    /// The nearest word, if it differs in no more than a third of its letters.
    static func nearest(to word: String, among known: [String]) -> String? {
        guard word.count <= 64 else { return nil }
        let ranked = known.map { (word: $0, distance: distance($0, word.lowercased())) }
        guard let best = ranked.min(by: { $0.distance < $1.distance }) else { return nil }
        return best.distance <= max(1, best.word.count / 3) ? best.word : nil
    }

    /// How many letters must be changed, added or removed (Levenshtein).
    private static func distance(_ left: String, _ right: String) -> Int {
        let (a, b) = (Array(left), Array(right))
        var row = Array(0...b.count)
        for i in a.indices {
            var previous = row[0]
            row[0] = i + 1
            for j in b.indices {
                let substitution = previous + (a[i] == b[j] ? 0 : 1)
                previous = row[j + 1]
                row[j + 1] = min(substitution, row[j] + 1, row[j + 1] + 1)
            }
        }
        return row[b.count]
    }
}
