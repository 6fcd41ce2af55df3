public import Calls
public import Store

/// The store is the memory of the flows; every method is there under the same name.
extension Store: CallStore {}
