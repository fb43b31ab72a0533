//! Examples of each command. Its long help begins with them, its manual page contains them, and a test runs them all.

/// A command's name; pairs of what an example does and the example.
type Examples = (&'static str, &'static [(&'static str, &'static str)]);

/// The examples of every command that has some.
pub(in crate::cli) const EXAMPLES: &[Examples] = &[
    (
        "index",
        &[
            ("a folder; again tomorrow: only what is new", "despatch index articles"),
            ("JSON Lines from another program", "zcat news.jsonl.gz | despatch index -"),
            (
                "files that another program names",
                "find articles -name '*.html' -print0 | despatch index --files-from - -0",
            ),
        ],
    ),
    #[cfg(feature = "fetch")]
    (
        "follow",
        &[
            ("a feed, a news sitemap", "despatch follow http://harbour.example/feed.xml"),
            ("all that another feed reader follows", "despatch follow --opml feeds.opml"),
        ],
    ),
    #[cfg(feature = "fetch")]
    ("unfollow", &[("by its name; its articles stay", "despatch unfollow harbour.example")]),
    #[cfg(feature = "fetch")]
    (
        "following",
        &[
            ("what is followed, and how it does", "despatch following"),
            ("for another feed reader", "despatch following --format opml > feeds.opml"),
        ],
    ),
    (
        "coverage",
        &[
            ("what came in from each outlet, month by month", "despatch coverage --by outlet --per month"),
            ("a picture for a report", "despatch coverage --by outlet --per month --format svg > coverage.svg"),
        ],
    ),
    #[cfg(feature = "fetch")]
    (
        "fetch",
        &[
            ("what is due; from cron every ten minutes", "despatch fetch"),
            ("see what would be asked", "despatch fetch --dry-run"),
        ],
    ),
    (
        "new",
        &[
            ("what came in since it was last asked, to be seen again next time", "despatch new --peek"),
            ("and no more", "despatch new"),
            ("for another program", "despatch new --since 2025 --format json"),
        ],
    ),
    (
        "digest",
        &[
            ("as a message in a file", "despatch digest --format eml -o news.eml"),
            (
                "to a mail program, from cron; nothing new, no message",
                "despatch digest --mark mail --format eml --to you@example.org --exec 'sendmail -t'",
            ),
            ("a feed of the last stories", "despatch digest --mark feed --format atom -o news.atom"),
            ("what became of them", "despatch digest --list"),
        ],
    ),
    (
        "search",
        &[
            ("the words, best first", "despatch search UK SAFE talks"),
            ("what must and must not be there; a phrase", "despatch search '+\"joint procurement\" -fisheries'"),
            ("by who is mentioned, and when it was published", "despatch search SAFE --actor starmer --since 2025-11"),
            ("everything on a topic, newest first", "despatch search --topic procurement --sort newest"),
            ("for another program", "despatch search SAFE --format json | head -1"),
        ],
    ),
    (
        "facets",
        &[
            ("who is mentioned in what a query finds", "despatch facets 'UK SAFE talks' --by actor"),
            (
                "who is mentioned beside British actors, and when",
                "despatch facets SAFE --affiliation uk --by actor,month",
            ),
            ("persons alone", "despatch facets SAFE --by actor --below person"),
        ],
    ),
    (
        "timeline",
        &[
            ("a line for each actor, month by month", "despatch timeline SAFE --by actor"),
            ("a picture for a report", "despatch timeline SAFE --by topic --format svg > safe.svg"),
        ],
    ),
    (
        "pairs",
        &[
            ("who stands beside an actor in a passage", "despatch pairs SAFE --actor starmer --below person"),
            ("what is most out of the ordinary", "despatch pairs --least 3 --sort ratio"),
        ],
    ),
    (
        "quotes",
        &[
            ("what was said about a thing, newest first", "despatch quotes SAFE"),
            ("by those who speak for a state", "despatch quotes SAFE --by uk"),
            ("for a report", "despatch quotes NATO --format md"),
        ],
    ),
    (
        "show",
        &[
            ("an article that a search found", "despatch show 1874e208d09f"),
            ("how each mention was found", "despatch show 1874e208 --mentions"),
            ("its copies, and where it came from", "despatch show 1874e208 --copies --provenance"),
            ("its versions, and what changed in each", "despatch show 1874e208 --versions"),
        ],
    ),
    (
        "changes",
        &[
            ("what outlets edited without saying so", "despatch changes --silent || echo nothing"),
            ("only what was not printed before", "despatch changes --mark desk || echo nothing"),
            ("in what a query finds, for a report", "despatch changes 'UK SAFE talks' --format md || echo nothing"),
        ],
    ),
    (
        "similar",
        &[
            ("what is most like an article", "despatch similar 1874e208d09f"),
            ("and came after it", "despatch similar 1874e208 --since 2024 -n 5"),
        ],
    ),
    (
        "why",
        &[
            ("why an article is in an answer, or why not", "despatch why a31df03bc881 UK SAFE talks"),
            ("and whether a filter leaves it out", "despatch why a31df03bc881 SAFE --since 2026"),
            ("where it came from, its copies, its place by date", "despatch why a31df03bc881"),
        ],
    ),
    (
        "open",
        &[
            ("its page in the browser", "despatch open a31df03bc881"),
            ("only the address", "despatch open a31df03bc881 --print"),
        ],
    ),
    #[cfg(feature = "serve")]
    (
        "mcp",
        &[
            ("what an assistant's program starts; alone it ends with its input", "despatch mcp < /dev/null"),
            ("another index, text alone", "despatch mcp --index index --text-only < /dev/null"),
        ],
    ),
    (
        "names",
        &[
            ("the topics that --topic takes here, with counts", "despatch names topic"),
            ("outlets whose name has a word", "despatch names outlet brussels"),
        ],
    ),
    (
        "extract",
        &[
            ("title, byline, date, text and mentions of a page", "despatch extract page.html"),
            ("from standard input", "cat page.html | despatch extract -"),
        ],
    ),
    (
        "authority",
        &[
            ("what a name can mean", "despatch authority lookup MoD"),
            ("whom a name means, by your word", "despatch authority prefer MoD 'Ministry of Defence (United Kingdom)'"),
            ("frequent names that no heading covers, to be edited", "despatch authority untagged > own.toml"),
            (
                "prove it sound, then use it",
                "despatch authority check own.toml && despatch rebuild --authority own.toml",
            ),
        ],
    ),
    (
        "eval",
        &[("measure the order of the hits against judgements", "despatch eval needs.tsv qrels.txt --run run.txt")],
    ),
    ("stats", &[("how much there is", "despatch stats"), ("for a script", "despatch stats --format json")]),
    ("remove", &[("see what would go; --yes does it", "despatch remove 1874e208d09f")]),
    ("purge", &[("see what would go for good; --yes does it", "despatch purge 1874e208d09f")]),
    ("verify", &[("every byte of archive and index", "despatch verify")]),
    (
        "doctor",
        &[
            ("what is here, and whether it is well", "despatch doctor"),
            ("which texts may not be the whole story", "despatch doctor --doubtful"),
        ],
    ),
    #[cfg(feature = "serve")]
    (
        "serve",
        &[
            ("a page to search, at an address that it prints", "despatch serve"),
            ("the API alone, at any port that is free", "despatch serve --no-page --port 0"),
        ],
    ),
    (
        "save",
        &[
            (
                "a query and filters under a name",
                "despatch save uk-safe UK SAFE talks --affiliation uk --since 'last 6 months'",
            ),
            ("run it, with more words to look for in it", "despatch search @uk-safe fund"),
            ("and be told of what is new to it", "despatch save edip EDIP --alert"),
        ],
    ),
    ("saved", &[("all, with how much they find now", "despatch saved")]),
    (
        "rebuild",
        &[
            ("after headings or the program have changed", "despatch rebuild"),
            ("with texts as this version of the program extracts them", "despatch rebuild --extract"),
        ],
    ),
    ("demo", &[("the bundled articles, indexed and searched", "despatch demo")]),
    (
        "config",
        &[
            ("every setting and where it came from", "despatch config show --origin"),
            ("which files are read", "despatch config path"),
            ("keep a setting", "despatch config set limit 20"),
        ],
    ),
    (
        "completions",
        &[
            ("bash, in ~/.bashrc", "source <(despatch completions bash)"),
            ("fish", "despatch completions fish > despatch.fish"),
        ],
    ),
    (
        "man",
        &[
            ("read the page of a command", "despatch man search | man -l -"),
            ("one file for each command", "despatch man --dir man1"),
        ],
    ),
    ("help", &[("the query language on one page", "despatch help query")]),
];
