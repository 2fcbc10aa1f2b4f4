//! What grows with the number of facts: a facility of 2,000,000 facts (`--facts 10m` for more), compared with one of
//! 10,000. Both are filled once and kept (`nosmoke_tests::big`); a run measures copies of them.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use nosmoke_ports::contract::{CustomerSearch, MypageFilter, MypageInput, MypagePage};
use nosmoke_ports::search_keys::keys;
use nosmoke_tests::big::{NotKept, REGULAR, Size, kept};
use rusqlite::Connection;
use tempfile::TempDir;

use crate::calm::Calm;
use crate::desk::p99;
use crate::facility::Facility;
use crate::measure::{float, median, ratio, timed};
use crate::program::{Run, Serving, program, run};
use crate::table::Table;

const SMALL: Size = Size { facts: 10_000, ..Size::DEFAULT };
const STARTS: usize = 11;
/// How long a program that serves has had nothing to do when its memory is read.
const REST: Duration = Duration::from_millis(500);
const EXPORTS: usize = 5;
const LINES: i64 = 1_000_000;
const FEW_LINES: i64 = 10_000;
const ROUNDS: usize = 15;
const PAGES_PER_ROUND: usize = 9;
const PAGE: u32 = 10;
const FAR_PAGE: u32 = 10_000;
const SEARCHED: i64 = 40;

const MS_PER_DAY: i64 = 86_400_000;
/// Days begin in Seoul.
const SEOUL_MS: i64 = 9 * 3_600_000;

/// # Errors
/// `NotKept` if the disk has too little space.
pub(crate) async fn measure(size: Size, table: &mut Table) -> Result<(), NotKept> {
    let (took, big) = timed(kept(size)).await;
    let big = big?.copied()?;
    let small = kept(SMALL).await?.copied()?;
    table.heading(&format!("{} facts, made or found in {} s", size.facts, took.as_secs()));
    let mut calm = Calm::on(small.path());
    starts((big.path(), small.path()), &mut calm, table).await;
    exports(big.path(), &mut calm, table).await;
    let facility = Facility::reopened(big).await;
    pages(&facility, &mut calm, table).await;
    searches(&facility, &mut calm, table).await;
    println!("  {} rounds were measured again, because the machine changed meanwhile", calm.repeated());
    facility.close().await;
    Ok(())
}

/// The start of `nosmoke serve`, and its memory at rest.
async fn starts((big, small): (&Path, &Path), calm: &mut Calm, table: &mut Table) {
    let marks = [TempDir::new_in(small).unwrap(), TempDir::new_in(small).unwrap()];
    let start = |folder: &Path, marks: &TempDir| {
        let serving = Serving::start(folder, marks);
        std::thread::sleep(REST);
        let measured = (serving.took, serving.pss_kb());
        serving.stop();
        measured
    };
    // The first start reads the files into the operating system's cache, and notes in the journal where it lies.
    let both = |_| [start(big, &marks[0]), start(small, &marks[1])];
    let _ = both(0);
    let rounds = calm.rounds(STARTS, async |round| both(round)).await;
    let took = |place: usize| rounds.iter().map(|round| round[place].0).collect::<Vec<_>>();
    let memory = |place: usize| middle(rounds.iter().map(|round| round[place].1));
    table.goal("start of nosmoke serve to its first answer, to 10,000 facts", ratio(took(0), took(1)), 1.2, 1.05);
    table.goal("memory of nosmoke serve (PSS), to 10,000 facts", memory(0) / memory(1), 1.2, 1.05);
}

/// The export of a million lines, compared with what SQLite's own program takes for the rows alone.
async fn exports(folder: &Path, calm: &mut Calm, table: &mut Table) {
    let (mypage, out) = (folder.join("mypage.db"), folder.join("out.csv"));
    let (many, few) = (days_with(&mypage, LINES), days_with(&mypage, FEW_LINES));
    let ours = |until: &Until| {
        let mut command = Command::new(program());
        command.args(["export", "histories", "--out", "-", "--data-dir"]).arg(folder).args(["--to", &until.day]);
        run(&mut command, &out)
    };
    let sqlites = |until: &Until| {
        let query = format!(
            "SELECT entry_id, customer_id, subject, kind, other_id, at_ms, started_at_ms, ended_at_ms, area_id, status, \
             points, penalty_points, code, ground, note_id, incarnation, staff_id, accrued_after, entered_at_ms, decided \
             FROM entry INDEXED BY entry_by_began WHERE at_ms < {} ORDER BY began_ms, entry_id",
            until.ms
        );
        run(Command::new("sqlite3").arg("-csv").arg(&mypage).arg(query), &out)
    };
    // The first export of each reads the file into the operating system's cache.
    let _ = (ours(&many), sqlites(&many));
    let rounds = calm.rounds(EXPORTS, async |_| [ours(&many), sqlites(&many), ours(&few)]).await;
    let took = |place: usize| rounds.iter().map(|round| round[place].took).collect::<Vec<_>>();
    let peak_mb = |place: usize| middle(rounds.iter().map(|round: &[Run; 3]| round[place].peak_kb)) / 1_024.0;
    let name = format!("export of {} lines, to sqlite3 -csv of the same query", many.lines);
    table.goal(&name, ratio(took(0), took(1)), 1.0, 0.7);
    let name = format!("memory of that in MB, less that of {} lines", few.lines);
    table.goal(&name, peak_mb(0) - peak_mb(2), 16.0, 4.0);
}

/// The end of the first days that have at least so many lines together, or of all days.
struct Until {
    day: String,
    ms: i64,
    lines: i64,
}

fn days_with(mypage: &Path, lines: i64) -> Until {
    let db = Connection::open(mypage).unwrap();
    let sql = "SELECT day, date(day * 86400, 'unixepoch'), sum(lines) FROM day_sum GROUP BY day ORDER BY day";
    let mut days = db.prepare(sql).unwrap();
    let days = days.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
    let days: Vec<(i64, String, i64)> = days.collect::<Result<_, _>>().unwrap();
    let mut sum = 0;
    let enough = days.iter().find(|(_, _, of_day)| {
        sum += of_day;
        sum >= lines
    });
    let (day, text, _) = enough.or(days.last()).expect("lines").clone();
    Until { day: text, ms: (day + 1) * MS_PER_DAY - SEOUL_MS, lines: sum }
}

/// A page of the regular's history as the screen gets it, far from the newest line and at it.
async fn pages(facility: &Facility, calm: &mut Calm, table: &mut Table) {
    let far = cursor_before(facility, FAR_PAGE).await;
    let rounds = calm
        .rounds(ROUNDS, async |_| {
            let (mut of, mut to) = (Vec::new(), Vec::new());
            for _ in 0..PAGES_PER_ROUND {
                of.push(timed(page(facility, Some(far.clone()), PAGE)).await.0);
                to.push(timed(page(facility, None, PAGE)).await.0);
            }
            (median(of), median(to))
        })
        .await;
    let (of, to) = rounds.into_iter().unzip();
    table.goal("history of one customer: page 10,000, to page 1", ratio(of, to), 1.5, 1.2);
}

async fn page(facility: &Facility, cursor: Option<String>, limit: u32) -> MypagePage {
    let (customer_id, filter) = (REGULAR, MypageFilter::All);
    let input = MypageInput { customer_id, filter, from: None, to: None, cursor, limit, moment: None };
    facility.terminal.queries.mypage(input).await.unwrap()
}

/// Returns the cursor of a page; reads what is before it in longer pages.
async fn cursor_before(facility: &Facility, number: u32) -> String {
    let (mut left, mut cursor) = ((number - 1) * PAGE, None);
    while left > 0 {
        let limit = left.min(500);
        cursor = page(facility, cursor, limit).await.next;
        assert!(cursor.is_some(), "{REGULAR} has fewer lines: {left} are missing");
        left -= limit;
    }
    cursor.expect("not the first page")
}

/// Searches as the desk types them, by what is known of random customers.
async fn searches(facility: &Facility, calm: &mut Calm, table: &mut Table) {
    let texts = texts(facility.folder.path().join("journal.db"));
    let rounds = calm
        .rounds(3, async |_| {
            let mut took = Vec::new();
            for text in &texts {
                let input = CustomerSearch { text: text.clone(), limit: 50, cursor: None };
                took.push(timed(facility.terminal.queries.search(input)).await.0);
            }
            p99(took)
        })
        .await;
    let named = float(u64::try_from(count_named(facility)).unwrap());
    let name = format!("search among {named} named customers: p99 in ms");
    table.goal(&name, median(rounds).as_secs_f64() * 1_000.0, 10.0, 5.0);
}

fn count_named(facility: &Facility) -> i64 {
    let db = Connection::open(facility.folder.path().join("journal.db")).unwrap();
    db.query_row("SELECT count(*) FROM profile WHERE name IS NOT NULL", [], |row| row.get(0)).unwrap()
}

fn texts(journal: PathBuf) -> Vec<String> {
    let db = Connection::open(journal).unwrap();
    // Ids of customers are random, so the first ones are a sample.
    let sql = "SELECT name, phone, card FROM profile \
               WHERE name IS NOT NULL AND phone IS NOT NULL AND card IS NOT NULL ORDER BY customer_id LIMIT ?1";
    let mut sample = db.prepare(sql).unwrap();
    let rows = sample.query_map([SEARCHED], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?])).unwrap();
    let of_customer = |row: rusqlite::Result<[String; 3]>| {
        let [name, phone, card] = row.unwrap();
        let beginning = name.chars().take(2).collect();
        let ending = phone[phone.len() - 4..].to_owned();
        let initials = keys(Some(&name), None, None).initials;
        [format!("{name} {ending}"), name, beginning, initials, ending, card]
    };
    rows.flat_map(of_customer).collect()
}

fn middle(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
