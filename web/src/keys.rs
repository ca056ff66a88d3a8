//! The keyboard: one table that says what every key does. The page listens by it and the help is
//! printed from it.
//!
//! Knows no browser: a key press comes as a plain value. What is typed into a field, and keys that a
//! control uses itself, never become commands.

use crate::model::Grain;

/// What a person can ask for with one key (and with a button).
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub enum Command {
    /// Start or stop playing.
    TogglePlay,
    /// One step on; `None` for the chosen grain.
    Forward(Option<Grain>),
    /// One step back; `None` for the chosen grain.
    Back(Option<Grain>),
    /// To the start of the schedule.
    ToStart,
    /// To the end of the schedule.
    ToEnd,
    /// To the next mark on the timeline.
    NextMark,
    /// To the mark before.
    PreviousMark,
    /// The timeline shows the whole schedule.
    ZoomFit,
    /// It draws moves larger.
    ZoomIn,
    /// It draws them smaller.
    ZoomOut,
    /// Choose who goes next, from 0, and let it take its step.
    Choose(usize),
    /// Turn to the next lane.
    NextLane,
    /// Turn to the lane before.
    PreviousLane,
    /// Undo an edit.
    Undo,
    /// Redo it.
    Redo,
    /// Edit the listing.
    EditListing,
    /// Find a group.
    Find,
    /// See what can be checked.
    Check,
    /// Show all keys.
    Help,
    /// Close what is open.
    Close,
}

/// Where the keyboard is when a key goes down.
#[derive(Copy, Clone, Eq, PartialEq, Debug, Default)]
pub enum Focus {
    /// Nowhere in particular.
    #[default]
    Page,
    /// In a field that takes text.
    Typing,
    /// On a button or link, which Space and Enter press.
    Button,
    /// On a control that uses the arrows, such as a tree, a slider or tabs.
    Arrows,
    /// In a dialog that lies over the page.
    Dialog,
}

/// A key that went down.
#[derive(Clone, Eq, PartialEq, Debug, Default)]
pub struct KeyPress {
    /// The key's value, such as `ArrowLeft` or `u`.
    pub key: String,
    /// Shift is down.
    pub shift: bool,
    /// Control (or the Mac's Command) is down.
    pub control: bool,
    /// Alt is down.
    pub alt: bool,
    /// Where the keyboard is.
    pub focus: Focus,
}

/// What is held down with a key.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
enum Held {
    /// Shift or not: the character says it all.
    Any,
    /// Nothing.
    Plain,
    /// Shift.
    Shift,
    /// Control.
    Control,
}

/// One line of the table.
#[derive(Copy, Clone, Debug)]
pub struct Binding {
    /// The key's value.
    key: &'static str,
    held: Held,
    /// What it does.
    pub command: Command,
    /// How the keys are written in the help; empty for a second way to the same.
    pub shown: &'static str,
    /// What it does, in words.
    pub words: &'static str,
}

const fn bind(
    key: &'static str,
    held: Held,
    command: Command,
    shown: &'static str,
    words: &'static str,
) -> Binding {
    Binding { key, held, command, shown, words }
}

/// All keys but the numbers.
const BINDINGS: [Binding; 27] = [
    bind(" ", Held::Plain, Command::TogglePlay, "Space", "Play or pause"),
    bind(
        "ArrowRight",
        Held::Plain,
        Command::Forward(None),
        "→",
        "One step on, of the chosen grain",
    ),
    bind("ArrowLeft", Held::Plain, Command::Back(None), "←", "One step back"),
    bind(
        "ArrowRight",
        Held::Shift,
        Command::Forward(Some(Grain::Statement)),
        "Shift →",
        "One statement on",
    ),
    bind("ArrowLeft", Held::Shift, Command::Back(Some(Grain::Statement)), "", ""),
    bind("ArrowRight", Held::Control, Command::Forward(Some(Grain::Call)), "Ctrl →", "One call on"),
    bind(
        "ArrowLeft",
        Held::Control,
        Command::Back(Some(Grain::Call)),
        "Ctrl ←",
        "Back to before the call",
    ),
    bind("Home", Held::Plain, Command::ToStart, "Home", "To the start"),
    bind("End", Held::Plain, Command::ToEnd, "End", "To the end"),
    bind(".", Held::Plain, Command::NextMark, ".", "To the next mark on the timeline"),
    bind(",", Held::Plain, Command::PreviousMark, ",", "To the mark before"),
    bind("0", Held::Plain, Command::ZoomFit, "0", "The timeline shows the whole schedule"),
    bind("+", Held::Any, Command::ZoomIn, "+", "It draws moves larger"),
    bind("=", Held::Any, Command::ZoomIn, "", ""),
    bind("-", Held::Any, Command::ZoomOut, "-", "It draws them smaller"),
    bind("]", Held::Any, Command::NextLane, "]", "Turn to the next lane"),
    bind("[", Held::Any, Command::PreviousLane, "[", "Turn to the lane before"),
    bind("u", Held::Plain, Command::Undo, "u", "Undo the last edit"),
    bind("U", Held::Any, Command::Redo, "U", "Redo it"),
    bind("z", Held::Control, Command::Undo, "", ""),
    bind("y", Held::Control, Command::Redo, "", ""),
    bind("e", Held::Plain, Command::EditListing, "e", "Edit the listing of the lane turned to"),
    bind("c", Held::Plain, Command::Check, "c", "Check the lanes"),
    bind("/", Held::Any, Command::Find, "/", "Find a group"),
    bind("?", Held::Any, Command::Help, "?", "Show all keys"),
    bind(
        "Escape",
        Held::Plain,
        Command::Close,
        "Esc",
        "Close what is open, or leave the tree editor",
    ),
    bind("F1", Held::Plain, Command::Help, "", ""),
];

/// Most choices that have a key of their own.
pub const N_NUMBER_KEYS: usize = 9;

/// Keys with their meaning, for the help: what is written on them and what they do.
pub fn help() -> impl Iterator<Item = (&'static str, &'static str)> {
    let threads = ("1 … 9", "Choose who goes next and take its step");
    let bindings = BINDINGS.iter().filter(|b| !b.shown.is_empty()).map(|b| (b.shown, b.words));
    bindings.clone().take(8).chain(std::iter::once(threads)).chain(bindings.skip(8))
}

/// Keys inside the tree editor, for the help.
pub const TREE_HELP: [(&str, &str); 9] = [
    ("Enter", "A new group after this one, or take over what is typed"),
    ("Tab", "A new group below this one; while typing a new one: one level deeper"),
    ("Shift Tab", "While typing a new group: one level up"),
    ("F2", "Rename"),
    ("Delete", "Remove the group and all below it"),
    ("↑ ↓ ← →", "Go to another group, fold, unfold"),
    ("Alt ↑ ↓", "Make it older or younger than its siblings"),
    ("Alt ← →", "Move it one level up, or below the sibling before it"),
    ("Esc", "Leave the editor; after it Tab goes on to the next control"),
];

/// What a key press asks for, if anything.
pub fn meaning(press: &KeyPress) -> Option<Command> {
    if press.alt {
        return None;
    }
    let taken = match press.focus {
        Focus::Page => false,
        Focus::Typing => true,
        Focus::Button => matches!(press.key.as_str(), " " | "Enter"),
        Focus::Arrows => {
            press.key.starts_with("Arrow") || matches!(press.key.as_str(), "Home" | "End" | " ")
        }
        Focus::Dialog => press.key != "Escape",
    };
    if taken {
        return None;
    }
    if let Some(place) = number_key(press) {
        return Some(Command::Choose(place));
    }
    let fits = |held: Held| match held {
        Held::Any => !press.control,
        Held::Plain => !press.control && !press.shift,
        Held::Shift => press.shift && !press.control,
        Held::Control => press.control,
    };
    BINDINGS.iter().find(|b| b.key == press.key && fits(b.held)).map(|b| b.command)
}

fn number_key(press: &KeyPress) -> Option<usize> {
    let mut chars = press.key.chars();
    let (Some(c @ '1'..='9'), None, false) = (chars.next(), chars.next(), press.control) else {
        return None;
    };
    Some(c as usize - '1' as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(keys: &str, focus: Focus) -> KeyPress {
        let mut out = KeyPress { focus, ..KeyPress::default() };
        for part in keys.split('+') {
            match part {
                "Shift" => out.shift = true,
                "Ctrl" => out.control = true,
                "Alt" => out.alt = true,
                "Space" => out.key = " ".into(),
                key => out.key = key.into(),
            }
        }
        out
    }

    #[test]
    fn the_table() {
        let page = |keys| meaning(&press(keys, Focus::Page));
        assert_eq!(page("Space"), Some(Command::TogglePlay));
        assert_eq!(page("ArrowRight"), Some(Command::Forward(None)));
        assert_eq!(page("Shift+ArrowRight"), Some(Command::Forward(Some(Grain::Statement))));
        assert_eq!(page("Ctrl+ArrowLeft"), Some(Command::Back(Some(Grain::Call))));
        assert_eq!(page("3"), Some(Command::Choose(2)));
        assert_eq!(page("u"), Some(Command::Undo));
        assert_eq!(page("Shift+U"), Some(Command::Redo));
        assert_eq!(page("Shift+?"), Some(Command::Help));
        assert_eq!(page("0"), Some(Command::ZoomFit));
        assert_eq!((page("="), page("-")), (Some(Command::ZoomIn), Some(Command::ZoomOut)));
        assert_eq!((page("Ctrl+-"), page("Ctrl+0")), (None, None), "the browser's own zoom");
        assert_eq!(page("Alt+ArrowLeft"), None, "the browser's own way back");
        assert_eq!(page("Ctrl+1"), None, "the browser's first tab");
        assert_eq!(page("Ctrl+u"), None, "the browser's source view");
    }

    #[test]
    fn what_is_typed_is_no_command() {
        for keys in ["Space", "ArrowRight", "u", "/", "1", "Escape"] {
            assert_eq!(meaning(&press(keys, Focus::Typing)), None, "{keys}");
        }
        assert_eq!(meaning(&press("Space", Focus::Button)), None, "it presses the button");
        assert_eq!(meaning(&press("ArrowRight", Focus::Button)), Some(Command::Forward(None)));
        assert_eq!(meaning(&press("ArrowRight", Focus::Arrows)), None);
        assert_eq!(meaning(&press("u", Focus::Dialog)), None);
        assert_eq!(meaning(&press("Escape", Focus::Dialog)), Some(Command::Close));
    }

    #[test]
    fn every_key_of_the_help_is_explained_once() {
        let shown: Vec<&str> = help().map(|(keys, _)| keys).collect();
        let mut once = shown.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), shown.len());
        assert!(help().all(|(_, words)| !words.is_empty()));
    }
}
