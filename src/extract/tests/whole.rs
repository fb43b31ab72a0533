//! Tests of HTML pages: the story comes in whole, and what is no story stays out, however the page is built.

use super::*;

/// Paragraph `n` of a story; no two are alike.
fn paragraph(n: usize) -> String {
    let places =
        ["Port Alda", "Ravenia", "Quay Island", "the northern yard", "the old fort", "Lake Senn", "the capital"];
    let acts = ["counted the boats", "paid for the steel", "asked for more crews", "closed the gate", "read the plan"];
    let (place, act) = (places[n % places.len()], acts[n % acts.len()]);
    format!(
        "Part {n} tells how the people at {place} {act} in the week after the talks, and how the officers of the {n}th \
         squadron came back with their answer on the day that the council had set for it."
    )
}

fn text_of(parts: std::ops::Range<usize>) -> String {
    parts.map(paragraph).collect::<Vec<_>>().join("\n\n")
}

fn paragraphs(parts: std::ops::Range<usize>, attributes: &str) -> String {
    parts.map(|n| format!("<p {attributes}>{}</p>", paragraph(n))).collect()
}

/// The text of a page with this in its body under the headline.
fn text(story: &str) -> String {
    page(&format!("<main><h1>Squadrons answer the council</h1>{story}</main>"))
}

fn page(body: &str) -> String {
    let head = "<title>Squadrons answer the council</title>";
    html(&format!("<html lang=en><head>{head}</head><body>{body}<footer>Alda Post</footer></body></html>")).text
}

#[test]
fn paragraphs_with_a_name_of_something_else_are_text_if_the_story_is_in_them() {
    for name in
        ["class=paywall", "class=\"body regwall\"", "class=share", "class=related", "id=popular style=\"display:none\""]
    {
        let story = format!("<article>{}{}</article>", paragraphs(0..2, ""), paragraphs(2..8, name));
        assert_eq!(text(&story), text_of(0..8), "{name}");
    }
    // Too little to tell by its share, but it asks for nothing.
    let last = format!("<article>{}{}</article>", paragraphs(0..9, ""), paragraphs(9..10, "class=paywall"));
    assert_eq!(text(&last), text_of(0..10));
}

#[test]
fn a_box_that_asks_for_payment_is_left_out() {
    for name in ["paywall", "subscribe-box", "metered premium"] {
        let wall = format!(
            "<div class=\"{name}\"><p>Subscribe to the Alda Post and enjoy unlimited access to all our stories. You can \
             cancel anytime.</p><p>Already a subscriber? Sign in to your account to read the rest of the day.</p></div>"
        );
        let story = format!("<article>{}{wall}{}</article>", paragraphs(0..4, ""), paragraphs(4..8, ""));
        assert_eq!(text(&story), text_of(0..8), "{name}");
    }
}

#[test]
fn a_story_in_several_containers_is_kept_whole_and_in_order() {
    let box_between = "<div class=newsletter-promo><p>Sign up for our letter, straight to your inbox.</p></div>";
    for (open, close) in [
        ("<div class=article-body>", "</div>"),
        ("<div itemprop=articleBody>", "</div>"),
        ("<section class=\"row grid\"><div class=col>", "</div></section>"),
    ] {
        let part = |range| format!("{open}{}{close}", paragraphs(range, ""));
        let story = format!("{}{box_between}{}{box_between}{}", part(0..3), part(3..7), part(7..9));
        assert_eq!(text(&story), text_of(0..9), "{open}");
    }
}

#[test]
fn the_second_half_of_a_story_in_two_containers_is_kept() {
    for name in ["class=article-body", "itemprop=articleBody", "class=entry-content", "class=post-content"] {
        for (first, second) in [(0..3, 3..6), (0..4, 4..6)] {
            let part = |range| format!("<div {name}>{}</div>", paragraphs(range, ""));
            let story = format!("{}<div class=advert>Advertisement</div>{}", part(first), part(second));
            assert_eq!(text(&story), text_of(0..6), "{name}");
            assert_eq!(text(&format!("<article>{story}</article>")), text_of(0..6), "{name}");
        }
    }
}

#[test]
fn a_text_without_end_is_kept_whole() {
    let lines: String =
        (0..2000).map(|n| format!("report on frigate {n} of the fleet of Alda, seen in port\n")).collect();
    for tag in ["p", "div", "pre"] {
        let found = page(&format!("<h1>Squadrons answer the council</h1><{tag}>{lines} Final gannet.</{tag}>"));
        assert!(
            found.contains("frigate 1999") && found.contains("Final gannet") && found.contains("frigate 0 "),
            "{tag}"
        );
    }
}

#[test]
fn entries_of_a_live_report_are_one_story() {
    let entries: String = (1..8)
        .map(|n| format!("<article class=post><h2>Hour {n}</h2>{}</article>", paragraphs(2 * n..2 * n + 2, "")))
        .collect();
    let found = text(&format!("<div class=live>{}{entries}</div>", paragraphs(0..2, "")));
    for n in 0..16 {
        assert!(found.contains(&paragraph(n)), "part {n} is lost: {found}");
    }
}

#[test]
fn a_text_about_consent_is_not_the_story_however_long_it_is() {
    let consent: String = (0..12)
        .map(|n| format!("<p>Notice {n}: we and our partners store and/or access information on a device, and process your data as our privacy policy and the choices that you made say.</p>"))
        .collect();
    for (before, after) in [(consent.as_str(), ""), ("", consent.as_str())] {
        let body = format!(
            "<div>{before}</div><div class=top><h1>Squadrons answer the council</h1></div><div class=text>{}</div><div>{after}</div>",
            paragraphs(0..4, "")
        );
        assert_eq!(page(&body), text_of(0..4));
    }
}

#[test]
fn a_short_page_keeps_headline_byline_and_text_apart() {
    let above = "<header><h1>Squadrons answer the council</h1><div><span>By Ada Brook</span><time datetime=2025-03-03>3 March 2025</time></div></header>";
    for parts in 1..3 {
        let body = format!("<main><article>{above}<div class=body>{}</div></article></main>", paragraphs(0..parts, ""));
        assert_eq!(page(&body), text_of(0..parts));
    }
}

#[test]
fn marks_about_line_breaks_change_nothing() {
    let story = paragraphs(0..5, "");
    for (word, marked) in [
        ("officers of", "officers<wbr> of"),
        ("squadron", "squa<wbr>dron"),
        ("squadron", "squa&shy;dron"),
        ("the people", "<nobr>the people</nobr>"),
    ] {
        let found = text(&format!("<article>{}</article>", story.replace(word, marked)));
        assert_eq!(found.replace('\u{AD}', ""), text_of(0..5), "{marked}");
    }
}

#[test]
fn tags_that_no_standard_knows_do_not_run_a_story_together() {
    for (open, close) in
        [("<x-term>", "</x-term>"), ("<bdi>", "</bdi>"), ("<tt>", "</tt>"), ("<data value=1>", "</data>")]
    {
        let story = paragraphs(0..5, "").replace("officers", &format!("{open}officers{close}"));
        assert_eq!(text(&format!("<article>{story}</article>")), text_of(0..5), "{open}");
    }
}

#[test]
fn a_shadow_root_that_browsers_show_is_read_and_other_templates_are_not() {
    let story = format!("<h1>Squadrons answer the council</h1><article>{}</article>", paragraphs(0..4, ""));
    for mode in ["shadowrootmode=open", "shadowrootmode=\"closed\"", "class=x shadowroot=open"] {
        assert_eq!(page(&format!("<a-story><template {mode}>{story}</template></a-story>")), text_of(0..4), "{mode}");
    }
    let other = format!("{story}<template id=card><p>{}</p></template>", paragraph(9));
    assert_eq!(page(&other), text_of(0..4));
}

#[test]
fn where_the_page_shows_a_fragment_its_own_account_is_the_text() {
    let account = text_of(0..8).replace("\n\n", "\\n\\n");
    let data = format!(
        "<script type=\"application/ld+json\">{{\"@type\":\"NewsArticle\",\"headline\":\"Squadrons answer the council\",\"articleBody\":\"{account}\"}}</script>"
    );
    assert_eq!(text(&format!("{data}<div><p>{}</p></div>", paragraph(0))), text_of(0..8));
}

#[test]
fn what_speaks_against_a_text_is_kept_with_it() {
    let doubts = |body: &str| {
        let page =
            format!("<html lang=en><body><main><h1>Squadrons answer the council</h1>{body}</main></body></html>");
        html(&page).doubts.into_iter().map(Doubt::name).collect::<Vec<_>>().join(" ")
    };
    let story = |parts: usize| format!("<article>{}</article>", paragraphs(0..parts, ""));
    assert_eq!(doubts(&story(8)), "");
    assert_eq!(doubts("<p>The fleet of Alda is back in port, the council said on Sunday.</p>"), "short");
    assert_eq!(doubts("<p>The fleet of Alda is back in port.</p>"), "short");
    let ask = "<p>Subscribe now for unlimited access, or sign in to your account to continue reading.</p>";
    assert!(doubts(&format!("{}<div class=box>{}</div>", story(2), ask.repeat(2))).contains("wall"));
    let german = "Die Minister der Staaten haben sich am Montag auf einen gemeinsamen Plan verständigt, und sie wollen die \
                  neuen Schiffe noch in diesem Jahr bestellen, wie ein Sprecher nach dem Treffen in der Hauptstadt sagte.";
    let german: String = (1..4).map(|n| format!("<p>{german} Das war ihr {n}. Treffen.</p>")).collect();
    assert_eq!(doubts(&format!("<article>{german}</article>")), "language");
    let account = text_of(0..9).replace("\n\n", "\\n\\n");
    let data = format!(
        "<script type=\"application/ld+json\">{{\"@type\":\"NewsArticle\",\"articleBody\":\"{account}\"}}</script>"
    );
    assert_eq!(doubts(&format!("{data}{}", story(5))), "account");
}
