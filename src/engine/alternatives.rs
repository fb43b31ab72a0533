//! The value of a filter: one name, or several with commas between them. An article passes with any of them.
//!
//! A name in double quotation marks may hold commas; a quotation mark in it is doubled, as in CSV. Command line, saved
//! searches and addresses of pages all write values so.

/// The names of a value. An empty one is none; what is quoted and not closed is taken as written.
pub(crate) fn split(value: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut rest = value.trim();
    while !rest.is_empty() {
        let (name, after) = quoted_name(rest).unwrap_or_else(|| {
            let (name, after) = rest.split_once(',').unwrap_or((rest, ""));
            (name.trim().to_owned(), after)
        });
        names.extend(Some(name).filter(|name| !name.is_empty()));
        rest = after.trim();
    }
    names
}

/// A quoted name at the beginning of a text, and what follows the comma after it.
fn quoted_name(text: &str) -> Option<(String, &str)> {
    let mut rest = text.strip_prefix('"')?;
    let mut name = String::new();
    loop {
        let (part, after) = rest.split_once('"')?;
        name.push_str(part);
        match after.strip_prefix('"') {
            Some(more) => {
                name.push('"');
                rest = more;
            }
            None => {
                let after = after.trim_start();
                return Some((name, if after.is_empty() { after } else { after.strip_prefix(',')? }));
            }
        }
    }
}

/// Names as one value: the inverse of [`split`].
#[cfg(any(test, feature = "serve"))] // only pages make values of names
pub(crate) fn join<S: AsRef<str>>(names: &[S]) -> String {
    names.iter().map(|name| quoted(name.as_ref())).collect::<Vec<_>>().join(",")
}

#[cfg(any(test, feature = "serve"))]
/// A name, in quotation marks where it would not be read as one.
fn quoted(name: &str) -> String {
    let plain = !name.contains(',') && !name.starts_with('"') && name == name.trim();
    if plain { name.to_owned() } else { format!("\"{}\"", name.replace('"', "\"\"")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_apart_by_commas_unless_they_are_quoted() {
        assert_eq!(split("NATO, EU"), ["NATO", "EU"]);
        assert_eq!(split("\"Alda, Port and Sea\""), ["Alda, Port and Sea"]);
        assert_eq!(split(" \"Alda, Port\" , Coast Post,, "), ["Alda, Port", "Coast Post"]);
        assert_eq!(split("The \"Alda\" Post"), ["The \"Alda\" Post"]);
        assert_eq!(split("\"The \"\"Alda\"\", a Post\""), ["The \"Alda\", a Post"]);
        assert_eq!(split("\"Alda, Post"), ["\"Alda", "Post"], "not closed");
        assert_eq!(split(" , "), Vec::<String>::new());
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig { failure_persistence: None, ..Default::default() })]
        #[test]
        fn any_names_can_be_told_apart(names in proptest::collection::vec("[a,\" é=+&%😀]{0,6}[a-c,\"]", 0..4)) {
            proptest::prop_assert_eq!(split(&join(&names)), names);
        }
    }
}
