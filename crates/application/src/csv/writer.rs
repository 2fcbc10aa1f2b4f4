//! Writes rows as CSV.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::marker::PhantomData;

use chrono::{DateTime, Datelike, NaiveDateTime, TimeDelta, Timelike, Utc};
use nosmoke_ports::contract::Language;

use super::cell::guard;
use super::columns::Column;

pub(super) const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// A type of which each value becomes one row of an export.
pub trait Line {
    const COLUMNS: &'static [Column];

    /// Adds a cell for each column, in their order.
    fn cells(&self, row: &mut Row);
}

/// The cells of one row.
#[derive(Debug, Default)]
pub struct Row {
    record: csv::ByteRecord,
    /// The cells that hold a number, each with the number.
    numbers: Vec<Option<i64>>,
    scratch: String,
    language: Language,
    /// Whether the cells are for a workbook, which tells text from formulas by itself.
    is_sheet: bool,
}

impl Row {
    /// Makes a row for a workbook.
    pub(super) fn for_sheet(language: Language) -> Self {
        Self { language, is_sheet: true, ..Self::default() }
    }

    pub(super) fn language(&self) -> Language {
        self.language
    }

    pub(super) fn clear(&mut self) {
        self.record.clear();
        self.numbers.clear();
    }

    pub(super) fn texts(&self) -> impl Iterator<Item = &str> {
        self.record.iter().map(|cell| std::str::from_utf8(cell).unwrap_or_default())
    }

    pub(super) fn numbers(&self) -> impl Iterator<Item = Option<i64>> {
        self.numbers.iter().copied()
    }

    /// Adds a cell with text that users typed, guarded against formulas.
    pub fn text(&mut self, text: Option<&str>) {
        let text = text.unwrap_or_default();
        self.push(if self.is_sheet { text.into() } else { guard(text) }.as_bytes());
    }

    /// Adds a cell that can't begin with a dangerous character: an id, a number or a date.
    pub fn plain(&mut self, value: impl std::fmt::Display) {
        self.scratch.clear();
        // Writing into a string never fails.
        let _ = write!(self.scratch, "{value}");
        self.record.push_field(self.scratch.as_bytes());
        self.numbers.push(None);
    }

    /// Adds a coded value by its name in the language of the export.
    pub fn word(&mut self, word: Column) {
        self.push(word.in_language(self.language).as_bytes());
    }

    pub fn number(&mut self, number: i64) {
        self.plain(number);
        if let Some(last) = self.numbers.last_mut() {
            *last = Some(number);
        }
    }

    pub fn empty(&mut self) {
        self.push(b"");
    }

    fn push(&mut self, cell: &[u8]) {
        self.record.push_field(cell);
        self.numbers.push(None);
    }

    /// Adds a date in Korea, such as `2026-11-20`.
    pub fn date(&mut self, at: DateTime<Utc>) {
        let at = in_seoul(at);
        self.plain(format_args!("{:04}-{:02}-{:02}", at.year(), at.month(), at.day()));
    }

    /// Adds a time in Korea, such as `10:47:00`.
    pub fn time(&mut self, at: DateTime<Utc>) {
        let at = in_seoul(at);
        self.plain(format_args!("{:02}:{:02}:{:02}", at.hour(), at.minute(), at.second()));
    }

    /// Adds a date and time in Korea, such as `2026-11-20 10:47:00`, or an empty cell.
    pub fn moment(&mut self, at: Option<DateTime<Utc>>) {
        let Some(at) = at.map(in_seoul) else { return self.empty() };
        let (date, time) = (at.date(), at.time());
        self.plain(format_args!(
            "{:04}-{:02}-{:02} {:02}:{:02}:{:02}",
            date.year(),
            date.month(),
            date.day(),
            time.hour(),
            time.minute(),
            time.second()
        ));
    }
}

/// Converts a time to local time in Korea, which has no daylight saving time.
fn in_seoul(at: DateTime<Utc>) -> NaiveDateTime {
    at.naive_utc() + TimeDelta::hours(9)
}

/// Writes a CSV file: a byte order mark, the header, and rows.
pub struct CsvWriter<W: Write, L> {
    inner: csv::Writer<W>,
    row: Row,
    lines: PhantomData<fn(&L)>,
}

impl<W: Write, L> std::fmt::Debug for CsvWriter<W, L> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CsvWriter").field("row", &self.row).finish_non_exhaustive()
    }
}

impl<W: Write, L: Line> CsvWriter<W, L> {
    /// Writes the byte order mark and the header.
    ///
    /// # Errors
    /// An I/O error of the file.
    pub fn new(mut out: W, language: Language) -> io::Result<Self> {
        const BUFFER_BYTES: usize = 256 * 1024;
        out.write_all(BYTE_ORDER_MARK)?;
        let terminator = csv::Terminator::CRLF;
        let mut inner = csv::WriterBuilder::new().terminator(terminator).buffer_capacity(BUFFER_BYTES).from_writer(out);
        inner.write_record(L::COLUMNS.iter().map(|column| column.in_language(language)))?;
        Ok(Self { inner, row: Row { language, ..Row::default() }, lines: PhantomData })
    }

    /// Writes several rows.
    ///
    /// # Errors
    /// An I/O error of the file.
    pub fn write(&mut self, lines: &[L]) -> io::Result<()> {
        for line in lines {
            self.row.clear();
            line.cells(&mut self.row);
            self.inner.write_byte_record(&self.row.record)?;
        }
        Ok(())
    }

    /// Flushes the buffer and returns the file.
    ///
    /// # Errors
    /// An I/O error of the file.
    pub fn finish(self) -> io::Result<W> {
        self.inner.into_inner().map_err(csv::IntoInnerError::into_error)
    }
}
