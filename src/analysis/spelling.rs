//! British and American spellings of one word meet in one form.

/// The form under which the spellings of a folded word meet: the American one.
pub fn canonical(folded: &str) -> &str {
    match PAIRS.binary_search_by(|(british, _)| (*british).cmp(folded)) {
        Ok(at) => PAIRS[at].1,
        Err(_) => folded,
    }
}

/// British → American, sorted.
const PAIRS: &[(&str, &str)] = &[
    ("armour", "armor"),
    ("armoured", "armored"),
    ("bn", "billion"),
    ("centre", "center"),
    ("centres", "centers"),
    ("defence", "defense"),
    ("defences", "defenses"),
    ("labour", "labor"),
    ("manoeuvre", "maneuver"),
    ("manoeuvres", "maneuvers"),
    ("organisation", "organization"),
    ("organisations", "organizations"),
    ("programme", "program"),
    ("programmes", "programs"),
];
