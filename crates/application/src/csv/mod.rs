//! Lists as files: exports of histories and customers as CSV or XLSX, and the import of customers.
//!
//! Every export is UTF-8 with a byte order mark (without it Excel reads another encoding), rows end in CRLF, and the
//! first row names the columns. Text cells are guarded against spreadsheets that run formulas ([`cell`]); numbers are
//! plain. A file appears complete or not at all ([`AtomicFile`]). An export of customers can be imported again
//! unchanged.

mod access;
mod bad_lines;
pub mod cell;
mod columns;
mod customers;
mod day;
mod file;
mod history;
mod import;
mod period;
mod who_did;
mod workbook;
mod writer;

pub use access::{AccessLine, party};
pub use bad_lines::write_bad_lines;
pub use customers::CustomerLine;
pub use day::DayCsvLine;
pub use file::{AtomicFile, FileError, STANDARD_OUTPUT};
pub use history::HistoryLine;
pub use import::{
    CustomerFile, CustomerRow, MAX_BYTES, MAX_LINES, Opening, read_customers, read_limited, read_list, read_table,
    understand,
};
pub use period::{PeriodCustomerLine, PeriodFigureLine, PeriodHourLine, PeriodTerminalLine};
pub use who_did::WhoLine;
pub use workbook::XlsxWriter;
pub use writer::{CsvWriter, Line, Row};

#[cfg(test)]
mod tests;
