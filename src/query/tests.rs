//! Queries against trees, notes and spans written by hand.

#![allow(clippy::unwrap_used)] // a test may fail

use super::*;
use crate::article::Moment;

fn now() -> Moment {
    "2026-02-04".parse().unwrap()
}

fn read(text: &str) -> Query {
    parse(text, &now()).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// A tree with every bracket: `(row x +y -(or z w))`. A word in several pieces is written between `<` and `>`, a
/// pattern between slashes.
fn tree(node: &Node) -> String {
    let all = |nodes: &[Node]| nodes.iter().map(tree).collect::<Vec<_>>().join(" ");
    match &node.kind {
        Kind::All => "*".to_owned(),
        Kind::Text(Text { part, text, mode }) => {
            let part = part.name().map_or(String::new(), |name| format!("{name}:"));
            let words = match mode {
                Mode::Word if text.contains(' ') => format!("<{text}>"),
                Mode::Word => text.clone(),
                Mode::Exact => format!("={text}"),
                Mode::Phrase => format!("\"{text}\""),
                Mode::ExactPhrase => format!("=\"{text}\""),
                Mode::Near(slop) => format!("\"{text}\"~{slop}"),
                Mode::Pattern => format!("/{text}/"),
                Mode::Fuzzy(distance) => format!("{text}~{distance}"),
            };
            part + &words
        }
        Kind::Field { field, values } => {
            let values: Vec<&str> = values.iter().map(|value| value.text.as_str()).collect();
            format!("{}:[{}]", field.name(), values.join("|"))
        }
        Kind::Date { text, .. } => format!("date:[{text}]"),
        Kind::And(nodes) => format!("(and {})", all(nodes)),
        Kind::Or(nodes) => format!("(or {})", all(nodes)),
        Kind::Not(inner) => format!("(not {})", tree(inner)),
        Kind::Row(clauses) => {
            let clause = |clause: &Clause| match clause.occur {
                Occur::Should => tree(&clause.node),
                Occur::Must => format!("+{}", tree(&clause.node)),
                Occur::MustNot => format!("-{}", tree(&clause.node)),
            };
            format!("(row {})", clauses.iter().map(clause).collect::<Vec<_>>().join(" "))
        }
    }
}

fn tree_of(query: &Query) -> String {
    query.root.as_ref().map_or(String::new(), tree)
}

/// Checks the tree of each query, and that its printed form parses to the same tree.
fn check(table: &[(&str, &str)]) {
    let mut wrong = String::new();
    for (text, wanted) in table {
        let query = read(text);
        let printed = query.to_string();
        for (text, found) in [(*text, tree_of(&query)), (printed.as_str(), tree_of(&read(&printed)))] {
            if found != *wanted {
                wrong += &format!("{text}\n   is {found}\n  not {wanted}\n");
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn and_binds_more_tightly_than_or_and_both_more_tightly_than_a_row() {
    check(&[
        ("x y z", "(row x y z)"),
        ("x AND y", "(and x y)"),
        ("x AND y AND z", "(and x y z)"),
        ("x OR y OR z", "(or x y z)"),
        ("x AND y OR z", "(or (and x y) z)"),
        ("x OR y AND z", "(or x (and y z))"),
        ("x AND y OR z AND w", "(or (and x y) (and z w))"),
        ("x OR y z", "(row (or x y) z)"),
        ("x y OR z", "(row x (or y z))"),
        ("x AND y z", "(row (and x y) z)"),
        ("x y AND z w", "(row x (and y z) w)"),
        ("(x OR y) AND z", "(and (or x y) z)"),
        ("x AND (y OR z)", "(and x (or y z))"),
        ("(x AND y) AND z", "(and (and x y) z)"),
        ("(x y) AND z", "(and (row x y) z)"),
        ("(x y) OR z", "(or (row x y) z)"),
        ("x AND(y OR z)", "(and x (or y z))"),
        ("\"x\"AND\"y\"", "(and \"x\" \"y\")"),
        ("x and y or z not w", "(row x and y or z not w)"),
        ("xANDy ORx xOR", "(row xANDy ORx xOR)"),
    ]);
}

#[test]
fn signs_and_not_stay_with_what_they_stand_before() {
    check(&[
        ("+x y", "(row +x y)"),
        ("x +y", "(row x +y)"),
        ("+x", "x"),
        ("-x", "(not x)"),
        ("x -y", "(row x -y)"),
        ("-x -y", "(row -x -y)"),
        ("+x -y z", "(row +x -y z)"),
        ("+\"x y\" -\"z w\"", "(row +\"x y\" -\"z w\")"),
        ("NOT x", "(not x)"),
        ("x NOT y", "(row x -y)"),
        ("NOT NOT x y", "(row x y)"),
        ("NOT NOT NOT x y", "(row -x y)"),
        ("-(-x) y", "(row x y)"),
        ("+(-x) y", "(row -x y)"),
        ("NOT (NOT x) y", "(row x y)"),
        ("NOT -x y", "(row x y)"),
        ("NOT +x y", "(row -x y)"),
        ("x AND NOT y", "(and x (not y))"),
        ("x AND -y", "(and x (not y))"),
        ("x AND +y", "(and x y)"),
        ("+x AND y", "(and x y)"),
        ("NOT x AND y", "(and (not x) y)"),
        ("NOT x OR y", "(or (not x) y)"),
        ("x AND NOT (NOT y)", "(and x y)"),
        ("-x AND -y", "(and (not x) (not y))"),
        ("x AND NOT y z", "(row (and x (not y)) z)"),
        ("x - y + z", "(row x y z)"),
        ("x-y +z-w", "(row x-y +z-w)"),
        ("--x ->y", "(row x y)"),
        ("x -NOT y", "(row x -not y)"),
        ("(+x) y", "(row x y)"),
    ]);
}

#[test]
fn a_bracket_keeps_what_it_asks_for_and_shuts_out() {
    check(&[
        ("(x y) z", "(row x y z)"),
        ("z (x y)", "(row z x y)"),
        ("(x -y) z", "(row (row x -y) z)"),
        ("(-y x) z", "(row (row -y x) z)"),
        ("z (x -y)", "(row z (row x -y))"),
        ("(x NOT y) z", "(row (row x -y) z)"),
        ("(+x y) z", "(row (row +x y) z)"),
        ("(x y -w) (z -v)", "(row (row x y -w) (row z -v))"),
        ("((x -y)) z", "(row (row x -y) z)"),
        ("(x (y -z)) w", "(row x (row y -z) w)"),
        ("(x -y)", "(row x -y)"),
        ("((x) ((y)))", "(row x y)"),
        ("(-x) y", "(row -x y)"),
        ("+(x y) z", "(row +(row x y) z)"),
        ("-(x y) z", "(row -(row x y) z)"),
        ("-(x -y) z", "(row -(row x -y) z)"),
        ("-(x y)", "(not (row x y))"),
        ("-(x OR y) -(z AND w)", "(row -(or x y) -(and z w))"),
        ("NOT (x y) AND z", "(and (not (row x y)) z)"),
        ("(x -y) AND z", "(and (row x -y) z)"),
        ("(x -y) OR (-z)", "(or (row x -y) (not z))"),
        ("(x OR y) z", "(row (or x y) z)"),
        ("((x y", "(row x y)"),
        ("x) (y", "(row x y)"),
        ("x () (()) y", "(row x y)"),
        ("(x OR) y", "(row x y)"),
    ]);
}

#[test]
fn a_sign_before_brackets_that_hold_nothing_goes_with_them() {
    check(&[
        ("-() x", "x"),
        ("x -() y", "(row x y)"),
        ("x NOT (()) y", "(row x y)"),
        ("(NOT) x", "x"),
        ("x AND () y", "(row x y)"),
        ("x () AND y", "(row x y)"),
        ("() OR x", "x"),
        ("x OR -() y", "(row x y)"),
        ("title:() x", "x"),
        ("-(()) +()", ""),
    ]);
    assert_eq!(notes("x (NOT) y"), ["NOT | NOT with nothing beside it; left out"]);
}

#[test]
fn a_value_is_asked_for_and_a_field_reaches_into_its_bracket() {
    check(&[
        ("title:x y", "(row title:x y)"),
        ("title:(x y) z", "(row title:x title:y z)"),
        ("title:(x -y) z", "(row (row title:x -title:y) z)"),
        ("title:(x OR body:y)", "(or title:x body:y)"),
        ("title:(x AND (y \"z w\"))", "(and title:x (row title:y title:\"z w\"))"),
        ("title:(NOT x) y", "(row -title:x y)"),
        ("body:(x (y OR NOT z))", "(row body:x (or body:y (not body:z)))"),
        ("-title:(x y)", "(not (row title:x title:y))"),
        ("title:\"x y\" body:=z", "(row title:\"x y\" body:=z)"),
        ("title:procur* body:missle~", "(row title:/procur*/ body:missle~1)"),
        ("TITLE:x Outlet:Corto", "(row title:x +outlet:[Corto])"),
        ("byline:smith x", "(row +byline:smith x)"),
        ("outlet:Corto", "outlet:[Corto]"),
        ("outlet:Corto x", "(row +outlet:[Corto] x)"),
        ("x -outlet:Corto", "(row x -outlet:[Corto])"),
        ("outlet:Corto OR x", "(or outlet:[Corto] x)"),
        ("(outlet:Corto OR lang:en) x", "(row +(or outlet:[Corto] lang:[en]) x)"),
        ("(outlet:Corto OR y) x", "(row (or outlet:[Corto] y) x)"),
        ("(outlet:Corto AND date:2025) x", "(row +(and outlet:[Corto] date:[2025]) x)"),
        ("(NOT outlet:Corto OR lang:en) x", "(row +(or (not outlet:[Corto]) lang:[en]) x)"),
        ("(outlet:Corto lang:en) x", "(row +(row +outlet:[Corto] +lang:[en]) x)"),
        ("(outlet:Corto x) y", "(row (row +outlet:[Corto] x) y)"),
        ("outlet:\"Alda Post\",Corto,“Berin News” x", "(row +outlet:[Alda Post|Corto|Berin News] x)"),
        ("outlet:Corto, x", "(row +outlet:[Corto] x)"),
        ("outlet:Corto,(x y)", "(row +outlet:[Corto] x y)"),
        ("outlet:Corto(x y)", "(row +outlet:[Corto] x y)"),
        ("(x outlet:Corto)", "(row x +outlet:[Corto])"),
        ("language:fr place:London", "(row +lang:[fr] +place:[London])"),
        (
            "actor:\"Keir Starmer\" affiliation:uk topic:procurement",
            "(row +actor:[Keir Starmer] +affiliation:[uk] +topic:[procurement])",
        ),
        ("date:2025-11..2026-02 x", "(row +date:[2025-11..2026-02] x)"),
        ("date:\"last  month\"", "date:[last month]"),
        ("x -date:“since March 2025”", "(row x -date:[since March 2025])"),
        ("(date:2025)", "date:[2025]"),
        ("title: x", "(row title x)"),
        ("title:,x", "(row title x)"),
        ("titel:x", "(row titel x)"),
        ("Note:x", "(row Note x)"),
    ]);
}

#[test]
fn quotation_marks_of_all_kinds_make_phrases() {
    check(&[
        ("\"x y\"", "\"x y\""),
        ("“x y”", "\"x y\""),
        ("\"x y”", "\"x y\""),
        ("“x y\"", "\"x y\""),
        ("‟x y”", "\"x y\""),
        ("„x y“", "\"x y\""),
        ("„x y”", "\"x y\""),
        ("«x y»", "\"x y\""),
        ("»x y«", "\"x y\""),
        ("＂x y＂", "\"x y\""),
        ("\"x  «y»\tz\"", "\"x y z\""),
        ("\"x\" \"\" \" - \"", "\"x\""),
        ("x\"y z\"w", "(row x \"y z\" w)"),
        ("\"x y\"~3", "\"x y\"~3"),
        ("“x y”~0", "\"x y\"~0"),
        ("\"x y\"~99999999999", "\"x y\"~10000"),
        ("\"x y\"~ z", "(row \"x y\" z)"),
        ("=\"x Y\"", "=\"x Y\""),
        ("=“x y”", "=\"x y\""),
        ("=\"x y\"~3", "=\"x y\""),
        ("=SAFE =x-y", "(row =SAFE =x-y)"),
        ("=x/y", "(row =x =y)"),
        ("=€5bn", "=€5bn"),
        ("= x =(y)", "(row x y)"),
        ("\"x y", "(row x y)"),
        ("x «y", "(row x y)"),
        ("title:\"x y\"~2", "title:\"x y\"~2"),
        ("\"x OR y\"", "\"x OR y\""),
        ("\"procur* AND x\"", "\"procur* AND x\""),
    ]);
}

#[test]
fn stars_question_marks_and_tildes_count_inside_words_only() {
    check(&[
        ("*", "*"),
        (" * ", "*"),
        ("* x", "x"),
        ("procur*", "/procur*/"),
        ("procur**", "/procur*/"),
        ("f**k", "/f*k/"),
        ("*craft", "/*craft/"),
        ("*worldwide*", "worldwide"),
        ("defen?e", "/defen?e/"),
        ("what? ?x", "(row what x)"),
        ("x-procur*", "x-procur"),
        ("missle~ talsk~1 defnse~2", "(row missle~1 talsk~1 defnse~2)"),
        ("missle~0 missle~3 missle~999", "(row missle missle~2 missle~2)"),
        ("-missle~1 x", "(row -missle~1 x)"),
        ("joint-missle~1", "(row joint-missle 1)"),
        ("~x", "x"),
    ]);
}

#[test]
fn words_joined_by_hyphens_and_signs_of_numbers_are_one() {
    check(&[
        ("UK-EU", "UK-EU"),
        ("F-35B F35", "(row F-35B F35)"),
        ("155mm", "155mm"),
        ("50/50 x/y", "(row 50 50 x y)"),
        ("x,y;z", "(row x y z)"),
        ("don’t Borduria's", "(row don’t Borduria)"),
        ("U.S.-led", "U.S.-led"),
        ("5% of", "(row 5% of)"),
        ("(2.5%)", "2.5%"),
        ("5 % x", "(row 5 x)"),
        ("x% y", "(row x y)"),
        ("5 per cent x", "(row 5 <per cent> x)"),
        ("per cent. Per  Cent", "(row <per cent> <Per  Cent>)"),
        ("per capita", "(row per capita)"),
        ("€150bn $5", "(row €150bn $5)"),
        ("150 billion euros", "(row 150 billion euros)"),
        ("€150bn-fund", "(row €150bn fund)"),
        ("😀 — … #", ""),
    ]);
}

#[test]
fn hashtags_names_and_addresses_are_read_as_their_words() {
    check(&[
        ("#SAFE @x", "(row SAFE x)"),
        ("#IranDeal", "(row IranDeal Iran Deal)"),
        ("#IranDeal x", "(row IranDeal Iran Deal x)"),
        ("-#IranDeal x", "(row -(row IranDeal Iran Deal) x)"),
        ("#Alda’sWarAND", "(row Alda’sWarAND Alda War and)"),
        ("IranDeal", "IranDeal"),
        ("https://example.org/news/uk-safe-talks-2025?id=a-b#c-d", "(row news safe talks)"),
        ("x https://example.org/", "x"),
        ("https://example.org/a-new-U.S.-plan", "(row new U.S plan)"),
        ("https://example.org/safe-talks#more-news", "(row safe talks)"),
        ("(https://example.org/safe_talks)", "(row safe talks)"),
        ("x:https://example.org/safe-talks", "(row x safe talks)"),
        ("https://example.org/News", ""),
        ("pic.twitter.com/ab-cde x", "(row cde x)"),
    ]);
}

#[test]
fn capitals_throughout_are_no_operators_and_no_initialisms() {
    check(&[
        ("RUSSIA AND CHINA SIGN DEAL", "(row russia and china sign deal)"),
        ("BORDURIA CHINA IRAN", "(row borduria china iran)"),
        // Two words, none of them long, or all kept apart by operators: a query.
        ("BORDURIA CHINA", "(row BORDURIA CHINA)"),
        ("CHINA IRAN ALDA", "(row CHINA IRAN ALDA)"),
        ("RUSSIA AND CHINA AND IRAN", "(and RUSSIA CHINA IRAN)"),
        ("BORDURIA CHINA Iran", "(row BORDURIA CHINA Iran)"),
        ("BORDURIA CHINA IRAN x", "(row BORDURIA CHINA IRAN x)"),
        ("(BORDURIA CHINA IRAN)", "(row BORDURIA CHINA IRAN)"),
        ("(BORDURIA) CHINA IRAN", "(row borduria china iran)"),
        ("TITLE:(BORDURIA CHINA SAFE)", "(row title:borduria title:china (or title:SAFE title:safe))"),
        // The initialism or the word; a stop word is one.
        ("RUSSIA WANTS SAFE WAR FOR US WHO", "(row russia wants (or SAFE safe) (or WAR war) for US who)"),
    ]);
}

#[test]
fn a_pasted_sentence_has_no_operators_and_no_phrases() {
    let sentence = "Alda said that the fleet AND the army of Borduria will sail";
    check(&[
        (sentence, "(row Alda said that the fleet and the army of Borduria will sail)"),
        // Ten words, three of them common.
        ("Alda said that the fleet AND the army sail home", "(row Alda said that the fleet and the army sail home)"),
        (
            "(+Alda said that the fleet of the army of Borduria will sail)",
            "(row +Alda said that the fleet of the army of Borduria will sail)",
        ),
        (
            "Alda said that the fleet OR the army -x of Borduria will NOT sail",
            "(row Alda said that the fleet or the army x of Borduria will not sail)",
        ),
        // Nine words; two common ones; a field; operators in brackets; brackets around it all.
        ("Alda said that the fleet AND the army sail", "(row Alda said that the (and fleet the) army sail)"),
        (
            "Alda said the fleet AND big army under Borduria sails home at dawn soon",
            "(row Alda said the (and fleet big) army under Borduria sails home at dawn soon)",
        ),
        (
            "title:Alda said that the fleet AND the army of Borduria will sail",
            "(row title:Alda said that the (and fleet the) army of Borduria will sail)",
        ),
        (
            "said that the (fleet AND army) of the Borduria will sail at dawn",
            "(row said that the (and fleet army) of the Borduria will sail at dawn)",
        ),
        (
            "(Alda said that the fleet AND the army of Borduria will sail)",
            "(row Alda said that the (and fleet the) army of Borduria will sail)",
        ),
        // A quotation within six words or more, a common one among them, is no phrase.
        (
            "Alda said the “joint procurement” talks have failed",
            "(row Alda said the joint procurement talks have failed)",
        ),
        (
            "RUSSIA SAYS THE “JOINT PROCUREMENT” OF SAFE FUNDS FAILED",
            "(row russia says the joint procurement of (or SAFE safe) funds failed)",
        ),
        ("Alda said the “joint procurement” talks", "(row Alda said the \"joint procurement\" talks)"),
        (
            "Alda says “joint procurement” talks failed again today",
            "(row Alda says \"joint procurement\" talks failed again today)",
        ),
        (
            "Alda said the +“joint procurement” talks have failed",
            "(row Alda said the +\"joint procurement\" talks have failed)",
        ),
        (
            "(Alda said the “joint procurement” talks have failed)",
            "(row Alda said the \"joint procurement\" talks have failed)",
        ),
        ("Alda said the “5 % AND more” talks have failed", "(row Alda said the 5 and more talks have failed)"),
        // A long one next to any word is none either, unless it is the whole query.
        ("Alda: “a b c d e f g h”", "(row Alda a b c d e f g h)"),
        ("Alda: “a b c d e f g”", "(row Alda \"a b c d e f g\")"),
        ("“a b c d e f g h”", "\"a b c d e f g h\""),
        ("“a b c d e f g h” \"x y\"", "(row \"a b c d e f g h\" \"x y\")"),
    ]);
}

#[test]
fn operators_with_nothing_beside_them_are_left_out() {
    check(&[
        ("AND x", "x"),
        ("x AND", "x"),
        ("x OR OR y", "(or x y)"),
        ("x AND OR y", "(or x y)"),
        ("NOT AND x", "x"),
        ("x NOT", "x"),
        ("x AND (OR y)", "(and x y)"),
        ("x NOT AND y", "(and x y)"),
        ("AND OR NOT", ""),
        ("", ""),
    ]);
}

/// The notes of a query, each with the text that it is about.
fn notes(text: &str) -> Vec<String> {
    let said = |note: &Note| format!("{} | {}", text.get(note.span.clone()).unwrap_or("?"), note.text);
    read(text).notes.iter().map(said).collect()
}

#[test]
fn what_is_read_otherwise_is_said_of_its_bytes() {
    let table: &[(&str, &[&str])] = &[
        ("x AND y -z \"a b\"~2 =x title:y outlet:x p* f~2", &[]),
        ("x AND", &["AND | AND with nothing beside it; left out"]),
        ("OR x NOT", &["OR | OR with nothing beside it; left out", "NOT | NOT with nothing beside it; left out"]),
        ("x) y", &[") | bracket without its pair; left out"]),
        ("y (x", &["( | bracket without its pair; left out"]),
        ("y \"x", &["\" | quotation mark without its pair; left out"]),
        ("y “x", &["“ | quotation mark without its pair; left out"]),
        ("y «x", &["« | quotation mark without its pair; left out"]),
        ("y „x", &["„ | quotation mark without its pair; left out"]),
        ("y ”x", &[]),
        ("\"x y\"~ z", &["~ | no distance; read as a phrase"]),
        ("=\"x y\"~12", &["~12 | no distance; read as a phrase"]),
        ("missle~3", &["missle~3 | at most two letters may be off; '~2' is used"]),
        ("x-y~1", &["x-y~1 | '~' here has no word before it; read as words"]),
        ("x title: y", &["title: | no value after 'title:'; read as a word"]),
        ("x date:, y", &["date: | no value after 'date:'; read as a word"]),
        ("outlet:\"\" x", &["outlet:\"\" | no value after 'outlet:'; left out"]),
        ("x titel:y", &["titel: | there is no field 'titel'; read as words; did you mean 'title:'?"]),
        ("x remark:y", &["remark: | there is no field 'remark'; read as words"]),
        ("la:y", &["la: | there is no field 'la'; read as words"]),
        ("tpics:y", &["tpics: | there is no field 'tpics'; read as words; did you mean 'topic:'?"]),
        ("Note:y 9:30 https://a.org/b-c", &["https://a.org/b-c | an address: only the words of its path are searched"]),
        (
            "BORDURIA CHINA IRAN",
            &["BORDURIA CHINA IRAN | all in capitals: capitals are not taken for operators or initialisms"],
        ),
        (
            "Alda said that the fleet OR the army of Borduria will -sail",
            &[
                "OR | a sentence: its AND, OR and NOT are not taken for operators",
                "- | a sentence: its '+' and '-' are not taken for operators",
            ],
        ),
        (
            "Alda said the “joint procurement” talks have failed",
            &["“joint procurement” | quotation marks within a sentence; read as words"],
        ),
    ];
    for (text, wanted) in table {
        assert_eq!(notes(text), *wanted, "{text}");
    }
}

#[test]
fn brackets_are_kept_to_a_depth_and_few_notes_tell_of_the_others() {
    let nested = |depth: usize| format!("{}x{}", "(".repeat(depth), ")".repeat(depth));
    assert_eq!(notes(&nested(48)).len(), 0);
    assert_eq!(notes(&nested(49)), ["( | brackets nested too deep; left out"]);
    assert_eq!(notes(&nested(70)).len(), 8);
    assert_eq!(tree_of(&read(&nested(70))), "x");
    assert_eq!(notes(&"(x ".repeat(70)).len(), 8);
}

#[test]
fn a_query_without_anything_to_search_is_hollow_and_an_empty_one_is_not() {
    for (text, hollow) in
        [("", false), (" \t", false), ("*", false), ("x", false), ("-- !", true), ("AND", true), ("()", true)]
    {
        let query = read(text);
        assert_eq!((query.hollow, query.root.is_some()), (hollow, matches!(text, "*" | "x")), "{text}");
    }
}

/// Every part of a tree as it is written in the query.
fn parts<'t>(node: &Node, text: &'t str, out: &mut Vec<&'t str>) {
    out.push(&text[node.span.clone()]);
    match &node.kind {
        Kind::And(nodes) | Kind::Or(nodes) => nodes.iter().for_each(|node| parts(node, text, out)),
        Kind::Not(node) => parts(node, text, out),
        Kind::Row(clauses) => clauses.iter().for_each(|clause| parts(&clause.node, text, out)),
        Kind::Field { values, .. } => out.extend(values.iter().map(|value| &text[value.span.clone()])),
        _ => {}
    }
}

#[test]
fn every_part_knows_its_bytes() {
    let table: &[(&str, &[&str])] = &[
        ("  x AND “y z”~2 ", &["x AND “y z”~2", "x", "“y z”~2"]),
        ("x -title:\"y\" +z*", &["x -title:\"y\" +z*", "x", "-title:\"y\"", "+z*"]),
        ("outlet:\"Alda Post\",Corto,“a”", &["outlet:\"Alda Post\",Corto,“a”", "Alda Post", "Corto", "a"]),
        ("x date:\"last week\"", &["x date:\"last week\"", "x", "date:\"last week\""]),
        ("x,y =z fuzy~1", &["x,y =z fuzy~1", "x", "y", "=z", "fuzy~1"]),
    ];
    for (text, wanted) in table {
        let mut found = Vec::new();
        parts(&read(text).root.unwrap(), text, &mut found);
        assert_eq!(found, *wanted, "{text}");
    }
    for (text, at) in [("x date:2025-13 y", "2025-13"), ("date:\" soon \"", " soon "), ("x date:soon) y", "soon")] {
        let error = parse(text, &now()).unwrap_err();
        assert_eq!(&text[error.span.clone()], at);
        assert_eq!(error.message, format!("'{}' is no date", at.trim()));
        assert!(error.hint.is_some_and(|hint| hint.contains("last week")));
    }
}

#[test]
fn a_printed_query_is_as_short_as_its_tree_allows() {
    for (text, printed) in [
        ("((x) AND (y OR (z)))", "x AND (y OR z)"),
        ("x OR (y AND z)", "x OR (y AND z)"),
        ("x AND NOT (y z)", "x AND NOT (y z)"),
        ("(x OR y) -(z w) +(v u)", "x OR y -(z w) +(v u)"),
        ("-(x AND y)", "NOT (x AND y)"),
        ("+outlet:\"Alda Post\",Corto/x -lang:en", "+outlet:\"Alda Post\",Corto/x -lang:en"),
        ("date:\"last  week\" date:2025", "+date:\"last week\" +date:2025"),
        ("title:(x y*) =“z w” body:\"v\"~2 m~", "title:x title:y* =\"z w\" body:\"v\"~2 m~1"),
        ("(BORDURIA CHINA IRAN)", "(BORDURIA CHINA IRAN)"),
        ("(BORDURIA CHINA) AND (CHINA IRAN)", "(BORDURIA CHINA) AND (CHINA IRAN)"),
        (
            "The fleet of the army of Borduria will sail to Syldavia",
            "The fleet of the army of Borduria will sail to Syldavia",
        ),
        ("(x y)", "x y"),
    ] {
        assert_eq!(read(text).to_string(), printed, "{text}");
    }
}

#[test]
fn marks_of_other_programs_are_read_or_noted_and_their_numbers_are_no_words() {
    check(&[
        ("x && y", "(and x y)"),
        ("x&&y || z", "(or (and x y) z)"),
        ("x !y", "(row x -y)"),
        ("!\"x y\" z", "(row -\"x y\" z)"),
        ("x !(y z)", "(row x -(row y z))"),
        ("x! y", "(row x y)"),
        ("x ANDNOT y", "(and x (not y))"),
        ("x NEAR/5 y", "\"x y\"~5"),
        ("x w/3 y z", "(row \"x y\"~3 z)"),
        ("x ADJ2 y OR z", "(or \"x y\"~2 z)"),
        ("x NEAR y", "\"x y\"~10"),
        ("x /4 y", "\"x y\"~4"),
        ("x near/99999 y", "\"x y\"~10000"),
        ("x w/s y", "(and x y)"),
        ("(x OR y) NEAR/5 z", "(and (or x y) z)"),
        ("x NEAR/5 y NEAR/5 z", "(and \"x y\"~5 z)"),
        ("NEAR/5 x", "x"),
        ("x w/5", "x"),
        ("24/7 x", "(row 24 7 x)"),
        ("x^2 y^0.5", "(row x y)"),
        ("\"x y\"^3 (z w)^2", "(row \"x y\" z w)"),
        ("site:a.example x", "x"),
        ("author:smith x", "(row +byline:smith x)"),
        ("intitle:x headline:\"y z\"", "(row title:x title:\"y z\")"),
        ("/x.*/ y", "(row x y)"),
        ("[x TO y] z", "(row x y z)"),
        ("date:[2025 TO 2026] x", "(row +date:[2025..2026] x)"),
        ("date:[2025-03 TO *]", "date:[2025-03..]"),
        ("x &", "x"),
        ("x | y & z ! w ~v", "(row x y z w v)"),
        ("before:2025 x", "(row +date:[before 2025] x)"),
        ("after:noon x", "(row after noon x)"),
        ("Text: x", "(row Text x)"),
    ]);
    for silent in ["x y", "x AND NOT y", "24/7", "x! y", "R&D", "Text: x", "a/b", "and", "x AND y"] {
        assert_eq!(notes(silent), [""; 0], "{silent}");
    }
    let said = [
        ("x && y", "&& | '&&' is read as AND"),
        ("x !y", "! | '!' is read as '-': what follows it is excluded"),
        ("x NEAR/5 y", "NEAR/5 | 'NEAR/5' is read as \"x y\"~5: in either order"),
        ("x w/p y", "w/p | 'w/p' is read as AND: only single words can be near each other (\"a b\"~5)"),
        ("x w/5", "w/5 | w/5 with nothing beside it; left out"),
        ("x^2", "^2 | words cannot be given weights; left out"),
        ("x &", "& | '&' is left out; write AND where both must be there"),
        ("x & y", "& | '&' is left out; write AND where both must be there"),
        ("x | y", "| | '|' is left out; write OR where one of them will do"),
        ("x ! y", "! | '!' is left out; write -word, without a space, to exclude"),
        ("x ~y", "~ | '~' before a word means nothing; left out"),
        ("x after:2025-01", "after:2025-01 | read as date:\"after 2025-01\""),
        ("[x TO y]", "[x TO y] | no range of words; read as words (for days write date:2025-01..2025-03)"),
        ("author:x", "author: | 'author:' is read as 'byline:'"),
        ("x and y", "and | 'and' is no operator; write AND where both must be there"),
        ("x or y", "or | 'or' is no operator; write OR where one of them will do"),
        ("x not y", "not | 'not' is no operator; write NOT before what to exclude"),
    ];
    for (text, note) in said {
        assert_eq!(notes(text), [note], "{text}");
    }
}

#[test]
fn a_quotation_in_a_query_in_capitals_is_read_as_the_rest_is() {
    for (text, printed) in [
        ("MINISTERS \"HARBOUR TREATY\" AGAIN", "ministers \"harbour treaty\" again"),
        ("MINISTERS \"US TREATY\" AGAIN", "ministers \"US treaty\" again"),
        ("MINISTERS \"SAFE HARBOUR\" AGAIN", "ministers \"SAFE HARBOUR\" OR \"safe harbour\" again"),
        (
            "MINISTERS SIGN THE \"SAFE HARBOUR\" TREATY IN ALDA",
            "ministers sign the SAFE OR safe harbour treaty in alda",
        ),
    ] {
        assert_eq!(read(text).to_string(), printed, "{text}");
    }
}
