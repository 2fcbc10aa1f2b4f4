//! Bounds what a workbook of Excel 97 becomes in memory. Its reader makes a full rectangle of each sheet, from its first cell
//! to its last, and reserves what a sheet says of its size: two cells far apart would take hundreds of megabytes, and a false
//! size would end the program.

use std::io::{Cursor, Read};

use cfb::CompoundFile;
use nosmoke_ports::contract::AppError;

use super::super::table::expect_at_most;
use super::kind::unreadable;

/// Upper bound for the cells of all rectangles; each takes 24 bytes.
const CELLS: u64 = 4_000_000;
/// The rows and columns that the format has.
const ROWS: u32 = 65_536;
const COLUMNS: u32 = 256;

const BEGIN: u16 = 0x0809;
const END: u16 = 0x000A;
const SHEET: u16 = 0x0085;
const DIMENSIONS: u16 = 0x0200;
const FORMULA: u16 = 0x0006;
const NUMBERS: u16 = 0x00BD;
/// Records that begin with the row and the column of a cell: numbers, texts and truths.
const CELL: [u16; 6] = [0x0203, 0x0204, 0x00D6, 0x0205, 0x027E, 0x00FD];

/// Checks that a workbook has no sheet that is too large.
///
/// # Errors
/// `file_too_large`, `workbook_unreadable`.
pub(super) fn expect_bounded(bytes: &[u8]) -> Result<(), AppError> {
    let stream = workbook(bytes)?;
    let mut cells = 0_u64;
    for at in sheets(&stream) {
        let sheet = stream.get(at..).ok_or_else(|| unreadable(&"a sheet is missing"))?;
        cells = cells.saturating_add(rectangle(sheet)?);
        let max = usize::try_from(CELLS).unwrap_or(usize::MAX);
        expect_at_most(usize::try_from(cells).unwrap_or(usize::MAX), max, "cells")?;
    }
    Ok(())
}

fn workbook(bytes: &[u8]) -> Result<Vec<u8>, AppError> {
    let mut file = CompoundFile::open(Cursor::new(bytes)).map_err(|error| unreadable(&error))?;
    let name = if file.is_stream("Workbook") { "Workbook" } else { "Book" };
    let mut stream = Vec::new();
    let opened = file.open_stream(name).map_err(|error| unreadable(&error))?;
    // A chain of sectors that leads back to itself would never end.
    opened.take(bytes.len() as u64).read_to_end(&mut stream).map_err(|error| unreadable(&error))?;
    Ok(stream)
}

/// Returns where the sheets begin.
fn sheets(stream: &[u8]) -> Vec<usize> {
    let globals = Records(stream).take_while(|(kind, _)| *kind != END);
    globals.filter(|(kind, _)| *kind == SHEET).filter_map(|(_, data)| usize::try_from(u32_at(data, 0)?).ok()).collect()
}

/// Returns the number of cells from a sheet's first to its last, those with formulas twice.
fn rectangle(sheet: &[u8]) -> Result<u64, AppError> {
    let (mut values, mut formulas) = (Bounds::default(), Bounds::default());
    // Charts inside of the sheet have records like cells.
    let (mut has_begun, mut depth) = (false, 0_u32);
    for (kind, data) in Records(sheet) {
        match kind {
            BEGIN if has_begun => depth += 1,
            BEGIN => has_begun = true,
            END if depth == 0 => break,
            END => depth -= 1,
            _ if depth > 0 => {}
            DIMENSIONS => expect_dimensions(data)?,
            NUMBERS => {
                values.add(data);
                let last = data.len().checked_sub(2).and_then(|at| u16_at(data, at));
                values.last_column = values.last_column.max(last.map(u32::from));
            }
            FORMULA => {
                values.add(data);
                formulas.add(data);
            }
            _ if CELL.contains(&kind) => values.add(data),
            _ => {}
        }
    }
    Ok(values.cells().saturating_add(formulas.cells()))
}

/// Checks the size that a sheet states.
fn expect_dimensions(data: &[u8]) -> Result<(), AppError> {
    let of = |at: usize| u16_at(data, at).map(u32::from);
    let stated = match data.len() {
        10 => of(0).zip(of(2)).zip(of(4).zip(of(6))),
        _ => u32_at(data, 0).zip(u32_at(data, 4)).zip(of(8).zip(of(10))),
    };
    let Some(((first_row, rows), (first_column, columns))) = stated else { return Ok(()) };
    let fits = |first: u32, end: u32, max: u32| end <= max && (first < end || end == 0);
    // A first column beyond the last one is read as the first of all.
    let first_column = if first_column >= COLUMNS || columns < first_column { 0 } else { first_column };
    if fits(first_row, rows, ROWS) && fits(first_column, columns, COLUMNS) {
        Ok(())
    } else {
        Err(unreadable(&"a sheet states a size that no sheet has"))
    }
}

/// The first and the last row and column of some cells.
#[derive(Debug, Default)]
struct Bounds {
    first_row: Option<u32>,
    last_row: Option<u32>,
    first_column: Option<u32>,
    last_column: Option<u32>,
}

impl Bounds {
    fn add(&mut self, data: &[u8]) {
        let (Some(row), Some(column)) = (u16_at(data, 0), u16_at(data, 2)) else { return };
        let (row, column) = (u32::from(row), u32::from(column));
        self.first_row = Some(self.first_row.map_or(row, |first| first.min(row)));
        self.last_row = self.last_row.max(Some(row));
        self.first_column = Some(self.first_column.map_or(column, |first| first.min(column)));
        self.last_column = self.last_column.max(Some(column));
    }

    fn cells(&self) -> u64 {
        let size = |first: Option<u32>, last: Option<u32>| {
            first.zip(last).map_or(0, |(first, last)| u64::from(last.saturating_sub(first)) + 1)
        };
        size(self.first_row, self.last_row).saturating_mul(size(self.first_column, self.last_column))
    }
}

/// The records of a stream, each with its kind; a cut one ends it.
struct Records<'a>(&'a [u8]);

impl<'a> Iterator for Records<'a> {
    type Item = (u16, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (kind, length) = (u16_at(self.0, 0)?, u16_at(self.0, 2)?);
        let (record, rest) = self.0.split_at_checked(4 + usize::from(length))?;
        self.0 = rest;
        Some((kind, record.get(4..)?))
    }
}

fn u16_at(data: &[u8], at: usize) -> Option<u16> {
    data.get(at..at + 2)?.try_into().ok().map(u16::from_le_bytes)
}

fn u32_at(data: &[u8], at: usize) -> Option<u32> {
    data.get(at..at + 4)?.try_into().ok().map(u32::from_le_bytes)
}
