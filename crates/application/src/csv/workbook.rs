//! Writes rows as an Excel workbook. The rows are streamed: of a million, only the present one is in memory.

use std::io::{self, Write};
use std::marker::PhantomData;
use std::path::Path;

use nosmoke_ports::contract::Language;
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

use super::writer::{Line, Row};

/// The largest number of rows of a sheet, with its header; Excel has 1,048,576. Further rows go to another sheet.
const SHEET_ROWS: u32 = 1_000_000;
/// The largest whole number that a cell's floating-point number holds exactly.
const EXACT_MAX: i64 = 1 << 53;
const COLUMN_WIDTH: f64 = 16.0;

/// Writes a workbook: the header, and rows. Cells with text are text whatever they begin with, so no program runs them.
pub struct XlsxWriter<L> {
    book: Workbook,
    row: Row,
    sheet: usize,
    /// The next row of the present sheet.
    at: u32,
    lines: PhantomData<fn(&L)>,
}

impl<L> std::fmt::Debug for XlsxWriter<L> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("XlsxWriter").field("sheet", &self.sheet).field("at", &self.at).finish_non_exhaustive()
    }
}

impl<L: Line> XlsxWriter<L> {
    /// Writes the header. The rows wait in a temporary file in `folder`.
    ///
    /// # Errors
    /// An I/O error of the folder.
    pub fn new(folder: &Path, language: Language) -> io::Result<Self> {
        let mut book = Workbook::new();
        book.set_tempdir(folder).map_err(of_xlsx)?;
        let row = Row::for_sheet(language);
        let mut writer = Self { book, row, sheet: 0, at: 0, lines: PhantomData };
        writer.begin_sheet(language)?;
        Ok(writer)
    }

    /// Writes several rows.
    ///
    /// # Errors
    /// An I/O error of the temporary file.
    pub fn write(&mut self, lines: &[L]) -> io::Result<()> {
        for line in lines {
            if self.at == SHEET_ROWS {
                self.sheet += 1;
                self.begin_sheet(self.row.language())?;
            }
            self.row.clear();
            line.cells(&mut self.row);
            let sheet = self.book.worksheet_from_index(self.sheet).map_err(of_xlsx)?;
            write_row(sheet, self.at, &self.row)?;
            self.at += 1;
        }
        Ok(())
    }

    /// Writes the workbook to a file, and returns the file.
    ///
    /// # Errors
    /// An I/O error of the file.
    pub fn finish<W: Write + Send>(mut self, mut out: W) -> io::Result<W> {
        self.book.save_to_writer(&mut out).map_err(of_xlsx)?;
        Ok(out)
    }

    fn begin_sheet(&mut self, language: Language) -> io::Result<()> {
        let sheet = self.book.add_worksheet_with_constant_memory().map_err(of_xlsx)?;
        let bold = Format::new().set_bold();
        for (at, column) in (0..).zip(L::COLUMNS) {
            sheet.set_column_width(at, COLUMN_WIDTH).map_err(of_xlsx)?;
            sheet.write_with_format(0, at, column.in_language(language), &bold).map_err(of_xlsx)?;
        }
        sheet.set_freeze_panes(1, 0).map_err(of_xlsx)?;
        self.at = 1;
        Ok(())
    }
}

fn write_row(sheet: &mut Worksheet, at: u32, row: &Row) -> io::Result<()> {
    for ((column, text), number) in (0..).zip(row.texts()).zip(row.numbers()) {
        match number.filter(|number| number.abs() <= EXACT_MAX) {
            #[expect(clippy::cast_precision_loss, reason = "checked to be exact")]
            Some(number) => sheet.write_number(at, column, number as f64).map_err(of_xlsx)?,
            None if text.is_empty() => continue,
            None => sheet.write_string(at, column, text).map_err(of_xlsx)?,
        };
    }
    Ok(())
}

fn of_xlsx(error: XlsxError) -> io::Error {
    match error {
        XlsxError::IoError(error) => error,
        other => io::Error::other(other.to_string()),
    }
}
