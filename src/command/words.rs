//! Text cut into words, the way people on phones write it: straight and curly quotes, dashes that
//! were two hyphens, `key:value` with and without a space. Nothing is refused here.

/// One word, or what stood in quotes.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Word {
    /// All of it, without quotes and escapes.
    pub text: String,
    /// What may be the name of an argument: `owner` in `owner:@ann`, `--owner` and `—owner`.
    pub key: Option<String>,
    /// What follows the key in the same word; `None` if there is no separator, as in `--mine`.
    pub value: Option<String>,
    pub dash: Dash,
    /// It, or its value, stood in quotes and is complete.
    pub quoted: bool,
    /// It began a new line.
    pub new_line: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Dash {
    #[default]
    None,
    /// `--`: certainly meant as an argument.
    Typed,
    /// `—` or the like: perhaps a pair of hyphens once, perhaps only a dash.
    Phone,
}

/// The longest name an argument can have (Discord's limit).
const LONGEST_KEY: usize = 32;

/// Cuts text into words.
pub(super) fn words(text: &str) -> Vec<Word> {
    let chars: Vec<char> = text.chars().collect();
    let mut cutter = Cutter { chars, at: 0 };
    let mut words = Vec::new();
    loop {
        let new_line = cutter.skip_space();
        if cutter.at >= cutter.chars.len() {
            return words;
        }
        let word = cutter.word();
        if !word.text.is_empty() || word.quoted {
            words.push(Word { new_line, ..word });
        }
    }
}

/// What a person would type for words that a shell has already cut: quoted where that is needed, so
/// that they are cut in the same places again.
pub fn typed(arguments: &[String]) -> String {
    let typed = arguments.iter().map(|argument| {
        let chars = argument.chars().collect();
        let mut cutter = Cutter { chars, at: 0 };
        let (_, _, separated) = cutter.key();
        let (key, value) = cutter.chars.split_at(if separated { cutter.at } else { 0 });
        let value: String = value.iter().collect();
        let key = String::from_iter(key);
        if !key.is_empty() && value.is_empty() {
            return key;
        }
        let plain = |c: char| !c.is_whitespace() && !escapable(c) || c == ':' || c == '-';
        match value.chars().all(plain) && !value.is_empty() && !value.starts_with('<') {
            true => key + &value,
            false => key + &in_quotes(&value),
        }
    });
    typed.collect::<Vec<_>>().join(" ")
}

/// Text as one argument, whatever stands in it.
pub fn quoted(text: &str) -> String {
    in_quotes(text)
}

fn in_quotes(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        if matches!(c, '\\' | '"' | '“' | '”') {
            quoted.push('\\');
        }
        quoted.push(c);
    }
    quoted.push('"');
    quoted
}

struct Cutter {
    chars: Vec<char>,
    at: usize,
}

impl Cutter {
    /// Skips space, and says whether a line ended in it.
    fn skip_space(&mut self) -> bool {
        let mut new_line = false;
        while let Some(c) = self.chars.get(self.at).filter(|c| c.is_whitespace()) {
            new_line |= *c == '\n';
            self.at += 1;
        }
        new_line
    }

    fn word(&mut self) -> Word {
        if let Some(text) = self.quoted() {
            return Word {
                text,
                quoted: true,
                ..Word::default()
            };
        }
        let start = self.at;
        let (dash, key, separated) = self.key();
        let head: String = self.chars[start..self.at].iter().collect();
        if key.is_some()
            && separated
            && let Some(value) = self.quoted()
        {
            return Word {
                text: format!("{head}{value}"),
                key,
                value: Some(value),
                dash,
                quoted: true,
                new_line: false,
            };
        }
        let rest = self.plain();
        Word {
            text: format!("{head}{rest}"),
            value: (key.is_some() && separated).then_some(rest),
            key,
            dash,
            ..Word::default()
        }
    }

    /// Reads a key with its dashes and separator, or nothing at all.
    fn key(&mut self) -> (Dash, Option<String>, bool) {
        let start = self.at;
        let dash = match self.chars[start..] {
            ['-', '-', ..] => {
                self.at += 2;
                Dash::Typed
            }
            ['\u{2010}'..='\u{2015}', ..] => {
                self.at += 1;
                Dash::Phone
            }
            _ => Dash::None,
        };
        let name = self.at;
        let in_key = |c: &&char| c.is_alphanumeric() || **c == '-' || **c == '_';
        let length = self.chars[name..].iter().take_while(in_key).count();
        let end = name + length;
        let separated = match self.chars.get(end) {
            Some(':' | '：') => true,
            Some('=') => dash != Dash::None,
            _ => false,
        };
        let ends = self.chars.get(end).is_none_or(|c| c.is_whitespace());
        let begins = self.chars.get(name).is_some_and(|c| c.is_alphabetic());
        if begins && length <= LONGEST_KEY && (separated || (ends && dash != Dash::None)) {
            self.at = end + usize::from(separated);
            let key: String = self.chars[name..end].iter().collect();
            (dash, Some(key.to_lowercase().replace('_', "-")), separated)
        } else {
            self.at = start;
            (Dash::None, None, false)
        }
    }

    /// Reads to the next space. A mention (`<@U1|ann lee>`) is one word, whatever is in it.
    fn plain(&mut self) -> String {
        let mut text = String::new();
        if self.chars.get(self.at) == Some(&'<')
            && let Some(length) = self.chars[self.at + 1..]
                .iter()
                .position(|c| matches!(c, '<' | '>' | '\n'))
            && self.chars[self.at + 1 + length] == '>'
        {
            let end = self.at + length + 2;
            text.extend(&self.chars[self.at..end]);
            self.at = end;
        }
        while let Some(c) = self.chars.get(self.at).filter(|c| !c.is_whitespace()) {
            let escaped = self.chars.get(self.at + 1).filter(|_| *c == '\\');
            match escaped {
                Some(next) if escapable(*next) => {
                    text.push(*next);
                    self.at += 2;
                }
                _ => {
                    text.push(*c);
                    self.at += 1;
                }
            }
        }
        text
    }

    /// Reads what stands in quotes, if a quote opens here. A double quote that never closes is
    /// dropped; a single one stays, for it may be an apostrophe.
    fn quoted(&mut self) -> Option<String> {
        let closing = closing(*self.chars.get(self.at)?)?;
        let mut text = String::new();
        let mut at = self.at + 1;
        while let Some(c) = self.chars.get(at) {
            let next = self.chars.get(at + 1);
            if *c == '\\' && next.is_some_and(|next| escapable(*next)) {
                text.extend(next);
                at += 2;
            } else if closing.contains(*c) && next.is_none_or(|next| next.is_whitespace()) {
                self.at = at + 1;
                return Some(text);
            } else {
                text.push(*c);
                at += 1;
            }
        }
        if !matches!(self.chars[self.at], '\'' | '‘' | '’' | '‚') {
            self.at += 1;
        }
        None
    }
}

/// What a backslash takes the meaning from. Elsewhere it is a backslash, as in `C:\temp`.
fn escapable(c: char) -> bool {
    matches!(c, '\\' | ':' | ' ' | '-') || closing(c).is_some()
}

/// The quotes that end what this one begins: phones and languages mix them.
fn closing(open: char) -> Option<&'static str> {
    Some(match open {
        '"' => "\"”“",
        '“' => "”\"“",
        '”' => "”\"",
        '„' => "“”\"",
        '«' => "»",
        '»' => "«",
        '‹' => "›",
        '\'' => "'’",
        '‘' => "’'",
        '’' => "’'",
        '‚' => "‘’'",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The words as `key=value` or text, quoted ones in brackets.
    fn shown(text: &str) -> String {
        let shown = words(text).into_iter().map(|word| {
            let text = match (word.key, word.value) {
                (Some(key), Some(value)) => format!("{key}={value}"),
                (Some(key), None) => format!("{key}=?"),
                _ => word.text,
            };
            if word.quoted {
                format!("[{text}]")
            } else {
                text
            }
        });
        shown.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn words_are_cut_as_people_mean_them() {
        let table = [
            ("a  b\tc", "a b c"),
            ("new \"Patch the VPN\"", "new [Patch the VPN]"),
            ("new “Patch the VPN”", "new [Patch the VPN]"),
            ("new „Patch the VPN“", "new [Patch the VPN]"),
            ("new «Patch the VPN» x", "new [Patch the VPN] x"),
            ("new ‘Patch the VPN’", "new [Patch the VPN]"),
            ("new 'Patch Bob's VPN'", "new [Patch Bob's VPN]"),
            ("Patch Bob's VPN", "Patch Bob's VPN"),
            ("Patch Bob’s ’til friday", "Patch Bob’s ’til friday"),
            ("a 19\" rack", "a 19\" rack"),
            ("\"never closed owner:@ann", "never closed owner=@ann"),
            ("title:\"never closed", "title=never closed"),
            (r#"say \"hello\""#, "say \"hello\""),
            (r#""a \"b\" c""#, r#"[a "b" c]"#),
            (r"C:\temp", r"c=\temp"),
            (r"owner\:ann", "owner:ann"),
            ("owner:@ann due: friday", "owner=@ann due= friday"),
            ("--owner=@ann --mine", "owner=@ann mine=?"),
            ("—owner @ann –due:friday", "owner=? @ann due=friday"),
            ("a — b - c -- d", "a — b - c -- d"),
            ("<@U1|ann lee> owner:<@U2>", "<@U1|ann lee> owner=<@U2>"),
            ("a < b > c", "a < b > c"),
            ("\"\" x", "[] x"),
            ("OWNER:x working_days:y", "owner=x working-days=y"),
            ("10:30 https://x.example/y", "10:30 https=//x.example/y"),
        ];
        for (text, expected) in table {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn what_a_shell_has_cut_stays_cut() {
        let table = [
            (
                &["action", "new", "Patch the VPN"][..],
                "action new \"Patch the VPN\"",
            ),
            (
                &["due:in 2 weeks", "owner:@ann"],
                "due:\"in 2 weeks\" owner:@ann",
            ),
            (
                &["--due=in 2 weeks", "--owner", "me"],
                "--due=\"in 2 weeks\" --owner me",
            ),
            (
                &["CA-12", "it's", "a \"b\" c"],
                r#"CA-12 "it's" "a \"b\" c""#,
            ),
        ];
        for (arguments, expected) in table {
            let arguments: Vec<String> = arguments.iter().map(|a| (*a).to_owned()).collect();
            assert_eq!(typed(&arguments), expected);
        }
    }

    proptest! {
        #[test]
        fn a_command_line_is_cut_where_the_shell_cut_it(
            arguments in prop::collection::vec("[a-z:= \"'“”„’<>@—\\\\-]{0,8}", 0..4)
        ) {
            let texts: Vec<String> = words(&typed(&arguments)).into_iter().map(|w| w.text).collect();
            prop_assert_eq!(texts, arguments);
        }
    }

    #[test]
    fn a_new_line_is_remembered() {
        let words = words("one two\nthree");
        let lines: Vec<bool> = words.iter().map(|word| word.new_line).collect();
        assert_eq!(lines, [false, false, true]);
    }
}
