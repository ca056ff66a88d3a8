//! What is on the page. Views are given values and callbacks, and ask nobody anything.

pub mod build;
mod check;
mod figure;
mod header;
pub mod icons;
mod import;
pub mod lane;
mod lane_list;
mod lanes;
mod line;
pub mod listing;
mod main_part;
pub mod mark;
mod on;
mod page;
mod panel;
#[cfg(test)]
pub(crate) mod rendered;
#[cfg(test)]
pub(crate) mod sample;
mod scenario;
pub mod sentence;
pub mod share;
mod sheet;
mod thread_list;
pub mod threads;
pub mod timeline;
mod trace;
pub mod transport;
mod tree_row;
mod trouble;
mod watch_list;

pub use figure::figure;
pub use on::On;
pub use page::page;
