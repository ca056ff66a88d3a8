//! `mdbook-memcg`: an mdBook preprocessor that draws fenced `memcg` blocks; docs/embedding.md describes them.
//!
//! Speaks mdBook's protocol: a context and a book as JSON on standard input, the book on standard output, and
//! what is wrong, with file and line, on standard error.

use std::io::{Read as _, Write as _};
use std::process::ExitCode;

const USAGE: &str = "\
mdbook-memcg: draws fenced `memcg` blocks in an mdBook

mdBook calls it, when book.toml says:
  [preprocessor.memcg]
  command = \"mdbook-memcg\"
  engine = \"memcg/\"        # where the playground is, from the top of the book or as an address;
                             # without it figures stay still
  before = [\"links\"]       # so that line numbers are those of the files
";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.first().map(String::as_str) {
        // Every renderer is given something that it can show.
        Some("supports") => return ExitCode::SUCCESS,
        Some(_) => {
            print!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        None => {}
    }
    let mut input = String::new();
    let read = std::io::stdin().read_to_string(&mut input).map_err(|e| e.to_string());
    let done = match read.and_then(|_| mdbook_memcg::preprocess(&input)) {
        Ok(done) => done,
        Err(why) => {
            eprintln!("mdbook-memcg: {why}");
            return ExitCode::FAILURE;
        }
    };
    for problem in &done.problems {
        eprintln!("{problem}");
    }
    if done.is_bad {
        return ExitCode::FAILURE;
    }
    match std::io::stdout().write_all(done.book.as_bytes()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("mdbook-memcg: {why}");
            ExitCode::FAILURE
        }
    }
}
