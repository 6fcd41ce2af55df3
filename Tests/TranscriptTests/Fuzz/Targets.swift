import Fuzzing

/// The readers of this module.
let targets = [TranscriptTarget.target, PatternTarget.target, RecordingTarget.target]
