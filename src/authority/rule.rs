//! Topic rules: a word, a phrase, `=` for the form as written, up to four joined by `AND`.

/// One part of a rule.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Atom {
    /// The words as written.
    pub text: String,
    /// Case and form count.
    pub exact: bool,
}

/// Reads a rule.
///
/// # Errors
///
/// Says what is wrong with it.
pub fn parse(rule: &str) -> Result<Vec<Atom>, String> {
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
}
