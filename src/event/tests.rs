//! Sentences that tell of an event, and sentences that do not.

use super::*;
use crate::authority::Authority;
use crate::tag::Tagger;

fn read(title: &str, text: &str) -> Events {
    thread_local! {
        static TAGGER: std::cell::RefCell<Tagger<'static>> = std::cell::RefCell::new(Tagger::new(Authority::bundled()));
    }
    let article = Article { title: title.to_owned(), text: text.to_owned(), ..Article::default() };
    let tags = TAGGER.with_borrow_mut(|tagger| tagger.tag(&article));
    events(&article, &tags)
}

/// The events of a list, each as `poland order f-35`.
fn told(list: &[Event]) -> Vec<String> {
    let name = |id: &str| id.rsplit('/').next().unwrap_or_default().to_owned();
    list.iter().map(|one| format!("{} {} {}", name(&one.actor), one.class, name(&one.system))).collect()
}

fn in_text(text: &str) -> Vec<String> {
    told(&read("", text).text)
}

#[test]
fn an_actor_did_something_with_a_system() {
    for (text, wanted) in [
        ("Poland has ordered 32 F-35A jets.", "poland order f-35"),
        ("On Monday Norway's army bought another 54 Leopard 2A8 tanks for $2bn.", "norway-army order leopard-2"),
        ("The Polish army has tested the HIMARS launcher at a range near Toruń.", "poland-army test himars"),
        ("Saab delivered the first of 14 Gripen E fighters to Brazil.", "saab deliver gripen"),
        ("Germany gave Ukraine 18 Leopard 2A6 tanks.", "germany donate leopard-2"),
        ("The United States has approved the sale of HIMARS to Estonia.", "united-states approve himars"),
        ("Canada cancelled its order for F-35 fighters in 2015.", "canada cancel f-35"),
        ("Japan signed a contract for Tomahawk missiles with the United States.", "japan order tomahawk"),
        ("Ukraine lost an F-16 in a crash last week.", "ukraine lose f-16"),
        (
            "The U.S. Navy awarded Lockheed Martin a $1.2 billion contract to build Trident II missiles.",
            "us-navy order trident-ii",
        ),
        ("Norway has awarded a framework contract worth 2 billion to Saab for Gripen jets.", "norway order gripen"),
        ("Poland signed for 96 Apache helicopters in August.", "poland order ah-64"),
        ("Norway acquired its first P-8 aircraft in 2021.", "norway order p-8"),
        ("The NATO Support and Procurement Agency (NSPA) has ordered 200 Patriot missiles.", "nato-nspa order patriot"),
        ("Ukraine flies the F-16 jets that Denmark donated last year.", "denmark donate f-16"),
        ("The minister thanked Norway, which donated eight Leopard 2 tanks.", "norway donate leopard-2"),
        ("The Netherlands is donating a Patriot battery to Ukraine.", "netherlands donate patriot"),
        (
            "The U.S. Air Force carried out a successful test launch of a Minuteman III missile.",
            "us-air-force test minuteman-iii",
        ),
        ("Sweden handed over eight Archer howitzers to Ukraine.", "sweden deliver archer"),
        ("Germany approved the sale to Norway of 54 Leopard 2 tanks.", "germany approve leopard-2"),
        ("Germany cleared Leopard 2 tanks for Ukraine.", "germany approve leopard-2"),
        (
            "Officials said that Romania had already deployed Patriot batteries near the coast.",
            "romania deploy patriot",
        ),
    ] {
        assert_eq!(in_text(text), [wanted], "{text}");
    }
    assert_eq!(
        in_text("Norway ordered 52 F-35A jets, five P-8 aircraft and a dozen Leopard 2 tanks."),
        ["norway order f-35", "norway order p-8", "norway order leopard-2"]
    );
}

#[test]
fn something_was_done_with_a_system_by_an_actor() {
    for (text, wanted) in [
        ("Eight F-16 jets were donated by Denmark last year.", "denmark donate f-16"),
        ("The Patriot batteries ordered by Romania came late.", "romania order patriot"),
        ("Two Leopard 2 tanks had been lost by the Ukrainian army.", "ukraine-army lose leopard-2"),
        ("The Tomahawk missile was then tested by the U.S. Navy.", "us-navy test tomahawk"),
    ] {
        assert_eq!(in_text(text), [wanted], "{text}");
    }
}

#[test]
fn headlines_tell_in_the_present() {
    assert_eq!(told(&read("Poland orders 32 F-35 jets", "").title), ["poland order f-35"]);
    assert_eq!(told(&read("Norway scraps NH90 and demands its money back", "").title), ["norway cancel nh90"]);
    assert_eq!(told(&read("Germany clears Leopard 2 for Ukraine", "").title), ["germany approve leopard-2"]);
    assert_eq!(told(&read("Poland signs for 96 Apache helicopters", "").title), ["poland order ah-64"]);
    assert_eq!(told(&read("Raytheon awarded $2bn contract for Patriot", "").title), [""; 0]);
    assert_eq!(in_text("Poland orders F-35 jets whenever it can."), [""; 0]);
}

#[test]
fn what_is_planned_denied_asked_or_of_something_else_is_no_event() {
    for text in [
        "Poland will order 32 F-35A jets.",
        "Poland may have ordered F-35 jets.",
        "Poland plans to order F-35 jets.",
        "Poland has not ordered F-35 jets.",
        "Norway denied that Poland had ordered F-35 jets.",
        "If Poland ordered F-35 jets, Norway would follow.",
        "Has Poland ordered F-35 jets?",
        "Poland reportedly ordered F-35 jets.",
        "Poland ordered F-35 pilots to land.",
        "Poland ordered the crews of its F-35 jets to land.",
        "Poland tested F-35-launched weapons.",
        "Poland lost the F-35 contract.",
        "Poland ordered tanks, and Norway flew F-35 jets.",
        "The minister of Poland ordered F-35 jets.",
        "A maker in Poland delivered Patriot launchers.",
        "Polish firms delivered HIMARS parts.",
        "Polish pilots tested the F-35.",
        "Poland's rival ordered F-35 jets.",
        "F-35 jets were ordered by Polish voters.",
        "F-35 jets were ordered by Poland's rival.",
        "F-35 parts were ordered by Poland.",
        "The company that Poland chose ordered nothing. F-35 jets flew.",
        "Poland's F-35 order was late.",
        "France and Spain signed a framework agreement for the Future Combat Air System (FCAS).",
        "Lockheed Martin was awarded a contract for F-35 jets.",
        "Lockheed Martin signed a contract for F-16 jets.",
        "Norway signed an agreement to supply NASAMS to Ukraine.",
        "The Navy awarded Raytheon a contract to repair the Patriot.",
        "Norway is considering donating F-16 jets.",
        "Norway donating F-16 jets would be news.",
        "The jets which Norway ordered were no F-35.",
        "Norway carried out a strike with F-16 jets.",
        "Norway held F-16 jets in reserve.",
        "A court ordered Poland to sell its F-35 jets.",
    ] {
        assert_eq!(in_text(text), [""; 0], "{text}");
    }
}

#[test]
fn every_text_can_be_read() {
    for text in [
        "",
        "F-35",
        "F-35 ordered by",
        "ordered",
        "Poland ordered",
        "by Poland. F-35\n\nlost",
        "«F-35» ordered by «Poland»",
    ] {
        let found = read(text, text);
        assert!(
            found
                .title
                .iter()
                .chain(&found.text)
                .all(|one| one.start < one.end && text.get(one.start..one.end).is_some())
        );
    }
}
