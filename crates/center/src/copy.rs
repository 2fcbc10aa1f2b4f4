//! Rows in PostgreSQL's binary `COPY` format, which costs the server less than parameters or text.

use sqlx::Error;
use sqlx::postgres::PgConnection;
use uuid::Uuid;

const HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
/// Bytes sent at once.
const CHUNK: usize = 256 * 1024;

/// Rows of one table; each has the same number of columns.
#[derive(Debug)]
pub(crate) struct Rows {
    bytes: Vec<u8>,
    columns: i16,
    rows: u64,
}

impl Rows {
    pub(crate) fn new(columns: i16) -> Self {
        Self { bytes: HEADER.to_vec(), columns, rows: 0 }
    }

    /// Begins a row; its columns follow.
    pub(crate) fn row(&mut self) -> &mut Self {
        self.rows += 1;
        self.bytes.extend(self.columns.to_be_bytes());
        self
    }

    pub(crate) fn id(&mut self, id: Uuid) -> &mut Self {
        self.bytes(id.as_bytes())
    }

    pub(crate) fn id_or_null(&mut self, id: Option<Uuid>) -> &mut Self {
        match id {
            Some(id) => self.id(id),
            None => self.null(),
        }
    }

    pub(crate) fn bigint(&mut self, number: i64) -> &mut Self {
        self.bytes(&number.to_be_bytes())
    }

    pub(crate) fn bigint_or_null(&mut self, number: Option<i64>) -> &mut Self {
        match number {
            Some(number) => self.bigint(number),
            None => self.null(),
        }
    }

    pub(crate) fn smallint(&mut self, number: i16) -> &mut Self {
        self.bytes(&number.to_be_bytes())
    }

    pub(crate) fn integer(&mut self, number: i32) -> &mut Self {
        self.bytes(&number.to_be_bytes())
    }

    pub(crate) fn text(&mut self, text: &str) -> &mut Self {
        self.bytes(text.as_bytes())
    }

    pub(crate) fn text_or_null(&mut self, text: Option<&str>) -> &mut Self {
        match text {
            Some(text) => self.text(text),
            None => self.null(),
        }
    }

    pub(crate) fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        let length = i32::try_from(bytes.len()).unwrap_or(i32::MAX);
        self.bytes.extend(length.to_be_bytes());
        self.bytes.extend(bytes);
        self
    }

    fn null(&mut self) -> &mut Self {
        self.bytes.extend((-1_i32).to_be_bytes());
        self
    }

    /// Adds the rows to a table. The statement is `COPY table (columns) FROM STDIN (FORMAT binary)`.
    pub(crate) async fn send(mut self, tx: &mut PgConnection, statement: &'static str) -> Result<(), Error> {
        if self.rows == 0 {
            return Ok(());
        }
        self.bytes.extend((-1_i16).to_be_bytes());
        let mut copy = tx.copy_in_raw(statement).await?;
        for chunk in self.bytes.chunks(CHUNK) {
            copy.send(chunk).await?;
        }
        copy.finish().await.map(drop)
    }
}
