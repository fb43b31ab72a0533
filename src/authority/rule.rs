//! The syntax of topic rules: a word or a `"phrase"`, `=` before it for the form as written, up to four joined by
//! `AND`.

/// One part of a rule.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Atom {
    /// The words as written.
    pub text: String,
    /// Whether case and form count; otherwise the stems of the words are compared.
    pub exact: bool,
}

/// Splits a rule into its parts.
///
/// # Errors
///
/// Fails if the rule has more than four parts, or a part without a word, with an unclosed quotation mark, or with
/// several words outside quotation marks. The text says what is wrong.
pub(crate) fn parse(rule: &str) -> Result<Vec<Atom>, String> {
    let atoms: Vec<Atom> = rule.split(" AND ").map(atom).collect::<Result<_, _>>()?;
    if atoms.len() > 4 {
        return Err(format!("`{rule}` joins more than four parts"));
    }
    Ok(atoms)
}

fn atom(part: &str) -> Result<Atom, String> {
    let part = part.trim();
    let (exact, rest) = part.strip_prefix('=').map_or((false, part), |rest| (true, rest));
    let text = match rest.strip_prefix('"') {
        Some(quoted) => {
            quoted.strip_suffix('"').ok_or_else(|| format!("`{part}` does not close its quotation mark"))?
        }
        None if rest.contains(char::is_whitespace) => return Err(format!("`{part}` needs quotation marks")),
        None => rest,
    };
    if !text.contains(char::is_alphanumeric) {
        return Err(format!("`{part}` holds no word"));
    }
    Ok(Atom { text: text.to_owned(), exact })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_keep_their_form() {
        let atom = |text: &str, exact| Atom { text: text.to_owned(), exact };
        assert_eq!(
            parse("contract AND =\"Golden Dome\""),
            Ok(vec![atom("contract", false), atom("Golden Dome", true)])
        );
        assert!(parse("fighter jet").is_err());
        assert!(parse("\"open").is_err());
    }

    #[test]
    fn up_to_four_parts_are_joined_by_and_in_capitals() {
        let texts = |rule: &str| {
            parse(rule).map(|atoms| atoms.into_iter().map(|atom| (atom.text, atom.exact)).collect::<Vec<_>>())
        };
        let four = ["a", "b", "c", "d"].map(|text| (text.to_owned(), false)).to_vec();
        assert_eq!(texts("a AND b AND c AND d"), Ok(four));
        assert_eq!(
            parse("a AND b AND c AND d AND e"),
            Err("`a AND b AND c AND d AND e` joins more than four parts".into())
        );
        assert_eq!(texts("=SAFE"), Ok(vec![("SAFE".to_owned(), true)]));
        assert_eq!(texts(" \"sea day\" "), Ok(vec![("sea day".to_owned(), false)]));
        assert_eq!(parse("a and b"), Err("`a and b` needs quotation marks".into()));
        assert_eq!(parse("=sea day"), Err("`=sea day` needs quotation marks".into()));
        assert_eq!(parse("\"sea"), Err("`\"sea` does not close its quotation mark".into()));
        for rule in ["", "=", "\"\"", "…", "a AND "] {
            assert!(parse(rule).is_err_and(|reason| reason.ends_with("holds no word")), "{rule}");
        }
    }
}
