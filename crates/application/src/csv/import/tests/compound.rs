//! Makes files in the format of Excel 97: a compound file with one stream of records.

const SECTOR: usize = 512;
const END: u32 = 0xFFFF_FFFE;

/// A cell of a sheet.
pub(super) enum Cell<'a> {
    Text(&'a str),
    Number(f64),
}

/// A part of a sheet, as its records stand in the file.
pub(super) enum Part<'a> {
    Row(u16, &'a [Cell<'a>]),
    At(u16, u16, Cell<'a>),
    /// Whole numbers in one record, from a column on.
    Numbers(u16, u16, &'a [i32]),
    /// A record of numbers that says it goes from one column to another.
    LastOfNumbers(u16, u16, u16),
    /// The first row, and the rows and columns that the sheet says it has.
    Dimensions(u32, u32, u16),
}

/// Returns a workbook with one sheet.
pub(super) fn xls(sheet: &str, rows: &[&[Cell<'_>]]) -> Vec<u8> {
    let rows: Vec<Part<'_>> = (0_u16..).zip(rows).map(|(row, cells)| Part::Row(row, cells)).collect();
    xls_of(sheet, &rows)
}

/// Returns a workbook with one sheet of these parts.
pub(super) fn xls_of(sheet: &str, parts: &[Part<'_>]) -> Vec<u8> {
    let begin = |kind: u16| record(0x0809, &[&0x0600_u16.to_le_bytes()[..], &kind.to_le_bytes(), &[0; 12]].concat());
    let end = record(0x000A, &[]);
    let name: Vec<u8> = sheet.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let letters = u8::try_from(sheet.encode_utf16().count()).unwrap();
    let globals = begin(5);
    // The record that lists the sheet says where it begins.
    let at = globals.len() + 4 + 8 + name.len() + end.len();
    let about = [&u32::try_from(at).unwrap().to_le_bytes()[..], &[0, 0, letters, 1], &name].concat();
    let mut stream = [globals, record(0x0085, &about), end.clone(), begin(0x10)].concat();
    for part in parts {
        match part {
            Part::Row(row, cells) => {
                for (column, one) in (0_u16..).zip(*cells) {
                    stream.extend(cell(*row, column, one));
                }
            }
            Part::At(row, column, one) => stream.extend(cell(*row, *column, one)),
            Part::Numbers(row, column, numbers) => {
                let last = column + u16::try_from(numbers.len()).unwrap() - 1;
                // The lowest bits say that the number is whole.
                let packed =
                    numbers.iter().flat_map(|number| [vec![0, 0], (number << 2 | 2).to_le_bytes().to_vec()].concat());
                let content = [row.to_le_bytes(), column.to_le_bytes()].concat();
                let content = content.into_iter().chain(packed).chain(last.to_le_bytes()).collect::<Vec<u8>>();
                stream.extend(record(0x00BD, &content));
            }
            Part::LastOfNumbers(row, first, last) => {
                stream.extend(record(0x00BD, &[row.to_le_bytes(), first.to_le_bytes(), last.to_le_bytes()].concat()));
            }
            Part::Dimensions(first, rows, columns) => {
                let content = [
                    first.to_le_bytes().to_vec(),
                    rows.to_le_bytes().to_vec(),
                    vec![0, 0],
                    columns.to_le_bytes().to_vec(),
                    vec![0, 0],
                ];
                stream.extend(record(0x0200, &content.concat()));
            }
        }
    }
    stream.extend(end);
    compound("Workbook", &stream)
}

fn cell(row: u16, column: u16, cell: &Cell<'_>) -> Vec<u8> {
    let place = [row.to_le_bytes(), column.to_le_bytes(), [0, 0]].concat();
    match cell {
        Cell::Number(number) => record(0x0203, &[place, number.to_le_bytes().to_vec()].concat()),
        Cell::Text(text) => {
            let count = u16::try_from(text.encode_utf16().count()).unwrap().to_le_bytes();
            let text: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            record(0x0204, &[place, count.to_vec(), vec![1], text].concat())
        }
    }
}

fn record(kind: u16, content: &[u8]) -> Vec<u8> {
    let size = u16::try_from(content.len()).unwrap();
    [&kind.to_le_bytes()[..], &size.to_le_bytes(), content].concat()
}

/// Returns a compound file with one stream: header, allocation table, directory, and the stream's sectors.
pub(super) fn compound(name: &str, stream: &[u8]) -> Vec<u8> {
    // Streams below 4,096 bytes would have to be in sectors of another kind.
    let sectors = stream.len().max(4096).div_ceil(SECTOR);
    let size = sectors * SECTOR;
    let mut header = vec![0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
    header.resize(24, 0);
    for half in [0x3E_u16, 3, 0xFFFE, 9, 6, 0, 0, 0] {
        header.extend(half.to_le_bytes());
    }
    for word in [0, 1, 1, 0, 4096, END, 0, END, 0, 0] {
        header.extend(u32::to_le_bytes(word));
    }
    header.resize(SECTOR, 0xFF);
    let table = [0xFFFF_FFFD, END]
        .into_iter()
        .chain((0..sectors).map(|at| if at + 1 == sectors { END } else { u32::try_from(at + 3).unwrap() }));
    let mut table: Vec<u8> = table.flat_map(u32::to_le_bytes).collect();
    assert!(table.len() <= SECTOR);
    table.resize(SECTOR, 0xFF);
    let root = entry("Root Entry", 5, 1, END, 0);
    let only = entry(name, 2, 0xFFFF_FFFF, 2, u32::try_from(size).unwrap());
    let mut file = [header, table, root, only, vec![0; 256]].concat();
    file.extend(stream);
    file.resize(3 * SECTOR + size, 0);
    file
}

fn entry(name: &str, kind: u8, child: u32, start: u32, size: u32) -> Vec<u8> {
    let mut entry: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let length = u16::try_from(entry.len() + 2).unwrap();
    entry.resize(64, 0);
    entry.extend(length.to_le_bytes());
    entry.extend([kind, 1]);
    for sibling in [0xFFFF_FFFF, 0xFFFF_FFFF, child] {
        entry.extend(u32::to_le_bytes(sibling));
    }
    entry.resize(116, 0);
    entry.extend(start.to_le_bytes());
    entry.extend(size.to_le_bytes());
    entry.resize(128, 0);
    entry
}
