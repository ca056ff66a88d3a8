//! How many tests passed and failed, read from the closing lines of each runner.
//!
//! Two dialects: libtest's, which wasm-bindgen's runner speaks as well, and Node's.

/// Tests counted.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
}

impl Count {
    /// Adds up every closing line among `lines`.
    pub(crate) fn of<'a>(lines: impl IntoIterator<Item = &'a str>) -> Self {
        let mut sum = Self::default();
        for line in lines {
            sum.add(closing(line.trim()).unwrap_or_default());
        }
        sum
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

fn closing(line: &str) -> Option<Count> {
    if let Some(result) = line.strip_prefix("test result: ") {
        let (_, counts) = result.split_once(". ")?;
        return Some(Count {
            passed: before(counts, " passed")?,
            failed: before(counts, " failed")?,
        });
    }
    let mut words = line.split(' ');
    let mark = words.next()?;
    let (name, n) = (words.next()?, words.next()?.parse().ok()?);
    if !["#", "ℹ"].contains(&mark) || words.next().is_some() {
        return None;
    }
    match name {
        "pass" => Some(Count { passed: n, failed: 0 }),
        // A cancelled test is one that did not get to say what it had to say.
        "fail" | "cancelled" => Some(Count { passed: 0, failed: n }),
        _ => None,
    }
}

/// The number that ends just before `word`.
fn before(text: &str, word: &str) -> Option<u64> {
    text.split(';').find_map(|part| part.trim().strip_suffix(word)?.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_dialects_add_up() {
        let said = "running 2 tests\n\
            test result: ok. 5 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.0s\n\
            test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out\n\
            test result: ok. 4 passed; 0 failed; 0 ignored; 0 filtered out\n\
            ℹ tests 4\nℹ pass 3\nℹ fail 1\nℹ cancelled 0\n# pass 10\n# fail 0\n";
        assert_eq!(Count::of(said.lines()), Count { passed: 23, failed: 3 });
    }

    #[test]
    fn ordinary_lines_count_nothing() {
        let said = ["# fail 3 times", "pass 3", "test result: odd", "ℹ duration_ms 12"];
        assert_eq!(Count::of(said), Count::default());
    }
}
