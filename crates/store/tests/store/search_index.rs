//! The index of words that a search reads: it finds what the keys alone say, and forgets what is erased.

use nosmoke_domain::ids::EventId;
use nosmoke_ports::search_keys::{keys, phone_ending, query};
use nosmoke_ports::{Profile, SearchCursor, SearchKeys, SearchQuery, Write};
use nosmoke_store::SqliteJournal;
use tempfile::TempDir;

use crate::support::{at, customer, id, journal, open, read_journal, run};

/// More than the index names as candidates, so that a common word is searched in the other way.
const PEOPLE: u128 = 1_400;
const FAMILIES: [&str; 4] = ["김", "이", "남궁", "Mc "];
const NAMES: [&str; 7] = ["민수", "서연", "지-우", "José", "O'Brien", "하늘", "ㅋ"];
const TEXTS: &[&str] = &[
    "",
    "김",
    "ㄱ",
    "ㄱㅁㅅ",
    "김ㅁ",
    "민수",
    "늘",
    "mc",
    "c j",
    "o'b",
    "brien",
    "-우",
    "ㅏ",
    "ㅋ",
    "없음",
    "0",
    "01",
    "010",
    "4821",
    "010-1",
    "98765432",
    "NS-7",
    "ns 1234",
    "김 48",
    "민수 4821",
    "서연 010 77",
    "하늘77",
    "% _",
    "\"김\" OR 이*",
    "ss-1 47",
];

fn person(random: &mut fastrand::Rng, n: u128, revision: i64) -> (Profile, SearchKeys) {
    let mut of = |parts: &[&'static str]| parts[random.usize(..parts.len())];
    let name = [of(&FAMILIES), of(&NAMES)].concat();
    let phone = format!("010-{:04}-{:04}", random.u32(..10_000), random.u32(..10_000));
    let card = format!("NS-{}", random.u32(..5_000));
    let some = |random: &mut fastrand::Rng, text: String| (random.u8(..5) > 0).then_some(text);
    let (name, phone, card) = (some(random, name), some(random, phone), some(random, card));
    let keys = keys(name.as_deref(), phone.as_deref(), card.as_deref());
    let profile = Profile {
        customer_id: customer(n),
        revision,
        event_id: EventId(id(n)),
        base_revision: 0,
        bases: Vec::new(),
        name,
        phone,
        card,
        registered_at: at(i64::try_from(n % 700).unwrap()),
        consent_on: None,
        erased: false,
    };
    (profile, keys)
}

/// The rule of a search, read from `SearchQuery`'s documentation.
fn matches(query: &SearchQuery, keys: &SearchKeys) -> bool {
    let within = |text: &str, part: &str| !part.is_empty() && text.contains(part);
    let term = |it: &SearchKeys| {
        within(&keys.name, &it.name)
            || within(&keys.initials, &it.initials)
            || within(&keys.phone_digits, &it.phone_digits)
            || (!it.card.is_empty() && keys.card == it.card)
    };
    let is_asked = query.any_of.is_empty() || query.any_of.iter().any(|terms| terms.iter().all(term));
    is_asked && keys.phone_digits.ends_with(&query.phone_ending)
}

async fn put(journal: &SqliteJournal, people: Vec<(Profile, SearchKeys)>) {
    let put = move |tx: &mut dyn Write| people.iter().try_for_each(|(profile, keys)| tx.put_profile(profile, keys));
    run(journal, put).await.unwrap();
}

async fn assert_found(journal: &SqliteJournal, people: &[(Profile, SearchKeys)]) {
    let mut counts = Vec::new();
    for text in TEXTS {
        for ending in [None, phone_ending(text)].into_iter().filter(|it| it.is_none() || phone_ending(text).is_some()) {
            let asked = match ending {
                Some(phone_ending) => SearchQuery { phone_ending, ..SearchQuery::default() },
                None => query(text),
            };
            let mut expected: Vec<_> = people
                .iter()
                .filter(|(profile, keys)| !profile.erased && matches(&asked, keys))
                .map(|(profile, _)| (-profile.registered_at.timestamp_millis(), profile.customer_id))
                .collect();
            expected.sort_unstable();
            counts.push(expected.len());
            let (mut found, mut after) = (Vec::new(), None::<SearchCursor>);
            loop {
                let page = SearchQuery { after, limit: 400, ..asked.clone() };
                let rows = read_journal(journal, move |tx| tx.search(&page)).await;
                let Some(last) = rows.last() else { break };
                after = Some(last.cursor());
                found.extend(rows.iter().map(|row| (-row.cursor().seen_at_ms, row.profile.customer_id)));
            }
            assert!(found == expected, "{text:?}: {} found, {} expected", found.len(), expected.len());
        }
    }
    assert!(counts.iter().any(|count| *count > 1_000), "{counts:?}");
    assert!(counts.iter().filter(|count| (1..100).contains(*count)).count() > 5, "{counts:?}");
}

#[tokio::test]
async fn the_index_finds_whom_the_keys_alone_would_through_edits_and_erasures() {
    let (folder, journal): (TempDir, SqliteJournal) = journal().await;
    let mut random = fastrand::Rng::with_seed(7);
    let mut people: Vec<_> = (1..=PEOPLE).map(|n| person(&mut random, n, 1)).collect();
    put(&journal, people.clone()).await;
    assert_found(&journal, &people).await;
    for n in (1..=PEOPLE).step_by(3) {
        let at = usize::try_from(n - 1).unwrap();
        people[at] = person(&mut random, n, 2);
        if n % 2 == 0 {
            people[at].0.erased = true;
        }
    }
    put(&journal, people.clone()).await;
    assert_found(&journal, &people).await;
    journal.close().await;
    let journal = open(folder.path()).await.unwrap();
    assert_found(&journal, &people).await;
}

#[tokio::test]
async fn words_of_an_erased_customer_are_gone_from_the_file() {
    let (folder, journal) = journal().await;
    let mut random = fastrand::Rng::with_seed(8);
    let mut people: Vec<_> = (1..=50).map(|n| person(&mut random, n, 1)).collect();
    let (one, _) = &mut people[20];
    (one.name, one.phone, one.card) = (Some("zyxwvut".into()), Some("010-8642-9753".into()), Some("QQ-864297".into()));
    people[20].1 = keys(Some("zyxwvut"), Some("010-8642-9753"), Some("QQ-864297"));
    put(&journal, people.clone()).await;
    journal.close().await;
    let aside = folder.path().join("before-restore-20270115-170500");
    std::fs::create_dir(&aside).unwrap();
    std::fs::copy(folder.path().join("journal.db"), aside.join("journal.db")).unwrap();
    let holds = |text: &[u8]| {
        let files = [folder.path(), &aside].map(|it| std::fs::read(it.join("journal.db")).unwrap());
        files.iter().any(|file| file.windows(text.len()).any(|part| part == text))
    };
    // A word after the first of a page has only the letters that differ from the one before it.
    let parts = ["zyxwvut", "yxwvut", "8642975", "cardqq"].map(str::as_bytes);
    assert!(parts.iter().any(|part| holds(part)));
    let journal = open(folder.path()).await.unwrap();
    let mut erased = people[20].clone();
    (erased.0.revision, erased.0.erased) = (2, true);
    let erase = move |tx: &mut dyn Write| {
        tx.put_profile(&erased.0, &erased.1)?;
        tx.remove_notes_and_quarantined(erased.0.customer_id)
    };
    run(&journal, erase).await.unwrap();
    journal.close().await;
    for part in parts.iter().copied().chain(["xwvut", "wvut", "42975", "64297"].map(str::as_bytes)) {
        assert!(!holds(part), "{}", String::from_utf8_lossy(part));
    }
}
