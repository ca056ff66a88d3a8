//! What a component is given to hold, which is the same as long as it is the same one.

use std::rc::Rc;

/// A shared value that is compared by where it is.
#[derive(Debug)]
pub(super) struct Held<T>(pub(super) Rc<T>);

impl<T> Clone for Held<T> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl<T> PartialEq for Held<T> {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}
