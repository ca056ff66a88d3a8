//! `memcg link`: there and back, advice, and what it says to damage and to a model that has changed.

mod common;

use common::{memcg, memcg_with_input};
use expect_test::expect;
use memcg_scenario::gallery_item;

#[test]
fn there_and_back() {
    let told = memcg(&[
        "link",
        "encode",
        "one-rmdir",
        "--base",
        "https://x.org/p/#old",
        "--cursor",
        "3",
        "--view",
        "theme=dark",
    ]);
    assert_eq!((told.status, told.err.as_str()), (0, ""));
    let link = told.out.trim();
    assert!(link.starts_with("https://x.org/p/#1:"), "{link}");
    let told = memcg(&["link", "decode", link]);
    assert_eq!((told.status, told.err.as_str()), (0, ""));
    let (comments, text) = told.out.split_at(told.out.find("scenario:").expect("a scenario"));
    expect![[r#"
        # cursor: 3
        # view: theme dark
        # state: dcfe877f
    "#]]
    .assert_eq(comments);
    assert_eq!(text, gallery_item("one-rmdir").expect("in the gallery").text);
}

/// An edited listing travels, and the link is a scenario like any other.
#[test]
fn an_edited_listing() {
    let base = memcg_core::registry::policy("vz7-nullify").expect("shipped").text;
    let file = std::env::temp_dir().join(format!("memcg-edit-{}.lst", std::process::id()));
    std::fs::write(&file, base.replace("\trcu_read_lock_sched();\n", "")).expect("written");
    let option = format!("vz7-nullify:no-sched={}", file.display());
    let scenario = "hierarchy:\n a\nthreads:\n k: reclaim /\ncompare:\n vz7-nullify\n no-sched\nschedule:\n k\n";
    let told = memcg_with_input(&["link", "encode", "-", "--edit", &option], scenario);
    std::fs::remove_file(&file).expect("removed");
    assert_eq!((told.status, told.err.as_str()), (0, ""));
    let link = told.out;
    // A figure of it has the listing inside.
    let figure = memcg(&["render", link.trim()]);
    let told = memcg_with_input(&["compare", "-"], &figure.out);
    assert_eq!(told.out, memcg(&["compare", link.trim()]).out);
    expect![[r#"
        policy         visits    rounds  restarts   skipped   doubles     wiped      held    faults
        vz7-nullify         1         0         0         0         0         0         0         0
        no-sched            0         0         0         0         0         0         0         1

        where it first parts from vz7-nullify
          no-sched     move 1: a fault: k leaves a read-side section that it has not entered: rcu_read_unlock_sched()

        faults
          no-sched     move 1: unlock without lock, k leaves a read-side section that it has not entered: rcu_read_unlock_sched()
    "#]].assert_eq(&told.out);
}

/// A checksum that does not fit: said on standard error, and by the exit status.
#[test]
fn a_model_that_has_changed() {
    let scenario = "1t:state:00000001%0Ahierarchy:%0A%20a%0Athreads:%0A%20k:reclaim%20/%20rounds%201%0Acompare:%0A%20vz7-nullify%0Aschedule:%0A%20k%20x";
    let told = memcg(&["link", "decode", &format!("{scenario}3%0A")]);
    assert_eq!(told.status, 1);
    expect![[r#"
        the model has changed since this was shared: every move is possible, but they come to another end
    "#]].assert_eq(&told.err);
    let told = memcg(&["link", "decode", &format!("{scenario}4%0A")]);
    assert_eq!(told.status, 1);
    expect![[r#"
        the model has changed since this was shared: move 4 is no longer possible, vz7-nullify: k has done all it had to do
    "#]].assert_eq(&told.err);
}

#[test]
fn mistakes() {
    let long = format!("note: {}\n", "x y z ".repeat(2_000));
    for (args, input) in [
        (vec!["link", "decode", "#section-2"], ""),
        (vec!["link", "decode", "#1:ofL6jEP"], ""),
        (vec!["link", "decode", "#9:ofL6jEP"], ""),
        (vec!["link", "decode", ""], ""),
        (vec!["link", "encode", "-", "--plain"], long.as_str()),
        (vec!["link", "encode", "one-rmdir", "--edit", "vz7-nulify=x"], ""),
        (vec!["link", "encode", "one-rmdir", "--cursor", "x"], ""),
        (vec!["link", "encod", "one-rmdir"], ""),
    ] {
        let told = memcg_with_input(&args, input);
        assert!(!told.err.is_empty(), "{args:?}");
        println!("{} {}", told.status, told.err.trim_end());
    }
    let err = |args: &[&str]| memcg(args).err;
    expect![[r#"
        the link: this link was cut off, so early that nothing of it can be read
    "#]]
    .assert_eq(&err(&["link", "decode", "#1:ofL6jEP"]));
    expect![[r#"
        warning: this link has 24008 characters, and some programs cut links beyond 2000: send the scenario as a file, or put the file beside the page and link to it with ?src=NAME.scenario
    "#]].assert_eq(&memcg_with_input(&["link", "encode", "-", "--plain"], &long).err);
    expect![[r#"
        memcg: there is no policy "vz7-nulify"; did you mean "vz7-nullify"?
    "#]]
    .assert_eq(&err(&["link", "encode", "one-rmdir", "--edit", "vz7-nulify=x"]));
}
