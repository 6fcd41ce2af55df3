/// Every prompt there is, by the name of its sound file; their texts are in `sounds-manifest/prompts.csv`.
///
/// Beside them are the sounds that are made from the data: `line-NAME`, `customer-CONTRACT` and `engineer-ID`, whole
/// phrases such as "Line: Example support". A PBX that lacks one of those is spared half a sentence.
public enum Prompt: String, Sendable, CaseIterable {
    // To the caller.
    case welcome
    case enterContract = "enter-contract"
    case contractIncomplete = "contract-incomplete"
    case contractUnknown = "contract-unknown"
    case tryAgain = "try-again"
    case leaveMessageNextBusinessDay = "leave-message-next-business-day"
    case leaveMessageCallbackWithin = "leave-message-callback-within"
    case minutes
    case afterTheTone = "after-the-tone"
    case messageTooShort = "message-too-short"
    case leaveOnceMore = "leave-once-more"
    case messageKept = "message-kept"
    case engineerNotified = "engineer-notified"
    case goodbye
    /// Used by the dialplan's fallback only.
    case leaveMessage = "leave-message"

    // To the engineer.
    case pageIntro = "page-intro"
    case pageContract = "page-contract"
    case pageNoContract = "page-no-contract"
    case pageVerified = "page-verified"
    case pageUnverified = "page-unverified"
    case pageMenu = "page-menu"
    case pagePassed = "page-passed"
    case pageTaken = "page-taken"
    case messageMenu = "message-menu"
    case messageLeftAt = "message-left-at"
    case callerNumber = "caller-number"
    case callerNumberUnknown = "caller-number-unknown"
    case callingBack = "calling-back"
    case callbackFailed = "callback-failed"
    case callbackNotPossible = "callback-not-possible"
    case messageUnplayable = "message-unplayable"
    case invalidKey = "invalid-key"
    case goodbyeEngineer = "goodbye-engineer"
}
