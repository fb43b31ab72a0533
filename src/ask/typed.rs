//! A search as it would be typed.

use crate::saved::Saved;

/// A search as it would be typed.
pub(crate) fn typed(saved: &Saved) -> String {
    let mut parts: Vec<String> = Some(quoted(&saved.query)).filter(|query| query != "''").into_iter().collect();
    parts.extend(Some(typed_filters(&saved.filters)).filter(|filters| !filters.is_empty()));
    parts.extend(saved.alert.then(|| "--alert".to_owned()));
    parts.join(" ")
}

/// Filters as they would be typed.
pub(crate) fn typed_filters(filters: &toml::Table) -> String {
    let mut parts = Vec::new();
    for (name, value) in filters {
        match value {
            toml::Value::Array(values) => parts.extend(values.iter().map(|one| option(name, one))),
            toml::Value::Boolean(_) => parts.push(format!("--{name}")),
            one => parts.push(option(name, one)),
        }
    }
    parts.join(" ")
}

fn option(name: &str, value: &toml::Value) -> String {
    format!("--{name} {}", quoted(&value.as_str().map_or_else(|| value.to_string(), str::to_owned)))
}

/// A word quoted for a shell. `shlex::try_quote` would also quote every word with a comma, an equals sign or a letter
/// outside ASCII (`'NATO,EU'`, `'Šefčovič'`), which people type as they are. Only at the beginning of a word does an
/// equals sign mean something, to zsh.
fn quoted(text: &str) -> String {
    if !text.is_empty() && !text.starts_with('=') && text.chars().all(|c| c.is_alphanumeric() || "-_.,:/+=".contains(c))
    {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_words_stay_as_they_are() {
        for plain in ["SAFE", "NATO,EU", "a=b", "Šefčovič", "2025-11", "eu/a_b.c:d+e"] {
            assert_eq!(quoted(plain), plain);
        }
        assert_eq!(quoted(""), "''");
        assert_eq!(quoted("=SAFE"), "'=SAFE'");
        assert_eq!(quoted("last week"), "'last week'");
        assert_eq!(quoted("Hay'at"), r"'Hay'\''at'");
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig { failure_persistence: None, ..Default::default() })]
        #[test]
        fn a_shell_reads_one_word_the_one_that_was_quoted(word in "[ -~é\n\t]{0,20}") {
            proptest::prop_assert_eq!(shlex::split(&quoted(&word)), Some(vec![word]));
        }
    }
}
