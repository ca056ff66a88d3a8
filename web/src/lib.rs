//! The playground's front end: model, messages, a pure `update`, views, and `effect`, the only part
//! that names the browser.

pub mod check;
pub mod checker;
pub mod effect;
pub mod geometry;
pub mod keys;
pub mod model;
pub mod msg;
pub mod programs;
pub mod script;
pub mod sheet;
pub mod update;
pub mod view;
pub mod work;
