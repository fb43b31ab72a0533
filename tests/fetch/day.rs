//! A day in the life: twelve sources of all kinds, three polls with news between them, and what each command then prints.
//!
//! The README shows the same output; `UPDATE_README=1 cargo test --test fetch day` writes it there.

use std::path::Path;

use super::server::{Server, Step};
use super::{Desk, Run, page};

/// A story: path, title, time of publication, and three paragraphs, the first of which is its summary.
struct Story {
    path: &'static str,
    title: &'static str,
    time: &'static str,
    paragraphs: [&'static str; 3],
}

const FERRIES: Story = Story {
    path: "/2026/ferries",
    title: "Alda orders twelve ferries for its army",
    time: "2026-02-28T17:00:00Z",
    paragraphs: [
        "The defence ministry of Alda has ordered twelve ferries from the yard at Port Lorn, the minister said on Saturday.",
        "The first two are to reach the southern islands before the winter, with crews who learn their trade on hired ships \
         until then. The contract leaves the price of later engines open, which two members of the budget committee regret.",
        "Otto Quell, who leads the committee, asked for the whole contract. The yard had last built for the army nine years ago.",
    ],
};

const AWARD: Story = Story {
    path: "/a/award",
    title: "Tarvia names a general to lead its cyber command",
    time: "2026-02-28T09:00:00Z",
    paragraphs: [
        "Tarvia has put a general of its signals corps at the head of the new cyber command, which opens in April.",
        "The command takes over four hundred posts from the army and the interior ministry. Recruiting has been slow, as firms in \
         the capital pay about twice as much for the same work, according to the audit office.",
        "A first exercise with the neighbours is planned for June. Parliament wants a report on it before the summer recess.",
    ],
};

const RADAR: Story = Story {
    path: "/radar",
    title: "Ravenia looks for a site for its second radar",
    time: "2026-02-27T15:00:00Z",
    paragraphs: [
        "Three villages in the north of Ravenia have been told that a second long-range radar may be built on their heath.",
        "Residents fear for the birds and for the price of land. The air force says that the beam points upwards, and that the old \
         station on the coast can see little of what flies low over the strait.",
        "A decision is due in May, after a hearing at which anybody from the district may speak for five minutes.",
    ],
};

const DRONES: Story = Story {
    path: "/drones",
    title: "Alda tests drones against mines at sea",
    time: "2026-03-01T09:30:00Z",
    paragraphs: [
        "Two underwater drones have searched a lane off Port Lorn for old mines, in a trial that the navy of Alda calls a success.",
        "They found nine of ten dummies in a night. The tenth lay under a wreck, where a diver reached it in the morning; nobody \
         was in danger at any time, the captain of the mother ship told the reporters on board.",
        "Should the trials in heavy weather go as well, six such craft are to be bought in the coming year.",
    ],
};

const BUDGET: Story = Story {
    path: "/notices/budget",
    title: "Ministry publishes the plan of purchases to 2030",
    time: "2026-03-01T08:00:00Z",
    paragraphs: [
        "The plan of purchases to 2030 names forty-one projects, of which eleven are new and three were given up.",
        "New are a tanker aircraft that is shared with Ravenia, bridges for the engineers and a training centre for medics. Given up \
         are the howitzer on wheels, a patrol boat and the extension of the barracks at Upper Lorn.",
        "Comments can be sent to the ministry for six weeks, by letter or at one of the four public meetings. The council of the provinces \
         discusses the plan at the end of April; the sums of each year are fixed by parliament with the budget, and may still change \
         where prices of steel or fuel rise by more than a tenth.",
    ],
};

/// What else the page of the plan says; a page that only a list names is an article from 200 words on.
const ANNEX: &str = "<p>The army receives the largest share, with nine projects for its brigades of the plain. Radios come first: those of \
    the third brigade are older than most who carry them, and spare parts have been taken from museums twice. Next are field kitchens, \
    tents for the winter and a simulator in which drivers of heavy lorries can be trained without fuel.</p><p>For the navy the plan has a \
    second dock at Port Lorn, pumps for the old one, and six small craft against mines, should their trial end well. The air force waits \
    for hangars at two fields in the east, and for a decision on who will maintain the engines of its transport aircraft after the \
    contract with the maker ends. Projects of less than a million are listed in the annex by province, with the name of the office \
    that answers questions about each of them.</p>";

const STUDY: Story = Story {
    path: "/studies/fuel",
    title: "How long would the fuel last? A study of four armies",
    time: "2026-03-01T10:00:00Z",
    paragraphs: [
        "Of four armies around the strait only one could move its brigades for more than a month on the fuel that it stores.",
        "The authors counted depots, pipelines and lorries from open sources, and asked eleven retired quartermasters to correct their \
         figures. The spread of the answers is wide, most of all for the ports.",
        "They advise shared depots away from the coast, and contracts with hauliers that also hold when the drivers are called up.",
    ],
};

const YARD: Story = Story {
    path: "/members/yard",
    title: "A yard and its debts",
    time: "2026-03-01T07:30:00Z",
    paragraphs: [
        "What the yard at Port Lorn owes, and to whom: a look into the books of the builder of the ferries.",
        "",
        "",
    ],
};

const TALKS: Story = Story {
    path: "/wire/talks",
    title: "Alda and Borduria agree on talks about the strait",
    time: "2026-03-01T10:00:00Z",
    paragraphs: [
        "Alda and Borduria will talk about the rules of passage through the strait, their foreign ministers said on Sunday in Port Lorn.",
        "The talks are to begin on 9 March with an exchange of charts, and to go on each second week. Fishing fleets and pilots of both \
         sides have asked for common signals since two ships of the coast guards touched in fog in the autumn.",
        "Neither minister would say whether the patrols of the navies are part of it. A spokesman for Ravenia called the news welcome \
         and offered a room on neutral ground.",
    ],
};

const BRIDGE: Story = Story {
    path: "/2026/bridge",
    title: "Engineers of Borduria lay a bridge of 120 metres in an hour",
    time: "2026-03-02T08:00:00Z",
    paragraphs: [
        "Engineers of Borduria have laid a floating bridge of 120 metres in under an hour, in front of guests from six countries.",
        "Lorries of forty tonnes crossed it all night. The pontoons come from a firm that had built stages for open-air concerts until \
         its owner answered a call for tenders three years ago.",
        "A second set is to be lent to Tarvia for the exercise in June, together with a platoon that teaches how it is used.",
    ],
};

const PILOTS: Story = Story {
    path: "/pilots",
    title: "Ravenia sends forty pilots abroad for training",
    time: "2026-03-02T06:00:00Z",
    paragraphs: [
        "Forty young pilots of Ravenia will train abroad for two years, because the own school has no aircraft that fly.",
        "The last of the old trainers was grounded in January after cracks were found in a wing. New ones were ordered in time, but the \
         maker lost a supplier and asks for patience until the autumn of next year.",
        "The host asks for nothing but the fuel. In return its own cadets may use the ranges in the hills of Ravenia.",
    ],
};

/// RSS with summaries; the address of each item has the outlet's own path for a wire story.
fn rss(title: &str, stories: &[&Story], whole: bool) -> String {
    let item = |story: &&Story| {
        let Story { path, title, time, paragraphs } = story;
        let time: jiff::Timestamp = time.parse().unwrap();
        let time = jiff::fmt::rfc2822::to_string(&time.to_zoned(jiff::tz::TimeZone::UTC)).unwrap();
        let (tag, text) =
            if whole { ("content:encoded", html(story)) } else { ("description", paragraphs[0].to_owned()) };
        format!(
            "<item><title>{title}</title><link>{path}</link><pubDate>{time}</pubDate><{tag}><![CDATA[{text}]]></{tag}></item>"
        )
    };
    let items: String = stories.iter().map(item).collect();
    format!(
        "<rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"><channel><title>{title}</title>\
         {items}</channel></rss>"
    )
}

fn html(story: &Story) -> String {
    story.paragraphs.iter().map(|text| format!("<p>{text}</p>")).collect()
}

fn atom(title: &str, stories: &[&Story]) -> String {
    let entry = |story: &&Story| {
        let Story { path, title, time, paragraphs } = story;
        format!(
            "<entry><title>{title}</title><id>tag:x,2026:{path}</id><link href=\"{path}\"/><updated>{time}</updated>\
             <published>{time}</published><summary>{}</summary></entry>",
            paragraphs[0]
        )
    };
    let entries: String = stories.iter().map(entry).collect();
    format!("<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>{title}</title>{entries}</feed>")
}

fn json(title: &str, stories: &[&Story]) -> String {
    let item = |story: &&Story| {
        serde_json::json!({
            "id": story.path, "url": story.path, "title": story.title, "date_published": story.time,
            "content_html": html(story),
        })
    };
    let items: Vec<_> = stories.iter().map(item).collect();
    serde_json::json!({"version": "https://jsonfeed.org/version/1.1", "title": title, "items": items}).to_string()
}

/// A sitemap of news.
fn map(host: &str, name: &str, stories: &[&Story]) -> String {
    let entry = |story: &&Story| {
        let Story { path, title, time, .. } = story;
        format!(
            "<url><loc>http://{host}{path}</loc><news:news><news:publication><news:name>{name}</news:name><news:language>en\
             </news:language></news:publication><news:publication_date>{time}</news:publication_date><news:title>{title}\
             </news:title></news:news></url>"
        )
    };
    let entries: String = stories.iter().map(entry).collect();
    format!("<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" xmlns:news=\"n\">{entries}</urlset>")
}

/// A page with a list of articles.
fn list(stories: &[&Story]) -> String {
    let entry = |story: &&Story| format!("<li><a href=\"{}\">{}</a></li>", story.path, story.title);
    let entries: String = stories.iter().map(entry).collect();
    format!("<html><head><title>Notices</title></head><body><main><ul>{entries}</ul></main></body></html>")
}

/// The hosts of all sources, behind one proxy.
struct World {
    server: Server,
}

impl World {
    fn on(&self, address: &str, body: impl AsRef<[u8]>) {
        self.server.on(address, vec![Step::ok(body)]);
    }

    /// A story at the pages of these hosts.
    fn pages(&self, hosts: &[&str], story: &Story) {
        for host in hosts {
            self.on(&format!("{host}{}", story.path), page(story.title, &html(story)));
        }
    }

    /// The hosts in the morning.
    fn new() -> Self {
        let world = Self { server: Server::new() };
        world.on("harbour.example/feed.xml", rss("Harbour Post", &[&FERRIES], false));
        world.pages(&["harbour.example"], &FERRIES);
        world.on("quay.example/rss", rss("Quay Post", &[], false));
        world.on("ledger.example/atom.xml", atom("The Ledger", &[&AWARD]));
        world.pages(&["ledger.example"], &AWARD);
        world.on("ravenia.example/feed.json", json("Ravenia Today", &[&RADAR]));
        world.pages(&["ravenia.example"], &RADAR);
        world.on("borduria.example/news-sitemap.xml", map("borduria.example", "Borduria Journal", &[]));
        world.on("ministry.example/notices", list(&[]));
        world.on("institute.example/full", rss("Institute of the Strait", &[], true));
        world.on("gazette.example/feed", rss("Gazette", &[], false));
        world.on("courier.example/feed", rss("Courier", &[], false));
        world.on("tribune.example/feed", rss("Tribune", &[], false));
        world.on("members.example/feed", rss("Members' Review", &[], false));
        world.server.on("old.example/feed", vec![Step::to(301, "http://new.example/feed")]);
        world.on("new.example/feed", rss("Coast Watch", &[], false));
        world
    }

    /// What came before noon: a wire story in five outlets, a wall, a source that fails.
    fn noon(&self) {
        self.on("harbour.example/feed.xml", rss("Harbour Post", &[&TALKS, &FERRIES], false));
        self.on("quay.example/rss", rss("Quay Post", &[&TALKS], false));
        self.on(
            "ledger.example/atom.xml",
            atom("The Ledger", &[&Story { time: "2026-03-01T09:40:00Z", ..TALKS }, &AWARD]),
        );
        self.on("gazette.example/feed", rss("Gazette", &[&TALKS], false));
        self.on("courier.example/feed", rss("Courier", &[&TALKS], false));
        let five = ["harbour.example", "quay.example", "ledger.example", "gazette.example", "courier.example"];
        self.pages(&five, &TALKS);
        self.on("new.example/feed", rss("Coast Watch", &[&DRONES], false));
        self.pages(&["new.example"], &DRONES);
        self.on("ministry.example/notices", list(&[&BUDGET]));
        self.on("ministry.example/notices/budget", page(BUDGET.title, &(html(&BUDGET) + ANNEX)));
        self.on("institute.example/full", rss("Institute of the Strait", &[&STUDY], true));
        self.pages(&["institute.example"], &STUDY);
        self.on("members.example/feed", rss("Members' Review", &[&YARD], false));
        let wall = "/account/login?next=/members/yard";
        self.server.on("members.example/members/yard", vec![Step::to(302, wall)]);
        self.on(
            &format!("members.example{wall}"),
            page("Log in", "<p>Members read on with their name and password.</p>"),
        );
        self.server.on("tribune.example/feed", vec![Step::status(500)]);
    }

    /// What came until the next day: two stories, and a number that was changed without a word.
    fn next(&self) {
        let edited = page(FERRIES.title, &html(&FERRIES).replace("ordered twelve", "ordered fourteen"));
        self.on("harbour.example/2026/ferries", edited);
        self.on("borduria.example/news-sitemap.xml", map("borduria.example", "Borduria Journal", &[&BRIDGE]));
        self.pages(&["borduria.example"], &BRIDGE);
        self.on("ravenia.example/feed.json", json("Ravenia Today", &[&PILOTS, &RADAR]));
        self.pages(&["ravenia.example"], &PILOTS);
    }
}

/// A reader's desk: what was typed and printed.
struct Reader {
    desk: Desk,
    proxy: String,
    /// Blocks of commands with their output, as the README shows them.
    shown: Vec<Vec<String>>,
}

impl Reader {
    /// Runs a command, which ends with this code, and keeps what it printed.
    fn types(&mut self, line: &str, code: i32) -> Run {
        let arguments: Vec<&str> = line.split(' ').skip(1).collect();
        let output = self.desk.command(&arguments).env("HTTP_PROXY", &self.proxy).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        let run = Run { stdout: text(output.stdout), stderr: text(output.stderr), code: output.status.code().unwrap() };
        assert_eq!(run.code, code, "{line}: {run:?}");
        let block = self.shown.last_mut().unwrap();
        if !block.is_empty() {
            block.push(String::new());
        }
        block.push(format!("$ {line}"));
        let printed = run.stdout.clone() + &run.stderr;
        block.extend(printed.trim_end().lines().map(str::to_owned));
        run
    }

    /// A time of the day, at which a block begins.
    fn at(&mut self, hour: i64) {
        self.desk.hour = hour;
        self.shown.push(Vec::new());
    }
}

const FEEDS: [&str; 10] = [
    "http://harbour.example/feed.xml",
    "http://quay.example/rss",
    "http://ledger.example/atom.xml",
    "http://ravenia.example/feed.json",
    "http://institute.example/full",
    "http://gazette.example/feed",
    "http://courier.example/feed",
    "http://tribune.example/feed",
    "http://members.example/feed",
    "http://old.example/feed",
];

#[test]
fn a_day_in_the_life() {
    let world = World::new();
    let desk = Desk::of(&[]);
    let outlines: String = FEEDS.iter().map(|url| format!("<outline xmlUrl=\"{url}\"/>")).collect();
    std::fs::write(desk.dir.path().join("feeds.opml"), format!("<opml><body>{outlines}</body></opml>")).unwrap();
    let mut reader = Reader { desk, proxy: format!("http://{}", world.server.host()), shown: Vec::new() };

    reader.at(-5);
    reader.types("despatch follow --opml feeds.opml", 0);
    reader.types("despatch follow http://borduria.example/news-sitemap.xml", 0);
    reader.types("despatch follow http://ministry.example/notices --kind page", 0);
    reader.types("despatch fetch", 0);
    reader.types("despatch new", 1);

    world.noon();
    reader.at(1);
    reader.types("despatch fetch", 0);
    reader.types("despatch new", 0);

    world.next();
    reader.at(26);
    reader.types("despatch fetch", 0);
    reader.types("despatch following --failing", 0);
    reader.types("despatch following members.example old.example", 0);
    reader.types("despatch new", 0);
    reader.types("despatch digest --format md", 0);
    reader.types("despatch changes --silent", 0);
    reader.types("despatch coverage", 0);

    said(&reader.shown.concat());
    readme(&reader.shown);
    reader.desk.verify();
}

/// What must be among the lines, whatever the README shows: each line once.
fn said(shown: &[String]) {
    let once = |line: &str| assert_eq!(shown.iter().filter(|one| one.trim() == line).count(), 1, "{line}: {shown:#?}");
    let told = |line: &str| assert!(shown.iter().any(|one| one.contains(line)), "{line}: {shown:#?}");
    // The wire story is one, in `new` of noon; in the digest it is a link.
    once(TALKS.title);
    told(&format!("- [{}](", TALKS.title));
    told("and 4 more outlets");
    told("1 failing (tribune.example: its host answers with status 500)");
    told("1 kept as a summary (wall)");
    once("kept as summaries: 1 (wall)");
    once("note: old.example: has moved from http://old.example/feed to http://new.example/feed");
    once("The defence ministry of Alda has ordered [-twelve-]{+fourteen+} ferries from the yard at Port");
    once("failed on 1 day, failed at times on 1 day, its host answers with status 500");
    // What was counted as late in the morning is not counted again when it is edited.
    let late = |line: &&String| line.contains(" late") && line.ends_with("despatch new --late");
    assert_eq!(shown.iter().filter(late).count(), 0, "{shown:#?}");
    for story in [BUDGET, STUDY, DRONES, YARD, BRIDGE, PILOTS] {
        once(story.title);
    }
}

/// The README shows these blocks, as `text` below the heading of the day; writes them there where that is asked for.
fn readme(shown: &[Vec<String>]) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let start = text.find("\n## A day in the life\n").unwrap() + 1;
    // The digest has a heading of its own.
    let end = text.find("\n## Ten questions\n").unwrap();
    let mut parts = text[start..end].split("```");
    let mut section = parts.next().unwrap().to_owned();
    let mut blocks = shown.iter();
    while let (Some(block), Some(prose)) = (parts.next(), parts.next()) {
        assert!(block.starts_with("text\n"), "{block}");
        section.push_str(&format!("```text\n{}\n```{prose}", blocks.next().unwrap().join("\n")));
    }
    assert!(blocks.next().is_none(), "the README has too few blocks for the day");
    if std::env::var_os("UPDATE_README").is_some() {
        std::fs::write(&path, format!("{}{section}{}", &text[..start], &text[end..])).unwrap();
    } else {
        assert_eq!(&text[start..end], section, "UPDATE_README=1 cargo test --test fetch day");
    }
}
