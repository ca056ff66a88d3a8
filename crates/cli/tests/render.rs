//! `memcg render`: every form comes out, a picture is a scenario, and mistakes are said.

mod common;

use common::{memcg, memcg_with_input};
use expect_test::expect;
use std::fmt::Write as _;

#[test]
fn every_form() {
    for (form, begins) in [
        ("--svg", "<svg "),
        ("--ascii", "rhel7-dead-count\n"),
        ("--html", "<!doctype html>"),
        ("--perfetto", "{\"displayTimeUnit\""),
    ] {
        let told = memcg(&["render", "one-rmdir", form]);
        assert_eq!((told.status, told.err.as_str()), (0, ""), "{form}");
        assert!(told.out.starts_with(begins), "{form}: {}", &told.out[..60]);
    }
}

/// A figure of a moment is read as the scenario that it shows, and stands at its moment.
#[test]
fn a_picture_is_a_scenario() {
    let figure = memcg(&["render", "seed-story", "--svg", "--step", "12"]);
    let told = memcg_with_input(&["run", "-", "--moves"], &figure.out);
    assert_eq!((told.status, told.err.as_str()), (0, ""));
    assert_eq!(told.out, memcg(&["run", "seed-story", "--moves"]).out);
    let again = memcg_with_input(&["render", "-"], &figure.out);
    assert!(again.out == figure.out, "the figure drawn from a figure differs");
}

/// Drawn with the system's fonts; without any it says so.
#[test]
fn a_bitmap() {
    let file = std::env::temp_dir().join(format!("memcg-render-{}.png", std::process::id()));
    let path = file.to_str().expect("UTF-8");
    let told = memcg(&["render", "one-rmdir", "--png", "--scale", "1", "--out", path]);
    if told.status != 0 {
        assert!(told.err.contains("no font to draw text with"), "{}", told.err);
        return;
    }
    let bytes = std::fs::read(&file).expect("written");
    std::fs::remove_file(&file).expect("removed");
    assert!(bytes.starts_with(b"\x89PNG\r\n\x1a\n"));
}

/// A page carries the playground of a folder, gzipped and in base64, and a link to its scenario.
#[test]
fn a_page_with_an_engine() {
    let folder = std::env::temp_dir().join(format!("memcg-engine-{}", std::process::id()));
    let dist = folder.to_str().expect("UTF-8");
    std::fs::create_dir_all(&folder).expect("made");
    let told = memcg(&["render", "one-rmdir", "--html", "--engine", dist]);
    assert_eq!(told.status, 2);
    assert!(
        told.err.contains("app.js: ") && told.err.contains("cargo xtask build"),
        "{}",
        told.err
    );
    for name in ["app.js", "app_bg.wasm", "worker.js", "worker_bg.wasm", "style.css", "late.css"] {
        std::fs::write(folder.join(name), format!("this is {name}")).expect("written");
    }
    let told = memcg(&["render", "one-rmdir", "--html", "--engine", dist]);
    assert_eq!((told.status, told.err.as_str()), (0, ""));
    let file = folder.join("page.html");
    std::fs::write(&file, &told.out).expect("written");
    let page = file.to_str().expect("UTF-8");
    assert_eq!(memcg(&["import", page]).out, memcg_with_input(&["import"], &told.out).out);
    let (_, link) = told.out.split_once("data-link=\"").expect("a link");
    let (link, _) = link.split_once('"').expect("ends");
    assert_eq!(memcg(&["run", link]).out, memcg(&["run", "one-rmdir"]).out);
    for id in ["app-js", "app-wasm", "worker-js", "worker-wasm", "app-css"] {
        let (_, part) =
            told.out.split_once(&format!("<script id=\"{id}\" type=\"text/plain\">")).expect(id);
        // What gzip begins with, in base64.
        assert!(part.starts_with("H4sI"), "{id}");
    }
    let told = memcg(&["render", "one-rmdir", "--svg", "--engine", dist]);
    assert_eq!((told.status, told.err.as_str()), (2, "memcg: --engine goes with --html\n"));
    std::fs::remove_dir_all(&folder).expect("removed");
}

#[test]
fn mistakes() {
    let mut said = String::new();
    for args in [
        ["one-rmdir", "--theme", "blue"],
        ["one-rmdir", "--grain", "move"],
        ["one-rmdir", "--step", "x"],
        ["one-rmdir", "--step", "99"],
        ["one-rmdir", "--scale", "9"],
        ["one-rmdir", "--policy", "v4.4-wek"],
        ["one-rmdir", "--svgg", "x"],
        ["one-rmdir", "--out", "/nowhere/at/all.svg"],
    ] {
        let told = memcg(&[&["render"], &args[..]].concat());
        write!(said, "{} {}", told.status, told.err).expect("a string");
    }
    expect![[r#"
        2 memcg: --theme takes auto, light, dark or print, not "blue"
        2 memcg: --grain takes access, statement or call, not "move"
        2 memcg: --step takes a number of moves, not "x"
        0 warning: the schedule has 10 moves, so --step 99 is its end
        2 memcg: --scale takes a number from 1 to 8, not "9"
        2 error: there is no policy "v4.4-wek"; did you mean "v4.4-weak"?
        error: no policy to run: name some under `compare:` or with --policy
        2 memcg: there is no option "--svgg"; did you mean "--svg"?
        2 memcg: /nowhere/at/all.svg: No such file or directory (os error 2)
    "#]]
    .assert_eq(&said);
    let long =
        "hierarchy:\n a\nthreads:\n k: reclaim /\ncompare:\n vz7-nullify\nschedule:\n k x2000\n";
    let longer = long.replace("x2000", "x20001");
    let told = memcg_with_input(&["render", "-", "--perfetto"], &longer);
    expect![[r#"
        memcg: every access of 20001 moves is too much to tell; take --step N, 20000 at most
    "#]]
    .assert_eq(&told.err);
    let told = memcg_with_input(&["render", "-", "--html"], long);
    expect![[r#"
        memcg: a page steps through 2000 moments at most, and the schedule has 2000 moves: draw one with --svg --step N
    "#]].assert_eq(&told.err);
}
