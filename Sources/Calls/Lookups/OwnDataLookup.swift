internal import OnCall

/// Verifies contracts in nightbell's own table.
struct OwnDataLookup: ContractLookup {
    let store: any CallStore

    func verify(_ contract: ContractNumber, line: Line) async -> Verification {
        do {
            return try await store.contract(contract)?.verification ?? Verification(entitlement: .unknown)
        } catch {
            return Verification(entitlement: .unverified(reason: "\(error)"))
        }
    }
}
