//! Small drawings: the symbols on buttons. All are silent for screen readers: a name stands beside them.

use yew::{Html, html};

/// A symbol on a button.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub enum Icon {
    /// One step back.
    Back,
    /// One step on.
    Forward,
    /// To the very start.
    First,
    /// To the end of what is recorded.
    Last,
    /// Run.
    Play,
    /// Stop running.
    Pause,
    /// Leave, remove.
    Close,
    /// Something is below.
    Down,
    /// Something is to the right.
    Right,
    /// Another one.
    Plus,
    /// One less.
    Minus,
    /// A fault or a warning.
    Alert,
    /// A table.
    Table,
    /// A good end.
    Check,
    /// A walk is back at its root.
    Restart,
    /// A way that left another.
    Branch,
    /// Give to others.
    Share,
    /// A point in a figure.
    Pin,
    /// The tree.
    Tree,
    /// Search.
    Search,
    /// Undo.
    Undo,
    /// Redo.
    Redo,
    /// Help.
    Help,
    /// Change the words.
    Edit,
    /// Light or dark.
    Theme,
    /// Waiting.
    Wait,
}

/// The drawing, 16 pixels square, in the colour of the text around it.
pub fn icon(icon: Icon) -> Html {
    let path = match icon {
        Icon::Back => "M10 3.5 5.5 8l4.5 4.5",
        Icon::Forward => "M6 3.5 10.5 8 6 12.5",
        Icon::First => "M12 3.5 7.5 8l4.5 4.5M4 3.5v9",
        Icon::Last => "M4 3.5 8.5 8 4 12.5M12 3.5v9",
        Icon::Play => "M5 3.2v9.6L12.6 8z",
        Icon::Pause => "M5.5 3.5v9m5-9v9",
        Icon::Close => "m4 4 8 8m0-8-8 8",
        Icon::Down => "m4 6 4 4 4-4",
        Icon::Right => "m6 4 4 4-4 4",
        Icon::Plus => "M8 3v10M3 8h10",
        Icon::Minus => "M3 8h10",
        Icon::Alert => "M8 2.2 14.5 13.5h-13zM8 6.5v3.2m0 1.7v.4",
        Icon::Table => "M2.5 3.5h11v9h-11zM2.5 7h11M7 3.5v9",
        Icon::Check => "m3 8.5 3.4 3.4L13 4.6",
        Icon::Restart => "M3.2 8a4.8 4.8 0 1 0 1.6-3.6M3 2.6v2.6h2.6",
        Icon::Branch => "M4 2.5v11M4 9c4.5 0 7-1 7-4.5M11 4.5 9.2 6M11 4.5 12.8 6",
        Icon::Share => "M8 10V2.5M5.2 5 8 2.2 10.8 5M3 8.5v5h10v-5",
        Icon::Pin => "M2.5 5h7l4 3-4 3h-7z",
        Icon::Tree => "M3 3h4M3 3v9.5h3M3 7.5h3M8 7.5h5M8 12.5h5",
        Icon::Search => "M7 2.8a4.2 4.2 0 1 0 0 8.4 4.2 4.2 0 0 0 0-8.4M10.2 10.2l3.3 3.3",
        Icon::Undo => "M3 6h6.5a3.5 3.5 0 0 1 0 7H7M5.6 3.2 3 6l2.6 2.8",
        Icon::Redo => "M13 6H6.5a3.5 3.5 0 0 0 0 7H9m1.4-9.8L13 6l-2.6 2.8",
        Icon::Help => "M5.6 6a2.4 2.4 0 1 1 3.5 2.1c-.8.4-1.1.9-1.1 1.6m0 2.1v.4",
        Icon::Edit => "M3 13h2.5L13 5.5 10.5 3 3 10.5zM9 4.5 11.5 7",
        Icon::Theme => "M8 2.5a5.5 5.5 0 1 0 0 11zM8 2.5a5.5 5.5 0 0 1 0 11",
        Icon::Wait => {
            "M4.5 2.5h7M4.5 13.5h7M5 2.5c0 3 2 4 3 5.5 1-1.5 3-2.5 3-5.5M5 13.5c0-3 2-4 3-5.5 1 1.5 3 2.5 3 5.5"
        }
    };
    let class = match icon {
        Icon::Play => "icon icon--full",
        _ => "icon",
    };
    html! {
        <svg {class} viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"><path d={path} /></svg>
    }
}
