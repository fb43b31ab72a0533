//! British and American spellings of one word meet in one form.
//!
//! The pairs come from general knowledge of English spelling. Whole classes go by rule, each bounded by a list:
//! either of the words it holds for (`-our`, `-re`, doubled `l`) or, for the open class `-ise`, of the words it does
//! not hold for.
//!
//! Where both sides write two words with a difference of meaning, they stay apart: tyre and tire, storey and story,
//! kerb and curb, cheque and check, draught and draft, prise and prize, device and devise. Two pairs meet although
//! British writers tell the noun from the verb: licence and license, practice and practise. Americans write one form
//! for both, so nobody could search their texts for one alone, and the sense is the same. Names follow the words
//! they are made of: Grey meets Gray.
//!
//! `percent` becomes `cent`, so that it meets the second word of `per cent`; the first carries nothing in a search.
//! A phrase still tells them apart, for one has a word more.

use std::borrow::Cow;

/// The form under which the spellings of a folded word meet: the American one.
///
/// Doing it twice changes nothing more. Only words in small ASCII letters have another spelling, and nothing is allocated
/// for a word that is already in its form.
pub fn canonical(folded: &str) -> Cow<'_, str> {
    if folded.len() < 2 || !folded.bytes().all(|b| b.is_ascii_lowercase()) {
        return Cow::Borrowed(folded);
    }
    let Some(mut form) = respell(folded) else { return Cow::Borrowed(folded) };
    // This ends: a rule makes the word shorter or turns an `s` into a `z`, or its form is one that no rule knows.
    while let Some(next) = respell(&form) {
        form = next;
    }
    form
}

/// One step towards the American form.
fn respell(word: &str) -> Option<Cow<'static, str>> {
    if let Ok(at) = WHOLE.binary_search_by(|(british, _)| (*british).cmp(word)) {
        return Some(Cow::Borrowed(WHOLE[at].1));
    }
    type Rule = (&'static [[u8; 2]], fn(&str) -> Option<String>);
    const RULES: [Rule; 9] = [
        (&[*b"ou"], our),
        (&[*b"is"], ise),
        (&[*b"en"], ence),
        (&[*b"ae", *b"oe", *b"ph", *b"en"], ligature),
        (&[*b"re"], re),
        (&[*b"ll"], doubled_l),
        (&[*b"gu"], ogue),
        (&[*b"ys"], yse),
        (&[*b"ea"], eable),
    ];
    let fits = |(pairs, _): &&Rule| pairs.iter().any(|pair| has_pair(word, *pair));
    RULES.iter().filter(fits).find_map(|(_, rule)| rule(word)).or_else(|| inflected(word)).map(Cow::Owned)
}

fn has(list: &[&str], word: &str) -> bool {
    list.binary_search(&word).is_ok()
}

/// Whether the list has the word, or the word after one of the prefixes that verbs take.
fn has_prefixed(list: &[&str], word: &str) -> bool {
    has(list, word)
        || ["un", "re", "de", "mis", "over", "out", "pre", "in"]
            .iter()
            .any(|prefix| word.strip_prefix(prefix).is_some_and(|rest| has(list, rest)))
}

/// Whether two letters stand side by side; tells quickly that a rule has nothing to do, as most have with most words.
fn has_pair(word: &str, pair: [u8; 2]) -> bool {
    word.as_bytes().windows(2).any(|two| two == pair)
}

/// `armoured` → `armored`.
fn our(word: &str) -> Option<String> {
    let (stem, rest) = word.split_once("our")?;
    has(OUR, stem).then(|| [stem, "or", rest].concat())
}

/// `mobilised` → `mobilized`, `organisational` → `organizational`; the ending is open to new words, so
/// what it does not hold for is listed.
fn ise(word: &str) -> Option<String> {
    let at = word.rfind("is")?;
    let (stem, rest) = (&word[..at], &word[at + 2..]);
    let verb = matches!(
        rest,
        "e" | "ed" | "es" | "er" | "ers" | "ing" | "ings" | "able" | "ably" | "ability" | "ement" | "ements"
    );
    let noun = matches!(rest, "ation" | "ations" | "ational" | "ationally");
    if !(verb || noun) || stem.len() < 3 {
        return None;
    }
    let vowel = stem.ends_with(['a', 'e', 'i', 'o', 'u', 'w']);
    let spelt = if vowel { has(ISE_AFTER_VOWEL, stem) } else { !has(ISE_BY_NATURE, stem) };
    spelt.then(|| [stem, "iz", rest].concat())
}

/// `defence` → `defense`, `licences` → `licenses`.
fn ence(word: &str) -> Option<String> {
    let at = word.find("enc")?;
    let (stem, rest) = (&word[..at], &word[at + 3..]);
    let ending = rest.starts_with('e') || (stem == "lic" && rest.starts_with("ing"));
    let known = matches!(stem, "def" | "off" | "lic" | "pret" | "biodef" | "cyberdef" | "unlic" | "indef");
    (known && ending).then(|| [stem, "ens", rest].concat())
}

/// `manoeuvre` → `maneuvre`, `anaesthetic` → `anesthetic`; and two other beginnings, `sulph-` and `enquir-`.
fn ligature(word: &str) -> Option<String> {
    if let Some(rest) = word.strip_prefix("sulph") {
        return Some(["sulf", rest].concat());
    }
    if let Some(rest) = word.strip_prefix("enquir") {
        return Some(["inquir", rest].concat());
    }
    if !word.contains("ae") && !word.contains("oe") {
        return None;
    }
    let (part, with) = LIGATURES.iter().find(|(part, _)| word.contains(part))?;
    Some(word.replacen(part, with, 1))
}

/// `centre` → `center`, `centred` → `centered`.
fn re(word: &str) -> Option<String> {
    let (stem, rest) = RE_ENDINGS.iter().find_map(|end| Some((word.strip_suffix(end)?.strip_suffix("re")?, *end)))?;
    let letter = if rest == "d" { "e" } else { "" };
    has(RE, stem).then(|| [stem, "er", letter, rest].concat())
}

/// `travelled` → `traveled`, `counsellor` → `counselor`.
fn doubled_l(word: &str) -> Option<String> {
    let at = word.rfind("ll")? + 1;
    let (base, rest) = (&word[..at], &word[at + 1..]);
    let ending = matches!(
        rest,
        "ed" | "er" | "ers" | "ery" | "ing" | "ings" | "ist" | "ists" | "or" | "ors" | "ous" | "able" | "ably"
    ) || (base == "tranquil" && (rest.starts_with("is") || rest.starts_with("iz")));
    (ending && has_prefixed(DOUBLED_L, base)).then(|| [base, rest].concat())
}

/// `dialogue` → `dialog`, `catalogued` → `cataloged`.
fn ogue(word: &str) -> Option<String> {
    let (stem, rest) = word.rsplit_once("ogu")?;
    let end = match rest {
        "e" => "",
        "es" => "s",
        "ed" | "er" | "ers" | "ing" => rest,
        _ => return None,
    };
    has(OGUE, stem).then(|| [stem, "og", end].concat())
}

/// `analysed` → `analyzed`. `analyses` stays: it is the plural of a noun more often than the verb.
fn yse(word: &str) -> Option<String> {
    let (stem, rest) = word.rsplit_once("ys")?;
    let ending = matches!(rest, "e" | "ed" | "er" | "ers" | "ing" | "able");
    (ending && has(YSE, stem)).then(|| [stem, "yz", rest].concat())
}

/// `sizeable` → `sizable`.
fn eable(word: &str) -> Option<String> {
    let (stem, rest) = word.rsplit_once("eab")?;
    let ending = matches!(rest, "le" | "ly" | "ility");
    (ending && has_prefixed(EABLE, stem)).then(|| [stem, "ab", rest].concat())
}

/// `ploughed` → `plowed`: a word of the list with an ending.
fn inflected(word: &str) -> Option<String> {
    let first = word.as_bytes().first()?;
    let from = INFLECTED.partition_point(|(british, _)| british.as_bytes()[0] < *first);
    let near = INFLECTED[from..].iter().take_while(|(british, _)| british.as_bytes()[0] == *first);
    let (with, rest) = near.filter_map(|(british, with)| Some((with, word.strip_prefix(british)?))).next()?;
    let ending = matches!(
        rest,
        "" | "s"
            | "es"
            | "d"
            | "ed"
            | "ing"
            | "ings"
            | "er"
            | "ers"
            | "y"
            | "ly"
            | "al"
            | "ally"
            | "ism"
            | "ish"
            | "ness"
    );
    ending.then(|| [with, rest].concat())
}

/// Endings after the `re` of `centre`.
const RE_ENDINGS: &[&str] =
    &["", "s", "d", "ly", "ness", "less", "piece", "pieces", "line", "fold", "goer", "goers", "glass", "board"];

/// Parts of words written `ae` or `oe` in Britain.
const LIGATURES: &[(&str, &str)] = &[
    ("manoeuv", "maneuv"),
    ("encyclopaed", "encycloped"),
    ("anaesth", "anesth"),
    ("archaeo", "archeo"),
    ("caesium", "cesium"),
    ("palaeo", "paleo"),
    ("paed", "ped"),
    ("haem", "hem"),
    ("aemia", "emia"),
    ("anaemi", "anemi"),
    ("aesthet", "esthet"),
    ("aetiolog", "etiolog"),
    ("faec", "fec"),
    ("gynaec", "gynec"),
    ("primaev", "primev"),
    ("mediaev", "mediev"),
    ("hyaena", "hyena"),
    ("diarrhoea", "diarrhea"),
    ("foet", "fet"),
    ("oestro", "estro"),
    ("oesoph", "esoph"),
    ("oedema", "edema"),
    ("coeliac", "celiac"),
    ("homoeo", "homeo"),
    ("amoeb", "ameb"),
];

/// Words in -our (British) and -or (American), without the ending.
const OUR: &[&str] = &[
    "ard",
    "arm",
    "behavi",
    "belab",
    "cand",
    "clam",
    "clang",
    "col",
    "decol",
    "demean",
    "discol",
    "disfav",
    "dishon",
    "dol",
    "enam",
    "endeav",
    "fav",
    "ferv",
    "flav",
    "glam",
    "harb",
    "hon",
    "hum",
    "lab",
    "malod",
    "misbehavi",
    "misdemean",
    "multicol",
    "neighb",
    "od",
    "parl",
    "ranc",
    "rig",
    "rum",
    "sav",
    "savi",
    "splend",
    "succ",
    "technic",
    "technicol",
    "tric",
    "tum",
    "unarm",
    "uncol",
    "unfav",
    "val",
    "vap",
    "vig",
    "watercol",
];

/// Words in -re and -er, without the ending, after `oe` has become `e`.
const RE: &[&str] = &[
    "accout",
    "amphitheat",
    "calib",
    "cent",
    "centilit",
    "centimet",
    "decamet",
    "decilit",
    "epicent",
    "fib",
    "goit",
    "hectolit",
    "hectomet",
    "hypocent",
    "kilolit",
    "kilomet",
    "lit",
    "lust",
    "maneuv",
    "meag",
    "met",
    "micromet",
    "millilit",
    "millimet",
    "mit",
    "nanomet",
    "nit",
    "och",
    "outmaneuv",
    "philt",
    "recent",
    "reconnoit",
    "sab",
    "saltpet",
    "scept",
    "sepulch",
    "somb",
    "spect",
    "theat",
    "tit",
];

/// Words that end in -ise on both sides of the ocean, without the ending: the bound of the rule for -ise.
const ISE_BY_NATURE: &[&str] = &[
    "acropol",
    "adv",
    "advert",
    "affranch",
    "amaryll",
    "annel",
    "appr",
    "arr",
    "cann",
    "chass",
    "chast",
    "chem",
    "chrysal",
    "circumc",
    "clemat",
    "compr",
    "comprom",
    "conc",
    "curt",
    "dav",
    "dem",
    "den",
    "derr",
    "desp",
    "dev",
    "disadv",
    "disenfranch",
    "disfranch",
    "earthr",
    "empr",
    "enfranch",
    "enterpr",
    "epiderm",
    "epiglott",
    "exc",
    "exerc",
    "expert",
    "fin",
    "franc",
    "franch",
    "glott",
    "harr",
    "highr",
    "immunocomprom",
    "imprec",
    "improv",
    "inadv",
    "inc",
    "lex",
    "liv",
    "mant",
    "marqu",
    "mav",
    "megalopol",
    "merchand",
    "metrit",
    "metropol",
    "misadv",
    "moonr",
    "morr",
    "mort",
    "myr",
    "necropol",
    "orchit",
    "overexerc",
    "overprec",
    "pall",
    "parad",
    "past",
    "pelv",
    "pen",
    "portcull",
    "pract",
    "preadv",
    "prec",
    "prem",
    "presurm",
    "probosc",
    "proboscis",
    "prom",
    "readv",
    "readvert",
    "repr",
    "rev",
    "sunr",
    "superv",
    "surm",
    "surpr",
    "telev",
    "torticoll",
    "treat",
    "trell",
    "unadv",
    "unadvert",
    "uncomprom",
    "unenterpr",
    "unexerc",
    "unprec",
    "unprom",
    "unrev",
    "unsuperv",
    "unsurpr",
    "unw",
    "upr",
    "val",
    "verdigr",
];

/// The few words that take -ise after a vowel; every other one (noise, praise, cruise) is -ise by nature.
const ISE_AFTER_VOWEL: &[&str] = &["archa", "colloqu", "ghetto", "hebra", "juda", "soliloqu", "ventriloqu"];

/// Verbs in -yse and -yze, without the ending.
const YSE: &[&str] = &[
    "anal",
    "bioanal",
    "breathal",
    "catal",
    "cryptanal",
    "dial",
    "electrol",
    "hydrol",
    "overanal",
    "paral",
    "photol",
    "psychoanal",
    "pyrol",
    "reanal",
    "unparal",
];

/// Words in -ogue and -og, without the ending.
const OGUE: &[&str] =
    &["anal", "catal", "decal", "demag", "dial", "epil", "homol", "monol", "pedag", "travel", "trial", "tril"];

/// Words whose last l is doubled before an ending in Britain alone.
const DOUBLED_L: &[&str] = &[
    "apparel", "barrel", "bedevil", "bejewel", "bevel", "bushel", "cancel", "carol", "channel", "chisel", "council",
    "counsel", "cudgel", "devil", "dial", "dishevel", "drivel", "duel", "empanel", "enamel", "equal", "flannel",
    "fuel", "funnel", "gambol", "gravel", "grovel", "gruel", "hostel", "hovel", "impanel", "imperil", "initial",
    "jewel", "kennel", "label", "laurel", "level", "libel", "marshal", "marvel", "medal", "metal", "model", "panel",
    "parcel", "pedal", "pencil", "pommel", "pummel", "quarrel", "ravel", "refuel", "remodel", "revel", "rival",
    "shovel", "shrivel", "signal", "snivel", "snorkel", "spiral", "squirrel", "stencil", "swivel", "tassel", "tinsel",
    "total", "towel", "trammel", "tranquil", "travel", "trowel", "tunnel", "unravel", "victual", "weasel", "yodel",
];

/// Verbs in -e that keep it before -able in Britain alone, without it.
const EABLE: &[&str] = &[
    "blam", "debat", "driv", "hir", "lik", "liv", "lov", "mov", "nam", "rat", "sal", "scal", "shak", "siz", "trad",
    "tun", "us",
];

/// Words that follow no rule: as met → American, sorted.
const WHOLE: &[(&str, &str)] = &[
    ("ageing", "aging"),
    ("aluminium", "aluminum"),
    ("amidst", "amid"),
    ("amongst", "among"),
    ("appal", "appall"),
    ("appals", "appalls"),
    ("behove", "behoove"),
    ("behoved", "behooved"),
    ("behoves", "behooves"),
    ("biassed", "biased"),
    ("bln", "billion"),
    ("bn", "billion"),
    ("burnt", "burned"),
    ("callipers", "calipers"),
    ("carburettor", "carburetor"),
    ("carburettors", "carburetors"),
    ("centring", "centering"),
    ("chequerboard", "checkerboard"),
    ("chequered", "checkered"),
    ("connexion", "connection"),
    ("connexions", "connections"),
    ("cosier", "cozier"),
    ("cosiest", "coziest"),
    ("cosily", "cozily"),
    ("cosiness", "coziness"),
    ("cosy", "cozy"),
    ("councillor", "councilor"),
    ("counsellorship", "counselorship"),
    ("deflexion", "deflection"),
    ("disc", "disk"),
    ("discs", "disks"),
    ("disorientated", "disoriented"),
    ("distil", "distill"),
    ("distils", "distills"),
    ("doughnut", "donut"),
    ("doughnuts", "donuts"),
    ("dreamt", "dreamed"),
    ("dyke", "dike"),
    ("dykes", "dikes"),
    ("enrol", "enroll"),
    ("enrolment", "enrollment"),
    ("enrolments", "enrollments"),
    ("enrols", "enrolls"),
    ("enthral", "enthrall"),
    ("enthrals", "enthralls"),
    ("eur", "euro"),
    ("focussed", "focused"),
    ("focusses", "focuses"),
    ("focussing", "focusing"),
    ("fulfil", "fulfill"),
    ("fulfilment", "fulfillment"),
    ("fulfilments", "fulfillments"),
    ("fulfils", "fulfills"),
    ("furore", "furor"),
    ("furores", "furors"),
    ("gbp", "pound"),
    ("gipsies", "gypsies"),
    ("gipsy", "gypsy"),
    ("gramme", "gram"),
    ("grammes", "grams"),
    ("greyer", "grayer"),
    ("inflexion", "inflection"),
    ("instal", "install"),
    ("instalment", "installment"),
    ("instalments", "installments"),
    ("instals", "installs"),
    ("instil", "instill"),
    ("instilment", "instillment"),
    ("instils", "instills"),
    ("jewelleries", "jewelries"),
    ("jewellery", "jewelry"),
    ("kilogramme", "kilogram"),
    ("kilogrammes", "kilograms"),
    ("leant", "leaned"),
    ("leapt", "leaped"),
    ("learnt", "learned"),
    ("liquorice", "licorice"),
    ("maneuvrability", "maneuverability"),
    ("maneuvrable", "maneuverable"),
    ("maneuvring", "maneuvering"),
    ("maneuvrings", "maneuverings"),
    ("marvellously", "marvelously"),
    ("maths", "math"),
    ("mediaeval", "medieval"),
    ("mln", "million"),
    ("mn", "million"),
    ("moustachioed", "mustachioed"),
    ("nosey", "nosy"),
    ("omelette", "omelet"),
    ("omelettes", "omelets"),
    ("orientate", "orient"),
    ("orientated", "oriented"),
    ("orientates", "orients"),
    ("orientating", "orienting"),
    ("outmaneuvring", "outmaneuvering"),
    ("pedlar", "peddler"),
    ("pedlars", "peddlers"),
    ("percent", "cent"),
    ("phoney", "phony"),
    ("ploughshare", "plowshare"),
    ("ploughshares", "plowshares"),
    ("practise", "practice"),
    ("practised", "practiced"),
    ("practiser", "practicer"),
    ("practises", "practices"),
    ("practising", "practicing"),
    ("preventative", "preventive"),
    ("preventatives", "preventives"),
    ("programme", "program"),
    ("programmes", "programs"),
    ("recentring", "recentering"),
    ("reconnoitring", "reconnoitering"),
    ("reflexion", "reflection"),
    ("refocussed", "refocused"),
    ("skilful", "skillful"),
    ("skilfully", "skillfully"),
    ("skilfulness", "skillfulness"),
    ("smouldering", "smoldering"),
    ("snowplough", "snowplow"),
    ("snowploughs", "snowplows"),
    ("specialities", "specialties"),
    ("speciality", "specialty"),
    ("spilt", "spilled"),
    ("spoilt", "spoiled"),
    ("sulphur", "sulfur"),
    ("titbit", "tidbit"),
    ("titbits", "tidbits"),
    ("tn", "trillion"),
    ("tranquillity", "tranquility"),
    ("trln", "trillion"),
    ("tsar", "czar"),
    ("tsarina", "czarina"),
    ("tsarism", "czarism"),
    ("tsarist", "czarist"),
    ("tsarists", "czarists"),
    ("tsars", "czars"),
    ("unlearnt", "unlearned"),
    ("unpractised", "unpracticed"),
    ("unskilful", "unskillful"),
    ("usd", "dollar"),
    ("whilst", "while"),
    ("wilful", "willful"),
    ("wilfully", "willfully"),
    ("wilfulness", "willfulness"),
    ("woollen", "woolen"),
    ("woollens", "woolens"),
    ("worshipped", "worshiped"),
    ("worshipper", "worshiper"),
    ("worshippers", "worshipers"),
    ("worshipping", "worshiping"),
];

/// Words whose endings are the same on both sides: as met → American, sorted.
const INFLECTED: &[(&str, &str)] = &[
    ("abridgement", "abridgment"),
    ("acknowledgement", "acknowledgment"),
    ("aeroplane", "airplane"),
    ("artefact", "artifact"),
    ("baulk", "balk"),
    ("cauldron", "caldron"),
    ("cypher", "cipher"),
    ("decypher", "decipher"),
    ("despatch", "dispatch"),
    ("dislodgement", "dislodgment"),
    ("gaol", "jail"),
    ("grey", "gray"),
    ("judgement", "judgment"),
    ("lodgement", "lodgment"),
    ("misjudgement", "misjudgment"),
    ("mollusc", "mollusk"),
    ("mould", "mold"),
    ("moustache", "mustache"),
    ("plough", "plow"),
    ("pyjama", "pajama"),
    ("rouble", "ruble"),
    ("sceptic", "skeptic"),
    ("smoulder", "smolder"),
    ("syphon", "siphon"),
    ("yoghurt", "yogurt"),
];
