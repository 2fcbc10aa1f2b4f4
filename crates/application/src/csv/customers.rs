//! The columns of a customers export.

use chrono::{DateTime, Utc};
use nosmoke_domain::ids::CustomerId;

use super::columns::Column;
use super::writer::{Line, Row};

/// One row of the export. An import reads the name, phone and card from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerLine {
    pub name: Option<String>,
    pub phone: Option<String>,
    pub card: Option<String>,
    pub registered_at: DateTime<Utc>,
    pub customer_id: CustomerId,
}

impl Line for CustomerLine {
    const COLUMNS: &'static [Column] = &[
        Column::new("이름", "name"),
        Column::new("전화", "phone"),
        Column::new("카드", "card"),
        Column::new("등록일", "registered"),
        Column::new("고객 ID", "customer_id"),
    ];

    fn cells(&self, row: &mut Row) {
        row.text(self.name.as_deref());
        row.text(self.phone.as_deref());
        row.text(self.card.as_deref());
        row.date(self.registered_at);
        row.plain(self.customer_id);
    }
}
