//! Safety: whatever the machine calls a fault, but for a call that does not return.

use super::Property;
use crate::machine::{FaultInfo, FaultKind};

/// The property that a fault breaks.
pub(super) const fn broken_by(fault: &FaultInfo) -> Property {
    match fault.kind {
        FaultKind::UseAfterFree
        | FaultKind::Null
        | FaultKind::Underflow
        | FaultKind::Unbalanced => Property::Safety,
        FaultKind::Hang => Property::CallReturns,
    }
}
