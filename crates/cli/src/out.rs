//! What the command says on its standard output. Who reads no further, as `head` does, ends it without a word.

use std::fmt::Arguments;
use std::io::{ErrorKind, Write as _};

/// The status of a program that the end of a pipe has ended: 128 and the number of that signal.
const PIPE_ENDED: i32 = 128 + 13;

/// Writes text to the standard output.
pub(crate) fn write(text: Arguments) {
    let Err(why) = std::io::stdout().write_fmt(text) else { return };
    if why.kind() != ErrorKind::BrokenPipe {
        eprintln!("memcg: the output cannot be written: {why}");
    }
    std::process::exit(PIPE_ENDED);
}

/// As the one of the standard library, which would panic.
macro_rules! print {
    ($($words:tt)*) => { $crate::out::write(format_args!($($words)*)) };
}

/// As the one of the standard library, which would panic.
macro_rules! println {
    ($words:literal $($more:tt)*) => { $crate::out::write(format_args!("{}\n", format_args!($words $($more)*))) };
}
