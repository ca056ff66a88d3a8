//! `memcg import`: race diagrams and pictures give back what they were made of.

mod common;

use common::{memcg, memcg_with_input};
use expect_test::expect;
use std::fmt::Write as _;

/// A file of this test alone, gone when it is dropped.
struct File(std::path::PathBuf);

impl File {
    fn new(name: &str, bytes: &[u8]) -> Self {
        let path = std::env::temp_dir().join(format!("memcg-import-{}-{name}", std::process::id()));
        std::fs::write(&path, bytes).expect("written");
        Self(path)
    }

    fn path(&self) -> &str {
        self.0.to_str().expect("UTF-8")
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// Every kind of breach: what `memcg check --ascii` prints is read as it stands, with the scenario above it, and the
/// schedule draws the same diagram.
#[test]
fn counter_examples_there_and_back() {
    for (name, policy, rounds) in [
        ("bias-core-nullify", "vz7-nullify:bias", "1"),
        ("pinned-without-bound", "v3.10rc-pinned", "1"),
        ("dying-root", "v3.10-dead-count", "1"),
        ("loop-inside", "v3.13-dead-count", "1"),
        ("half-made-group", "v3.13-dead-count", "1"),
        ("torn-pair", "rhel7-dead-count", "1"),
        ("old-next-pointer", "rhel7-dead-count", "1"),
        ("leak-after-break", "v3.19-pinned", "1"),
        ("late-reference", "v3.19-pinned", "1"),
        ("global-root-slots", "v4.4-weak", "2"),
        ("stale-group", "kinsey-v3-restart", "1"),
    ] {
        let told = memcg(&["check", name, "--policy", policy, "--rounds", rounds, "--ascii"]);
        assert_eq!(told.status, 1, "{name}: {}", told.err);
        let file = File::new(name, told.out.as_bytes());
        let read = memcg(&["import", "--race", file.path(), "--for", name]);
        assert_eq!(read.status, 0, "{name}: {}\n{}", read.err, told.out);
        assert!(read.err.contains("draws the same diagram"), "{name}: {}", read.err);
        let again = memcg_with_input(&["render", "-", "--ascii", "--policy", policy], &read.out);
        assert_eq!((again.status, again.err.as_str()), (0, ""), "{name}");
        assert!(told.out.ends_with(&again.out), "{name}:\n{}\n{}", told.out, again.out);
    }
}

/// A diagram of a lane that the scenario does not compare is followed under that lane.
#[test]
fn a_lane_of_its_own() {
    let told = memcg(&["render", "one-rmdir", "--ascii", "--policy", "v4.4-weak"]);
    let file = File::new("own-lane", told.out.as_bytes());
    let read = memcg(&["import", "--race", file.path(), "--for", "one-rmdir"]);
    assert_eq!(read.status, 0, "{}", read.err);
    assert!(read.out.contains("compare:\n  v4.4-weak\n\nschedule:"), "{}", read.out);
}

#[test]
fn pictures() {
    let text = memcg_scenario::gallery_item("one-rmdir").expect("in the gallery").text;
    for (form, name) in [("--svg", "a.svg"), ("--html", "a.html"), ("--png", "a.png")] {
        let file = File::new(name, b"");
        let drawn = memcg(&["render", "one-rmdir", form, "--out", file.path()]);
        if drawn.status != 0 {
            assert!(drawn.err.contains("no font to draw text with"), "{form}: {}", drawn.err);
            continue;
        }
        let read = memcg(&["import", file.path()]);
        assert_eq!((read.status, read.err.as_str(), read.out.as_str()), (0, "", text), "{form}");
        // Wherever a scenario is read, a picture is one.
        assert_eq!(memcg(&["run", file.path()]).out, memcg(&["run", "one-rmdir"]).out, "{form}");
    }
}

#[test]
fn mistakes() {
    let empty = File::new("empty", b"");
    let prose = File::new("prose", b"This is no diagram,\nas everybody sees.\n");
    let half = File::new("half.png", b"\x89PNG\r\n\x1a\n\0\0");
    let mut said = String::new();
    for args in [
        &["--race", "x"][..],
        &["--for", "one-rmdir"],
        &["--race", "/nowhere", "--for", "one-rmdir"],
        &["--race", "x", "y", "--for", "one-rmdir"],
        &["--race", empty.path(), "--for", "one-rmdir"],
        &["--race", prose.path(), "--for", "one-rmdir", "--policy", "vz7-nullify"],
        &["--race", empty.path(), "--for", "one-rmdr"],
        &[half.path()],
        &["--rase", "x"],
    ] {
        let told = memcg(&[&["import"], args].concat());
        write!(said, "{} {}", told.status, told.err).expect("a string");
    }
    let dir = std::env::temp_dir().display().to_string();
    let said = said.replace(&format!("{dir}/memcg-import-{}-", std::process::id()), "");
    expect![[r#"
        2 memcg: a race diagram names no tree and no walks: say memcg import --race FILE --for SCENARIO
        2 memcg: a race diagram names no tree and no walks: say memcg import --race FILE --for SCENARIO
        2 memcg: /nowhere: No such file or directory (os error 2)
        2 memcg: --race names the file to import; say memcg import --race FILE --for SCENARIO
        2 left out what the scenario expects of its own schedule
        empty:error: no line of this text is one of a race diagram
        0 of 0 lines followed under rhel7-dead-count
        2 left out what the scenario expects of its own schedule
        prose:error: no line of this text is one of a race diagram
        0 of 0 lines followed under vz7-nullify
        2 memcg: one-rmdr: No such file or directory (os error 2); did you mean the gallery's "one-rmdir"?
        2 memcg: half.png: this picture or page holds no scenario, or was cut off
        2 memcg: there is no option "--rase"; did you mean "--race"?
    "#]].assert_eq(&said);
}

/// What `memcg check` exports (a scenario, a link, a diagram) replays to the same breach, all from one JSON.
#[test]
fn exports_of_a_counter_example() {
    for (name, policy, rounds, breach) in [
        ("bias-core-nullify", "vz7-nullify:bias", "1", "UAF css_tryget"),
        ("leak-after-break", "v3.19-pinned", "1", "leak"),
        ("late-reference", "v3.19-pinned", "1", "REF underflow"),
        ("half-made-group", "v3.13-dead-count", "1", "returned"),
        ("dying-root", "v3.10-dead-count", "1", "walk-ends"),
        ("loop-inside", "v3.13-dead-count", "1", "HANG"),
    ] {
        let check = ["check", name, "--policy", policy, "--rounds", rounds];
        let told = memcg(&[&check[..], &["--json"]].concat());
        assert_eq!(told.status, 1, "{}", told.err);
        let verdicts: serde_json::Value = serde_json::from_str(&told.out).expect("JSON");
        let text = |key: &str| verdicts[0][key].as_str().unwrap_or_else(|| panic!("{name}: {key}"));
        assert_eq!(
            (text("name"), &verdicts[0]["replays"]),
            (breach, &serde_json::Value::Bool(true))
        );
        // The scenario plays, and comes to what it expects.
        let (scenario, link) = (text("scenario"), text("link"));
        let run = memcg_with_input(&["run", "-"], scenario);
        assert_eq!((run.status, run.err.as_str()), (0, ""), "{name}: {}", run.out);
        let fault = ["UAF css_tryget", "REF underflow", "HANG"].contains(&breach);
        assert_eq!(run.out.contains(breach), fault, "{name}: {}", run.out);
        // The link holds the same scenario, stands at its end, and its proof of the end holds.
        assert_eq!(memcg(&["run", link]).out, run.out, "{name}");
        let decoded = memcg(&["link", "decode", link]);
        assert_eq!((decoded.status, decoded.err.as_str()), (0, ""), "{name}");
        assert!(decoded.out.contains("# state: ") && decoded.out.ends_with(scenario), "{name}");
        // The diagram, read back, comes to what the scenario expects.
        let file = File::new(&format!("export-{name}"), text("diagram").as_bytes());
        let read = memcg(&["import", "--race", file.path(), "--for", name]);
        assert_eq!(read.status, 0, "{name}: {}", read.err);
        assert!(read.err.contains("draws the same diagram"), "{name}: {}", read.err);
        if breach != "HANG" {
            let expects = scenario.find("\nexpect:").map_or("", |at| &scenario[at..]);
            let again = memcg_with_input(&["run", "-"], &format!("{}{expects}", read.out));
            assert_eq!(again.status, 0, "{name}: {}{}", again.err, again.out);
            assert_eq!(again.out.contains(breach), fault, "{name}: {}", again.out);
        }
        // As text, all that can be asked for stands below each other.
        let told = memcg(&[&check[..], &["--ascii", "--link"]].concat());
        for part in [scenario, link, text("diagram")] {
            assert!(told.out.contains(part), "{name}: {}\n{part}", told.out);
        }
    }
}

/// A counter-example of an edited listing is a link, which holds the edit.
#[test]
fn an_edited_listing_is_in_the_link() {
    let base = memcg_core::registry::policy("vz7-nullify").expect("a policy").text;
    let edited: String =
        base.split_inclusive('\n').filter(|line| !line.contains("lock_sched();")).collect();
    let file = File::new("no-sched.lst", edited.as_bytes());
    let told = memcg(&[
        "check",
        "bias-core-nullify",
        "--listing",
        file.path(),
        "--grace",
        "sched-only",
        "--json",
    ]);
    assert_eq!(told.status, 1, "{}", told.err);
    let verdicts: serde_json::Value = serde_json::from_str(&told.out).expect("JSON");
    let link = verdicts[0]["link"].as_str().expect("a link");
    let run = memcg(&["run", link]);
    assert_eq!(run.status, 0, "{}", run.err);
    assert!(run.out.contains("UAF css_tryget"), "{}", run.out);
    let decoded = memcg(&["link", "decode", link]);
    assert!(decoded.out.contains("-    rcu_read_lock_sched();"), "{}", decoded.out);
}
