//! `memcg`: runs scenarios and judges the model, from the command line.

mod conform;

use std::path::PathBuf;
use std::process::ExitCode;

const USAGE: &str = "\
memcg: memory-cgroup iterators, run and compared

  memcg run SCENARIO        run a scenario's schedule and print the trace
  memcg conform FILE…       run call vectors of real kernels (JSON lines, .gz or plain)
                            through the model: a line per file, exit status 1 on any difference
";

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let rest = |args: std::iter::Skip<std::env::Args>| args.map(PathBuf::from).collect::<Vec<_>>();
    match args.next().as_deref() {
        Some("conform") => conform_files(&rest(args)),
        Some("help" | "--help" | "-h") => {
            print!("{USAGE}");
            ExitCode::SUCCESS
        }
        _ => {
            eprint!("{USAGE}");
            ExitCode::from(2)
        }
    }
}

fn conform_files(paths: &[PathBuf]) -> ExitCode {
    if paths.is_empty() {
        eprintln!("memcg conform: name at least one file of vectors");
        return ExitCode::from(2);
    }
    let mut agree = true;
    for path in paths {
        let (line, ok) = conform::report(path);
        println!("{line}");
        agree &= ok;
    }
    if agree { ExitCode::SUCCESS } else { ExitCode::from(1) }
}
