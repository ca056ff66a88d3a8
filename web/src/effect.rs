//! The browser: the only part of the page that names its types.
//!
//! Carries out the effects that `update` returns, and turns what the browser says into messages.
//! It decides nothing.

mod answer;
mod api;
mod app;
mod checking;
mod copy;
pub mod events;
mod figure;
mod held;
mod listen;
mod page;
mod panic;
pub mod pointer;
mod shell;
mod storage;
mod texts;
mod worker;

pub use answer::answer;
pub use app::start;
pub use figure::offer;
