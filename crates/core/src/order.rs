//! Indices in the order of a key. One instance of the sort for all of the page: sorts are large.

use alloc::vec::Vec;

/// The numbers below `n` in the order of their keys; equal keys keep their order.
pub fn order_by_key(n: usize, key: impl Fn(usize) -> usize) -> Vec<usize> {
    let mut keyed: Vec<(usize, usize)> = (0..n).map(|at| (key(at), at)).collect();
    keyed.sort_unstable();
    keyed.into_iter().map(|(_, at)| at).collect()
}

/// The list in the order of a key; equal keys keep their order.
pub fn ordered_by_key<T>(list: Vec<T>, key: impl Fn(&T) -> usize) -> Vec<T> {
    let order = order_by_key(list.len(), |at| key(&list[at]));
    let mut slots: Vec<Option<T>> = list.into_iter().map(Some).collect();
    order.into_iter().filter_map(|at| slots[at].take()).collect()
}
