//! No input panics, whatever it is.

use proptest::prelude::*;

use super::known;
use crate::command::{Known, completions, help, mentions, parse, parse_form, typed};

/// Pieces of commands, so that chance finds the deep branches.
fn commandlike() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        Just("action"),
        Just("new"),
        Just("list"),
        Just("kpi"),
        Just("record"),
        Just("review"),
        Just("input"),
        Just("done"),
        Just("CA-12"),
        Just("MR-2026-Q4"),
        Just("e"),
        Just("owner:"),
        Just("owner:@ann"),
        Just("due:in"),
        Just("2"),
        Just("weeks"),
        Just("--mine"),
        Just("—due"),
        Just("\""),
        Just("“x y”"),
        Just("nothing"),
        Just("onwer:x"),
        Just("page:0"),
        Just("--"),
        Just("help"),
        Just("?"),
        Just("<@U1|x>"),
        Just("settings"),
        Just("set"),
        Just("zone:x"),
        Just("audit"),
        Just("plan"),
        Just("1"),
        Just("\n"),
        Just("unit:="),
        Just("new:"),
    ];
    prop::collection::vec(word, 0..9).prop_map(|words| words.join(" "))
}

proptest! {
    #[test]
    fn no_text_panics(text in "(?s).*") {
        let _ = parse(&text, &known());
        let _ = completions(&text, &known());
        let _ = mentions(&text, &[]);
        let _ = help(std::slice::from_ref(&text));
        let _ = parse(&format!("action new {text}"), &Known::default());
        let _ = parse(&format!("action extend CA-1 {text}"), &Known::default());
        let _ = parse(&format!("kpi record {text}"), &Known::default());
    }

    #[test]
    fn no_commandlike_text_panics(text in commandlike()) {
        let _ = parse(&text, &known());
        let _ = completions(&text, &known());
        let words: Vec<String> = text.split(' ').map(str::to_owned).collect();
        let _ = parse(&typed(&words), &known());
    }

    #[test]
    fn no_form_panics(text in commandlike(), name in "[a-z-]{0,8}", value in "(?s).*") {
        let values = [(name, value.clone()), ("title".to_owned(), value.clone()), ("due".to_owned(), value)];
        let _ = parse_form(&text, &values, &known());
    }
}
