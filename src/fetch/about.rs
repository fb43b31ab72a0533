//! What a feed says of itself outside its entries: title, how often it changes, its hub.

use std::collections::BTreeSet;

use super::xml::{Step, walk};
use super::{DAY, HOUR};

/// What a feed says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct About {
    pub(super) title: Option<String>,
    /// The interval at which it wants to be asked at most, in seconds.
    pub(super) interval: Option<i64>,
    /// Hours (GMT) at which it does not want to be asked.
    pub(super) skip_hours: BTreeSet<i64>,
    /// Days at which it does not want to be asked; Sunday is 0.
    pub(super) skip_days: BTreeSet<i64>,
    /// Where it says that it can be had by push (WebSub).
    pub(super) hub: Option<String>,
}

const DAYS: [&str; 7] = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

/// Reads what an RSS or Atom feed, or a JSON feed, says of itself.
pub(super) fn about(text: &str) -> About {
    let mut about = About::default();
    if text.trim_start_matches('\u{feff}').trim_start().starts_with('{') {
        let feed: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
        about.title = feed["title"].as_str().and_then(title);
        about.hub = feed["hubs"][0]["url"].as_str().map(str::to_owned);
        return about;
    }
    let (mut period, mut frequency) = (None, 1);
    walk(text, |path, step| {
        if path.iter().any(|name| matches!(name.as_str(), "item" | "entry" | "image" | "textinput")) {
            return;
        }
        match step {
            Step::Open("link", attributes) if attributes.get("rel").is_some_and(|rel| rel == "hub") => {
                about.hub = attributes.get("href");
            }
            Step::Close("title", text) if about.title.is_none() => about.title = title(text),
            Step::Close("ttl", text) => {
                about.interval = about.interval.max(text.parse::<u32>().ok().map(|minutes| i64::from(minutes) * 60));
            }
            Step::Close("hour", text) => about.skip_hours.extend(text.parse::<i64>().ok().map(|hour| hour % 24)),
            Step::Close("day", text) => {
                let day = DAYS.iter().position(|day| day.eq_ignore_ascii_case(text));
                about.skip_days.extend(day.and_then(|day| i64::try_from(day).ok()));
            }
            Step::Close("updatePeriod", text) => period = seconds_of(text),
            Step::Close("updateFrequency", text) => frequency = text.parse::<u32>().unwrap_or(1).max(1),
            _ => {}
        }
    });
    about.interval = about.interval.max(period.map(|period| period / i64::from(frequency)));
    about
}

fn seconds_of(period: &str) -> Option<i64> {
    Some(match period.to_ascii_lowercase().as_str() {
        "hourly" => HOUR,
        "daily" => DAY,
        "weekly" => 7 * DAY,
        "monthly" => 30 * DAY,
        "yearly" => 365 * DAY,
        _ => return None,
    })
}

/// A title on one line; `None` where nothing is left.
fn title(text: &str) -> Option<String> {
    let text = html_escape::decode_html_entities(text);
    let line: Vec<&str> = text.split_whitespace().collect();
    Some(line.join(" ").chars().take(120).collect()).filter(|title: &String| !title.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_feed_says_how_often_it_wants_to_be_asked() {
        let rss = "<rss xmlns:sy='x'><channel><image><title>Logo</title></image><title> Harbour\n Post </title><ttl>180</ttl>\
            <sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>\
            <skipHours><hour>1</hour><hour>24</hour><hour>x</hour></skipHours><skipDays><day>Sunday</day></skipDays>\
            <atom:link rel='hub' href='https://hub.example/'/><item><title>One</title><ttl>9999</ttl></item></channel></rss>";
        let about = super::about(rss);
        assert_eq!(about.title.as_deref(), Some("Harbour Post"));
        assert_eq!(about.interval, Some(6 * HOUR));
        assert_eq!((about.skip_hours, about.skip_days), ([0, 1].into(), [0].into()));
        assert_eq!(about.hub.as_deref(), Some("https://hub.example/"));
        let json =
            super::about(r#"{"version": "https://jsonfeed.org/version/1.1", "title": "Alda &amp; sea", "items": []}"#);
        assert_eq!(json.title.as_deref(), Some("Alda & sea"));
        assert_eq!(super::about("<feed><title/><entry><title>x</title></entry>"), About::default());
    }
}
