//! Vectors of real kernel code, run through the model: the vectors judge the model.
//!
//! Two kinds, told apart by what a line holds: whole calls one after the other ([`calls`]), and threads that race
//! ([`races`]). The formats are described in `conformance/README.md`.

mod agree;
mod calls;
mod chase;
mod found;
mod hunt;
mod kinds;
mod races;
mod variant;
mod written;

use flate2::read::GzDecoder;
use memcg_core::program::Program;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::sync::Arc;

pub(crate) use races::Bounds;
pub(crate) use variant::Exchange;

/// Programs by policy and the way they were recorded, compiled once.
type Programs = BTreeMap<(String, variant::Recording), Arc<Program>>;

/// What came of a file's lines.
#[derive(Default)]
struct FileResult {
    n_calls_agree: usize,
    n_calls: usize,
    races: found::Sum,
    kinds: agree::Sum,
    /// Lines that cannot be judged, with the cause.
    unread: Vec<String>,
    /// The first difference in full.
    first: Option<String>,
}

fn lines(path: &Path) -> Result<impl Iterator<Item = std::io::Result<String>>, String> {
    let opened = File::open(path).map_err(|e| format!("{}: {e}", path.display()))?;
    let zipped = path.extension().is_some_and(|e| e == "gz");
    let reader: Box<dyn Read> =
        if zipped { Box::new(GzDecoder::new(opened)) } else { Box::new(opened) };
    Ok(BufReader::new(reader).lines())
}

/// Judges every line of a file (JSON lines, gzip or plain).
fn file(path: &Path, bounds: &Bounds, say: &mut dyn FnMut(&str)) -> Result<FileResult, String> {
    let mut result = FileResult::default();
    let mut programs = Programs::new();
    for (at, line) in lines(path)?.enumerate().step_by(bounds.every) {
        let line = match line {
            Ok(line) if line.trim().is_empty() => continue,
            Ok(line) => line,
            Err(e) => {
                result.unread.push(format!("line {}: {e}", at + 1));
                break;
            }
        };
        let kind = match serde_json::from_str::<serde_json::Value>(&line) {
            Ok(value) if value.get("steps").is_some() => Ok(true),
            Ok(value) if value.get("outcomes").is_some() => Ok(false),
            Ok(_) => Err("neither \"steps\" nor \"outcomes\": not a vector of a known kind".into()),
            Err(e) => Err(format!("cannot be read: {e}")),
        };
        let unread = match kind {
            Ok(true) => {
                result.n_calls += 1;
                match calls::vector(&line, &mut programs) {
                    Ok(()) => result.n_calls_agree += 1,
                    Err(difference) => {
                        let first = || format!("line {}: {difference}", at + 1);
                        result.first.get_or_insert_with(first);
                    }
                }
                None
            }
            Ok(false) if bounds.check => match agree::line(&line, &mut programs, bounds) {
                Ok(found) => {
                    found.tell(bounds.lines, say);
                    result.kinds.add(&found);
                    None
                }
                Err(why) => Some(why),
            },
            Ok(false) => match races::line(&line, &mut programs, bounds) {
                Ok(found) => {
                    found.tell(bounds.lines, say);
                    result.races.add(&found);
                    None
                }
                Err(why) => Some(why),
            },
            Err(why) => Some(why),
        };
        result.unread.extend(unread.map(|why| format!("line {}: {why}", at + 1)));
    }
    Ok(result)
}

/// Says what came of a file: a line for each kind of vector in it, and what is wrong; whether all is well.
pub(crate) fn report(path: &Path, bounds: &Bounds, say: &mut dyn FnMut(&str)) -> bool {
    let name = path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    let result = match file(path, bounds, say) {
        Ok(result) => result,
        Err(e) => {
            say(&e);
            return false;
        }
    };
    let mut out = String::new();
    if result.n_calls > 0 {
        let _ = writeln!(out, "{name}: {} of {} agree", result.n_calls_agree, result.n_calls);
    }
    if result.races.n_lines > 0 {
        let _ = writeln!(out, "{name}: {}", result.races);
    }
    if result.kinds.n_lines > 0 {
        let _ = writeln!(out, "{name}: {}", result.kinds);
    }
    for why in result.first.iter().chain(&result.unread) {
        let _ = writeln!(out, "  {why}");
    }
    if out.is_empty() {
        let _ = writeln!(out, "{name}: no vectors");
    }
    say(out.trim_end());
    result.n_calls_agree == result.n_calls
        && result.unread.is_empty()
        && result.n_calls + result.races.n_lines + result.kinds.n_lines > 0
        && result.races.n_missed + result.kinds.n_missed == 0
}
