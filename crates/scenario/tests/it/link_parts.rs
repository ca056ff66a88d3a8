//! The optional parts of links: what the schedule came to, edited listings; and how long links are.

use expect_test::expect;
use memcg_core::replay::Proof;
use memcg_scenario::{
    gallery,
    link::{LINK_CHARS_WARN, ListingEdit, Shared, advice, decode, encode, encode_plain},
    parse,
};
use std::fmt::Write as _;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const BASE: &str = "memcg *next(memcg *root)
{
\trcu_read_lock();
\tfind();
\trcu_read_unlock();
\treturn found;
}
";

const EDITED: &str = "memcg *next(memcg *root)
{
\tfind();
\tretry();
\treturn found;
}
";

fn small() -> Shared {
    let scenario = parse("hierarchy:\n a\ncompare:\n mine\n base\nschedule:\n k\n").scenario;
    let edits = vec![ListingEdit::between("base", "mine", BASE, EDITED)];
    let proof = Some(Proof { fingerprint: 0x00c0_ffee, idle: vec![2, 7] });
    Shared { scenario, edits, proof, ..Shared::default() }
}

/// What the parts look like, and a link with them as it was issued: it opens for ever.
#[test]
fn the_form_of_the_parts() {
    let fragment = encode(&small()).expect("small");
    let decoded = decode(&fragment);
    expect![[r#"
        state:00c0ffee 2 7
        edit:base as mine
         @3
         -	rcu_read_lock();
         @5
         -	rcu_read_unlock();
         +	retry();
        hierarchy:
         a
        compare:
         mine
         base
        schedule:
         k
    "#]]
    .assert_eq(&decoded.text);
    assert_eq!(decoded.shared, Some(small()));
    let issued = "1:mJ89y1VZuwrAIAyc9Ss6tpRCKIigi7_i8wP8_8FLXMwWLpCEGy4kJ35RIKo0Bhj8L297g8NRmGw-F0T2E0b9jPKE7ycCdwrfZrBkXjM7vsEcn4skH5K0S3MjJTd2AQ";
    assert_eq!(decode(issued).shared, Some(small()));
    assert_eq!(decode(issued).trouble, []);
    assert_eq!(small().edits[0].apply(BASE).as_deref(), Ok(EDITED));
}

/// The shipped listing has changed since: the edit finds its place, or says what it looked for.
#[test]
fn a_base_that_has_changed() {
    let edit = &small().edits[0];
    let moved = BASE.replace("{\n", "{\n\tint a;\n\tint b;\n");
    assert_eq!(edit.apply(&moved), Ok(EDITED.replace("{\n", "{\n\tint a;\n\tint b;\n")));
    let gone = BASE.replace("rcu_read_unlock", "rcu_read_unlock_sched");
    let misfit = edit.apply(&gone).expect_err("a line is gone").to_string();
    expect![[r#"the listing base has changed since it was edited: part 2 of the edit belongs at "rcu_read_unlock();", which is no longer there"#]].assert_eq(&misfit);
}

/// Parts that make no sense are said with their place; the rest is used.
#[test]
fn mistakes_in_the_parts() {
    let text =
        "state:xyz\nedit:\nedit:a as\nedit:a b\nedit:a\n +x\n @1\n *x\n @y\nhierarchy:\n a\n";
    let mut out = String::new();
    for d in decode(&format!("1t:{text}")).diagnostics {
        writeln!(out, "{d}").expect("a string");
    }
    expect![[r#"
        1:7: error: the state is a checksum of 8 hexadecimal digits, then numbers of moves
        2:6: error: an edit names the listing it was made from, and perhaps "as" and its own name
        3:6: error: an edit names the listing it was made from, and perhaps "as" and its own name
        4:6: error: an edit names the listing it was made from, and perhaps "as" and its own name
        6:2: error: a line of an edit is @ and a line's number, then lines with = - or + before them
        8:2: error: a line of an edit is @ and a line's number, then lines with = - or + before them
        9:2: error: a line of an edit is @ and a line's number, then lines with = - or + before them
    "#]]
    .assert_eq(&out);
    let in_a_scenario = parse("state:0\n").diagnostics[0].to_string();
    expect![[r#"1:1: warning: "state" belongs to links, not to scenarios"#]]
        .assert_eq(&in_a_scenario);
}

/// Lengths of the gallery's links, with a state, and of one with an edited listing.
#[test]
fn sizes() {
    let mut sizes = Vec::new();
    for item in gallery() {
        let scenario = parse(item.text).scenario;
        let proof = Some(Proof { fingerprint: 0xdead_beef, idle: Vec::new() });
        let n = encode(&Shared { scenario, proof, ..Shared::default() }).expect("small").len();
        println!("{n:5} characters: {}", item.name);
        sizes.push(n);
    }
    sizes.sort_unstable();
    let median = sizes[sizes.len() / 2];
    println!("{median:5} characters: the median");
    assert!(median <= 300, "the median of {sizes:?} is above 300 characters");
}

#[test]
fn a_long_link_comes_with_advice() {
    assert_eq!(advice(LINK_CHARS_WARN), None);
    let plain = encode_plain(&Shared {
        scenario: parse(&format!("note: {}", "x".repeat(LINK_CHARS_WARN))).scenario,
        ..Shared::default()
    });
    expect!["this link has 2011 characters, and some programs cut links beyond 2000: send the scenario as a file, or put the file beside the page and link to it with ?src=NAME.scenario"].assert_eq(&advice(plain.expect("small").len()).expect("long"));
}
