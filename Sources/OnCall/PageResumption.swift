public import Foundation

/// What becomes of a page that had not ended when the server did.
public enum PageResumption: Sendable, Equatable {
    /// It has ended: only nobody could write it down.
    case ended(PageEnd)
    /// The claim goes back, because the message was never heard, and the page goes on.
    case givesBack(claimOf: String)
    /// It goes on at once, as if this had just happened.
    case goesOn(Escalation.Event)
    /// It goes on with this event at a time; until then somebody may still claim it.
    case waits(until: Date, then: Escalation.Event)
    /// It is too old to wake somebody for it without asking.
    case tooOld

    /// Decides.
    ///
    /// - Parameters:
    ///   - page: As it was written down, with its rings.
    ///   - claimant: Who has claimed it; nil for nobody.
    ///   - date: Now.
    ///   - maximumAge: Seconds since the message was left after which nobody is rung any more.
    ///   - grace: Seconds that the answered leg of a ring may take to be heard of, beyond the ring itself.
    public static func of(
        _ page: PageRecord, claimant: String?, at date: Date, maximumAge: TimeInterval, grace: TimeInterval
    ) -> PageResumption {
        if let claimant {
            // Whoever accepted and heard nothing had the server die under them, and does not know what to do.
            let wasHeard = page.rings.contains {
                $0.engineer == claimant && ($0.heardAt != nil || $0.outcome == .accepted)
            }
            return wasHeard ? .ended(.accepted(claimant)) : .givesBack(claimOf: claimant)
        }
        if let end = page.escalation?.end { return .ended(end) }
        // A clock that was set back makes no message older, and none younger than new.
        if date.timeIntervalSince(page.leftAt) > maximumAge { return .tooOld }
        guard let escalation = page.escalation else { return .goesOn(.started) }
        if let until = page.waitsUntil {
            return until > date ? .waits(until: until, then: .waited) : .goesOn(.waited)
        }
        guard escalation.ringing != nil, let ring = page.rings.last else { return .goesOn(.started) }
        if let outcome = ring.outcome { return .goesOn(.ringEnded(outcome)) }
        // The phone may ring on, or the engineer may be listening: nobody else is rung before that can be over.
        let over = ring.startedAt.addingTimeInterval(TimeInterval(escalation.seconds(of: ring)) + grace)
        let latest = date.addingTimeInterval(TimeInterval(escalation.seconds(of: ring)) + grace)
        return over > date ? .waits(until: min(over, latest), then: .ringEnded(.cut)) : .goesOn(.ringEnded(.cut))
    }
}

extension Escalation {
    /// How long a ring was to last, in seconds.
    fileprivate func seconds(of ring: RingRecord) -> Int {
        plan.steps.indices.contains(ring.step - 1) ? plan.steps[ring.step - 1].seconds : 0
    }
}
