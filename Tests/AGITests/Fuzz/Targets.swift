import Fuzzing

/// The readers of this module.
let targets = [EnvironmentTarget.target, ReplyTarget.target, RequestTarget.target, CommandTarget.target]
