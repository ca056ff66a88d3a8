//! Links: round trips, damage, and every link ever issued.

use expect_test::{Expect, expect};
use memcg_scenario::{
    link::{Shared, View, block as block_of, decode, encode, encode_plain, has_edits, read_block},
    parse, print,
};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

pub(crate) fn shared(text: &str) -> Shared {
    let mut view = View::default();
    view.set(View::THREAD, "kswapd0");
    view.set(View::THEME, "dark");
    let (scenario, branch) = (parse(text).scenario, Some("late walker".into()));
    Shared { scenario, cursor: 3, branch, view, ..Shared::default() }
}

const SMALL: &str = "scenario: Small
hierarchy:
  machine
    ct-101
    ct-102
threads:
  kswapd0: reclaim /
  admin: rmdir machine/ct-102
compare:
  first
  second on other
schedule:
  kswapd0 x4
  admin
";

/// What was read, what is wrong, and the text.
fn check(fragment: &str, expected: &Expect) {
    let decoded = decode(fragment);
    let mut out = String::new();
    for trouble in &decoded.trouble {
        out.push_str(&format!("trouble: {trouble}\n"));
    }
    for diagnostic in &decoded.diagnostics {
        out.push_str(&format!("{diagnostic}\n"));
    }
    match decoded.shared {
        None => out.push_str("nothing\n"),
        Some(shared) => {
            out.push_str(&format!("cursor {} branch {:?}\n", shared.cursor, shared.branch));
            for (key, value) in &shared.view.0 {
                out.push_str(&format!("{key} = {value}\n"));
            }
            out.push_str(&print(&shared.scenario));
        }
    }
    expected.assert_eq(&out);
}

/// The bytes of version 1 as they are issued today: another string for the same state is no
/// harm, but has to be meant.
#[test]
fn the_form_of_a_link() {
    let shared = shared(SMALL);
    let fragment = encode(&shared).expect("small");
    expect!["1:14M6uZ2ZuQ0AMAgD-6yTUZiD_VseYQQSBWII8NkXdunDPZWFCr6pG5xZ0xCbZtpFxg3Ta8l1nngoHgo6DjTj08pjEA"].assert_eq(&fragment);
    assert_eq!(decode(&fragment).shared, Some(shared.clone()));
    let plain = encode_plain(&shared).expect("small");
    expect!["1t:cursor:3%0Abranch:late%20walker%0Aview:%0A%20theme%20dark%0A%20thread%20kswapd0%0Ascenario:Small%0Ahierarchy:%0A%20machine%0A%20%20ct-101%0A%20%20ct-102%0Athreads:%0A%20kswapd0:reclaim%20/%0A%20admin:rmdir%20machine/ct-102%0Acompare:%0A%20first%0A%20second%20on%20other%0Aschedule:%0A%20kswapd0%20x4%0A%20admin%0A"].assert_eq(&plain);
    assert_eq!(decode(&plain).shared, Some(shared));
}

/// A whole address, escapes and line breaks made by mail and chat, the other base64 alphabet.
#[test]
fn links_as_others_pass_them_on() {
    let shared = shared(SMALL);
    let fragment = encode(&shared).expect("small");
    let (head, tail) = fragment.split_at(20);
    for passed_on in [
        format!("#{fragment}"),
        format!("example/memcg/#{fragment}"),
        format!("  {head}\n  {tail}\n"),
        fragment.replacen(':', "%3A", 1),
        fragment.replace('-', "+").replace('_', "/") + "==",
    ] {
        let decoded = decode(&passed_on);
        assert_eq!(
            (decoded.shared.as_ref(), decoded.trouble.len()),
            (Some(&shared), 0),
            "{passed_on}"
        );
    }
}

/// Written by hand.
#[test]
fn the_plain_form() {
    check(
        "#1t:hierarchy:%0A%20a%0A  b%0Athreads:\n k:reclaim%20a%0Acursor:2%0Aview:%0A%20theme light%0A%2",
        &expect![[r#"
            trouble: percent signs of this link without two digits after them: 1
            9:1: error: a line at the margin starts with a word and ":"; indent the lines of a section by two spaces
            cursor 2 branch None
            theme = light
            preemption: none

            hierarchy:
              a
                b

            threads:
              k: reclaim a node 0 zones 1 priority 12 rounds forever
        "#]],
    );
}

/// What is no link says so and does no more.
#[test]
fn not_a_link() {
    check(
        "",
        &expect![[r#"
        nothing
    "#]],
    );
    check(
        "#",
        &expect![[r#"
        nothing
    "#]],
    );
    check(
        "section-2",
        &expect![[r#"
        trouble: this is not a link of the playground
        nothing
    "#]],
    );
    check(
        "1:",
        &expect![[r#"
        trouble: this link was cut off, so early that nothing of it can be read
        nothing
    "#]],
    );
    check(
        "0:AAAA",
        &expect![[r#"
        trouble: this is not a link of the playground
        nothing
    "#]],
    );
}

/// A link of a page that is newer than this one.
#[test]
fn a_newer_version() {
    check(
        "#7:abcdef",
        &expect![[r#"
        trouble: this link has version 7, and this page knows links up to version 1: open it with a newer page
        nothing
    "#]],
    );
}

/// Cut by a program that keeps only so many characters.
#[test]
fn a_link_cut_in_half() {
    let fragment = encode(&shared(SMALL)).expect("small");
    check(
        &fragment[..fragment.len() * 3 / 5],
        &expect![[r#"
            trouble: this link was cut off; lines that could be read: 3
            cursor 3 branch Some("late walker")
            preemption: none
        "#]],
    );
}

/// A wrong character: what follows is not read.
#[test]
fn a_wrong_character() {
    let mut fragment = encode(&shared(SMALL)).expect("small");
    fragment.push_str(")!");
    check(
        &fragment,
        &expect![[r#"
            trouble: this link holds a character that no link has, U+0029 after 90 bytes; what follows was not read
            cursor 3 branch Some("late walker")
            theme = dark
            thread = kswapd0
            scenario: Small
            preemption: none

            hierarchy:
              machine
                ct-101
                ct-102

            threads:
              kswapd0: reclaim / node 0 zones 1 priority 12 rounds forever
              admin: rmdir machine/ct-102

            compare:
              first
              second on other

            schedule:
              kswapd0 x4
              admin
        "#]],
    );
}

/// A changed digit is known by the checksum.
#[test]
fn a_damaged_link() {
    let fragment = encode(&shared(SMALL)).expect("small");
    let at = fragment.len() - 12;
    let other = if fragment.as_bytes()[at] == b'A' { "B" } else { "A" };
    let mut damaged = fragment;
    damaged.replace_range(at..=at, other);
    check(
        &damaged,
        &expect![[r##"
            trouble: this link was cut off; lines that could be read: 16
            16:9: error: nothing more can stand on this line; start a comment with "#", put quotes round spaces
            cursor 3 branch Some("late walker")
            theme = dark
            thread = kswapd0
            scenario: Small
            preemption: none

            hierarchy:
              machine
                ct-101
                ct-102

            threads:
              kswapd0: reclaim / node 0 zones 1 priority 12 rounds forever
              admin: rmdir machine/ct-102

            compare:
              first
              second
        "##]],
    );
}

/// A view's keys that nobody knows yet come through.
#[test]
fn unknown_keys_are_kept() {
    let mut view = View::default();
    view.set("zoom", "2 x");
    view.set("flag", "");
    view.insert("empty".into(), String::new());
    let shared = Shared { view, ..Shared::default() };
    assert_eq!(decode(&encode(&shared).expect("small")).shared, Some(shared));
}

/// Too much text is refused when writing, and cut when reading.
#[test]
fn bounds() {
    let long = Shared {
        scenario: memcg_scenario::Scenario {
            title: "x".repeat(5 * 1024 * 1024),
            ..memcg_scenario::Scenario::default()
        },
        ..Shared::default()
    };
    let refused = encode(&long).expect_err("too long");
    expect!["the scenario has 5242890 bytes, a link holds 4194304 at most"]
        .assert_eq(&refused.to_string());
    let decoded = decode(&"1:A".repeat(3 * 1024 * 1024));
    assert!(decoded.shared.is_none());
    expect!["this link has 9437184 bytes; at most 4194304 are read, so nothing was"]
        .assert_eq(&decoded.trouble[0].to_string());
}

/// Every link that was ever issued, with the scenario that it has to give. Lines are only added.
#[cfg(not(target_arch = "wasm32"))]
#[test]
fn every_link_ever_issued() {
    for corpus in [include_str!("../links/v1.txt"), include_str!("../links/v1-optional.txt")] {
        opens(corpus);
    }
}

#[cfg(not(target_arch = "wasm32"))]
fn opens(corpus: &str) {
    let mut n = 0;
    for entry in corpus.split("\n== ").skip(1) {
        let (link, expected) = entry.split_once('\n').expect("a link and its text");
        let decoded = decode(link);
        assert!(decoded.trouble.is_empty(), "{link}: {:?}", decoded.trouble);
        let shared = decoded.shared.expect(link);
        let view: std::collections::BTreeMap<String, String> =
            shared.view.0.iter().cloned().collect();
        let mut out =
            format!("cursor {} branch {:?} view {view:?}\n", shared.cursor, shared.branch);
        out.push_str(&print(&shared.scenario));
        assert_eq!(out.trim_end(), expected.trim_end(), "{link}");
        n += 1;
    }
    assert!(n > 0, "the corpus holds no link");
}

#[cfg(not(target_arch = "wasm32"))]
mod any {
    use super::super::round_trip::scenario;
    use super::*;
    use memcg_core::replay::Proof;
    use memcg_scenario::link::ListingEdit;
    use proptest::{
        collection::{btree_map, vec},
        option,
        prelude::*,
    };

    prop_compose! {
        fn any_shared()(
            scenario in scenario(),
            cursor in 0..200usize,
            branch in option::of(".{0,8}"),
            view in btree_map(".{0,6}", ".{0,6}", 0..4),
            edits in vec(edit(), 0..3),
            proof in option::of((any::<u32>(), vec(1..99_u32, 0..3))),
        ) -> Shared {
            let proof = proof.map(|(fingerprint, idle)| Proof { fingerprint, idle });
            Shared { scenario, cursor, branch, view: View(view.into_iter().collect()), edits, proof }
        }
    }

    /// A text of few different lines, so that two of them share some.
    fn text() -> impl Strategy<Value = String> {
        vec("[ab\t#\"=@+-]{0,2}", 0..12).prop_map(|lines| lines.join("\n") + "\n")
    }

    fn edit() -> impl Strategy<Value = ListingEdit> {
        (".{1,6}", ".{1,6}", text(), text())
            .prop_map(|(base, name, old, new)| ListingEdit::between(&base, &name, &old, &new))
    }

    proptest! {
        /// A difference makes the edited text of its base, but for white space at the ends of lines.
        #[test]
        fn edits_apply(old in text(), new in text()) {
            let edit = ListingEdit::between("base", "mine", &old, &new);
            let wanted: Vec<&str> = new.lines().map(str::trim_end).collect();
            prop_assert_eq!(edit.apply(&old), Ok(wanted.join("\n") + "\n"));
        }

        #[test]
        fn links_read_back(s in any_shared()) {
            let decoded = decode(&encode(&s).expect("small"));
            prop_assert!(decoded.trouble.is_empty());
            prop_assert_eq!(decoded.shared, Some(s.clone()));
            let decoded = decode(&encode_plain(&s).expect("small"));
            prop_assert!(decoded.trouble.is_empty());
            prop_assert_eq!(decoded.shared, Some(s));
        }

        /// Cut anywhere, it gives a part of the scenario and says so.
        #[test]
        fn every_cut_is_known(s in scenario(), at in any::<prop::sample::Index>()) {
            let fragment = encode(&Shared { scenario: s, ..Shared::default() }).expect("small");
            let decoded = decode(&fragment[..at.index(fragment.len())]);
            prop_assert!(decoded.shared.is_none() || !decoded.trouble.is_empty());
        }

        /// A changed bit is known, whatever can still be read.
        #[test]
        fn every_flip_is_known(s in scenario(), at in any::<prop::sample::Index>(), bit in 0..7u8) {
            let original = Shared { scenario: s, ..Shared::default() };
            let mut bytes = encode(&original).expect("small").into_bytes();
            let at = 2 + at.index(bytes.len() - 2);
            bytes[at] ^= 1 << bit;
            let decoded = decode(&String::from_utf8_lossy(&bytes));
            prop_assert!(!decoded.trouble.is_empty() || decoded.shared == Some(original));
        }

        #[test]
        fn nothing_panics(bytes in vec(any::<u8>(), 0..300), text in ".{0,80}") {
            use base64::Engine;
            decode(&text);
            decode(&format!("1:{text}"));
            decode(&format!("1t:{text}"));
            let digits = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(&bytes);
            decode(&format!("1:{digits}"));
        }
    }

    /// 200 MiB of zeros in 200 KiB: reading stops at the bound.
    #[test]
    fn a_bomb() {
        use base64::Engine;
        let packed = miniz_oxide::deflate::compress_to_vec(&vec![b'\n'; 200 * 1024 * 1024], 9);
        let bytes = [&[0, 0, 0, 0], packed.as_slice()].concat();
        let digits = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes);
        let decoded = decode(&format!("1:{digits}"));
        assert_eq!(decoded.text.len(), 4 * 1024 * 1024);
        expect!["the text in this link is longer than 4194304 bytes; the rest was not read"]
            .assert_eq(&decoded.trouble[0].to_string());
    }
}

/// What a block of documentation holds, with edited listings, is what the link to it gives; the Sphinx extension's tests read
/// the same file.
#[test]
fn blocks_hold_what_their_links_hold() {
    let vectors = include_str!("../../../../integrations/sphinx/tests/edited.txt");
    let mut n_edits = 0;
    for entry in vectors.split("\n== ").skip(1) {
        let (link, text) = entry.split_once('\n').expect("a link and a text");
        let (block, link) = (read_block(text), decode(link));
        assert!(block.diagnostics.is_empty() && link.trouble.is_empty(), "{text}");
        assert_eq!(block.shared, link.shared, "{text}");
        let shared = block.shared.expect("a text gives something");
        assert_eq!(has_edits(text), !shared.edits.is_empty(), "{text}");
        assert_eq!(
            read_block(&block_of(&shared)).shared,
            Some(shared.clone()),
            "it is written as it is read"
        );
        n_edits += shared.edits.len();
    }
    assert!(n_edits > 2, "integrations/sphinx/tests/make_vectors.py makes them");
}

/// The encoder in Python makes links of the same text, for every scenario of the gallery; its own tests read the same file.
#[test]
fn links_made_in_python_hold_the_same() {
    let vectors = include_str!("../../../../integrations/sphinx/tests/vectors.tsv");
    let mut names: Vec<&str> = Vec::new();
    for line in vectors.lines().filter(|line| !line.starts_with('#')) {
        let fields: Vec<&str> = line.split('\t').collect();
        let [name, ours, theirs] = fields[..] else { panic!("three fields: {line}") };
        let [ours, theirs] = [ours, theirs].map(decode);
        assert!(ours.trouble.is_empty() && theirs.trouble.is_empty(), "{name}");
        assert_eq!(ours.text, theirs.text, "{name}");
        let item = memcg_scenario::gallery_item(name).expect("a scenario of the gallery");
        assert_eq!(theirs.shared.map(|s| s.scenario), Some(parse(item.text).scenario), "{name}");
        names.push(name);
    }
    names.sort_unstable();
    let mut gallery: Vec<&str> = memcg_scenario::gallery().iter().map(|item| item.name).collect();
    gallery.sort_unstable();
    assert_eq!(names, gallery, "integrations/sphinx/tests/make_vectors.py makes them anew");
}
